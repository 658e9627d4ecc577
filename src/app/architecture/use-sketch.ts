import { useCallback, useMemo } from 'react'
import type { NetworkSettings } from '../../contracts/experiment.ts'
import type { NetworkSketch } from '../../contracts/results.ts'
import { useLab } from '../../state/use-lab.ts'
import { useLabParts } from '../lab/use-lab-context.tsx'
import { useLatest, type Asked } from '../ui/use-latest.ts'

const QUIET_MS = 150

/** Shapes, sizes and costs of a network in the experiment at hand, as it is typed. */
export function useSketch(network: NetworkSettings): Asked<NetworkSketch> {
  const { client, store } = useLabParts()
  const dataset = useLab((state) => state.experiment.dataset)
  const training = useLab((state) => state.experiment.training)
  // The engine's speed and the loaded data decide the estimate.
  const loaded = useLab((state) => state.data)
  const engine = useLab((state) => state.engine?.chosen)
  const question = useMemo(() => ({ network, dataset, training, loaded, engine }), [network, dataset, training, loaded, engine])
  const ask = useCallback(
    (asked: typeof question) => {
      const { experiment } = store.getState()
      return client.sketchNetwork({ ...experiment, network: asked.network, dataset: asked.dataset, training: asked.training })
    },
    [client, store],
  )
  return useLatest(question, ask, QUIET_MS)
}
