import type { EigenvectorResult } from '../../contracts/results.ts'
import { moments } from '../../figures/index.ts'
import type { ClaimInput } from './claim.ts'

/** Statistics of Hessian eigenvectors, those of whole spectra first. */
export function hessianVectors({ eigenvectors }: ClaimInput): readonly EigenvectorResult[] {
  const hessian = eigenvectors.filter(({ source }) => source.matrix === 'hessian')
  const isWhole = ({ source }: EigenvectorResult): number => (source.kind === 'wholeSpectrum' ? 0 : 1)
  return [...hessian].sort((a, b) => isWhole(a) - isWhole(b))
}

/** The first `most` eigenvectors at most, as many as are there without a gap. */
export function leadingCount({ index }: EigenvectorResult, most: number): number {
  const gap = index.findIndex((place, i) => place !== i + 1)
  return Math.min(most, gap < 0 ? index.length : gap)
}

/**
 * Places of the vectors that their eigenvalue determines. Those of eigenvalues at 0 or 2λ to rounding are any basis of their
 * space, and so is all that is measured on one of them.
 */
export function determinedVectors({ source, eigenvalues }: EigenvectorResult, { wholeSpectra }: ClaimInput): readonly number[] {
  const places = Array.from(eigenvalues, (_, i) => i)
  const whole = source.kind === 'wholeSpectrum' ? wholeSpectra.find(({ analysis }) => analysis === source.analysis) : undefined
  if (whole === undefined) return places
  const { rounding, twiceWeightDecay } = whole
  return places.filter((i) => Math.abs(eigenvalues[i]) > rounding && Math.abs(eigenvalues[i] - twiceWeightDecay) > rounding)
}

/** Mean with its standard error. */
export function meanOf(values: readonly number[]): { readonly mean: number; readonly standardError: number } {
  const { mean, deviation, n } = moments(values)
  return { mean, standardError: deviation / Math.sqrt(n) }
}
