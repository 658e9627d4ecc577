import type { JSX } from 'react'
import { useLab } from '../../state/use-lab.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { editPart } from '../settings/edits.ts'
import { NumberBox } from '../ui/number-box.tsx'
import { Toggle } from '../ui/toggle.tsx'

/** How eigenvalues and eigenvectors that are there are looked at: acts at once, recomputes no spectrum. */
export function StatisticsSettings(): JSX.Element {
  const commands = useCommands()
  const statistics = useLab((state) => state.experiment.statistics)
  const set = (fields: Partial<typeof statistics>): void => void commands.edit(editPart('statistics', fields))
  return (
    <section className="setting-group" aria-label="Statistics">
      <h3>Statistics of levels and vectors</h3>
      <div className="pair">
        <NumberBox label="Unfolding window" value={statistics.unfoldingWindow} min={1} max={500} integer onChange={(unfoldingWindow) => set({ unfoldingWindow })} />
        <NumberBox label="Averaging window" value={statistics.averagingWindow} min={0} max={500} integer onChange={(averagingWindow) => set({ averagingWindow })} />
      </div>
      <NumberBox label="Random vectors compared with" value={statistics.nullVectors} min={100} max={100000} integer onChange={(nullVectors) => set({ nullVectors })} />
      <Toggle label="Weights of another checkpoint too" isOn={statistics.weightsEpoch !== null} onChange={(isOn) => set({ weightsEpoch: isOn ? 0 : null })} />
      {statistics.weightsEpoch !== null && (
        <NumberBox label="Epoch of those weights" value={statistics.weightsEpoch} min={0} max={5000} integer hint="0: before training." onChange={(weightsEpoch) => set({ weightsEpoch })} />
      )}
    </section>
  )
}
