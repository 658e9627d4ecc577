import type { JSX } from 'react'
import { useLab } from '../../state/use-lab.ts'
import { useLabParts } from '../lab/use-lab-context.tsx'
import { Segmented } from '../ui/segmented.tsx'

/** Which layer's kernel the panels with singular matrices show. */
export function KernelChoice({ layers }: { readonly layers: readonly number[] }): JSX.Element {
  const { actions } = useLabParts()
  const kernel = useLab((state) => state.experiment.view.kernel)
  const shown = kernel !== null && layers.includes(kernel) ? kernel : layers[0]
  const options = layers.map((layer) => ({ value: String(layer), label: `layer ${layer}` }))
  return <Segmented label="Kernel" value={String(shown)} options={options} onChange={(layer) => actions.setView({ kernel: Number(layer) })} />
}
