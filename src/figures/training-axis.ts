import type { EpochHistory } from '../contracts/results.ts'

/** Matching optimiser steps and epochs, ascending; the batch size may change between them. */
export interface TrainingClock {
  readonly epochOfStep: (step: number) => number
  readonly stepOfEpoch: (epoch: number) => number
}

/**
 * Converts between steps and epochs by straight lines between finished epochs, and by `stepsPerEpoch` beyond the last.
 */
export function trainingClock(history: EpochHistory | null, stepsPerEpoch: number): TrainingClock {
  const steps = history !== null && history.step.length > 0 ? history.step : [0]
  const epochs = history !== null && history.epoch.length > 0 ? history.epoch : [0]
  return {
    epochOfStep: (step) => interpolate(step, steps, epochs, 1 / stepsPerEpoch),
    stepOfEpoch: (epoch) => interpolate(epoch, epochs, steps, stepsPerEpoch),
  }
}

/** y at x through the points (xs, ys); a line of the given slope outside them. */
function interpolate(x: number, xs: readonly number[], ys: readonly number[], slope: number): number {
  const last = xs.length - 1
  if (x >= xs[last]) return ys[last] + (x - xs[last]) * slope
  const next = xs.findIndex((at) => at > x)
  if (next === 0) return ys[0] + (x - xs[0]) * slope
  const share = (x - xs[next - 1]) / (xs[next] - xs[next - 1])
  return ys[next - 1] + share * (ys[next] - ys[next - 1])
}
