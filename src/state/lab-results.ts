import type { LabResult, OverlapResult, PrincipalComponentsResult, SingularValuesResult, SpectrumResult } from '../contracts/results.ts'

/** Name of one result: `spectrum/1`, `singularValues`, `principalComponents`, `overlap/singularHessian/2`, `density/3`. */
export type ResultKey = string

export interface LabResults {
  /** By index of the analysis in the experiment. */
  readonly spectra: Readonly<Record<number, SpectrumResult>>
  readonly singularValues: SingularValuesResult | null
  readonly principalComponents: PrincipalComponentsResult | null
  /** By `overlapKey(kind, layer)`. */
  readonly overlaps: Readonly<Record<string, OverlapResult>>
  /** Everything else, by name. */
  readonly others: Readonly<Record<ResultKey, OtherResult>>
}

/** Results that are kept under their name alone. */
export type OtherResult = Exclude<LabResult, SpectrumResult | SingularValuesResult | PrincipalComponentsResult | OverlapResult>

export const NO_RESULTS: LabResults = { spectra: {}, singularValues: null, principalComponents: null, overlaps: {}, others: {} }
