/**
 * The Lanczos recurrence laid open, step by step, with or without reorthogonalisation.
 *
 * In exact arithmetic three terms keep the vectors orthogonal. In floating point they lose it as soon as a Ritz
 * pair converges, and in its direction (Paige 1976): the process then finds the same eigenvalue again, as a ghost,
 * which is no second eigenvector. With reorthogonalisation there are none.
 */
import { assertWhole, CheckedProducts, unlessStopped, type WorkControl } from '../checked-products.ts'
import type { LinearOperator } from '../linear-operator.ts'
import type { Random } from '../random.ts'
import { tridiagonalEigen } from '../symmetric-eigen.ts'
import { dot, float64Space as space } from '../vector-space.ts'
import { startVector } from './start-vector.ts'

/** β below this fraction of the operator's size is rounding noise of a product. */
const BREAKDOWN_TOLERANCE = 1e-14

export type LanczosHistoryOutcome = 'max-steps' | 'breakdown' | 'cancelled'

/** State after a step. */
export interface LanczosHistoryStep {
  /** Products so far, from 1. */
  readonly step: number
  readonly of: number
  readonly alpha: number
  /** Coupling to the next vector. */
  readonly beta: number
  /** (step) descending. */
  readonly ritzValues: Float64Array
  /** (step) |β sₘ| of each; without reorthogonalisation it holds up to the loss of orthogonality. */
  readonly residualEstimates: Float64Array
  /** max |qᵢ·qⱼ| over i < j < step. */
  readonly orthogonalityLoss: number
}

export interface LanczosHistoryOptions extends WorkControl {
  /** Products at most. With reorthogonalisation no more than the size of the operator; without, ghosts go on for ever. */
  readonly steps: number
  readonly random: Random
  /** Project every new vector against all before it; true by default. */
  readonly reorthogonalise?: boolean
  /** (n) first vector, any length but zero; random when absent. */
  readonly start?: Float64Array
  readonly onStep?: (step: LanczosHistoryStep) => void | Promise<void>
}

/** Everything recorded over m steps. */
export interface LanczosHistory {
  /** (m) diagonal of T. */
  readonly alphas: Float64Array
  /** (m) off-diagonal; the last one couples to the vector that a further step would take. */
  readonly betas: Float64Array
  /** (m + 1) the Ritz values of step j, from 1, are those from offsets[j − 1] up to but not including offsets[j]. */
  readonly offsets: Uint32Array
  /** (m (m + 1) / 2) Ritz values of all steps, one after the other, descending within each. */
  readonly ritzValues: Float64Array
  /** (m (m + 1) / 2) |β sₘ| of each. */
  readonly residualEstimates: Float64Array
  /** (m) max |qᵢ·qⱼ| after each step; 0 after the first. */
  readonly orthogonalityLoss: Float64Array
  readonly products: number
  /** `breakdown`: an invariant subspace is spanned, β = 0. */
  readonly outcome: LanczosHistoryOutcome
}

/**
 * Holds all vectors in either case, to measure their orthogonality: 8·n·steps bytes.
 * Throws a RangeError for impossible requests and when a product is not finite.
 */
export async function lanczosHistory(operator: LinearOperator, options: LanczosHistoryOptions): Promise<LanczosHistory> {
  const { steps, reorthogonalise = true } = options
  const products = new CheckedProducts(operator, 'lanczos history')
  assertWhole('lanczos history', 'steps', steps, 1, reorthogonalise ? operator.size : Infinity)
  const recurrence = new Recurrence(products, startVector('lanczos history', products.size, options), reorthogonalise)
  const records: LanczosHistoryStep[] = []
  let outcome: LanczosHistoryOutcome = 'max-steps'
  while (records.length < steps && outcome === 'max-steps') {
    if (!(await unlessStopped(options, () => recurrence.step()))) {
      outcome = 'cancelled'
      break
    }
    const record = recurrence.record(steps)
    records.push(record)
    if (record.beta === 0) outcome = 'breakdown'
    await options.onStep?.(record)
  }
  return Object.freeze({
    alphas: Float64Array.from(records, ({ alpha }) => alpha),
    betas: Float64Array.from(records, ({ beta }) => beta),
    offsets: Uint32Array.from({ length: records.length + 1 }, (_, j) => (j * (j + 1)) / 2),
    ritzValues: joined(records.map(({ ritzValues }) => ritzValues)),
    residualEstimates: joined(records.map(({ residualEstimates }) => residualEstimates)),
    orthogonalityLoss: Float64Array.from(records, ({ orthogonalityLoss }) => orthogonalityLoss),
    products: records.length,
    outcome,
  })
}

class Recurrence {
  readonly #products: CheckedProducts
  readonly #reorthogonalise: boolean
  readonly #basis: Float64Array[] = []
  readonly #alphas: number[] = []
  readonly #betas: number[] = []
  #next: Float64Array
  #scale = 0
  #loss = 0

  constructor(products: CheckedProducts, start: Float64Array, reorthogonalise: boolean) {
    this.#products = products
    this.#next = start
    this.#reorthogonalise = reorthogonalise
  }

  async step(): Promise<void> {
    const q = this.#next
    const y = new Float64Array(q.length)
    await this.#products.apply(q, y)
    this.#scale = Math.max(this.#scale, space.norm(y))
    this.#loss = space.coefficients(this.#basis, q).reduce((worst, overlap) => Math.max(worst, Math.abs(overlap)), this.#loss)
    const previous = this.#basis.at(-1)
    if (previous !== undefined) space.axpy(-this.#betas[this.#betas.length - 1], previous, y)
    const alpha = dot(q, y)
    space.axpy(-alpha, q, y)
    this.#basis.push(q)
    this.#alphas.push(alpha + (this.#reorthogonalise ? this.#project(y) : 0))
    const rest = space.norm(y)
    const spansAll = this.#reorthogonalise && this.#basis.length === q.length
    const beta = spansAll || rest <= BREAKDOWN_TOLERANCE * this.#scale ? 0 : rest
    this.#betas.push(beta)
    if (beta > 0) this.#next = y.map((entry) => entry / beta)
  }

  record(of: number): LanczosHistoryStep {
    const alphas = Float64Array.from(this.#alphas)
    const step = alphas.length
    const beta = this.#betas[step - 1]
    const { eigenvalues, components } = tridiagonalEigen(alphas, Float64Array.from(this.#betas.slice(0, -1)), 'last')
    return Object.freeze({
      step,
      of,
      alpha: alphas[step - 1],
      beta,
      ritzValues: eigenvalues,
      residualEstimates: components.map((component) => Math.abs(beta * component)),
      orthogonalityLoss: this.#loss,
    })
  }

  /** Two Gram–Schmidt passes against all vectors; gives what they find along the last one. */
  #project(y: Float64Array): number {
    const first = space.projectOut(this.#basis, y)
    const second = space.projectOut(this.#basis, y)
    return first[first.length - 1] + second[second.length - 1]
  }
}

function joined(rows: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(rows.reduce((length, row) => length + row.length, 0))
  let at = 0
  for (const row of rows) {
    all.set(row, at)
    at += row.length
  }
  return all
}
