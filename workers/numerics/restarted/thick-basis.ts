/**
 * The active basis of a thick-restart Lanczos run (Wu and Simon 2000), orthogonal to the locked rows.
 *
 * A V = V T + β vₘ₊₁ eₘᵀ up to the locked rows. A restart replaces V by some of its Ritz vectors: T becomes their
 * values with the couplings β sₘ to vₘ₊₁, an arrow, and the recurrence goes on from vₘ₊₁.
 */
import type { CheckedProducts } from '../checked-products.ts'
import type { LongRows } from '../long-rows.ts'
import type { Random } from '../random.ts'
import { symmetricEigen } from '../symmetric-eigen.ts'
import { combineRows, projectOutRows, type Pauses } from './blocked-rows.ts'

/** β below this fraction of the operator's size is rounding noise of a product. */
const BREAKDOWN_TOLERANCE = 1e-14
/** A pass that keeps half the norm has left nothing to remove. */
const SETTLED_FRACTION = 0.5
const MAX_PASSES = 4

/** Ritz pairs of the basis, m of them. */
export interface RitzPairs {
  /** (m) descending. */
  readonly values: Float64Array
  /** (m) |β sₘ|. */
  readonly residuals: Float64Array
  /** m rows of length m: each Ritz vector in terms of the basis. */
  readonly weights: readonly Float64Array[]
}

/** A Ritz vector that leaves the basis for a row outside. */
export interface Extraction {
  readonly place: number
  readonly target: number
}

/** Where a basis lies. */
export interface BasisPlace {
  readonly store: LongRows
  /** Rows of the store from here on are its own: `capacity` directions, the next one, and a product. */
  readonly first: number
  readonly capacity: number
}

export class ThickBasis {
  /** Products that the basis holds; the row behind them is the next direction. */
  filled = 0
  /** Exact breakdowns that a random direction continued. */
  breakdowns = 0
  /** The basis and the locked rows fill the whole space. */
  exhausted = false
  readonly #products: CheckedProducts
  readonly #locked: () => readonly number[]
  readonly #random: Random
  readonly #pauses: Pauses
  readonly #store: LongRows
  readonly #rows: readonly number[]
  readonly #capacity: number
  /** [capacity, capacity] T. */
  readonly #projected: Float64Array
  readonly #work: number
  /** (capacity) coupling of each row to the next direction: β of the last one, or the arrow after a restart. */
  readonly #couplings: Float64Array
  /** Rows kept at the last restart. */
  #kept = 0
  #scale = 0

  constructor(products: CheckedProducts, { store, first, capacity }: BasisPlace, locked: () => readonly number[], random: Random, pauses: Pauses) {
    this.#store = store
    this.#rows = Array.from({ length: capacity + 1 }, (_, i) => first + i)
    this.#work = first + capacity + 1
    this.#products = products
    this.#capacity = capacity
    this.#locked = locked
    this.#random = random
    this.#pauses = pauses
    this.#projected = new Float64Array(capacity * capacity)
    this.#couplings = new Float64Array(capacity)
  }

  get isFull(): boolean {
    return this.exhausted || this.filled === this.#capacity
  }

  /** Forgets everything and begins with a random direction orthogonal to the locked rows. */
  async begin(): Promise<void> {
    this.filled = 0
    this.#kept = 0
    this.#projected.fill(0)
    this.#couplings.fill(0)
    await this.#drawNext()
  }

  /** One product. `apply` makes it, and gives false when it was not made: nothing has changed then. */
  async step(apply: (x: Float64Array, y: Float64Array) => Promise<boolean>): Promise<boolean> {
    const y = this.#work
    const j = this.filled
    if (!(await apply(this.#store.row(this.#rows[j]), this.#store.row(y)))) return false
    this.#scale = Math.max(this.#scale, this.#store.norm(y))
    const { rest, coefficient } = await this.#orthogonalise(y, j + 1, this.#atHand(j))
    this.#projected[j * this.#capacity + j] = coefficient
    this.filled = j + 1
    this.#couplings.fill(0)
    if (rest <= BREAKDOWN_TOLERANCE * this.#scale || this.#fillsSpace()) {
      if (!this.#fillsSpace()) this.breakdowns++
      await this.#drawNext()
      return true
    }
    const next = this.#rows[j + 1]
    this.#store.row(next).set(this.#store.row(y))
    this.#store.scale(1 / rest, next)
    this.#couplings[j] = rest
    this.#coupleNext()
    return true
  }

  ritzPairs(): RitzPairs {
    const m = this.filled
    const matrix = new Float64Array(m * m)
    for (let i = 0; i < m; i++) matrix.set(this.#projected.subarray(i * this.#capacity, i * this.#capacity + m), i * m)
    const { eigenvalues, eigenvectors } = symmetricEigen(matrix, m)
    const weights = Array.from({ length: m }, (_, i) => eigenvectors.subarray(i * m, (i + 1) * m))
    return { values: eigenvalues, weights, residuals: Float64Array.from(weights, (row) => Math.abs(this.#couplingOf(row))) }
  }

  /** Restarts from the Ritz vectors at the places `kept`; those of `extracted` are written where they go. */
  async restart(ritz: RitzPairs, kept: readonly number[], extracted: readonly Extraction[]): Promise<void> {
    const m = this.filled
    const next = this.#rows[m]
    const targets = [...extracted.map(({ target }) => target), ...this.#rows.slice(0, kept.length)]
    const places = [...extracted.map(({ place }) => place), ...kept]
    await combineRows(this.#store, this.#rows.slice(0, m), places.map((place) => ritz.weights[place]), targets, this.#pauses)
    this.#projected.fill(0)
    kept.forEach((place, i) => (this.#projected[i * this.#capacity + i] = ritz.values[place]))
    const couplings = kept.map((place) => this.#couplingOf(ritz.weights[place]))
    this.#couplings.fill(0).set(couplings)
    this.filled = kept.length
    this.#kept = kept.length
    this.#coupleNext()
    if (!this.exhausted) this.#store.row(this.#rows[kept.length]).set(this.#store.row(next))
  }

  /** Coupling of a combination of the rows to the next direction. */
  #couplingOf(weights: Float64Array): number {
    let sum = 0
    for (let i = 0; i < weights.length; i++) sum += this.#couplings[i] * weights[i]
    return sum
  }

  /** Enters the couplings into T, where the next direction has a place. */
  #coupleNext(): void {
    const next = this.filled
    if (next === this.#capacity) return
    for (let i = 0; i < next; i++) {
      this.#projected[i * this.#capacity + next] = this.#couplings[i]
      this.#projected[next * this.#capacity + i] = this.#couplings[i]
    }
  }

  #fillsSpace(): boolean {
    return this.#locked().length + this.filled === this.#products.size
  }

  async #drawNext(): Promise<void> {
    this.exhausted = this.#fillsSpace()
    if (this.exhausted) return
    const row = this.#rows[this.filled]
    const x = this.#store.row(row)
    for (let i = 0; i < x.length; i++) x[i] = this.#random.normal()
    const { rest } = await this.#orthogonalise(row, this.filled, this.#rows.slice(0, this.filled))
    this.#store.scale(1 / rest, row)
  }

  /**
   * Removes the locked rows and the first `count` rows from y. Those that the recurrence has at hand go first, by
   * themselves: that takes away nearly all there is, so that one pass over the many others is enough as long as it leaves
   * most of the norm.
   */
  async #orthogonalise(y: number, count: number, atHand: readonly number[]): Promise<{ rest: number; coefficient: number }> {
    const all = [...this.#locked(), ...this.#rows.slice(0, count)]
    let coefficient = (await projectOutRows(this.#store, atHand, y, this.#pauses)).at(-1) ?? 0
    for (let pass = 1; ; pass++) {
      const before = this.#store.norm(y)
      const found = await projectOutRows(this.#store, all, y, this.#pauses)
      if (count > 0) coefficient += found[found.length - 1]
      const rest = this.#store.norm(y)
      if (rest >= SETTLED_FRACTION * before || pass === MAX_PASSES) return { rest, coefficient }
    }
  }

  /** Rows that a product with row j has parts along: itself and the one before it, behind a restart all that were kept. */
  #atHand(j: number): readonly number[] {
    return this.#rows.slice(j === this.#kept ? 0 : Math.max(0, j - 1), j + 1)
  }
}
