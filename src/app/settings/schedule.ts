import type { Schedule, TrainingSettings } from '../../contracts/experiment.ts'

export type ScheduledTraining = Pick<TrainingSettings, 'learningRate' | 'schedule' | 'warmup' | 'epochs'>

/**
 * Learning rate at a moment of training, `epoch` counted in fractions: the schedule goes by whole epochs, warm-up
 * grows linearly over its own.
 */
export function rateAt({ learningRate, schedule, warmup, epochs }: ScheduledTraining, epoch: number): number {
  const share = warmup > 0 ? Math.min(1, epoch / warmup) : 1
  return share * scheduled(learningRate, schedule, Math.floor(epoch), epochs)
}

function scheduled(initial: number, schedule: Schedule, epoch: number, epochs: number): number {
  switch (schedule.kind) {
    case 'constant':
      return initial
    case 'exponential':
      return initial * schedule.decay ** epoch
    case 'piecewise':
      return sortedSteps(schedule.steps).findLast((step) => step.epoch <= epoch)?.learningRate ?? initial
    case 'cosine': {
      const falling = (1 + Math.cos(Math.PI * Math.min(1, epoch / Math.max(1, epochs)))) / 2
      return initial * (schedule.floor + (1 - schedule.floor) * falling)
    }
  }
}

/** Rate in the last epoch of training, at which nothing is warmed up any more unless warm-up is longer. */
export function lastRate(training: ScheduledTraining): number {
  return rateAt(training, Math.max(0, training.epochs - 1))
}

const POINTS = 200

/** The rate over training for a small line: at most 200 values, evenly spread over the epochs. */
export function rateCurve(training: ScheduledTraining): readonly number[] {
  const span = Math.max(1, training.epochs)
  return Array.from({ length: POINTS }, (_, i) => rateAt(training, (span * i) / POINTS))
}

export type RateStep = Extract<Schedule, { kind: 'piecewise' }>['steps'][number]

export function sortedSteps(steps: readonly RateStep[]): RateStep[] {
  return [...steps].sort((a, b) => a.epoch - b.epoch)
}

/** A schedule of the kind with usual settings, for the training at hand. */
export function newSchedule(kind: Schedule['kind'], { learningRate, epochs }: Pick<TrainingSettings, 'learningRate' | 'epochs'>): Schedule {
  switch (kind) {
    case 'constant':
      return { kind }
    case 'exponential':
      return { kind, decay: 0.99 }
    case 'piecewise':
      return { kind, steps: [0.5, 0.75].map((share, i) => ({ epoch: Math.max(i + 1, Math.round(share * epochs)), learningRate: learningRate / 10 ** (i + 1) })) }
    case 'cosine':
      return { kind, floor: 0.01 }
  }
}

/** One step more, later and ten times slower than the last. */
export function withStep(steps: readonly RateStep[], epochs: number): RateStep[] {
  const last = steps.at(-1)
  if (last === undefined) return [{ epoch: Math.max(1, Math.round(epochs / 2)), learningRate: 1e-3 }]
  return [...steps, { epoch: Math.min(5000, last.epoch + Math.max(1, Math.round((epochs - last.epoch) / 2))), learningRate: last.learningRate / 10 }]
}

/** SVG path of a rate over training, zero at the bottom and its largest value at the top. */
export function ratePath(rates: readonly number[], width: number, height: number): string {
  const top = Math.max(...rates, Number.MIN_VALUE)
  return rates.map((rate, i) => `${i === 0 ? 'M' : 'L'}${((width * i) / Math.max(1, rates.length - 1)).toFixed(1)} ${(height - (height * rate) / top).toFixed(1)}`).join('')
}
