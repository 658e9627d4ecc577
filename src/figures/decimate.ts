/** Most points of a curve that are drawn: about as many as a wide plot has pixels. */
export const MAX_POINTS = 4000

/**
 * Indices of the points to draw so that a curve of many points keeps its shape: first and last point, and from each of
 * `limit`/2 equal stretches its smallest and its largest value, in order. Values that are not finite are kept out of
 * the comparison, and one stands for a stretch that has nothing else.
 */
export function decimatedIndices(values: ArrayLike<number>, limit = MAX_POINTS): number[] {
  const n = values.length
  if (n <= limit) return Array.from({ length: n }, (_, i) => i)
  const stretches = Math.floor(limit / 2) - 1
  const kept = [0]
  for (let s = 0; s < stretches; s++) {
    const from = 1 + Math.floor((s * (n - 2)) / stretches)
    const to = 1 + Math.floor(((s + 1) * (n - 2)) / stretches)
    const [low, high] = extremes(values, from, to)
    kept.push(Math.min(low, high))
    if (low !== high) kept.push(Math.max(low, high))
  }
  kept.push(n - 1)
  return kept
}

/** Indices of at most `limit` of n points at even distances, the first and the last included: a fair sample of dots. */
export function thinnedIndices(n: number, limit = MAX_POINTS): number[] {
  if (n <= limit) return Array.from({ length: n }, (_, i) => i)
  return Array.from({ length: limit }, (_, k) => Math.round((k * (n - 1)) / (limit - 1)))
}

/** As {@link thinnedIndices} with a share of the limit at each end complete: for values in order, whose ends matter most. */
export function endsIndices(n: number, limit = MAX_POINTS, share = 0.1): number[] {
  const whole = Math.floor(limit * share)
  if (n <= limit) return Array.from({ length: n }, (_, i) => i)
  const middle = thinnedIndices(n - 2 * whole, limit - 2 * whole).map((i) => whole + i)
  const end = Array.from({ length: whole }, (_, i) => i)
  return [...end, ...middle, ...end.map((i) => n - whole + i)]
}

function extremes(values: ArrayLike<number>, from: number, to: number): [number, number] {
  let low = from
  let high = from
  for (let i = from; i < to; i++) {
    if (!Number.isFinite(values[i])) continue
    if (!Number.isFinite(values[low]) || values[i] < values[low]) low = i
    if (!Number.isFinite(values[high]) || values[i] > values[high]) high = i
  }
  return [low, high]
}

export function pick(values: ArrayLike<number>, indices: readonly number[]): number[] {
  return indices.map((i) => values[i])
}
