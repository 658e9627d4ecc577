import type { SingularValuesResult } from '../../contracts/results.ts'
import { driftFigure, kernelTable, overlapFigure, singularValuesFigure, spectrumFigure, trainingFigure, variancesFigure, weightProductFigure, type FigureSpec } from '../../figures/index.ts'
import { historiesOf, resultsOf, type SeedData } from './panel-seeds.ts'
import type { PanelSource } from './panel-source.ts'
import { spectralFigure } from './spectral-figure.ts'
import type { PanelLook } from './panel-look.ts'

const SMOOTHING = 0.95

/** The figure of a panel, with what further seeds have of it; null while there is nothing to draw. */
export function panelFigure(source: PanelSource, seeds: readonly SeedData[], look: PanelLook): FigureSpec | null {
  const { theme, presenting } = look
  if (source.kind === 'training') return drawTraining(source, seeds, look)
  const shared = { theme, presenting, stale: source.stale }
  if (source.kind === 'spectrum') {
    if (source.result === null && source.progress === null) return null
    return spectrumFigure({ ...source, others: resultsOf(seeds, 'spectrum') }, { ...shared, stale: source.stale && source.progress === null, scale: look.logSpectrum ? 'log' : 'linear' })
  }
  if (source.result === null) return null
  switch (source.kind) {
    case 'weightProduct':
      return weightProductFigure(source.result, { ...shared, others: [...resultsOf(seeds, 'spectrum'), ...resultsOf(seeds, 'eigenvectors')] })
    case 'singularValues':
      return drawSingularValues(source.result, source.kernel, resultsOf(seeds, 'singularValues'), { ...shared, look })
    case 'drift':
      return driftFigure(source.result, { ...shared, others: resultsOf(seeds, 'principalComponents') })
    case 'variances':
      return variancesFigure(source.result, { ...shared, others: resultsOf(seeds, 'principalComponents') })
    case 'singularHessian':
    case 'singularPca':
    case 'hessianWeights':
    case 'hessianVelocities':
    case 'layerNetwork':
    case 'hessianTime':
      return overlapFigure(source.result, {
        ...shared,
        clip: source.clip,
        profile: look.nullBand,
        spectrum: source.spectrum,
        rowSpectrum: source.rowSpectrum,
        others: resultsOf(seeds, 'overlap'),
        mean: look.meanOverlaps,
      })
    default:
      return spectralFigure(source, seeds, look)
  }
}

interface SingularLook {
  readonly theme: PanelLook['theme']
  readonly presenting: boolean
  readonly stale: boolean
  readonly look: PanelLook
}

/** One kernel's singular values; the table may have a row per layer instead. */
function drawSingularValues(result: SingularValuesResult, layer: number | null, others: readonly SingularValuesResult[], { look, ...shared }: SingularLook): FigureSpec {
  const scale = look.logSingularValues ? 'log' : 'linear'
  const figure = singularValuesFigure(result, { ...shared, layer, others, scale, overlays: look.singularOverlays })
  return look.layerTable ? { ...figure, table: kernelTable(result) } : figure
}

function drawTraining(source: Extract<PanelSource, { kind: 'training' }>, seeds: readonly SeedData[], { theme, presenting }: PanelLook): FigureSpec | null {
  const { history, losses, logLoss, stale } = source
  if (history === null && losses.length === 0) return null
  return trainingFigure({ ...source, batches: losses, others: historiesOf(seeds) }, { theme, presenting, stale, logLoss, smoothing: SMOOTHING })
}
