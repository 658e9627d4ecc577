import type {
  CheckResult,
  CurvatureSeriesResult,
  DemonstrationResult,
  DensityResult,
  EigenvectorResult,
  NoiseFilteringResult,
  SpacingResult,
  TraceResult,
  WholeSpectrumResult,
} from '../../contracts/results.ts'
import { formatNumber } from './number.ts'
import { good, type Quality } from './quality-level.ts'
import { plural } from './quantity.ts'

/** Results of the spectral laboratory: how far they can be trusted. */
export type SpectralResult =
  | WholeSpectrumResult
  | DensityResult
  | TraceResult
  | DemonstrationResult
  | NoiseFilteringResult
  | CurvatureSeriesResult
  | SpacingResult
  | EigenvectorResult
  | CheckResult

export function spectralQuality(result: SpectralResult): Quality {
  switch (result.kind) {
    case 'wholeSpectrum':
      return wholeQuality(result)
    case 'density':
      return densityQuality(result)
    case 'trace':
      return traceQuality(result)
    case 'spacings':
      return spacingQuality(result)
    case 'eigenvectors':
      return good(plural(result.index.length, 'vector'), `Statistics of ${plural(result.index.length, 'eigenvector')} with ${plural(result.dimension, 'entry', 'entries')} each.`)
    case 'curvature':
      return seriesQuality(result)
    case 'demonstration':
      return good('every step kept', 'What is drawn is what the iteration did, step by step.')
    case 'noiseFiltering':
      return good(plural(result.removed.length, 'point'), 'Loss and accuracy on all samples in use, at every point.')
    case 'check':
      return { level: result.verdict === 'good' ? 'good' : result.verdict === 'bad' ? 'poor' : 'partial', short: result.verdict, long: `${result.items.length} independent comparisons.` }
  }
}

function wholeQuality({ residuals, eigenvalues, orthogonality, solver }: WholeSpectrumResult): Quality {
  const scale = largest(eigenvalues)
  const worst = scale > 0 ? largest(residuals) / scale : largest(residuals)
  if (residuals.length === 0) return good('all eigenvalues', `Every eigenvalue, decomposed directly (${solver}); no vectors, hence no residuals.`)
  const long = `Worst of ${residuals.length} residuals ‖Hh − hh‖ is ${formatNumber(worst)} of the largest eigenvalue, worst product of two vectors ${formatNumber(orthogonality ?? 0)} (${solver}).`
  return { level: worst <= 1e-5 ? 'good' : worst <= 1e-3 ? 'partial' : 'poor', short: `residual ${formatNumber(worst, 2)}`, long }
}

/** The spread over probes alone would hide that too few steps were made. */
function densityQuality({ moments, halfMoments, probesDone, settings }: DensityResult): Quality {
  if (probesDone < settings.probes) return { level: 'partial', short: `${probesDone} of ${settings.probes} runs`, long: `${probesDone} of ${settings.probes} runs are done.` }
  const [share, half] = [moments.negativeMass.value, halfMoments.negativeMass.value]
  const drift = Math.abs(share - half)
  const long = `Negative mass ${formatNumber(share)} ± ${formatNumber(moments.negativeMass.standardError ?? 0)} over runs; with half the steps it is ${formatNumber(half)}. More steps resolve more near zero.`
  return { level: drift <= 0.1 * Math.max(share, 1e-3) ? 'good' : 'partial', short: `${settings.probes} × ${settings.steps}`, long }
}

function traceQuality({ trace, products, outcome }: TraceResult): Quality {
  const error = trace.standardError ?? Infinity
  const relative = error / Math.abs(trace.value)
  const long = `Trace ${formatNumber(trace.value)} ± ${formatNumber(error)} (standard error) from ${products} products${outcome === 'cancelled' ? ', stopped early' : ''}.`
  return { level: relative <= 0.05 ? 'good' : relative <= 0.3 ? 'partial' : 'poor', short: `± ${formatNumber(100 * relative, 2)} %`, long }
}

function spacingQuality({ levels, dropped, problem, window }: SpacingResult): Quality {
  if (problem !== null) return { level: 'poor', short: 'too few levels', long: problem }
  return good(plural(levels, 'level'), `${plural(levels, 'level')} unfolded with a window of ${window}; ${plural(dropped, 'null one')} left out.`)
}

function seriesQuality({ eigenvalues, residuals, step }: CurvatureSeriesResult): Quality {
  const worst = largest(residuals) / Math.max(largest(eigenvalues), Number.MIN_VALUE)
  return { level: worst <= 1e-2 ? 'good' : 'partial', short: plural(step.length, 'look'), long: `Worst residual of a followed eigenvalue is ${formatNumber(worst)} of the largest.` }
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}
