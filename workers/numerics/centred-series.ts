/** A recorded trajectory as rows x(t) of mean zero, read in pieces and never stored a second time. */
import type { Pacing } from './pacing.ts'
import { Pacer } from './pacing.ts'
import type { SnapshotRecorder } from './snapshots.ts'
import { float64Space as space } from './vector-space.ts'

/** What the rows are: w(t), or v(t) = w(t+1) − w(t); both for t = 0 … T − 1 of T + 1 snapshots. */
export type SeriesKind = 'weights' | 'velocities'

/** Thrown inside a pass when `shouldStop` says so; never leaves the module that started the pass. */
export class PassCancelled extends Error {}

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

  private constructor(recorder: SnapshotRecorder, kind: SeriesKind, pacing: Pacing) {
    this.size = recorder.size
    this.length = recorder.count - 1
    this.mean = new Float64Array(recorder.size)
    this.#recorder = recorder
    this.#kind = kind
    this.#pacer = new Pacer(pacing)
  }

  /** Reads the trajectory once for its mean. Needs three snapshots, so that T ≥ 2. */
  static async create(recorder: SnapshotRecorder, kind: SeriesKind, pacing: Pacing = {}): Promise<CentredSeries> {
    if (recorder.count < 3) {
      throw new RangeError(`pca: ${recorder.count} snapshots give no covariance; record at least 3`)
    }
    const series = new CentredSeries(recorder, kind, pacing)
    await series.#findMean()
    return series
  }

  /** out ← entries from … from + out.length − 1 of x(t). Differences are taken after the cast to float64. */
  read(t: number, from: number, out: Float64Array): void {
    const now = this.#recorder.get(t)
    if (this.#kind === 'weights') {
      for (let i = 0; i < out.length; i++) out[i] = now[from + i] - this.mean[from + i]
      return
    }
    const next = this.#recorder.get(t + 1)
    for (let i = 0; i < out.length; i++) out[i] = next[from + i] - now[from + i] - this.mean[from + i]
  }

  /**
   * Calls `visit` with whole rows, a few at a time, in order of t; the rows are reused by the next call.
   *
   * @param workPerValue multiply-adds that the visit spends on each value, for the pauses
   */
  async forEachGroup(visit: (rows: readonly Float64Array[], firstT: number) => void, workPerValue = 2): Promise<void> {
    const scratch = Array.from({ length: ROWS_PER_GROUP }, () => new Float64Array(this.size))
    for (let t = 0; t < this.length; t += ROWS_PER_GROUP) {
      const rows = scratch.slice(0, Math.min(ROWS_PER_GROUP, this.length - t))
      rows.forEach((row, offset) => this.read(t + offset, 0, row))
      visit(rows, t)
      await this.pause(rows.length * this.size * workPerValue)
    }
  }

  /** Gives way after enough work; throws PassCancelled when asked to stop. */
  async pause(work: number): Promise<void> {
    if (await this.#pacer.shouldStopAfter(work)) throw new PassCancelled('pca: cancelled')
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
