import type { LabResult, SpectrumProgress, SpectrumResult } from '../../contracts/results.ts'
import { formatNumber } from './number.ts'
import { good, type Quality } from './quality-level.ts'
import { spectralQuality } from './spectral-quality.ts'

export type { Quality } from './quality-level.ts'

export function qualityOf(result: LabResult): Quality {
  switch (result.kind) {
    case 'spectrum':
      return spectrumQuality(result)
    case 'singularValues':
      return good('full SVD', 'Every singular value of every kernel was computed directly.')
    case 'principalComponents': {
      const residual = relativeResidual(result.weights.residuals, result.weights.variances)
      return {
        level: residual <= 1e-3 ? 'good' : 'poor',
        short: `R² ${formatNumber(result.drift.r2, 4)}`,
        long: `R² of the line through θ₁(t); worst relative residual of the weight components ${formatNumber(residual)}.`,
      }
    }
    case 'overlap':
      return result.rowsDone < result.rows
        ? { level: 'partial', short: `${result.rowsDone} of ${result.rows} rows`, long: `${result.rowsDone} of ${result.rows} rows are computed.` }
        : good(`sharpness ${formatNumber(result.diagonalSharpness)}`, 'Mean overlap near the diagonal over the mean of all; 1 means no diagonal.')
    default:
      return spectralQuality(result)
  }
}

/** Quality of Ritz values on the way: how many products are done. */
export function progressQuality(progress: SpectrumProgress): Quality {
  const text = `product ${progress.products} of ${progress.ofProducts}`
  return { level: 'partial', short: text, long: `Lanczos at ${text}; values still move.` }
}

function spectrumQuality(result: SpectrumResult): Quality {
  const done = result.converged.filter(Boolean).length
  const all = result.converged.length
  const worst = relativeResidual(result.residuals, result.eigenvalues)
  const long = `${done} of ${all} eigenpairs converged after ${result.products} Hessian-vector products; worst ‖Hh − hh‖ is ${formatNumber(worst)} of the largest eigenvalue.`
  if (done === all) return good(`residual ${formatNumber(worst, 2)}`, long)
  return { level: done * 2 >= all ? 'partial' : 'poor', short: `${done} of ${all} converged`, long }
}

function relativeResidual(residuals: Float64Array, values: Float64Array): number {
  const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const worst = residuals.reduce((most, value) => Math.max(most, value), 0)
  return scale > 0 ? worst / scale : worst
}
