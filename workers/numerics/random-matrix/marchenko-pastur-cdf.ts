/** Distribution function of the Marchenko–Pastur law for singular values; its density is in `../marchenko-pastur.ts`. */
import { marchenkoPasturEdges } from '../marchenko-pastur.ts'
import { arctangent } from './arctangent.ts'

/**
 * Share of the singular values of a rows × columns matrix with independent entries of standard deviation `sd` at or below ν.
 *
 * With β = M/N, M ≤ N, and λ = ν²/(s² N) between λ∓ = (1 ∓ √β)²,
 * F = [2(1 + β) arctan(t) + √((λ₊ − λ)(λ − λ₋)) − 2(1 − β) arctan(t (1 + √β)/(1 − √β))]/(2πβ), t = √((λ − λ₋)/(λ₊ − λ)):
 * the integral of √((λ₊ − λ)(λ − λ₋))/(2πβλ) after λ = 1 + β + 2√β cos φ.
 */
export function marchenkoPasturCdf(nu: number, rows: number, columns: number, sd: number): number {
  const { lower, upper } = marchenkoPasturEdges(rows, columns, sd)
  if (!(nu > lower)) return nu !== nu ? NaN : 0
  if (nu >= upper) return 1
  const [short, long] = rows < columns ? [rows, columns] : [columns, rows]
  const ratio = short / long
  const unit = sd * sd * long
  const toLower = ((nu - lower) * (nu + lower)) / unit
  const toUpper = ((upper - nu) * (upper + nu)) / unit
  const t = Math.sqrt(toLower / toUpper)
  let sum = 2 * (1 + ratio) * arctangent(t) + Math.sqrt(toLower * toUpper)
  // A square matrix has no second term: its factor vanishes while its argument grows without bound.
  if (short < long) sum -= 2 * (1 - ratio) * arctangent((t * upper) / lower)
  return Math.min(1, Math.max(0, sum / (2 * Math.PI * ratio)))
}

/** Singular value below which a share of the law lies; bisection to rounding. */
export function marchenkoPasturQuantile(share: number, rows: number, columns: number, sd: number): number {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`marchenkoPasturQuantile: share=${share} is not in [0, 1]`)
  let { lower: low, upper: high } = marchenkoPasturEdges(rows, columns, sd)
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (marchenkoPasturCdf(middle, rows, columns, sd) < share) low = middle
    else high = middle
  }
  return (low + high) / 2
}
