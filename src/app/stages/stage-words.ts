import { needsMeasurement, type Experiment } from '../../contracts/experiment.ts'
import type { CostEstimate, Progress, Stage, StageState, StageStatus } from '../../contracts/session.ts'
import { describeLayers } from '../format/layers.ts'
import { formatCount } from '../format/number.ts'
import { describeAnalyses, describeDataset, describeMeasurement, describeTraining } from '../format/settings.ts'
import { formatBytes, formatDuration, formatEstimate, formatSeconds, plural } from '../format/quantity.ts'
import type { IconName } from '../ui/icons.tsx'

export const STAGE_TITLES: Readonly<Record<Stage, string>> = {
  data: 'Data',
  network: 'Network',
  training: 'Training',
  measurement: 'Measurement',
  analyses: 'Analyses',
}

export interface StateMark {
  readonly icon: IconName
  readonly words: string
}

/** State of a stage as picture and words, such as "done, 3.2 s". */
export function stateMark({ state, seconds, restored }: StageStatus): StateMark {
  const time = seconds === null ? '' : `, ${formatSeconds(seconds)}`
  const marks: Readonly<Record<StageState, StateMark>> = {
    idle: { icon: 'idle', words: 'not run' },
    running: { icon: 'running', words: 'running' },
    paused: { icon: 'pause', words: 'paused' },
    done: { icon: 'done', words: restored ? 'restored' : `done${time}` },
    stale: { icon: 'stale', words: 'changed since' },
    failed: { icon: 'failed', words: 'failed' },
  }
  return marks[state]
}

/** What the lab has told about the experiment's data and network, as far as it has. */
export interface Known {
  /** height, width, channels of a sample */
  readonly shape: readonly number[]
  readonly classes: number
  readonly parameterCount: number | null
}

/** What a stage will do, in one line. */
export function stageSummary(stage: Stage, experiment: Experiment, { shape, classes, parameterCount }: Known): string {
  switch (stage) {
    case 'data':
      return describeDataset(experiment)
    case 'network':
      return `${describeLayers(experiment.network.layers, shape, classes)}${parameterCount === null ? '' : `, ${formatCount(parameterCount)} parameters`}`
    case 'training':
      return describeTraining(experiment)
    case 'measurement':
      return describeMeasurement(experiment)
    case 'analyses':
      return describeAnalyses(experiment)
  }
}

/** Memory and products of what is still to do, and the time where no button says it; null when it costs next to nothing. */
export function costLine(estimate: CostEstimate, withTime: boolean): string | null {
  const parts = [
    withTime && estimate.seconds >= 0.05 ? formatEstimate(estimate.seconds) : null,
    estimate.bytes >= 1e6 ? formatBytes(estimate.bytes) : null,
    estimate.products > 0 ? plural(estimate.products, 'Hessian-vector product') : null,
  ].filter((part) => part !== null)
  return parts.length === 0 ? null : parts.join(' · ')
}

/** "product 12 of 160, 4 s left" */
export function progressLine({ what, secondsLeft }: Progress): string {
  return secondsLeft === null ? what : `${what}, ${formatDuration(secondsLeft)} left`
}

/** Words of a button that runs a stage: what it does and how long that takes. */
export function runWords(stage: Stage, state: StageState, experiment: Experiment, estimate: CostEstimate | null): string {
  const about = estimate === null || estimate.seconds < 0.05 ? '' : `, ${formatEstimate(estimate.seconds)}`
  switch (stage) {
    case 'training':
      return trainWords(state, experiment) + about
    case 'measurement':
    case 'analyses':
      return `${analysesWords(experiment)}${about}`
    case 'data':
    case 'network':
      return ''
  }
}

/** What the button for the analyses does. */
export function analysesWords(experiment: Pick<Experiment, 'analyses'>): string {
  return needsMeasurement(experiment) ? 'Measure and analyse' : 'Analyse'
}

function trainWords(state: StageState, { training: { epochs }, seeds: { repeats } }: Experiment): string {
  const seeds = repeats === 1 ? '' : ` with ${repeats} seeds side by side`
  if (state === 'paused') return `Go on to epoch ${epochs}`
  return epochs === 0 ? `Take the weights as they are${seeds}` : `Train ${plural(epochs, 'epoch')}${seeds}`
}
