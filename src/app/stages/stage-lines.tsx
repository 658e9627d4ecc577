import type { JSX } from 'react'
import { findPreset } from '../../contracts/presets.ts'
import type { Stage } from '../../contracts/session.ts'
import { useLab } from '../../state/use-lab.ts'
import { differences } from '../format/differences.ts'
import { classCount } from '../lab/shape.ts'
import { sampleShape } from '../settings/data.ts'
import { progressLine, stageSummary } from './stage-words.ts'

interface StageProps {
  readonly stage: Stage
}

export function StageSummary({ stage }: StageProps): JSX.Element {
  const text = useLab((state) => {
    const { experiment, data, network, stages } = state
    const parameterCount = stages.network.state === 'done' ? (network?.parameterCount ?? null) : null
    return stageSummary(stage, experiment, { shape: sampleShape(experiment.dataset.name, data), classes: classCount(state), parameterCount })
  })
  return <p className="stage-summary">{text}</p>
}

/** What the stage has that its preset has not. */
export function StageDifferences({ stage }: StageProps): JSX.Element | null {
  const text = useLab(({ experiment }) => {
    const preset = findPreset(experiment.preset)
    if (preset === null) return ''
    const changed = differences(experiment, preset.experiment).filter((difference) => difference.stage === stage)
    return changed.map(({ name, value, preset: theirs }) => `${name} ${value} (preset ${theirs})`).join('; ')
  })
  return text === '' ? null : <p className="stage-differences">{text}</p>
}

export function StageProgress({ stage }: StageProps): JSX.Element | null {
  const progress = useLab((state) => (state.progress?.stage === stage ? state.progress : null))
  if (progress === null) return null
  const share = progress.of > 0 ? Math.min(1, progress.step / progress.of) : 0
  return (
    <div className="stage-progress">
      <progress value={share} max={1} aria-label={progress.what} />
      <p>{progressLine(progress)}</p>
    </div>
  )
}

export function StageFailure({ stage }: StageProps): JSX.Element | null {
  const error = useLab(({ stages }) => stages[stage].error)
  if (error === null) return null
  return (
    <div className="stage-failure" role="alert">
      <p>{error.message}</p>
      <p>{error.remedy}</p>
    </div>
  )
}
