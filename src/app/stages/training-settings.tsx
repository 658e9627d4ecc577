import type { JSX, ReactNode } from 'react'
import { useLab, useLabShallow } from '../../state/use-lab.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { editPart } from '../settings/edits.ts'
import { trainingWarnings } from '../settings/warnings.ts'
import { NumberBox } from '../ui/number-box.tsx'
import { AugmentationSettings } from './augmentation-settings.tsx'
import { ClipSettings, OptimiserSettings } from './optimiser-settings.tsx'
import { MidRunSettings } from './mid-run-settings.tsx'
import { MonitorSettings } from './monitor-settings.tsx'
import { RepeatsBox } from './repeats-box.tsx'
import { ScheduleSettings } from './schedule-settings.tsx'
import { SeedBox } from './seed-box.tsx'
import { StartChoice } from './start-choice.tsx'

export function TrainingSettings(): JSX.Element {
  const commands = useCommands()
  const epochs = useLab((state) => state.experiment.training.epochs)
  return (
    <>
      <StartChoice />
      <NumberBox
        label="Epochs"
        value={epochs}
        min={0}
        max={5000}
        integer
        {...(epochs === 0 ? { hint: 'No training: the weights are analysed as they are.' } : {})}
        onChange={(value) => void commands.edit(editPart('training', { epochs: value }))}
      />
      <Group title="Optimiser">
        <OptimiserSettings />
        <MidRunSettings />
        <ClipSettings />
        <Warnings />
      </Group>
      <Group title="Learning rate over the epochs">
        <ScheduleSettings />
      </Group>
      <Group title="Augmentation">
        <AugmentationSettings />
      </Group>
      <Group title="Curvature on the way">
        <MonitorSettings />
      </Group>
      <Group title="Seeds">
        <SeedBox field="shuffle" label="Seed of the shuffle" />
        <RepeatsBox />
      </Group>
    </>
  )
}

function Warnings(): JSX.Element {
  const warnings = useLabShallow((state) => trainingWarnings(state.experiment))
  return (
    <>
      {warnings.map((warning) => (
        <p key={warning} className="warn">
          {warning}
        </p>
      ))}
    </>
  )
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }): JSX.Element {
  return (
    <section className="setting-group" aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  )
}
