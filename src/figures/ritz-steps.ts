import type { LanczosHistory } from '../contracts/results.ts'

/** Ritz values after one Lanczos step, descending. All arrays have one entry per value. */
export interface RitzStep {
  /** From 1: the number of products. */
  readonly step: number
  readonly values: readonly number[]
  readonly residuals: readonly number[]
  readonly settled: readonly boolean[]
  /** Settled values that repeat one above: T has no multiple eigenvalues, so they come from lost orthogonality. */
  readonly copies: readonly boolean[]
}

/** A Ritz value has settled when its residual is below this share of the largest magnitude. */
const SETTLED = 1e-6
/** Settled values closer than this share of the largest magnitude are one eigenvalue found twice … */
const SAME = 1e-5
/** … where the basis has vectors with a scalar product above this; with an orthogonal one they are two. */
const LOST = 1e-4

/** Step `step` (from 1) of a history. */
export function ritzStep({ ritzValues, residuals, orthogonality }: LanczosHistory, step: number): RitzStep {
  const [from, to] = [(step * (step - 1)) / 2, (step * (step + 1)) / 2]
  const values = Array.from(ritzValues.subarray(from, to))
  const errors = Array.from(residuals.subarray(from, to))
  const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
  const settled = errors.map((error) => error <= SETTLED * largest)
  const lost = orthogonality[step - 1] > LOST
  const copies = values.map((value, i) => lost && i > 0 && settled[i] && settled[i - 1] && values[i - 1] - value <= SAME * largest)
  return { step, values, residuals: errors, settled, copies }
}

/** All steps of a history. */
export function ritzSteps(history: LanczosHistory): RitzStep[] {
  return Array.from(history.alphas, (_, i) => ritzStep(history, i + 1))
}
