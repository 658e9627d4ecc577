import type { EpochHistory } from '../contracts/results.ts'

/** The history without epochs that lie after a step: a run that went back is shorter. Null when nothing is left. */
export function historyUntil(history: EpochHistory | null, step: number): EpochHistory | null {
  if (history === null) return null
  const length = history.step.filter((s) => s <= step).length
  if (length === 0) return null
  if (length === history.step.length) return history
  return mapValues(history, (values) => values.slice(0, length))
}

function mapValues(history: EpochHistory, change: (values: readonly number[]) => number[]): EpochHistory {
  return {
    epoch: change(history.epoch),
    step: change(history.step),
    trainLoss: change(history.trainLoss),
    trainAccuracy: change(history.trainAccuracy),
    testLoss: change(history.testLoss),
    testAccuracy: change(history.testAccuracy),
    learningRate: change(history.learningRate),
  }
}
