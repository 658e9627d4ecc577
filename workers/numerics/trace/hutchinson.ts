/**
 * Trace, ‖A‖_F² and diagonal of a symmetric operator from the same random products (Hutchinson 1990; Bekas,
 * Kokiopoulou and Saad 2007).
 *
 * For independent signs vᵢ = ±1 (Rademacher), E[vᵀAv] = tr A, E[‖Av‖²] = ‖A‖_F² and E[v ∘ Av] = diag A. The
 * variance of vᵀAv is 2 Σ_{i≠j} aᵢⱼ², the smallest of all laws with independent entries: none for a diagonal matrix.
 */
import { assertWhole, CheckedProducts, unlessStopped, type WorkControl } from '../checked-products.ts'
import { meanEstimate, type Estimate } from '../estimate.ts'
import type { LinearOperator } from '../linear-operator.ts'
import type { EntryRange } from '../localisation.ts'
import type { Random } from '../random.ts'
import { dot } from '../vector-space.ts'
import { RunningMeans } from './running-means.ts'
import { rademacher } from './rademacher.ts'

export type TraceOutcome = 'complete' | 'cancelled'

/** Estimates after a probe. */
export interface HutchinsonProgress {
  readonly probesDone: number
  readonly of: number
  readonly trace: Estimate
  readonly frobeniusSquared: Estimate
}

export interface HutchinsonOptions extends WorkControl {
  /** Products; the standard errors fall with the root of their number. */
  readonly probes: number
  readonly random: Random
  /** Disjoint ranges of entries, such as layers, whose shares of the trace are wanted. */
  readonly groups?: readonly EntryRange[]
  readonly onProbe?: (progress: HutchinsonProgress) => void | Promise<void>
}

export interface HutchinsonResult {
  readonly trace: Estimate
  /** ‖A‖_F², the sum of the squared eigenvalues. */
  readonly frobeniusSquared: Estimate
  /** (n) mean of v ∘ Av; sums to the trace estimate up to rounding. */
  readonly diagonal: Float64Array
  /** (n) standard error of each entry; NaN with fewer than two probes. */
  readonly diagonalStandardErrors: Float64Array
  /** Share of the trace of each group; they sum to the trace estimate, up to rounding, when the groups cover all entries. */
  readonly groupTraces: readonly Estimate[]
  /** (probesDone) vᵀAv of each probe. */
  readonly traceSamples: Float64Array
  /** (probesDone) ‖Av‖² of each probe. */
  readonly squareSamples: Float64Array
  /** [probesDone, groups] part of vᵀAv of each group. */
  readonly groupSamples: Float64Array
  readonly probesDone: number
  readonly products: number
  readonly outcome: TraceOutcome
}

/**
 * Makes one product per probe. Without a finished probe every estimate is NaN.
 * Throws a RangeError for impossible requests and when a product or its square is not finite.
 */
export async function hutchinson(operator: LinearOperator, options: HutchinsonOptions): Promise<HutchinsonResult> {
  const { probes, random, groups = [] } = options
  const products = new CheckedProducts(operator, 'hutchinson')
  const n = operator.size
  assertWhole('hutchinson', 'probes', probes, 1)
  assertGroups(groups, n)
  const diagonal = new RunningMeans(n)
  const traceSamples: number[] = []
  const squareSamples: number[] = []
  const groupSamples: number[] = []
  const product = new Float64Array(n)
  const entries = new Float64Array(n)
  while (traceSamples.length < probes) {
    const signs = rademacher(n, random)
    if (!(await unlessStopped(options, () => products.apply(signs, product)))) break
    for (let i = 0; i < n; i++) entries[i] = signs[i] * product[i]
    squareSamples.push(finiteSquare(product, products.count))
    traceSamples.push(sumOf(entries, 0, n))
    for (const { start, end } of groups) groupSamples.push(sumOf(entries, start, end))
    diagonal.add(entries)
    await options.onProbe?.({
      probesDone: traceSamples.length,
      of: probes,
      trace: meanEstimate(traceSamples),
      frobeniusSquared: meanEstimate(squareSamples),
    })
  }
  return Object.freeze({
    trace: meanEstimate(traceSamples),
    frobeniusSquared: meanEstimate(squareSamples),
    diagonal: diagonal.means(),
    diagonalStandardErrors: diagonal.standardErrors(),
    groupTraces: groups.map((_, g) => meanEstimate(groupSamples.filter((_sample, at) => at % groups.length === g))),
    traceSamples: Float64Array.from(traceSamples),
    squareSamples: Float64Array.from(squareSamples),
    groupSamples: Float64Array.from(groupSamples),
    probesDone: traceSamples.length,
    products: products.count,
    outcome: traceSamples.length < probes ? 'cancelled' : 'complete',
  })
}

function assertGroups(groups: readonly EntryRange[], n: number): void {
  for (const { start, end } of groups) {
    if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= n)) {
      throw new RangeError(`hutchinson: group ${start} to ${end} leaves a matrix of size ${n}; give whole places from 0 to ${n}`)
    }
  }
}

function finiteSquare(product: Float64Array, count: number): number {
  const square = dot(product, product)
  if (square < Infinity) return square
  throw new RangeError(`hutchinson: the square of product ${count} is ${square}, beyond the largest float64; divide the matrix by its size first`)
}

function sumOf(entries: Float64Array, start: number, end: number): number {
  let sum = 0
  for (let i = start; i < end; i++) sum += entries[i]
  return sum
}
