import type { JSX } from 'react'
import type { Stage } from '../../contracts/session.ts'
import { AnalysesSettings } from './analyses-settings.tsx'
import { DataSettings } from './data-settings.tsx'
import { MeasurementSettings } from './measurement-settings.tsx'
import { NetworkSettings } from './network-settings.tsx'
import { TrainingSettings } from './training-settings.tsx'

const SETTINGS: Readonly<Record<Stage, () => JSX.Element>> = {
  data: DataSettings,
  network: NetworkSettings,
  training: TrainingSettings,
  measurement: MeasurementSettings,
  analyses: AnalysesSettings,
}

/** The controls of one stage. */
export default function StageSettings({ stage }: { readonly stage: Stage }): JSX.Element {
  const Settings = SETTINGS[stage]
  return (
    <div className="settings">
      <Settings />
    </div>
  )
}
