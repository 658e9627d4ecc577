import type { Pacing } from './pacing.ts'
import { Pacer } from './pacing.ts'
import type { SnapshotRecorder } from './snapshots.ts'
import { float64Space as space } from './vector-space.ts'

/**
 * θᵢ(t) = w(t) · pᵢ of the uncentred weights (thesis Eq. 3.5), [k, count] with all snapshots t = 0 … count − 1.
 * Ends early with the rows filled with NaN from there on when `shouldStop` says so.
 *
 * @param components [k, n] rows
 */
export async function projections(
  recorder: SnapshotRecorder,
  components: Float64Array,
  pacing: Pacing = {},
): Promise<Float64Array> {
  const n = recorder.size
  const k = components.length / n
  if (!Number.isInteger(k)) {
    throw new RangeError(`projections: ${components.length} entries are no rows of ${n} weights`)
  }
  const rows = Array.from({ length: k }, (_, i) => components.subarray(i * n, (i + 1) * n))
  const theta = new Float64Array(k * recorder.count).fill(NaN)
  const weights = new Float64Array(n)
  const pacer = new Pacer(pacing)
  for (let t = 0; t < recorder.count; t++) {
    weights.set(recorder.get(t))
    space.coefficients(rows, weights).forEach((value, i) => (theta[i * recorder.count + t] = value))
    if (await pacer.shouldStopAfter(n * (k + 1))) break
  }
  return theta
}
