import type { JSX } from 'react'
import { useLab } from '../../state/use-lab.ts'
import { formatNumber } from '../format/number.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { editPart } from '../settings/edits.ts'
import { Choice } from '../ui/choice.tsx'
import { NumberBox } from '../ui/number-box.tsx'

const KINDS = [
  { value: 'constant', label: 'constant' },
  { value: 'exponential', label: 'η₀ · decayᵗ, t the epoch' },
] as const

const USUAL_DECAY = 0.99

/** How the learning rate changes from epoch to epoch. */
export function ScheduleSettings(): JSX.Element {
  const commands = useCommands()
  const { schedule, learningRate, epochs } = useLab((state) => state.experiment.training)
  const set = (kind: 'constant' | 'exponential'): void =>
    void commands.edit(editPart('training', { schedule: kind === 'constant' ? { kind } : { kind, decay: USUAL_DECAY } }))
  return (
    <>
      <Choice label="Schedule" value={schedule.kind} options={KINDS} onChange={set} />
      {schedule.kind === 'exponential' && (
        <NumberBox
          label="Decay per epoch"
          value={schedule.decay}
          min={0.0001}
          max={1}
          scale="log"
          hint={`η in the last epoch: ${formatNumber(learningRate * schedule.decay ** (epochs - 1))}`}
          onChange={(decay) => void commands.edit(editPart('training', { schedule: { kind: 'exponential', decay } }))}
        />
      )}
    </>
  )
}
