/** Means of independent samples and how well they are known. */

export interface Estimate {
  readonly value: number
  /** Standard deviation of `value`, from the spread of the samples; NaN with fewer than two of them. */
  readonly standardError: number
}

/** Mean of independent samples; NaN without any. */
export function meanEstimate(samples: ArrayLike<number>): Estimate {
  const count = samples.length
  const values = Array.from(samples)
  const mean = values.reduce((sum, sample) => sum + sample, 0) / count
  const squares = values.reduce((sum, sample) => sum + (sample - mean) * (sample - mean), 0)
  return Object.freeze({ value: mean, standardError: count < 2 ? NaN : Math.sqrt(squares / (count - 1) / count) })
}

/**
 * Mean of `parts` over mean of `wholes`, sampled in pairs; its standard error is that of the linearised ratio
 * (Cochran, "Sampling techniques", 1977, §6.4). NaN where the wholes sum to zero.
 */
export function ratioEstimate(parts: Float64Array, wholes: Float64Array): Estimate {
  const count = parts.length
  const whole = meanEstimate(wholes).value
  const value = meanEstimate(parts).value / whole
  const deviations = parts.map((part, i) => (part - value * wholes[i]) / whole)
  const squares = deviations.reduce((sum, deviation) => sum + deviation * deviation, 0)
  return Object.freeze({ value, standardError: count < 2 ? NaN : Math.sqrt(squares / (count - 1) / count) })
}
