import type { JSX } from 'react'
import type { Schedule, TrainingSettings } from '../../contracts/experiment.ts'
import { useLab } from '../../state/use-lab.ts'
import { formatNumber } from '../format/number.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { editPart } from '../settings/edits.ts'
import { lastRate, newSchedule, rateAt, rateCurve, ratePath } from '../settings/schedule.ts'
import { Choice } from '../ui/choice.tsx'
import { NumberBox } from '../ui/number-box.tsx'
import { RateSteps } from './rate-steps.tsx'

const KINDS = [
  { value: 'constant', label: 'constant', note: 'η₀ in every epoch' },
  { value: 'exponential', label: 'exponential', note: 'η₀ · decayᵗ, t the epoch' },
  { value: 'piecewise', label: 'in steps', note: 'Another rate from given epochs on' },
  { value: 'cosine', label: 'cosine', note: 'Down to a floor along half a cosine' },
] as const

/** How the learning rate changes from epoch to epoch, with a picture of it. */
export function ScheduleSettings(): JSX.Element {
  const commands = useCommands()
  const training = useLab((state) => state.experiment.training)
  const set = (schedule: Schedule): void => void commands.edit(editPart('training', { schedule }))
  return (
    <>
      <Choice label="Schedule" value={training.schedule.kind} options={KINDS} onChange={(kind) => set(newSchedule(kind, training))} testId="schedule-choice" />
      <ScheduleFields training={training} onChange={set} />
      <NumberBox
        label="Warm-up epochs"
        value={training.warmup}
        min={0}
        max={1000}
        hint="The rate grows from 0 over these, step by step."
        onChange={(warmup) => void commands.edit(editPart('training', { warmup }))}
      />
      <RateLine training={training} />
    </>
  )
}

interface ScheduleFieldsProps {
  readonly training: TrainingSettings
  readonly onChange: (schedule: Schedule) => void
}

function ScheduleFields({ training: { schedule, epochs }, onChange }: ScheduleFieldsProps): JSX.Element | null {
  switch (schedule.kind) {
    case 'constant':
      return null
    case 'exponential':
      return <NumberBox label="Decay per epoch" value={schedule.decay} min={1e-4} max={1} scale="log" onChange={(decay) => onChange({ ...schedule, decay })} />
    case 'piecewise':
      return <RateSteps steps={schedule.steps} epochs={epochs} onChange={(steps) => onChange({ ...schedule, steps })} />
    case 'cosine':
      return <NumberBox label="Floor, share of η₀" value={schedule.floor} min={0} max={1} scale="log" onChange={(floor) => onChange({ ...schedule, floor })} />
  }
}

const WIDTH = 240
const HEIGHT = 40

function RateLine({ training }: { readonly training: TrainingSettings }): JSX.Element | null {
  if (training.epochs === 0) return null
  const first = rateAt(training, Math.min(training.warmup, training.epochs - 1))
  const words = `η ${formatNumber(first)}${training.warmup > 0 ? ' after warm-up' : ' in the first epoch'}, ${formatNumber(lastRate(training))} in the last of ${training.epochs}`
  return (
    <figure className="rate-line">
      <svg viewBox={`0 -1 ${WIDTH} ${HEIGHT + 2}`} preserveAspectRatio="none" role="img" aria-label={words}>
        <path d={ratePath(rateCurve(training), WIDTH, HEIGHT)} fill="none" stroke="currentColor" strokeWidth="1.5" vectorEffect="non-scaling-stroke" />
      </svg>
      <figcaption className="hint">{words}</figcaption>
    </figure>
  )
}
