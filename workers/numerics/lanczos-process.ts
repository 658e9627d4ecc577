/**
 * The Lanczos recurrence with full reorthogonalisation (Lanczos 1950; Paige 1976 on why it is needed).
 *
 * After m products, A Q = Q T + β qₘ₊₁ eₘᵀ with orthonormal Q, [n, m], and T symmetric tridiagonal.
 * An exact breakdown, β = 0, means that Q spans an invariant subspace. The process then continues with a
 * random vector orthogonal to Q: T falls into blocks, and each block can find one more copy of a
 * degenerate eigenvalue.
 */
import type { LinearOperator } from './linear-operator.ts'
import type { Random } from './random.ts'
import { float64Space as space } from './vector-space.ts'

/**
 * β below this fraction of the operator's size is rounding noise: a product of unit vectors carries an
 * error of some 10⁻¹⁶ ‖A‖, and what projection leaves of it is of the same order.
 */
const BREAKDOWN_TOLERANCE = 1e-14
/** A pass that keeps half the norm has left nothing to remove (Kahan, in Parlett 1980, §6.9). */
const SETTLED_FRACTION = 0.5
const MIN_PASSES = 2
const MAX_PASSES = 4

export class LanczosProcess {
  /** m orthonormal vectors of length n. */
  readonly basis: Float64Array[] = []
  /** (m) diagonal of T. */
  readonly alphas: number[] = []
  /** (m) off-diagonal of T; the last one couples to the vector that is not part of the basis yet. */
  readonly betas: number[] = []
  /** First step of each block of T. */
  readonly blockStarts: number[] = [0]
  readonly #operator: LinearOperator
  readonly #random: Random
  #next: Float64Array | null
  #scale = 0

  /** @param start first direction, (n), any length but zero; random when absent */
  constructor(operator: LinearOperator, random: Random, start?: Float64Array) {
    assertSymmetric(operator)
    this.#operator = operator
    this.#random = random
    this.#next = start ? normalised(start, operator.size) : this.#freshVector()
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
    return this.#next === null
  }

  /** One product with the operator. Throws when its result is not finite. */
  async step(): Promise<void> {
    if (this.#next === null) throw new Error(`lanczos: all ${this.steps} steps of this operator are done`)
    const q = this.#next
    const y = space.zeros(q.length)
    await this.#operator.apply(q, y)
    assertFinite(y, this.steps + 1)
    this.basis.push(q)
    const productNorm = space.norm(y)
    const { rest, coefficient } = this.#orthogonalise(y, productNorm)
    this.#scale = Math.max(this.#scale, productNorm)
    this.alphas.push(coefficient)
    this.#advance(y, rest)
  }

  #advance(y: Float64Array, beta: number): void {
    const full = this.basis.length === this.#operator.size
    if (!full && beta > BREAKDOWN_TOLERANCE * this.#scale) {
      this.betas.push(beta)
      space.scale(1 / beta, y)
      this.#next = y
      return
    }
    this.betas.push(0)
    this.#next = full ? null : this.#freshVector()
    if (!full) this.blockStarts.push(this.steps)
  }

  /** Removes the basis from y. Returns what is left of its norm and the coefficient along the last vector. */
  #orthogonalise(y: Float64Array, startNorm: number): { rest: number; coefficient: number } {
    let coefficient = 0
    let before = startNorm
    for (let pass = 1; ; pass++) {
      const c = space.projectOut(this.basis, y)
      coefficient += c.length > 0 ? c[c.length - 1] : 0
      const rest = space.norm(y)
      const settled = pass >= MIN_PASSES && rest >= SETTLED_FRACTION * before
      if (settled || pass === MAX_PASSES) return { rest, coefficient }
      before = rest
    }
  }

  #freshVector(): Float64Array | null {
    const n = this.#operator.size
    if (n === 0) return null
    const x = space.random(n, this.#random)
    const { rest } = this.#orthogonalise(x, space.norm(x))
    space.scale(1 / rest, x)
    return x
  }
}

export interface LanczosTridiagonalOptions {
  readonly steps: number
  readonly random: Random
  /** (n) first direction; random when absent. */
  readonly start?: Float64Array
  /** At an exact breakdown: continue with a random direction, or end (a quadrature is then exact). */
  readonly onBreakdown?: 'restart' | 'stop'
  readonly shouldStop?: () => boolean
}

export interface LanczosTridiagonal {
  /** (m) diagonal. */
  readonly alphas: Float64Array
  /** (m − 1) off-diagonal. */
  readonly betas: Float64Array
  /** Coupling to the next vector: the residual ‖A Q − Q T‖. */
  readonly lastBeta: number
  /** m orthonormal vectors of length n. */
  readonly basis: readonly Float64Array[]
  readonly products: number
  readonly restarts: number
  /** `breakdown`: an invariant subspace ended the run early, T is exact on it. */
  readonly outcome: 'max-steps' | 'breakdown' | 'cancelled'
}

/** Runs the recurrence for a number of products, at most the size of the operator. */
export async function lanczosTridiagonal(
  operator: LinearOperator,
  { steps, random, start, onBreakdown = 'restart', shouldStop }: LanczosTridiagonalOptions,
): Promise<LanczosTridiagonal> {
  if (!Number.isInteger(steps) || steps < 1) throw new RangeError(`lanczos: steps=${steps} is not a whole number from 1 on`)
  if (steps > operator.size) {
    throw new RangeError(`lanczos: steps=${steps} exceeds operator size ${operator.size}; choose at most ${operator.size}`)
  }
  const process = new LanczosProcess(operator, random, start)
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
    basis: process.basis,
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
