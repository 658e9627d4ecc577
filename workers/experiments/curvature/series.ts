import type { CurvatureSeriesResult } from '../../../src/contracts/results.ts'

/** One look at the curvature in training. */
export interface Look {
  readonly step: number
  readonly epoch: number
  /** (k) descending, with residuals. */
  readonly eigenvalues: Float64Array
  readonly residuals: Float64Array
  readonly stabilityLimit: number
  readonly trace: number
  readonly traceError: number
  readonly negativeMass: number
  readonly conditionBound: number
  readonly loss: number
  readonly gradientNorm: number
  readonly gradientOverlap: number
  readonly previousOverlap: number
  readonly firstOverlap: number
  readonly products: number
}

type Arrays = Pick<CurvatureSeriesResult, Exclude<keyof Look, 'eigenvalues' | 'residuals'> | 'eigenvalues' | 'residuals'>

const SCALARS = [
  'step',
  'epoch',
  'stabilityLimit',
  'trace',
  'traceError',
  'negativeMass',
  'conditionBound',
  'loss',
  'gradientNorm',
  'gradientOverlap',
  'previousOverlap',
  'firstOverlap',
  'products',
] as const

/** The looks as arrays with one entry (k of them for eigenvalues) per look. */
export function seriesOf(looks: readonly Look[]): Arrays {
  const column = (name: (typeof SCALARS)[number]): Float64Array => Float64Array.from(looks, (look) => look[name])
  const rows = (name: 'eigenvalues' | 'residuals'): Float64Array => Float64Array.from(looks.flatMap((look) => [...look[name]]))
  const scalars = Object.fromEntries(SCALARS.map((name) => [name, column(name)])) as Record<(typeof SCALARS)[number], Float64Array>
  return { ...scalars, eigenvalues: rows('eigenvalues'), residuals: rows('residuals') }
}
