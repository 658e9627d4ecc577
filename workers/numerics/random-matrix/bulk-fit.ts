/** Standard deviation of the entries that makes the Marchenko–Pastur law fit the bulk of given singular values. */
import { marchenkoPasturEdge } from '../marchenko-pastur.ts'
import { kolmogorovDistance } from './kolmogorov-smirnov.ts'
import { marchenkoPasturCdf, marchenkoPasturQuantile } from './marchenko-pastur-cdf.ts'
import { edgeFluctuation } from './tracy-widom.ts'

/**
 * `converged`: the values of the bulk are the ones it was fitted to. `max-rounds`: the edge still moved.
 * `no-bulk`: fewer than half of the values are left in the bulk, so that the law does not fit it.
 */
export type BulkFitOutcome = 'converged' | 'max-rounds' | 'no-bulk'

export interface BulkFit {
  readonly sd: number
  /** Kolmogorov distance of the values of the bulk to the law. */
  readonly distance: number
  /** Values that it was fitted to. */
  readonly bulk: number
  readonly rounds: number
  readonly outcome: BulkFitOutcome
}

const MAX_ROUNDS = 50
/** The distance is scanned over sd/1.3 … 1.3 sd around the estimate from the median, then the best place is refined. */
const SCAN_FACTOR = 1.3
const SCAN_POINTS = 33
const REFINEMENTS = 30
const GOLDEN = 0.6180339887498949

/**
 * Minimises the distance between the law and the singular values below its own edge: fit, drop the values above the edge of
 * the fit, fit again until none is dropped or comes back. A value within the fluctuation of the edge (99 %) stays in: without
 * that margin every fit drops a few values of a pure bulk and the next one comes out smaller. Outliers are missing from the
 * bulk without the law knowing it, which makes sd too small: by half their share of the values for square kernels, by far
 * less for long ones.
 *
 * @param singularValues (min side) of a rows × columns matrix
 */
export function fitBulk(singularValues: ArrayLike<number>, rows: number, columns: number): BulkFit {
  const sorted = ascendingValues(singularValues, rows, columns)
  const unitMedian = marchenkoPasturQuantile(0.5, rows, columns, 1)
  let bulk = sorted
  for (let round = 1; ; round++) {
    const guess = bulk[bulk.length >> 1] / unitMedian
    if (!(guess > 0)) throw new RangeError('fitBulk: half of the singular values are zero; a matrix of so low a rank has no bulk to fit')
    const { sd, distance } = bestDeviation(bulk, guess, (nu, s) => marchenkoPasturCdf(nu, rows, columns, s))
    const end = bulkEnd(rows, columns, sd)
    const inside = sorted.filter((value) => value <= end)
    const record = (outcome: BulkFitOutcome): BulkFit => Object.freeze({ sd, distance, bulk: bulk.length, rounds: round, outcome })
    if (inside.length === bulk.length) return record('converged')
    if (2 * inside.length < sorted.length) return record('no-bulk')
    if (round === MAX_ROUNDS) return record('max-rounds')
    bulk = inside
  }
}

/** Largest singular value that belongs to the bulk: the edge, or what 99 of 100 random matrices stay below if that is more. */
export function bulkEnd(rows: number, columns: number, sd: number): number {
  const edge = marchenkoPasturEdge(rows, columns, sd)
  return rows * columns === 1 ? edge : Math.max(edge, edgeFluctuation(rows, columns, sd).quantile99)
}

/** Ascending copy; throws for another number of values than the matrix has, and for values that no matrix has. */
export function ascendingValues(singularValues: ArrayLike<number>, rows: number, columns: number): Float64Array {
  if (singularValues.length === 0 || singularValues.length !== Math.min(rows, columns)) {
    throw new RangeError(`marchenkoPastur: ${singularValues.length} singular values; a ${rows} x ${columns} matrix has ${Math.min(rows, columns)}`)
  }
  return Float64Array.from(singularValues, (value, i) => {
    if (!(value >= 0 && value < Infinity)) throw new RangeError(`marchenkoPastur: singular value ${i} is ${value}; give finite values from 0 on`)
    return value
  }).sort()
}

function bestDeviation(bulk: Float64Array, guess: number, cdf: (nu: number, sd: number) => number): { sd: number; distance: number } {
  const distanceAt = (sd: number): number => kolmogorovDistance(bulk, (nu) => cdf(nu, sd))
  const [low, high] = [guess / SCAN_FACTOR, guess * SCAN_FACTOR]
  const step = (high - low) / (SCAN_POINTS - 1)
  let best = { sd: guess, distance: distanceAt(guess) }
  const consider = (sd: number): number => {
    const distance = distanceAt(sd)
    if (distance < best.distance) best = { sd, distance }
    return distance
  }
  for (let i = 0; i < SCAN_POINTS; i++) consider(low + i * step)
  let [left, right] = [best.sd - step, best.sd + step]
  let [a, b] = [right - GOLDEN * (right - left), left + GOLDEN * (right - left)]
  let [atA, atB] = [consider(a), consider(b)]
  for (let i = 0; i < REFINEMENTS; i++) {
    if (atA <= atB) {
      right = b
      b = a
      atB = atA
      a = right - GOLDEN * (right - left)
      atA = consider(a)
    } else {
      left = a
      a = b
      atA = atB
      b = left + GOLDEN * (right - left)
      atB = consider(b)
    }
  }
  return best
}
