/** Mean and spread of one quantity over seeds. */
export interface Moments {
  /** NaN when there is no value. */
  readonly mean: number
  /** Standard deviation with n − 1 in the denominator; NaN below two values. */
  readonly deviation: number
  /** Finite values. */
  readonly n: number
}

/** Mean and standard deviation of the values that are finite, in two passes. */
export function moments(values: ArrayLike<number>): Moments {
  const finite = Array.from(values).filter(Number.isFinite)
  const n = finite.length
  if (n === 0) return { mean: NaN, deviation: NaN, n }
  const mean = finite.reduce((sum, value) => sum + value, 0) / n
  const squares = finite.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: n < 2 ? NaN : Math.sqrt(squares / (n - 1)), n }
}

/** Smallest and largest of the finite values, without a limit on how many; [∞, −∞] where there is none. */
export function extent(values: ArrayLike<number>): readonly [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity]
  for (const value of Array.from(values)) {
    if (!Number.isFinite(value)) continue
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return [low, high]
}

/** {@link moments} of `count` places; `at(i)` gives the values of all seeds at place i, NaN where one has none. */
export function momentsAt(count: number, at: (place: number) => ArrayLike<number>): Moments[] {
  return Array.from({ length: count }, (_, i) => moments(at(i)))
}

/** Root mean square of the finite values; NaN when there is none. */
export function rootMeanSquare(values: ArrayLike<number>): number {
  return Math.sqrt(moments(Array.from(values, (value) => value * value)).mean)
}

/** The largest number of seeds that any place has: what a legend says. */
export function mostSeeds(places: readonly Moments[]): number {
  return places.reduce((most, { n }) => Math.max(most, n), 0)
}
