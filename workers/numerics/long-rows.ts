/** Many long rows with the sums over them that orthogonalisation is made of, so that they can lie where these are fast. */
import { float64Space as space } from './vector-space.ts'

/**
 * Numbered rows of n entries. Every implementation sums in the order of `float64Space` and gives the same bits.
 * Contents of a row that was not written yet are not defined.
 */
export interface LongRows {
  /** n. */
  readonly size: number
  /** Makes room for rows 0 … count − 1; rows keep their contents, views of them may die. */
  reserve(count: number): void
  /** A row itself, until more room is made. Copy what is to be kept or posted. */
  row(i: number): Float64Array
  /** ‖row i‖, without overflow or underflow on the way. */
  norm(i: number): number
  /** row i ← alpha · row i. */
  scale(alpha: number, i: number): void
  /** One classical Gram–Schmidt pass: c = R y, then y ← y − Rᵀ c, for row y and others R. Returns c. */
  projectOut(rows: readonly number[], y: number): Float64Array
  /** sums[t] ← columns start, start + 1, … of Σⱼ weights[t][j] rows[j], as many as a sum has entries; all have the same number. */
  combine(rows: readonly number[], weights: readonly Float64Array[], start: number, sums: readonly Float64Array[]): void
  /** Gives the memory back; nothing may be used any more. */
  release(): void
}

/** Opens a store of rows of n entries. */
export type OpenRows = (n: number) => LongRows

/** Rows as arrays of their own. */
export const plainRows: OpenRows = (n) => new PlainRows(n)

/** Work with a store that is released at its end. */
export async function withRows<T>(open: OpenRows = plainRows, n: number, work: (rows: LongRows) => Promise<T>): Promise<T> {
  const rows = open(n)
  try {
    return await work(rows)
  } finally {
    rows.release()
  }
}

class PlainRows implements LongRows {
  readonly #rows: Float64Array[] = []

  constructor(readonly size: number) {}

  reserve(count: number): void {
    while (this.#rows.length < count) this.#rows.push(new Float64Array(this.size))
  }

  row(i: number): Float64Array {
    return this.#rows[i]
  }

  norm(i: number): number {
    return space.norm(this.#rows[i])
  }

  scale(alpha: number, i: number): void {
    space.scale(alpha, this.#rows[i])
  }

  projectOut(rows: readonly number[], y: number): Float64Array {
    return space.projectOut(this.#those(rows), this.#rows[y])
  }

  combine(rows: readonly number[], weights: readonly Float64Array[], start: number, sums: readonly Float64Array[]): void {
    if (sums.length === 0) return
    const parts = this.#those(rows).map((row) => row.subarray(start, start + sums[0].length))
    sums.forEach((sum, t) => space.addCombination(parts, weights[t], sum.fill(0), 1))
  }

  release(): void {
    this.#rows.length = 0
  }

  #those(rows: readonly number[]): Float64Array[] {
    return rows.map((i) => this.#rows[i])
  }
}

/** Columns combined together: a few hundred rows of them stay in cache. */
export const PANEL_COLUMNS = 256

/** 0 … count − 1. */
export function firstRows(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}
