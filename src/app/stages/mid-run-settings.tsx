import type { JSX } from 'react'
import { useLab } from '../../state/use-lab.ts'
import { plural } from '../format/quantity.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { editPart } from '../settings/edits.ts'
import { changeMarks, inForce, takesChanges, type MidRunField } from '../settings/mid-run.ts'
import { ActionButton } from '../ui/buttons.tsx'
import { LogSlider } from '../ui/log-slider.tsx'
import { NumberBox } from '../ui/number-box.tsx'

const SLOWEST = 1e-6
const FASTEST = 1

/** Settings that act at once on a training that has begun, and are recorded so that the run can be repeated. */
export function MidRunSettings(): JSX.Element {
  const commands = useCommands()
  const training = useLab((state) => state.experiment.training)
  const acts = useLab(({ stages, training: now }) => takesChanges(stages.training.state, now.update?.step ?? 0))
  const shown = (field: MidRunField): number => (acts ? inForce(training, field) : training[field])
  const rate = shown('learningRate')
  const setRate = (learningRate: number): void => void commands.change({ learningRate })
  return (
    <>
      <div>
        <NumberBox label="Learning rate η" value={rate} min={1e-8} max={100} scale="log" onChange={setRate} />
        <LogSlider label="Learning rate" value={rate} min={SLOWEST} max={FASTEST} onChange={setRate} />
      </div>
      <div className="pair">
        <NumberBox label="Weight decay λ" value={shown('weightDecay')} min={0} max={1} scale="log" onChange={(weightDecay) => void commands.change({ weightDecay })} />
        <NumberBox label="Batch size" value={shown('batchSize')} min={1} max={8192} integer onChange={(batchSize) => void commands.change({ batchSize })} />
      </div>
      {acts && <p className="hint">These three act from the next step on, and the change is recorded.</p>}
      <RecordedChanges />
    </>
  )
}

function RecordedChanges(): JSX.Element | null {
  const commands = useCommands()
  const experiment = useLab((state) => state.experiment)
  const marks = changeMarks(experiment)
  if (marks.length === 0) return null
  return (
    <div className="recorded">
      <ul>
        {marks.map(({ step, epoch, words }) => (
          <li key={`${step} ${words}`}>
            epoch {epoch.toFixed(1)}: {words}
          </li>
        ))}
      </ul>
      <ActionButton onPress={() => void commands.edit(editPart('training', { changes: [] }))}>Forget {plural(marks.length, 'change')}</ActionButton>
    </div>
  )
}
