import type { SpectrumProgress, SpectrumResult } from '../contracts/results.ts'
import { counted, formatCount, formatNumber, formatSpread } from './numbers.ts'
import { largestEigenvalue } from './spectrum-spread.ts'
import type { SpectrumPoints } from './spectrum-points.ts'
import { matrixWords, outcomeWords, selectionWords } from './words.ts'

/** What a finished spectrum says: λ₁ with its residual, the step after C − 1, convergence, negative eigenvalues. */
export function resultSummary(result: SpectrumResult, classes: number | null, others: readonly SpectrumResult[] = []): string {
  const { eigenvalues, residuals, converged, dimension, settings, outcome } = result
  const done = converged.filter(Boolean).length
  const how = done === converged.length ? '' : `; ${outcomeWords(outcome)}`
  return [
    `The largest of ${formatCount(dimension)} eigenvalues of the ${matrixWords(settings.matrix)} of ${selectionWords(settings.selection)} is ${formatNumber(eigenvalues[0])} ± ${formatNumber(residuals[0], 1)}`,
    stepAfterClasses(result, classes),
    `; ${formatCount(done)} of ${formatCount(converged.length)} pairs converged${how}`,
    negatives(eigenvalues),
    '.',
    overSeeds(result, others),
  ].join('')
}

function overSeeds(result: SpectrumResult, others: readonly SpectrumResult[]): string {
  if (others.length === 0) return ''
  return ` Over ${String(others.length + 1)} seeds the largest is ${formatSpread(largestEigenvalue([result, ...others]))} (mean ± s.d.).`
}

/** What the Ritz values of a running iteration say so far. */
export function progressSummary(points: SpectrumPoints, progress: SpectrumProgress | null): string {
  const settled = points.converged.filter(Boolean).length
  const products = progress === null ? '' : ` after ${formatCount(progress.products)} of ${formatCount(progress.ofProducts)} products`
  return `The largest Ritz value${products} is ${formatNumber(points.values[0])}; ${formatCount(settled)} of ${formatCount(points.values.length)} values have settled.`
}

function stepAfterClasses({ eigenvalues, end }: SpectrumResult, classes: number | null): string {
  if (classes === null || classes < 2 || end[classes - 1] !== 'largest') return ''
  const ratio = eigenvalues[classes - 2] / eigenvalues[classes - 1]
  return ratio > 0 && Number.isFinite(ratio) ? `; number ${String(classes - 1)} (classes minus one) is ${formatNumber(ratio)} times the next` : ''
}

function negatives(eigenvalues: Float64Array): string {
  const count = eigenvalues.reduce((sum, value) => sum + (value < 0 ? 1 : 0), 0)
  return count === 0 ? '' : `; ${counted(count, 'computed eigenvalue')} below zero`
}
