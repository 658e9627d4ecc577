import type { Schedule, SettingChange, TrainingSettings } from '../../src/contracts/experiment.ts'

/** The settings in force at one optimiser step. */
export interface StepSettings {
  readonly learningRate: number
  readonly momentum: number
  readonly weightDecay: number
  readonly batchSize: number
}

/**
 * η(t) at epoch t. Powers are repeated products, so that every machine gets the same bits.
 */
export function scheduledRate(initial: number, schedule: Schedule, epoch: number): number {
  switch (schedule.kind) {
    case 'constant':
      return initial
    case 'exponential': {
      let rate = initial
      for (let t = 0; t < epoch; t++) rate *= schedule.decay
      return rate
    }
  }
}

/**
 * Settings at an optimiser step: the experiment's, with every change recorded at or before that step applied in
 * order. A changed learning rate replaces η₀; the schedule's factor goes on.
 */
export function settingsAt(training: TrainingSettings, epoch: number, step: number): StepSettings {
  let { learningRate, weightDecay, batchSize } = training
  for (const change of training.changes) {
    if (change.step > step) continue
    learningRate = change.learningRate ?? learningRate
    weightDecay = change.weightDecay ?? weightDecay
    batchSize = change.batchSize ?? batchSize
  }
  return { learningRate: scheduledRate(learningRate, training.schedule, epoch), momentum: training.momentum, weightDecay, batchSize }
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
