/** Distance of a sample to a law (Kolmogorov 1933), and how a distance compares with simulated ones. */

/**
 * Largest distance max |F̂ − F| of the empirical distribution function of a sample to a law, over both sides of every
 * step. In (0, 1]; at least 1/(2m) for a continuous law.
 *
 * @param sorted (m) ascending, finite, at least one
 * @param cdf distribution function of the law
 */
export function kolmogorovDistance(sorted: ArrayLike<number>, cdf: (x: number) => number): number {
  const m = sorted.length
  if (m === 0) throw new RangeError('kolmogorovDistance: a sample without values has no distance; give at least one')
  let distance = 0
  for (let i = 0; i < m; i++) {
    if (!Number.isFinite(sorted[i])) throw new RangeError(`kolmogorovDistance: value ${i} is ${sorted[i]}; every value must be finite`)
    if (i > 0 && sorted[i] < sorted[i - 1]) throw new RangeError(`kolmogorovDistance: value ${i} is below the one before; sort ascending`)
    const expected = cdf(sorted[i])
    distance = Math.max(distance, (i + 1) / m - expected, expected - i / m)
  }
  return distance
}

/** What simulated samples of a null hypothesis gave. */
export interface NullQuantiles {
  readonly quantile05: number
  readonly median: number
  readonly quantile95: number
}

/** 5 %, 50 % and 95 % quantiles of sorted values, interpolated linearly between order statistics. */
export function nullQuantiles(sorted: ArrayLike<number>): NullQuantiles {
  return Object.freeze({ quantile05: quantile(sorted, 0.05), median: quantile(sorted, 0.5), quantile95: quantile(sorted, 0.95) })
}

/** Quantile of sorted values at a probability in [0, 1]; order statistic i of n stands at i/(n − 1). */
export function quantile(sorted: ArrayLike<number>, probability: number): number {
  if (sorted.length === 0) throw new RangeError('quantile: no values; give at least one')
  if (!(probability >= 0 && probability <= 1)) throw new RangeError(`quantile: probability=${probability} is not in [0, 1]`)
  const place = probability * (sorted.length - 1)
  const below = Math.floor(place)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (place - below) * (sorted[above] - sorted[below])
}

/** Equal distances may differ by the rounding of their laws. */
const TIE = 1 - 1e-12

/**
 * Share of null values at least as large as the observed one, the observed one counted in:
 * (1 + #{null ≥ observed})/(B + 1). Uniform under the null hypothesis and never zero (Davison and Hinkley 1997, Eq. 4.11).
 *
 * @param sortedNull (B) ascending
 */
export function exceedance(sortedNull: ArrayLike<number>, observed: number): number {
  if (!Number.isFinite(observed)) throw new RangeError(`exceedance: observed=${observed} is not finite`)
  let [low, high] = [0, sortedNull.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sortedNull[middle] < observed * TIE) low = middle + 1
    else high = middle
  }
  return (1 + sortedNull.length - low) / (sortedNull.length + 1)
}
