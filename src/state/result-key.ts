import type { LabResult, OverlapKind } from '../contracts/results.ts'
import type { LabResults, ResultKey } from './lab-results.ts'

/** Where an overlap is kept: `singularHessian/2`, or `hessianVelocities` where no kernel is involved. */
export function overlapKey(kind: OverlapKind, layer: number | null): string {
  return layer === null ? kind : `${kind}/${String(layer)}`
}

/** The name of a result among all results; a newer result of the same name replaces it. */
export function resultKey(result: LabResult): ResultKey {
  switch (result.kind) {
    case 'spectrum':
      return `spectrum/${String(result.analysis)}`
    case 'overlap':
      return `overlap/${overlapKey(result.overlap, result.layer)}`
    case 'spacings':
      return result.source.kind === 'wholeSpectrum' ? `spacings/${String(result.source.analysis)}` : `spacings/kernel/${String(result.source.layer)}`
    case 'eigenvectors':
      return `eigenvectors/${String(result.source.analysis)}`
    case 'wholeSpectrum':
    case 'density':
    case 'trace':
    case 'demonstration':
    case 'noiseFiltering':
    case 'check':
      return `${result.kind}/${String(result.analysis)}`
    case 'singularValues':
    case 'principalComponents':
    case 'curvature':
      return result.kind
  }
}

/** Every result there is. */
export function allResults(results: LabResults): LabResult[] {
  const single = [results.singularValues, results.principalComponents].filter((result) => result !== null)
  return [...Object.values(results.spectra), ...single, ...Object.values(results.overlaps), ...Object.values(results.others)]
}

/** The results without the one of that name. */
export function withoutResult(results: LabResults, key: ResultKey): LabResults {
  const drop = <R extends LabResult>(kept: Readonly<Record<string, R>>): Record<string, R> =>
    Object.fromEntries(Object.entries(kept).filter(([, result]) => resultKey(result) !== key))
  return {
    spectra: drop(results.spectra),
    overlaps: drop(results.overlaps),
    others: drop(results.others),
    singularValues: key === 'singularValues' ? null : results.singularValues,
    principalComponents: key === 'principalComponents' ? null : results.principalComponents,
  }
}

/** The results with one more, which replaces that of the same name. */
export function withResult(results: LabResults, result: LabResult): LabResults {
  switch (result.kind) {
    case 'spectrum':
      return { ...results, spectra: { ...results.spectra, [result.analysis]: result } }
    case 'overlap':
      return { ...results, overlaps: { ...results.overlaps, [overlapKey(result.overlap, result.layer)]: result } }
    case 'singularValues':
      return { ...results, singularValues: result }
    case 'principalComponents':
      return { ...results, principalComponents: result }
    default:
      return { ...results, others: { ...results.others, [resultKey(result)]: result } }
  }
}
