import type { CurvatureSeriesResult } from '../contracts/results.ts'
import { momentsAt, type Moments } from './statistics.ts'

/** One quantity of a series, an entry per look; NaN where it is not known. */
export type OfSeries = (result: CurvatureSeriesResult) => ArrayLike<number>

/** The i-th largest eigenvalue (0 is the largest) of every look. */
export function eigenvalueSeries({ eigenvalues, largest, step }: CurvatureSeriesResult, i: number): number[] {
  return Array.from(step, (_, look) => (i < largest ? eigenvalues[look * largest + i] : NaN))
}

/** Mean and spread at the looks of the first result, over those of all that looked at the same step. */
export function seriesMoments(results: readonly CurvatureSeriesResult[], of: OfSeries): Moments[] {
  const seeds = results.map((result) => {
    const values = of(result)
    return new Map(Array.from(result.step, (step, look) => [step, values[look]]))
  })
  return momentsAt(results[0].step.length, (look) => seeds.map((values) => values.get(results[0].step[look]) ?? NaN))
}

/** The last look at which a quantity is known; −1 where it never is. */
export function lastKnown(values: ArrayLike<number>): number {
  return Array.from(values).findLastIndex(Number.isFinite)
}
