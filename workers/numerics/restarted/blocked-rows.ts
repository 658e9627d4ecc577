/** Work on many long rows, in blocks that stay in cache and with pauses in between. */
import { PANEL_COLUMNS, type LongRows } from '../long-rows.ts'

/** Multiply-adds between two pauses: some ten milliseconds of one core. */
const WORK_PER_PAUSE = 8_000_000
/** Rows projected out together: the second reading of the block comes from cache. */
const ROWS_PER_BLOCK = 16

/**
 * Pauses between pieces of work that must not be left half done. A rest that throws in their middle is
 * remembered, the work goes on without pauses, and whoever asks next learns of it.
 */
export class Pauses {
  readonly #rest: (() => Promise<void>) | undefined
  #work = 0
  #failure: { readonly error: unknown } | null = null

  constructor(rest: (() => Promise<void>) | undefined) {
    this.#rest = rest
  }

  async after(work: number): Promise<void> {
    this.#work += work
    if (this.#work >= WORK_PER_PAUSE) await this.now()
  }

  async now(): Promise<void> {
    this.#work = 0
    if (this.#failure !== null) return
    try {
      await this.#rest?.()
    } catch (error) {
      this.#failure = { error }
    }
  }

  /** Throws what a rest threw. */
  throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error
  }
}

/** One block Gram–Schmidt pass: y ← (1 − Σ rᵢrᵢᵀ) y, block by block. Returns the coefficients, (rows). */
export async function projectOutRows(store: LongRows, rows: readonly number[], y: number, pauses: Pauses): Promise<Float64Array> {
  const coefficients = new Float64Array(rows.length)
  for (let start = 0; start < rows.length; start += ROWS_PER_BLOCK) {
    const block = rows.slice(start, start + ROWS_PER_BLOCK)
    coefficients.set(store.projectOut(block, y), start)
    await pauses.after(2 * block.length * store.size)
  }
  return coefficients
}

/** targets[t] ← Σⱼ weights[t][j] sources[j]. Targets may be sources: a panel of columns is read before it is written. */
export async function combineRows(
  store: LongRows,
  sources: readonly number[],
  weights: readonly Float64Array[],
  targets: readonly number[],
  pauses: Pauses,
): Promise<void> {
  const n = store.size
  const panel = new Float64Array(targets.length * PANEL_COLUMNS)
  const rows = targets.map((target) => store.row(target))
  for (let start = 0; start < n; start += PANEL_COLUMNS) {
    const end = Math.min(n, start + PANEL_COLUMNS)
    const sums = targets.map((_, t) => panel.subarray(t * PANEL_COLUMNS, t * PANEL_COLUMNS + end - start))
    store.combine(sources, weights, start, sums)
    rows.forEach((row, t) => row.set(sums[t], start))
    await pauses.after(targets.length * sources.length * (end - start))
  }
}
