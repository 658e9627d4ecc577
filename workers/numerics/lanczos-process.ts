/**
 * The Lanczos recurrence with full reorthogonalisation (Lanczos 1950; Paige 1976 on why it is needed).
 *
 * After m products, A Q = Q T + β qₘ₊₁ eₘᵀ with orthonormal Q, [n, m], and T symmetric tridiagonal.
 * An exact breakdown, β = 0, means that Q spans an invariant subspace. The process then continues with a
 * random vector orthogonal to Q: T falls into blocks, and each block can find one more copy of a
 * degenerate eigenvalue.
 */
import type { LinearOperator } from './linear-operator.ts'
import { firstRows, plainRows, type LongRows } from './long-rows.ts'
import type { Random } from './random.ts'
import { float64Space as space } from './vector-space.ts'

/**
 * β below this fraction of the operator's size is rounding noise: a product of unit vectors carries an
 * error of some 10⁻¹⁶ ‖A‖, and what projection leaves of it is of the same order.
 */
const BREAKDOWN_TOLERANCE = 1e-14
/** A pass that keeps half the norm has left nothing to remove (Kahan, in Parlett 1980, §6.9). */
const SETTLED_FRACTION = 0.5
const MAX_PASSES = 4

export interface LanczosStart {
  /** First direction, (n), any length but zero; random when absent. */
  readonly start?: Float64Array
  /** Where the basis is kept: m vectors, and two more while a product is made. Rows of arrays by default. */
  readonly rows?: LongRows
}

export class LanczosProcess {
  /** Rows 0 … m − 1 are the basis: orthonormal, of length n. */
  readonly rows: LongRows
  /** (m) diagonal of T. */
  readonly alphas: number[] = []
  /** (m) off-diagonal of T; the last one couples to the vector that is not part of the basis yet. */
  readonly betas: number[] = []
  /** First step of each block of T. */
  readonly blockStarts: number[] = [0]
  readonly #operator: LinearOperator
  readonly #random: Random
  #exhausted: boolean
  #scale = 0

  constructor(operator: LinearOperator, random: Random, { start, rows = plainRows(operator.size) }: LanczosStart = {}) {
    assertSymmetric(operator)
    this.#operator = operator
    this.#random = random
    this.rows = rows
    this.#exhausted = operator.size === 0
    if (start) this.#begin(normalised(start, operator.size))
    else if (!this.#exhausted) this.#drawNext()
  }

  get steps(): number {
    return this.alphas.length
  }

  /** Number of exact breakdowns so far that a random direction continued. */
  get restarts(): number {
    return this.blockStarts.length - 1
  }

  /** True when the basis fills the whole space and T holds every eigenvalue. */
  get exhausted(): boolean {
    return this.#exhausted
  }

  /** One product with the operator. Throws when its result is not finite. */
  async step(): Promise<void> {
    if (this.#exhausted) throw new Error(`lanczos: all ${this.steps} steps of this operator are done`)
    const m = this.steps
    this.rows.reserve(m + 2)
    const y = this.rows.row(m + 1).fill(0)
    await this.#operator.apply(this.rows.row(m), y)
    const productNorm = this.rows.norm(m + 1)
    if (!Number.isFinite(productNorm)) assertFinite(y, m + 1)
    const { rest, coefficient } = this.#orthogonalise(m + 1)
    this.#scale = Math.max(this.#scale, productNorm)
    this.alphas.push(coefficient)
    this.#advance(rest)
  }

  /** Row m becomes the next direction. */
  #advance(beta: number): void {
    const full = this.steps === this.#operator.size
    if (!full && beta > BREAKDOWN_TOLERANCE * this.#scale) {
      this.betas.push(beta)
      this.rows.scale(1 / beta, this.steps)
      return
    }
    this.betas.push(0)
    this.#exhausted = full
    if (full) return
    this.#drawNext()
    this.blockStarts.push(this.steps)
  }

  /**
   * Removes all rows before it from row y. Returns what is left of its norm and the coefficient along the last of them.
   * In exact arithmetic the last two rows are all there is to remove of a product. They go first, so that a pass over
   * all rows finds little but rounding, and one is enough as long as it leaves most of the norm.
   */
  #orthogonalise(y: number): { rest: number; coefficient: number } {
    const basis = firstRows(y)
    let coefficient = 0 + lastOf(this.rows.projectOut(basis.slice(-2), y))
    let before = this.rows.norm(y)
    for (let pass = 1; ; pass++) {
      coefficient += lastOf(this.rows.projectOut(basis, y))
      const rest = this.rows.norm(y)
      if (rest >= SETTLED_FRACTION * before || pass === MAX_PASSES) return { rest, coefficient }
      before = rest
    }
  }

  #begin(direction: Float64Array): void {
    this.rows.reserve(1)
    this.rows.row(0).set(direction)
  }

  /** Row m becomes a random direction orthogonal to the basis. */
  #drawNext(): void {
    const m = this.steps
    this.rows.reserve(m + 1)
    const x = this.rows.row(m)
    for (let i = 0; i < x.length; i++) x[i] = this.#random.normal()
    const { rest } = this.#orthogonalise(m)
    this.rows.scale(1 / rest, m)
  }
}

function lastOf(coefficients: Float64Array): number {
  return coefficients.at(-1) ?? 0
}

export interface LanczosTridiagonalOptions {
  readonly steps: number
  readonly random: Random
  /** (n) first direction; random when absent. */
  readonly start?: Float64Array
  /** At an exact breakdown: continue with a random direction, or end (a quadrature is then exact). */
  readonly onBreakdown?: 'restart' | 'stop'
  readonly shouldStop?: () => boolean
  /** Where the basis is kept; the caller releases it. Rows of arrays by default. */
  readonly rows?: LongRows
}

export interface LanczosTridiagonal {
  /** (m) diagonal. */
  readonly alphas: Float64Array
  /** (m − 1) off-diagonal. */
  readonly betas: Float64Array
  /** Coupling to the next vector: the residual ‖A Q − Q T‖. */
  readonly lastBeta: number
  /** m orthonormal vectors of length n, in place: of use as long as the rows are. */
  readonly basis: readonly Float64Array[]
  readonly products: number
  readonly restarts: number
  /** `breakdown`: an invariant subspace ended the run early, T is exact on it. */
  readonly outcome: 'max-steps' | 'breakdown' | 'cancelled'
}

/** Runs the recurrence for a number of products, at most the size of the operator. */
export async function lanczosTridiagonal(
  operator: LinearOperator,
  { steps, random, onBreakdown = 'restart', shouldStop, ...begin }: LanczosTridiagonalOptions,
): Promise<LanczosTridiagonal> {
  if (!Number.isInteger(steps) || steps < 1) throw new RangeError(`lanczos: steps=${steps} is not a whole number from 1 on`)
  if (steps > operator.size) {
    throw new RangeError(`lanczos: steps=${steps} exceeds operator size ${operator.size}; choose at most ${operator.size}`)
  }
  const process = new LanczosProcess(operator, random, begin)
  let outcome: LanczosTridiagonal['outcome'] = 'max-steps'
  while (process.steps < steps) {
    if (shouldStop?.()) {
      outcome = 'cancelled'
      break
    }
    await process.step()
    if (process.betas[process.steps - 1] === 0 && (onBreakdown === 'stop' || process.exhausted)) {
      outcome = 'breakdown'
      break
    }
  }
  return Object.freeze({
    alphas: Float64Array.from(process.alphas),
    betas: Float64Array.from(process.betas.slice(0, -1)),
    lastBeta: process.betas.at(-1) ?? 0,
    basis: firstRows(process.steps).map((i) => process.rows.row(i)),
    products: process.steps,
    restarts: process.restarts,
    outcome,
  })
}

function assertSymmetric(operator: LinearOperator): void {
  if (!operator.symmetric) throw new TypeError('lanczos: the operator is not declared symmetric; Lanczos needs A = Aᵀ')
}

function normalised(start: Float64Array, n: number): Float64Array {
  if (start.length !== n) throw new RangeError(`lanczos: start has length ${start.length}, the operator has size ${n}`)
  const length = space.norm(start)
  if (!(length > 0 && length < Infinity)) throw new RangeError(`lanczos: start has norm ${length}; give a finite vector other than zero`)
  return start.map((value) => value / length)
}

function assertFinite(y: Float64Array, product: number): void {
  for (let i = 0; i < y.length; i++) {
    if (!Number.isFinite(y[i])) {
      throw new RangeError(`lanczos: product ${product} of the operator is ${y[i]} at entry ${i}; check its weights and data`)
    }
  }
}
