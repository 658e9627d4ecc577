/** The pairs that have converged, in the first rows of a store. */
import type { LongRows } from '../long-rows.ts'
import { fixRowSigns } from '../sign-convention.ts'

export type SpectrumEnd = 'largest' | 'smallest'

interface LockedPair {
  end: SpectrumEnd
  readonly value: number
  /** Bound of ‖A v − λ v‖. */
  readonly residual: number
  /** Row of the store. */
  readonly slot: number
}

/** Pairs in the order of a result: the largest descending, then the smallest descending. */
export interface OrderedPairs {
  readonly eigenvalues: Float64Array
  /** [k, n] unit rows, largest |entry| positive. */
  readonly eigenvectors: Float64Array
  readonly which: readonly SpectrumEnd[]
  readonly residuals: Float64Array
}

export class LockedPairs {
  readonly #store: LongRows
  readonly #wanted: Readonly<Record<SpectrumEnd, number>>
  readonly #pairs: LockedPair[] = []
  #rows: readonly number[] = []
  /** Σ of the squared residuals with which pairs were locked. */
  #leakage = 0

  /** @param store of which it fills as many rows from 0 on as pairs are wanted */
  constructor(store: LongRows, wanted: Readonly<Record<SpectrumEnd, number>>) {
    this.#store = store
    this.#wanted = wanted
  }

  get count(): number {
    return this.#pairs.length
  }

  /** Pairs asked for, and rows of the store that are for them. */
  get wanted(): number {
    return this.#wanted.largest + this.#wanted.smallest
  }

  get isComplete(): boolean {
    return this.missing('largest') + this.missing('smallest') === 0
  }

  missing(end: SpectrumEnd): number {
    return this.#wanted[end] - this.values(end).length
  }

  /** Values of one end, the outermost first. */
  values(end: SpectrumEnd): number[] {
    const values = this.#pairs.filter((pair) => pair.end === end).map(({ value }) => value)
    return values.sort((a, b) => (end === 'largest' ? b - a : a - b))
  }

  allValues(): Float64Array {
    return Float64Array.from(this.#inOrder(), ({ value }) => value)
  }

  /** The locked rows. */
  rows(): readonly number[] {
    return this.#rows
  }

  /**
   * Takes a pair in and gives the row for its vector. Where its end is complete it takes the place of the
   * innermost pair there. Once both ends are, the upper pairs are those of the largest values: where the spectrum
   * has few distinct values, a pair can have been found from the other end.
   *
   * @param residual of the pair within the space orthogonal to the rows locked before; what A moves out of that
   *   space is at most the root of the sum of their squared residuals, and is added
   */
  add(end: SpectrumEnd, value: number, residual: number): number {
    const slot = this.missing(end) > 0 ? this.#pairs.length : this.#release(end)
    this.#pairs.push({ end, value, residual: Math.sqrt(residual * residual + this.#leakage), slot })
    this.#leakage += residual * residual
    this.#rows = this.#pairs.map((pair) => pair.slot)
    if (this.isComplete) {
      const descending = [...this.#pairs].sort((a, b) => b.value - a.value)
      descending.forEach((pair, i) => (pair.end = i < this.#wanted.largest ? 'largest' : 'smallest'))
    }
    return slot
  }

  /** The result, copied out of the store. */
  ordered(): OrderedPairs {
    const order = this.#inOrder()
    const n = this.#store.size
    const eigenvectors = new Float64Array(order.length * n)
    order.forEach(({ slot }, i) => eigenvectors.set(this.#store.row(slot), i * n))
    fixRowSigns(eigenvectors, n)
    return {
      eigenvalues: Float64Array.from(order, ({ value }) => value),
      eigenvectors,
      which: order.map(({ end }) => end),
      residuals: Float64Array.from(order, ({ residual }) => residual),
    }
  }

  #release(end: SpectrumEnd): number {
    const innermost = this.values(end).at(-1)
    const at = this.#pairs.findIndex((pair) => pair.end === end && pair.value === innermost)
    return this.#pairs.splice(at, 1)[0].slot
  }

  #inOrder(): LockedPair[] {
    const rank = { largest: 0, smallest: 1 }
    return [...this.#pairs].sort((a, b) => rank[a.end] - rank[b.end] || b.value - a.value || a.slot - b.slot)
  }
}
