/**
 * Trace with a variance that falls as 1/products² where the spectrum decays (Meyer, Musco, Musco and Woodruff 2021,
 * algorithm 1): exact on the range Q of a random sketch A S, Hutchinson's estimate on what is orthogonal to it,
 *
 *   tr A = tr(QᵀAQ) + E[gᵀ(1 − QQᵀ) A (1 − QQᵀ) g],  g Rademacher.
 */
import { assertWhole, CheckedProducts, unlessStopped, type WorkControl } from '../checked-products.ts'
import { meanEstimate, type Estimate } from '../estimate.ts'
import type { LinearOperator } from '../linear-operator.ts'
import type { Random } from '../random.ts'
import { dot, float64Space as space } from '../vector-space.ts'
import type { TraceOutcome } from './hutchinson.ts'
import { rademacher } from './rademacher.ts'

export interface HutchPlusPlusProgress {
  /** Products so far, of at most `of`. */
  readonly products: number
  readonly of: number
  /** Null until the first probe of the residual part is done. */
  readonly trace: Estimate | null
}

export interface HutchPlusPlusOptions extends WorkControl {
  /** Products in all, at least 3: a third each for the sketch, for its range and for the residual part. */
  readonly products: number
  readonly random: Random
  readonly onProduct?: (progress: HutchPlusPlusProgress) => void | Promise<void>
}

export interface HutchPlusPlusResult {
  /** The standard error is that of the residual part, the only random one; NaN values when stopped before its first probe. */
  readonly trace: Estimate
  /** tr(QᵀAQ), exact up to rounding; NaN when stopped before it was known. */
  readonly rangeTrace: number
  /** Trace of A on the orthogonal complement of Q; exactly zero when Q fills the whole space. */
  readonly residualTrace: Estimate
  /** Dimension of the range Q: the rank of A, if it is smaller than the sketch. */
  readonly rank: number
  /** (probesDone) samples of the residual part. */
  readonly residualSamples: Float64Array
  readonly probesDone: number
  readonly products: number
  readonly outcome: TraceOutcome
}

/** What is left of a sketch vector of norm 1, relative to it, when it only repeats those before it. */
const DEPENDENT = 1e-12

/**
 * Makes at most `products` products, fewer when the rank of A is smaller than the sketch; holds the sketch, a third
 * as many vectors of float64. Throws a RangeError for impossible requests and when a product is not finite.
 */
export async function hutchPlusPlus(operator: LinearOperator, options: HutchPlusPlusOptions): Promise<HutchPlusPlusResult> {
  const checked = new CheckedProducts(operator, 'hutch++')
  assertWhole('hutch++', 'products', options.products, 3)
  const sketchSize = Math.min(Math.floor(options.products / 3), operator.size)
  const tally: Tally = { basis: [], rangeTrace: NaN, samples: [], probes: options.products - 2 * sketchSize }
  const run = new Run(checked, options, tally)
  const finished = (await run.sketch(sketchSize)) && (await run.traceOfRange()) && (await run.sampleResidual())
  const residual = residualOf(tally, operator.size)
  return Object.freeze({
    trace: Object.freeze({ value: tally.rangeTrace + residual.value, standardError: residual.standardError }),
    rangeTrace: tally.rangeTrace,
    residualTrace: residual,
    rank: tally.basis.length,
    residualSamples: Float64Array.from(tally.samples),
    probesDone: tally.samples.length,
    products: checked.count,
    outcome: finished ? 'complete' : 'cancelled',
  })
}

interface Tally {
  /** Orthonormal vectors of length n. */
  readonly basis: Float64Array[]
  rangeTrace: number
  readonly samples: number[]
  /** Samples wanted. */
  readonly probes: number
}

function residualOf({ basis, samples }: Tally, n: number): Estimate {
  return basis.length === n ? Object.freeze({ value: 0, standardError: 0 }) : meanEstimate(samples)
}

class Run {
  readonly #operator: CheckedProducts
  readonly #options: HutchPlusPlusOptions
  readonly #tally: Tally

  constructor(operator: CheckedProducts, options: HutchPlusPlusOptions, tally: Tally) {
    this.#operator = operator
    this.#options = options
    this.#tally = tally
  }

  /** Orthonormal basis of A S, S of `size` Rademacher columns; false when stopped. */
  async sketch(size: number): Promise<boolean> {
    const { basis } = this.#tally
    for (let i = 0; i < size; i++) {
      const y = await this.#product(rademacher(this.#operator.size, this.#options.random))
      if (y === null) return false
      const length = space.norm(y)
      if (length === 0) continue
      space.scale(1 / length, y)
      const rest = orthogonalise(basis, y)
      if (rest > DEPENDENT) basis.push(y.map((entry) => entry / rest))
    }
    return true
  }

  async traceOfRange(): Promise<boolean> {
    let trace = 0
    for (const q of this.#tally.basis) {
      const y = await this.#product(q)
      if (y === null) return false
      trace += dot(q, y)
    }
    this.#tally.rangeTrace = trace
    return true
  }

  async sampleResidual(): Promise<boolean> {
    const { basis, samples, probes } = this.#tally
    if (basis.length === this.#operator.size) return true
    while (samples.length < probes) {
      const g = rademacher(this.#operator.size, this.#options.random)
      orthogonalise(basis, g)
      const y = await this.#product(g, (product) => samples.push(dot(g, product)))
      if (y === null) return false
    }
    return true
  }

  /** A x, or null when stopped; `use` sees it before the report goes out. */
  async #product(x: Float64Array, use?: (y: Float64Array) => void): Promise<Float64Array | null> {
    const y = new Float64Array(x.length)
    if (!(await unlessStopped(this.#options, () => this.#operator.apply(x, y)))) return null
    use?.(y)
    const { rangeTrace, samples } = this.#tally
    const residual = meanEstimate(samples)
    const trace = samples.length === 0 ? null : { value: rangeTrace + residual.value, standardError: residual.standardError }
    await this.#options.onProduct?.({ products: this.#operator.count, of: this.#options.products, trace })
    return y
  }
}

/** Two Gram–Schmidt passes; gives what is left of the norm. */
function orthogonalise(basis: readonly Float64Array[], y: Float64Array): number {
  space.projectOut(basis, y)
  space.projectOut(basis, y)
  return space.norm(y)
}
