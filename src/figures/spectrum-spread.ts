import type { SpectrumResult } from '../contracts/results.ts'
import { moments, momentsAt, type Moments } from './statistics.ts'

/** Something that every eigenpair has, such as its eigenvalue. */
type OfPairs = (result: SpectrumResult) => ArrayLike<number>

/**
 * Values of the same eigenpair in every seed: the i-th from the top, or at the bottom end the i-th from below, since
 * seeds may have computed different numbers of pairs. NaN where a seed has none.
 */
export function pairValues(results: readonly SpectrumResult[], place: number, of: OfPairs): number[] {
  const [main] = results
  const end = main.end[place]
  const fromBelow = main.end.length - 1 - place
  return results.map((result) => {
    const at = end === 'largest' ? place : result.end.length - 1 - fromBelow
    return result.end[at] === end ? of(result)[at] : NaN
  })
}

/** Mean and spread of every eigenpair of the first result over all of them. */
export function pairMoments(results: readonly SpectrumResult[], of: OfPairs): Moments[] {
  return momentsAt(results[0].end.length, (place) => pairValues(results, place, of))
}

/** Whether a pair converged in every seed that has it. */
export function convergedEverywhere(results: readonly SpectrumResult[]): boolean[] {
  return results[0].end.map((_, place) => pairValues(results, place, ({ converged }) => converged.map(Number)).every((done) => done !== 0))
}

/** Mean and spread of the largest eigenvalue. */
export function largestEigenvalue(results: readonly SpectrumResult[]): Moments {
  return moments(results.map(({ eigenvalues }) => eigenvalues[0] ?? NaN))
}
