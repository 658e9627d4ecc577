/** Gauss quadratures of the spectral measure, one per probe, and the rows that hold them. */
import { tridiagonalEigen } from '../symmetric-eigen.ts'

/** Quadrature of one probe; m ≤ steps is the number of steps it made. */
export interface ProbeQuadrature {
  /** (m) Ritz values, descending. */
  readonly nodes: Float64Array
  /** (m) squared first components; they sum to one. */
  readonly weights: Float64Array
  /** (m) |β sₘ|: an eigenvalue lies within this distance of the node. */
  readonly residuals: Float64Array
  /** (m) diagonal of the tridiagonal matrix. */
  readonly alphas: Float64Array
  /** (m) off-diagonal; the last one couples to the direction that a further step would take, 0 at a breakdown. */
  readonly betas: Float64Array
  /** The steps span an invariant subspace: the quadrature is exact for every function. */
  readonly exact: boolean
}

/**
 * Quadratures of all finished probes as rows [probesDone, steps]. A probe that broke down early made counts[p] <
 * steps steps; behind them its weights are 0 and all its other entries NaN.
 */
export interface SpectralQuadrature {
  /** n of the operator. */
  readonly size: number
  readonly steps: number
  readonly probesDone: number
  /** [probesDone, steps] Ritz values, descending within a row. */
  readonly nodes: Float64Array
  /** [probesDone, steps] squared first components; each row sums to one. */
  readonly weights: Float64Array
  /** [probesDone, steps] |β sₘ| of each node. */
  readonly residuals: Float64Array
  /** (probesDone) steps made. */
  readonly counts: Uint32Array
  /** [probesDone, steps] diagonals of the tridiagonal matrices. */
  readonly alphas: Float64Array
  /** [probesDone, steps] off-diagonals with the coupling to the next direction last. */
  readonly betas: Float64Array
}

/** Gauss quadrature of a tridiagonal matrix; `betas` has the coupling to the next direction last. */
export function gaussRow(alphas: ArrayLike<number>, betas: ArrayLike<number>): ProbeQuadrature {
  const diagonal = Float64Array.from(alphas)
  const couplings = Float64Array.from(betas)
  const last = couplings.length - 1
  const inner = couplings.subarray(0, last)
  const { eigenvalues, components } = tridiagonalEigen(diagonal, inner, 'first')
  const ends = tridiagonalEigen(diagonal, inner, 'last').components
  return Object.freeze({
    nodes: eigenvalues,
    weights: components.map((component) => component * component),
    residuals: ends.map((end) => Math.abs(couplings[last] * end)),
    alphas: diagonal,
    betas: couplings,
    exact: couplings[last] === 0,
  })
}

/** Puts probes into rows. */
export function joinedRows(size: number, steps: number, probes: readonly ProbeQuadrature[]): SpectralQuadrature {
  const rows = (of: (probe: ProbeQuadrature) => Float64Array, padding: number): Float64Array => {
    const joined = new Float64Array(probes.length * steps).fill(padding)
    probes.forEach((probe, p) => joined.set(of(probe), p * steps))
    return joined
  }
  return Object.freeze({
    size,
    steps,
    probesDone: probes.length,
    nodes: rows((probe) => probe.nodes, NaN),
    weights: rows((probe) => probe.weights, 0),
    residuals: rows((probe) => probe.residuals, NaN),
    counts: Uint32Array.from(probes, (probe) => probe.nodes.length),
    alphas: rows((probe) => probe.alphas, NaN),
    betas: rows((probe) => probe.betas, NaN),
  })
}

/**
 * The quadrature that fewer steps from the same probes would have given: the leading part of every tridiagonal
 * matrix, at no product. Throws unless 1 ≤ steps ≤ those of the quadrature.
 */
export function leadingQuadrature(quadrature: SpectralQuadrature, steps: number): SpectralQuadrature {
  if (!Number.isInteger(steps) || steps < 1 || steps > quadrature.steps) {
    throw new RangeError(`slq: steps=${steps} is not a whole number from 1 to ${quadrature.steps}, the steps of the quadrature`)
  }
  const probes = Array.from(quadrature.counts, (count, p) => {
    const start = p * quadrature.steps
    const end = start + Math.min(steps, count)
    return gaussRow(quadrature.alphas.subarray(start, end), quadrature.betas.subarray(start, end))
  })
  return joinedRows(quadrature.size, steps, probes)
}
