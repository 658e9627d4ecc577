/** Least-squares line through points (t, x(t)), t = 0 … T − 1 (Eq. 6.4). */
export interface LinearFit {
  /** Per step of t. */
  readonly slope: number
  readonly intercept: number
  /** Share of the variance that the line explains, in [0, 1]; 1 for a constant series. */
  readonly r2: number
  /** Variance over t of the fitted line, ddof 0: a²(T² − 1)/12 (Eq. 6.6, corrected). */
  readonly linearVariance: number
  /** The same with ddof 1: a²T(T + 1)/12. */
  readonly linearSampleVariance: number
}

/** Fits a line to at least two equally spaced values. */
export function linearFit(values: Float64Array): LinearFit {
  const count = values.length
  if (count < 2) throw new RangeError(`linear fit: ${count} values; expected at least 2`)
  const middle = (count - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  let [covariance, variance, spread] = [0, 0, 0]
  values.forEach((value, t) => {
    covariance += (t - middle) * (value - mean)
    variance += (value - mean) * (value - mean)
    spread += (t - middle) * (t - middle)
  })
  const slope = covariance / spread
  return {
    slope,
    intercept: mean - slope * middle,
    r2: variance === 0 ? 1 : Math.min(1, (covariance * covariance) / (spread * variance)),
    linearVariance: (slope * slope * (count * count - 1)) / 12,
    linearSampleVariance: (slope * slope * count * (count + 1)) / 12,
  }
}
