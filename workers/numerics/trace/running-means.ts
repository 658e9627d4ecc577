/** Means and standard errors of many quantities sampled together, one sample of all at a time (Welford 1962). */
export class RunningMeans {
  readonly #means: Float64Array
  /** Sums of squared deviations from the mean so far. */
  readonly #squares: Float64Array
  #count = 0

  constructor(n: number) {
    this.#means = new Float64Array(n)
    this.#squares = new Float64Array(n)
  }

  /** @param sample (n) */
  add(sample: Float64Array): void {
    this.#count++
    for (let i = 0; i < sample.length; i++) {
      const before = sample[i] - this.#means[i]
      this.#means[i] += before / this.#count
      this.#squares[i] += before * (sample[i] - this.#means[i])
    }
  }

  /** (n); NaN without samples. */
  means(): Float64Array {
    return this.#count === 0 ? this.#means.map(() => NaN) : this.#means.slice()
  }

  /** (n) of the means; NaN with fewer than two samples. */
  standardErrors(): Float64Array {
    const divisor = (this.#count - 1) * this.#count
    return this.#squares.map((square) => (this.#count < 2 ? NaN : Math.sqrt(square / divisor)))
  }
}
