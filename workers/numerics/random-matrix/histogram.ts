/** Counts of values in bins of equal width, and the steps of their distribution function, for figures. */

export interface Histogram {
  /** (bins + 1) ascending. */
  readonly edges: Float64Array
  /** (bins) values in [left, right); the last bin holds its right edge too. */
  readonly counts: Float64Array
  /** (bins) count / (all values · width): integrates to the share of values inside. */
  readonly densities: Float64Array
  /** Values outside the edges. */
  readonly below: number
  readonly above: number
}

export interface HistogramRange {
  readonly bins: number
  /** First and last edge; the extremes of the values by default. */
  readonly from?: number
  readonly to?: number
}

/** Throws for no values, values that are not finite, and ranges without a width. A single place gets a bin around it. */
export function histogram(values: ArrayLike<number>, { bins, from, to }: HistogramRange): Histogram {
  if (!Number.isInteger(bins) || bins < 1) throw new RangeError(`histogram: bins=${bins} is not a whole number from 1 on`)
  const [least, most] = extremes(values)
  const same = least === most && from === undefined && to === undefined
  const low = same ? least - halfWidthAround(least) : (from ?? least)
  const high = same ? most + halfWidthAround(most) : (to ?? most)
  if (!(low < high && high - low < Infinity)) throw new RangeError(`histogram: no bins from ${low} to ${high}; give a finite range of positive width`)
  const counts = new Float64Array(bins)
  let [below, above] = [0, 0]
  for (const value of Array.from(values)) {
    if (value < low) below++
    else if (value > high) above++
    else counts[Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins))]++
  }
  const width = (high - low) / bins
  return Object.freeze({
    edges: Float64Array.from({ length: bins + 1 }, (_, i) => (i === bins ? high : low + i * width)),
    counts,
    densities: counts.map((count) => count / (values.length * width)),
    below,
    above,
  })
}

export interface DistributionSteps {
  /** (m) ascending. */
  readonly places: Float64Array
  /** (m) share of values at or below each place: (i + 1)/m. */
  readonly shares: Float64Array
}

/** Empirical distribution function. */
export function distributionSteps(values: ArrayLike<number>): DistributionSteps {
  extremes(values)
  const places = Float64Array.from(values).sort()
  return Object.freeze({ places, shares: places.map((_, i) => (i + 1) / places.length) })
}

function extremes(values: ArrayLike<number>): [number, number] {
  if (values.length === 0) throw new RangeError('histogram: no values; give at least one')
  let [least, most] = [values[0], values[0]]
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw new RangeError(`histogram: value ${i} is ${values[i]}; every value must be finite`)
    least = Math.min(least, values[i])
    most = Math.max(most, values[i])
  }
  return [least, most]
}

function halfWidthAround(place: number): number {
  return place === 0 ? 0.5 : Math.abs(place) / 2
}
