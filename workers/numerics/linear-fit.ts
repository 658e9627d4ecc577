export interface LinearFit {
  /** Per step. */
  readonly slope: number
  /** Value of the line at t = 0. */
  readonly intercept: number
  /** 1 − residual/total sum of squares; 1 for a constant series, which the line meets exactly. */
  readonly r2: number
}

export interface SlopeVariance {
  /** a² (T² − 1)/12, about the mean with divisor T (thesis Eq. 6.6, corrected to T points). */
  readonly population: number
  /** a² T (T + 1)/12, with divisor T − 1 like the covariance. */
  readonly ddof1: number
}

/** Least squares line through y(t), t = 0 … T − 1 (thesis Eq. 6.4). Needs two points, all finite. */
export function linearFit(y: ArrayLike<number>): LinearFit {
  const T = y.length
  if (T < 2) throw new RangeError(`linearFit: ${T} points determine no line; give at least 2`)
  const first = y[0]
  const centre = (T - 1) / 2
  let sum = 0
  let moment = 0
  for (let t = 0; t < T; t++) {
    if (!Number.isFinite(y[t])) throw new RangeError(`linearFit: value ${t} is ${y[t]}; every value must be finite`)
    sum += y[t] - first
    moment += (t - centre) * (y[t] - first)
  }
  const mean = sum / T
  const slope = moment / ((T * (T * T - 1)) / 12)
  let residual = 0
  let total = 0
  for (let t = 0; t < T; t++) {
    const deviation = y[t] - first - mean
    const offLine = deviation - slope * (t - centre)
    residual += offLine * offLine
    total += deviation * deviation
  }
  return Object.freeze({ slope, intercept: first + mean - slope * centre, r2: total === 0 ? 1 : 1 - residual / total })
}

/** Variance of T equally spaced points on a line of slope a. */
export function varianceFromSlope(slope: number, T: number): SlopeVariance {
  if (!Number.isInteger(T) || T < 2) throw new RangeError(`varianceFromSlope: T=${T} is not a whole number from 2 on`)
  return Object.freeze({ population: (slope * slope * (T * T - 1)) / 12, ddof1: (slope * slope * T * (T + 1)) / 12 })
}
