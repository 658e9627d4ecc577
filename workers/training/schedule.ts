import type { Schedule, SettingChange, TrainingSettings } from '../../src/contracts/experiment.ts'
import type { Rates } from '../engine/engine.ts'
import { cosine, powerOf } from '../numerics/deterministic-math.ts'

/** The settings in force at one optimiser step. */
export interface StepSettings {
  readonly learningRate: number
  readonly momentum: number
  readonly weightDecay: number
  readonly batchSize: number
}

/**
 * η(t) at epoch t of `epochs`. Powers are repeated products, so that every machine gets the same bits.
 */
export function scheduledRate(initial: number, schedule: Schedule, epoch: number, epochs: number): number {
  switch (schedule.kind) {
    case 'constant':
      return initial
    case 'exponential': {
      let rate = initial
      for (let t = 0; t < epoch; t++) rate *= schedule.decay
      return rate
    }
    case 'piecewise': {
      const reached = schedule.steps.filter((step) => step.epoch <= epoch).sort((a, b) => a.epoch - b.epoch)
      return reached.at(-1)?.learningRate ?? initial
    }
    case 'cosine': {
      // (1 + cos πx)/2 = cos²(πx/2)
      const half = cosine((Math.PI / 2) * Math.min(1, epoch / Math.max(1, epochs)))
      return initial * (schedule.floor + (1 - schedule.floor) * half * half)
    }
  }
}

/**
 * Settings at an optimiser step: the experiment's, with every change recorded at or before that step applied in
 * order. A changed learning rate replaces η₀; the schedule's factor goes on. Warm-up is not in it: it changes from
 * step to step.
 */
export function settingsAt(training: TrainingSettings, epoch: number, step: number): StepSettings {
  let { learningRate, weightDecay, batchSize } = training
  for (const change of training.changes) {
    if (change.step > step) continue
    learningRate = change.learningRate ?? learningRate
    weightDecay = change.weightDecay ?? weightDecay
    batchSize = change.batchSize ?? batchSize
  }
  return { learningRate: scheduledRate(learningRate, training.schedule, epoch, training.epochs), momentum: training.momentum, weightDecay, batchSize }
}

/** λ of the term λ‖W‖² of the loss: 0 where the optimiser shrinks the weights beside the loss. */
export function lossDecay(training: TrainingSettings, settings: StepSettings): number {
  return isDecoupled(training) ? 0 : settings.weightDecay
}

/**
 * The rates of one step. Adam's bias corrections (Kingma and Ba 2015, section 2) are put into η and ε:
 * η√(1 − β₂ᵗ)/(1 − β₁ᵗ) and ε√(1 − β₂ᵗ), with t = step + 1.
 * @param progress epochs done at the end of the step, fractional: warm-up goes by it
 */
export function ratesAt(training: TrainingSettings, settings: StepSettings, step: number, progress: number): Rates {
  const { optimiser, warmup, secondMomentum, epsilon } = training
  const learningRate = settings.learningRate * (warmup > 0 ? Math.min(1, progress / warmup) : 1)
  const common = {
    momentum: settings.momentum,
    secondMomentum,
    weightDecay: lossDecay(training, settings),
    decoupledDecay: isDecoupled(training) ? 2 * learningRate * settings.weightDecay : 0,
  }
  if (optimiser !== 'adam' && optimiser !== 'adamw') return { ...common, learningRate, epsilon }
  const root = Math.sqrt(1 - powerOf(secondMomentum, step + 1))
  return { ...common, learningRate: (learningRate * root) / (1 - powerOf(settings.momentum, step + 1)), epsilon: epsilon * root }
}

/** Whether the rates change within an epoch, so that every step needs its own. */
export function changesEveryStep({ optimiser, warmup }: TrainingSettings): boolean {
  return optimiser === 'adam' || optimiser === 'adamw' || warmup > 0
}

/** The next step after `step` at which a recorded change takes effect, or Infinity. */
export function nextChange(training: TrainingSettings, step: number): number {
  return training.changes.reduce((next, change) => (change.step > step ? Math.min(next, change.step) : next), Infinity)
}

/**
 * The training settings with a change made at a step: recorded when training has begun, else just the new values.
 * Changes after that step belong to a future that was given up; several at one step become one.
 */
export function changedTraining(training: TrainingSettings, step: number | null, change: Omit<SettingChange, 'step'>): TrainingSettings {
  if (step !== null) {
    const earlier = training.changes.filter((entry) => entry.step < step)
    const together = training.changes.filter((entry) => entry.step === step)
    return { ...training, changes: [...earlier, Object.assign({ step }, ...together, change) as SettingChange] }
  }
  const { learningRate = training.learningRate, weightDecay = training.weightDecay, batchSize = training.batchSize } = change
  return { ...training, learningRate, weightDecay, batchSize }
}

function isDecoupled({ optimiser }: TrainingSettings): boolean {
  return optimiser === 'adamw' || optimiser === 'lion'
}
