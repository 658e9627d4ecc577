import type { JSX } from 'react'
import { useLab } from '../../state/use-lab.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { editPart } from '../settings/edits.ts'
import { Choice } from '../ui/choice.tsx'
import { NumberBox } from '../ui/number-box.tsx'
import { SelectionChoice } from './selection-choice.tsx'

const UNITS = [
  { value: 'batch', label: 'every batch' },
  { value: 'epoch', label: 'every epoch' },
] as const

/** After training the optimiser goes on at its last learning rate while weights are recorded. */
export function MeasurementSettings(): JSX.Element {
  const commands = useCommands()
  const measurement = useLab((state) => state.experiment.measurement)
  return (
    <>
      <p className="hint">Training goes on at its last learning rate and the weights chosen here are recorded.</p>
      <SelectionChoice label="Recorded weights" value={measurement.selection} onChange={(selection) => void commands.edit(editPart('measurement', { selection }))} />
      <div className="pair">
        <NumberBox label="Epochs" value={measurement.epochs} min={1} max={5000} integer onChange={(epochs) => void commands.edit(editPart('measurement', { epochs }))} />
        <Choice label="Recorded" value={measurement.unit} options={UNITS} onChange={(unit) => void commands.edit(editPart('measurement', { unit }))} />
      </div>
    </>
  )
}
