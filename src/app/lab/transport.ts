import { needsMeasurement } from '../../contracts/experiment.ts'
import type { LabState } from '../../state/lab-state.ts'
import type { Stage } from '../../contracts/session.ts'
import { replicaCount, replicasLeft } from '../../state/replica-selectors.ts'
import { formatEstimate, plural } from '../format/quantity.ts'
import { roundsOf } from './further-seeds.ts'

const STAGES_TO_RUN: readonly Stage[] = ['training', 'measurement', 'analyses']

export function secondsOf(state: Pick<LabState, 'estimates'>, stages: readonly Stage[]): number | null {
  const found = state.estimates.filter((estimate) => stages.includes(estimate.stage))
  return found.length === 0 ? null : found.reduce((sum, estimate) => sum + estimate.seconds, 0)
}

/** Stages that a press on play would run, in order. */
export function stagesLeft({ stages, experiment }: Pick<LabState, 'stages' | 'experiment'>): readonly Stage[] {
  const measures = needsMeasurement(experiment)
  return STAGES_TO_RUN.filter((stage) => stages[stage].state !== 'done' && (stage !== 'measurement' || measures))
}

export interface PlayButton {
  readonly action: 'run' | 'pause' | 'stop' | 'nothing'
  readonly label: string
}

type Inputs = Pick<LabState, 'busy' | 'progress' | 'stages' | 'estimates' | 'experiment' | 'connection' | 'replicas'>

/**
 * What the round button does now. A running training pauses; a measurement or an analysis stops and keeps what it has.
 * Further seeds run, rest and stop with the main one; when it is done, they are what is left.
 */
export function playButton(state: Inputs): PlayButton {
  if (state.connection !== 'ready') return { action: 'nothing', label: 'The lab is starting' }
  if (state.busy) {
    const running = STAGES_TO_RUN.find((stage) => state.stages[stage].state === 'running')
    if (running === 'training') return { action: 'pause', label: 'Pause training' }
    if (running !== undefined) return { action: 'stop', label: `Stop: ${NOUNS[running]}` }
    // Results that are being restored have no state yet, checked ones have.
    if (state.progress?.stage === 'analyses' && state.stages.analyses.state !== 'idle') return { action: 'stop', label: 'Stop the check' }
    // Something is being prepared or restored: a press counts, and what it asks for waits its turn in the session.
  }
  if (replicaCount(state).running > 0) return { action: 'stop', label: 'Stop the further seeds' }
  const left = stagesLeft(state)
  if (left.length === 0) return furtherSeedsButton(state)
  const alone = secondsOf(state, left)
  const seconds = alone === null ? null : alone * roundsOf(state.experiment.seeds.repeats)
  const about = seconds === null ? '' : `, ${formatEstimate(seconds)}`
  return { action: 'run', label: `${sentence(left, state)}${about}` }
}

function furtherSeedsButton(state: Inputs): PlayButton {
  const { length } = replicasLeft(state)
  return length === 0 ? { action: 'nothing', label: 'Everything is computed' } : { action: 'run', label: `Run ${plural(length, 'further seed')}` }
}

const NOUNS: Readonly<Partial<Record<Stage, string>>> = { measurement: 'the measurement', analyses: 'the analyses' }

function sentence(left: readonly Stage[], { experiment, stages }: Inputs): string {
  const goesOn = stages.training.state === 'paused'
  const verbs = left.map((stage) => {
    if (stage === 'training') return goesOn ? `go on training to epoch ${experiment.training.epochs}` : `train ${plural(experiment.training.epochs, 'epoch')}`
    return stage === 'measurement' ? 'measure' : 'analyse'
  })
  const { repeats } = experiment.seeds
  const text = [...verbs, ...(repeats > 1 ? [`for ${plural(repeats, 'seed')}`] : [])].join(', ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Seconds that the last measurement and analyses took together; null when either was not made. */
export function lastAnalysisSeconds({ stages }: Pick<LabState, 'stages'>): number | null {
  const { measurement, analyses } = stages
  return measurement.seconds === null || analyses.seconds === null ? null : measurement.seconds + analyses.seconds
}
