import type { JSX } from 'react'
import { useLab } from '../../state/use-lab.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { editPart } from '../settings/edits.ts'
import { NumberBox } from '../ui/number-box.tsx'
import { MidRunSettings } from './mid-run-settings.tsx'
import { ScheduleSettings } from './schedule-settings.tsx'
import { SeedBox } from './seed-box.tsx'

export function TrainingSettings(): JSX.Element {
  const commands = useCommands()
  const training = useLab((state) => state.experiment.training)
  return (
    <>
      <MidRunSettings />
      <div className="pair">
        <NumberBox label="Epochs" value={training.epochs} min={1} max={5000} integer onChange={(epochs) => void commands.edit(editPart('training', { epochs }))} />
        <NumberBox label="Momentum β" value={training.momentum} min={0} max={0.9999} scale="log" onChange={(momentum) => void commands.edit(editPart('training', { momentum }))} />
      </div>
      <ScheduleSettings />
      <SeedBox field="shuffle" label="Seed of the shuffle" />
    </>
  )
}
