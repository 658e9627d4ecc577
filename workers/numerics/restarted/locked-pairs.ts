/** The pairs that have converged, in a store of fixed size. */
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
  readonly #n: number
  readonly #wanted: Readonly<Record<SpectrumEnd, number>>
  readonly #store: Float64Array
  readonly #pairs: LockedPair[] = []
  #rows: readonly Float64Array[] = []
  /** Σ of the squared residuals with which pairs were locked. */
  #leakage = 0

  constructor(n: number, wanted: Readonly<Record<SpectrumEnd, number>>) {
    this.#n = n
    this.#wanted = wanted
    this.#store = new Float64Array(n * (wanted.largest + wanted.smallest))
  }

  get count(): number {
    return this.#pairs.length
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
    return Float64Array.from(this.#ordered(), ({ value }) => value)
  }

  /** The locked rows. */
  rows(): readonly Float64Array[] {
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
  add(end: SpectrumEnd, value: number, residual: number): Float64Array {
    const slot = this.missing(end) > 0 ? this.#pairs.length : this.#release(end)
    this.#pairs.push({ end, value, residual: Math.sqrt(residual * residual + this.#leakage), slot })
    this.#leakage += residual * residual
    this.#rows = this.#pairs.map((pair) => this.#row(pair.slot))
    if (this.isComplete) {
      const descending = [...this.#pairs].sort((a, b) => b.value - a.value)
      descending.forEach((pair, i) => (pair.end = i < this.#wanted.largest ? 'largest' : 'smallest'))
    }
    return this.#row(slot)
  }

  /** The result; the store is given away and must not be used any more. */
  release(): OrderedPairs {
    const order = this.#ordered()
    permuteRows(this.#store, this.#n, order.map(({ slot }) => slot))
    const used = order.length * this.#n
    const eigenvectors = used === this.#store.length ? this.#store : this.#store.slice(0, used)
    fixRowSigns(eigenvectors, this.#n)
    return {
      eigenvalues: Float64Array.from(order, ({ value }) => value),
      eigenvectors,
      which: order.map(({ end }) => end),
      residuals: Float64Array.from(order, ({ residual }) => residual),
    }
  }

  #row(slot: number): Float64Array {
    return this.#store.subarray(slot * this.#n, (slot + 1) * this.#n)
  }

  #release(end: SpectrumEnd): number {
    const innermost = this.values(end).at(-1)
    const at = this.#pairs.findIndex((pair) => pair.end === end && pair.value === innermost)
    return this.#pairs.splice(at, 1)[0].slot
  }

  #ordered(): LockedPair[] {
    const rank = { largest: 0, smallest: 1 }
    return [...this.#pairs].sort((a, b) => rank[a.end] - rank[b.end] || b.value - a.value || a.slot - b.slot)
  }
}

/** Row i ← row order[i], along the cycles of the permutation, with room for one row. */
function permuteRows(rows: Float64Array, n: number, order: readonly number[]): void {
  const kept = new Float64Array(n)
  const settled = new Uint8Array(order.length)
  order.forEach((_, first) => {
    if (settled[first] || order[first] === first) return
    kept.set(rows.subarray(first * n, (first + 1) * n))
    let to = first
    while (order[to] !== first) {
      rows.copyWithin(to * n, order[to] * n, (order[to] + 1) * n)
      settled[to] = 1
      to = order[to]
    }
    rows.set(kept, to * n)
    settled[to] = 1
  })
}
