/** Extreme eigenpairs of a symmetric operator at both ends of its spectrum, from one Lanczos run. */
import { LanczosProcess } from './lanczos-process.ts'
import type { LinearOperator } from './linear-operator.ts'
import { firstRows, PANEL_COLUMNS, withRows, type OpenRows } from './long-rows.ts'
import type { Random } from './random.ts'
import { fixRowSigns } from './sign-convention.ts'
import { tridiagonalEigen } from './symmetric-eigen.ts'
import { float64Space as space } from './vector-space.ts'

export type LanczosOutcome = 'converged' | 'breakdown' | 'max-steps' | 'cancelled'

/** What each outcome means, for people. */
export const LANCZOS_OUTCOMES: Readonly<Record<LanczosOutcome, string>> = Object.freeze({
  converged: 'Every requested pair reached the tolerance.',
  breakdown: 'No further step can improve the pairs: the rounding of the products is larger than the tolerance.',
  'max-steps': 'The number of products ran out before every pair reached the tolerance.',
  cancelled: 'Stopped on request; the pairs are as good as their residuals say.',
})

export interface LanczosProgress {
  /** Products done, of at most `of`. */
  readonly step: number
  readonly of: number
  /** Best values so far for the requested pairs, descending. */
  readonly ritzValues: Float64Array
  /** Residual estimate for each of them. */
  readonly residualEstimates: Float64Array
}

export interface LanczosOptions {
  /** Number of pairs from the upper end. */
  readonly largest: number
  /** Number of pairs from the lower end; 0 by default. */
  readonly smallest?: number
  /** Products of the iteration at most; the operator's size always suffices. */
  readonly maxProducts: number
  /** A pair has converged when its residual is at most this times the largest |λ| seen. */
  readonly tolerance: number
  readonly random: Random
  /** Spend one more product per pair to replace the residual estimates by ‖A v − λ v‖. */
  readonly trueResiduals?: boolean
  /** Steps from one convergence check and progress report to the next; 5 by default. */
  readonly checkInterval?: number
  /** Awaited, so that it can also give way to other work. */
  readonly onStep?: (progress: LanczosProgress) => void | Promise<void>
  /** Asked before every product, and when one fails: an operator may give up in the middle once this is true. */
  readonly shouldStop?: () => boolean
  /** Opens the store of the basis; rows of arrays by default. The bits of results do not depend on it. */
  readonly openRows?: OpenRows
}

export interface LanczosEigenpairs {
  /** (k) descending: the largest, then the smallest. Fewer than asked when cancelled early. */
  readonly eigenvalues: Float64Array
  /** [k, n] unit eigenvectors as rows, largest |entry| positive. */
  readonly eigenvectors: Float64Array
  /** (k) end of the spectrum that each pair was asked from. */
  readonly which: readonly ('largest' | 'smallest')[]
  /** (k) ‖A v − λ v‖, computed or estimated as `residualKind` says. */
  readonly residuals: Float64Array
  /** `ritz-estimate` is |β sₘ|, exact up to the rounding of the products. */
  readonly residualKind: 'ritz-estimate' | 'true'
  /** (k) residual within the tolerance. */
  readonly converged: readonly boolean[]
  /** Products of the iteration, and of the verification beside it. */
  readonly products: number
  readonly verificationProducts: number
  /** Size of the Krylov basis. */
  readonly steps: number
  /** Exact breakdowns, each continued with a random vector. */
  readonly restarts: number
  readonly outcome: LanczosOutcome
}

const DEFAULT_CHECK_INTERVAL = 5

/** Bytes that a run holds at its end: basis, eigenvectors and work vectors of float64. */
export function memoryBytes(n: number, steps: number, pairs = 0): number {
  return 8 * n * (steps + pairs + 2)
}

/**
 * Eigenpairs at the ends of the spectrum of a symmetric operator, by Lanczos with full reorthogonalisation.
 * Multiplicities are found where the iteration breaks down exactly; see `LanczosProcess`.
 * Throws for impossible requests and when a product is not finite; every other end is an `outcome`.
 */
export async function lanczosEigenpairs(operator: LinearOperator, options: LanczosOptions): Promise<LanczosEigenpairs> {
  const request = checkedRequest(operator, options)
  const { process, end, pairs } = await withRows(options.openRows, operator.size, async (rows) => {
    const process = new LanczosProcess(operator, options.random, { rows })
    const end = await iterate(process, request, options)
    return { process, end, pairs: ritzPairs(process, request) }
  })
  const computed = options.trueResiduals === true && end !== 'cancelled' ? await trueResiduals(operator, pairs, options) : null
  const residuals = computed ?? pairs.residualEstimates
  const converged = Array.from(residuals, (residual) => residual <= options.tolerance * pairs.scale)
  return Object.freeze({
    eigenvalues: pairs.ritzValues,
    eigenvectors: pairs.vectors,
    which: pairs.which,
    residuals,
    residualKind: computed ? 'true' : 'ritz-estimate',
    converged,
    products: process.steps,
    verificationProducts: computed ? residuals.length : 0,
    steps: process.steps,
    restarts: process.restarts,
    outcome: end === 'converged' && converged.includes(false) ? 'breakdown' : end,
  })
}

interface Request {
  readonly largest: number
  readonly smallest: number
  readonly limit: number
  readonly tolerance: number
}

function checkedRequest(operator: LinearOperator, options: LanczosOptions): Request {
  const { largest, smallest = 0, maxProducts, tolerance } = options
  const n = operator.size
  for (const [name, value] of Object.entries({ largest, smallest, maxProducts })) {
    if (!Number.isInteger(value) || value < 0) throw new RangeError(`lanczos: ${name}=${value} is not a whole number from 0 on`)
  }
  const wanted = largest + smallest
  if (wanted === 0) throw new RangeError('lanczos: largest=0 and smallest=0 ask for nothing; ask for at least one pair')
  if (wanted > n) {
    throw new RangeError(`lanczos: largest=${largest} and smallest=${smallest} exceed operator size ${n}; choose at most ${n} in all`)
  }
  if (maxProducts < wanted) {
    throw new RangeError(`lanczos: maxProducts=${maxProducts} cannot give ${wanted} pairs; allow at least ${wanted}`)
  }
  if (!(tolerance >= 0 && tolerance < Infinity)) throw new RangeError(`lanczos: tolerance=${tolerance} is not a finite number from 0 on`)
  return { largest, smallest, limit: Math.min(maxProducts, n), tolerance }
}

async function iterate(process: LanczosProcess, request: Request, options: LanczosOptions): Promise<LanczosOutcome> {
  const interval = options.checkInterval ?? DEFAULT_CHECK_INTERVAL
  while (process.steps < request.limit) {
    if (options.shouldStop?.()) return 'cancelled'
    try {
      await process.step()
    } catch (error) {
      // A product that was interrupted because of the request to stop was not made.
      if (options.shouldStop?.()) return 'cancelled'
      throw error
    }
    const atBreakdown = process.betas[process.steps - 1] === 0
    if (process.steps % interval !== 0 && !atBreakdown && process.steps !== request.limit) continue
    const selection = select(process, request)
    await options.onStep?.({ step: process.steps, of: request.limit, ...progressOf(selection) })
    if (isComplete(process, request, selection)) return 'converged'
  }
  return 'max-steps'
}

/** Ritz values asked for, with their places in the descending spectrum of T. */
interface Selection {
  readonly places: readonly number[]
  readonly which: readonly ('largest' | 'smallest')[]
  readonly ritzValues: Float64Array
  readonly residualEstimates: Float64Array
  /** Largest |Ritz value|. */
  readonly scale: number
}

function select(process: LanczosProcess, { largest, smallest }: Request): Selection {
  const { eigenvalues, residuals } = ritzResiduals(process, 0)
  const m = eigenvalues.length
  const upper = Math.min(largest, m)
  const lower = Math.min(smallest, m - upper)
  const places = Array.from({ length: upper + lower }, (_, i) => (i < upper ? i : m - lower + (i - upper)))
  return {
    places,
    which: places.map((_, i) => (i < upper ? 'largest' : 'smallest')),
    ritzValues: Float64Array.from(places, (place) => eigenvalues[place]),
    residualEstimates: Float64Array.from(places, (place) => residuals[place]),
    scale: m === 0 ? 0 : Math.max(Math.abs(eigenvalues[0]), Math.abs(eigenvalues[m - 1])),
  }
}

/** Ritz values of the steps from `from` on, descending, and |β sₘ| for each. */
function ritzResiduals(process: LanczosProcess, from: number): { eigenvalues: Float64Array; residuals: Float64Array } {
  const { eigenvalues, components } = tridiagonalEigen(...tridiagonal(process, from), 'last')
  const lastBeta = process.betas.at(-1) ?? 0
  return { eigenvalues, residuals: components.map((component) => Math.abs(lastBeta * component)) }
}

function tridiagonal({ alphas, betas }: LanczosProcess, from: number): [Float64Array, Float64Array] {
  return [Float64Array.from(alphas.slice(from)), Float64Array.from(betas.slice(from, -1))]
}

function progressOf({ ritzValues, residualEstimates }: Selection): Pick<LanczosProgress, 'ritzValues' | 'residualEstimates'> {
  return { ritzValues, residualEstimates }
}

function isComplete(process: LanczosProcess, request: Request, selection: Selection): boolean {
  if (process.exhausted) return true
  if (selection.places.length < request.largest + request.smallest) return false
  const allowed = request.tolerance * selection.scale
  if (selection.residualEstimates.some((residual) => residual > allowed)) return false
  return process.restarts === 0 || noFurtherCopies(process, request, selection, allowed)
}

/**
 * After a breakdown every finished block is exact, yet further copies of its eigenvalues may exist. The
 * last block started at random within the orthogonal rest, so once its own extreme value has converged
 * and adds nothing to the selection, the rest holds nothing better.
 */
function noFurtherCopies(process: LanczosProcess, request: Request, { ritzValues }: Selection, allowed: number): boolean {
  const start = process.blockStarts.findLast((first) => first < process.steps) ?? 0
  const { eigenvalues, residuals } = ritzResiduals(process, start)
  const last = eigenvalues.length - 1
  const upperDone = request.largest === 0 || (residuals[0] <= allowed && eigenvalues[0] <= ritzValues[request.largest - 1] + allowed)
  const lowerDone = request.smallest === 0 || (residuals[last] <= allowed && eigenvalues[last] >= ritzValues[request.largest] - allowed)
  return upperDone && lowerDone
}

interface RitzPairs extends Selection {
  /** [k, n] rows. */
  readonly vectors: Float64Array
}

function ritzPairs(process: LanczosProcess, request: Request): RitzPairs {
  const selection = select(process, request)
  const n = process.rows.size
  const m = process.steps
  const { components } = tridiagonalEigen(...tridiagonal(process, 0))
  const vectors = new Float64Array(selection.places.length * n)
  const weights = selection.places.map((place) => components.subarray(place * m, (place + 1) * m))
  for (let start = 0; start < n; start += PANEL_COLUMNS) {
    const end = Math.min(n, start + PANEL_COLUMNS)
    process.rows.combine(firstRows(m), weights, start, weights.map((_, i) => vectors.subarray(i * n + start, i * n + end))) // Q s
  }
  fixRowSigns(vectors, n)
  return { ...selection, vectors }
}

/** ‖A v − λ v‖ of every pair, or null when the computation is asked to stop meanwhile. */
async function trueResiduals(operator: LinearOperator, { ritzValues, vectors }: RitzPairs, { shouldStop }: LanczosOptions): Promise<Float64Array | null> {
  const residuals = new Float64Array(ritzValues.length)
  try {
    for (let i = 0; i < residuals.length; i++) {
      if (shouldStop?.()) return null
      residuals[i] = await trueResidual(operator, ritzValues[i], vectors.slice(i * operator.size, (i + 1) * operator.size))
    }
    return residuals
  } catch (error) {
    if (shouldStop?.()) return null
    throw error
  }
}

async function trueResidual(operator: LinearOperator, value: number, v: Float64Array): Promise<number> {
  const y = space.zeros(v.length)
  await operator.apply(v, y)
  space.axpy(-value, v, y) // A v − λ v, (n)
  return space.norm(y)
}
