/**
 * Quantities of the whole spectrum from a quadrature, with what is known of their error.
 *
 * The standard error over probes says how much other random directions would change a value; it does not see that
 * too few steps blur the density, which near zero can be the far larger error. Every estimate therefore comes with
 * the value that half the steps of the same probes give: where the two differ by more than the standard error, the
 * number of steps decides, and the change is a rough lower bound of what is still missing.
 */
import { meanEstimate, ratioEstimate, type Estimate } from '../estimate.ts'
import { leadingQuadrature, type SpectralQuadrature } from './spectral-quadrature.ts'

export interface QuadratureEstimate extends Estimate {
  /** Steps of the quadrature. */
  readonly steps: number
  /** The same from ⌈steps/2⌉ steps of the same probes; null when there was one step. */
  readonly halfSteps: (Estimate & { readonly steps: number }) | null
  /** |value − value of half the steps|; NaN when there was one step. */
  readonly stepChange: number
}

export interface SpectrumEstimates {
  /** Σ λ. */
  readonly trace: QuadratureEstimate
  /** ‖A‖_F² = Σ λ². */
  readonly frobeniusSquared: QuadratureEstimate
  /** Share of eigenvalues strictly below `threshold`. */
  readonly fractionBelow: QuadratureEstimate
  readonly threshold: number
  /** Σ_{λ<0} |λ| / Σ |λ|; NaN for the zero matrix. */
  readonly negativeMass: QuadratureEstimate
}

/** All of them at once. @param threshold such as −t for the share of clearly negative eigenvalues */
export function spectrumEstimates(quadrature: SpectralQuadrature, threshold: number): SpectrumEstimates {
  return Object.freeze({
    trace: quadratureMoment(quadrature, 1),
    frobeniusSquared: quadratureMoment(quadrature, 2),
    fractionBelow: fractionBelow(quadrature, threshold),
    threshold,
    negativeMass: negativeMass(quadrature),
  })
}

/** Σ λᵏ = n · mean over probes of Σ w θᵏ; without error of the steps when k < 2·steps. Throws unless k is whole and k ≥ 0. */
export function quadratureMoment(quadrature: SpectralQuadrature, order: number): QuadratureEstimate {
  if (!Number.isInteger(order) || order < 0) throw new RangeError(`slq: order=${order} is not a whole number from 0 on`)
  return quadratureSum(quadrature, (node) => {
    let power = 1
    for (let k = 0; k < order; k++) power *= node
    return power
  })
}

/** tr f(A) = Σ f(λ). */
export function quadratureSum(quadrature: SpectralQuadrature, f: (eigenvalue: number) => number): QuadratureEstimate {
  return withHalfSteps(quadrature, (some) => meanEstimate(probeMeans(some, f).map((mean) => mean * some.size)))
}

/** Share of eigenvalues strictly below the threshold. */
export function fractionBelow(quadrature: SpectralQuadrature, threshold: number): QuadratureEstimate {
  if (Number.isNaN(threshold)) throw new RangeError('slq: threshold=NaN is not a number; give the value below which to count')
  return withHalfSteps(quadrature, (some) => meanEstimate(probeMeans(some, (node) => (node < threshold ? 1 : 0))))
}

/** Σ_{λ<0} |λ| / Σ |λ|, as a ratio of means over probes. */
export function negativeMass(quadrature: SpectralQuadrature): QuadratureEstimate {
  return withHalfSteps(quadrature, (some) =>
    ratioEstimate(
      probeMeans(some, (node) => Math.max(0, -node)),
      probeMeans(some, (node) => Math.abs(node)),
    ),
  )
}

/** Σ w f(θ) of every probe, (probesDone). */
function probeMeans({ nodes, weights, counts, steps }: SpectralQuadrature, f: (node: number) => number): Float64Array {
  return Float64Array.from(counts, (count, p) => {
    let sum = 0
    for (let i = p * steps; i < p * steps + count; i++) sum += weights[i] * f(nodes[i])
    return sum
  })
}

function withHalfSteps(quadrature: SpectralQuadrature, estimate: (some: SpectralQuadrature) => Estimate): QuadratureEstimate {
  const { steps } = quadrature
  const full = estimate(quadrature)
  const fewer = Math.ceil(steps / 2)
  const half = fewer < steps ? Object.freeze({ ...estimate(leadingQuadrature(quadrature, fewer)), steps: fewer }) : null
  return Object.freeze({ ...full, steps, halfSteps: half, stepChange: half === null ? NaN : Math.abs(full.value - half.value) })
}
