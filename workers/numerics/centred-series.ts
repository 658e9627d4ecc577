/** A recorded trajectory as rows x(t) of mean zero: stored in float64 while they fit, else made anew in every pass. */
import type { Pacing } from './pacing.ts'
import { Pacer } from './pacing.ts'
import type { SnapshotRecorder } from './snapshots.ts'
import { float64Space as space } from './vector-space.ts'

/** What the rows are: w(t), or v(t) = w(t+1) − w(t); both for t = 0 … T − 1 of T + 1 snapshots. */
export type SeriesKind = 'weights' | 'velocities'

/** Thrown inside a pass when `shouldStop` says so; never leaves the module that started the pass. */
export class PassCancelled extends Error {}

/** Bytes of rows that are stored: passes then cost only what is done with the rows. The bits are the same either way. */
const STORED_BYTES = 256 * 1024 * 1024

/** Rows handed out together, as many as the vector operations join in one pass. */
const ROWS_PER_GROUP = 4

export class CentredSeries {
  /** n. */
  readonly size: number
  /** T. */
  readonly length: number
  /** (n) mean over t. */
  readonly mean: Float64Array
  readonly #recorder: SnapshotRecorder
  readonly #kind: SeriesKind
  readonly #pacer: Pacer
  #stored: readonly Float64Array[] | null = null

  private constructor(recorder: SnapshotRecorder, kind: SeriesKind, pacing: Pacing) {
    this.size = recorder.size
    this.length = recorder.count - 1
    this.mean = new Float64Array(recorder.size)
    this.#recorder = recorder
    this.#kind = kind
    this.#pacer = new Pacer(pacing)
  }

  /**
   * Reads the trajectory once for its mean, and once more to store its rows when they fit. Needs three snapshots, so
   * that T ≥ 2.
   */
  static async create(recorder: SnapshotRecorder, kind: SeriesKind, pacing: Pacing = {}, storedBytes = STORED_BYTES): Promise<CentredSeries> {
    if (recorder.count < 3) {
      throw new RangeError(`pca: ${recorder.count} snapshots give no covariance; record at least 3`)
    }
    const series = new CentredSeries(recorder, kind, pacing)
    await series.#findMean()
    if (8 * series.size * series.length <= storedBytes) await series.#store()
    return series
  }

  /** out ← entries from … from + out.length − 1 of x(t). Differences are taken after the cast to float64. */
  read(t: number, from: number, out: Float64Array): void {
    if (this.#stored !== null) {
      out.set(this.#stored[t].subarray(from, from + out.length))
      return
    }
    const now = this.#recorder.get(t)
    if (this.#kind === 'weights') {
      for (let i = 0; i < out.length; i++) out[i] = now[from + i] - this.mean[from + i]
      return
    }
    const next = this.#recorder.get(t + 1)
    for (let i = 0; i < out.length; i++) out[i] = next[from + i] - now[from + i] - this.mean[from + i]
  }

  /**
   * Calls `visit` with whole rows, a few at a time, in order of t. The rows are only lent: they must not be changed, and
   * the next call may reuse them.
   *
   * @param workPerValue multiply-adds that the visit spends on each value, for the pauses
   */
  async forEachGroup(visit: (rows: readonly Float64Array[], firstT: number) => void, workPerValue = 2): Promise<void> {
    const scratch = Array.from({ length: this.#stored === null ? ROWS_PER_GROUP : 0 }, () => new Float64Array(this.size))
    for (let t = 0; t < this.length; t += ROWS_PER_GROUP) {
      const rows = this.#group(t, scratch)
      visit(rows, t)
      await this.pause(rows.length * this.size * workPerValue)
    }
  }

  /** Gives way after enough work; throws PassCancelled when asked to stop. */
  async pause(work: number): Promise<void> {
    if (await this.#pacer.shouldStopAfter(work)) throw new PassCancelled('pca: cancelled')
  }

  #group(t: number, scratch: readonly Float64Array[]): readonly Float64Array[] {
    const count = Math.min(ROWS_PER_GROUP, this.length - t)
    if (this.#stored !== null) return this.#stored.slice(t, t + count)
    const rows = scratch.slice(0, count)
    rows.forEach((row, offset) => this.read(t + offset, 0, row))
    return rows
  }

  async #store(): Promise<void> {
    const rows: Float64Array[] = []
    for (let t = 0; t < this.length; t++) {
      const row = new Float64Array(this.size)
      this.read(t, 0, row)
      rows.push(row)
      await this.pause(this.size)
    }
    this.#stored = rows
  }

  async #findMean(): Promise<void> {
    const first = Float64Array.from(this.#recorder.get(0))
    if (this.#kind === 'velocities') {
      const last = this.#recorder.get(this.length)
      first.forEach((value, i) => (this.mean[i] = (last[i] - value) / this.length))
      return
    }
    // Offsets from the first snapshot are small beside the weights, so their sum loses nothing.
    const sum = new Float64Array(this.size)
    for (let t = 1; t < this.length; t++) {
      const snapshot = this.#recorder.get(t)
      for (let i = 0; i < sum.length; i++) sum[i] += snapshot[i] - first[i]
      await this.pause(this.size)
    }
    first.forEach((value, i) => (this.mean[i] = value + sum[i] / this.length))
  }
}

/** Σ_t ‖x(t)‖² / (T − 1), the trace of the covariance. */
export async function totalVariance(series: CentredSeries): Promise<number> {
  let sum = 0
  await series.forEachGroup((rows) => {
    for (const row of rows) sum += space.dot(row, row)
  })
  return sum / (series.length - 1)
}
