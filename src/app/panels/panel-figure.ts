import { driftFigure, overlapFigure, singularValuesFigure, spectrumFigure, trainingFigure, variancesFigure, weightProductFigure, type FigureSpec } from '../../figures/index.ts'
import type { PanelSource } from './panel-source.ts'

export interface PanelLook {
  readonly theme: 'light' | 'dark'
  readonly presenting: boolean
  /** Overlap maps show the mean of every row beside the null level. */
  readonly nullBand: boolean
  readonly logSpectrum: boolean
}

const SMOOTHING = 0.95

/** The figure of a panel; null while there is nothing to draw. */
export function panelFigure(source: PanelSource, look: PanelLook): FigureSpec | null {
  const { theme, presenting } = look
  if (source.kind === 'training') return drawTraining(source, look)
  const shared = { theme, presenting, stale: source.stale }
  if (source.kind === 'spectrum') {
    if (source.result === null && source.progress === null) return null
    return spectrumFigure(source, { ...shared, stale: source.stale && source.progress === null, scale: look.logSpectrum ? 'log' : 'linear' })
  }
  if (source.result === null) return null
  switch (source.kind) {
    case 'weightProduct':
      return weightProductFigure(source.result, shared)
    case 'singularValues':
      return singularValuesFigure(source.result, { ...shared, layer: source.kernel })
    case 'drift':
      return driftFigure(source.result, shared)
    case 'variances':
      return variancesFigure(source.result, shared)
    case 'singularHessian':
    case 'singularPca':
    case 'hessianWeights':
    case 'hessianVelocities':
      return overlapFigure(source.result, { ...shared, clip: source.clip, profile: look.nullBand, spectrum: source.spectrum })
  }
}

function drawTraining(source: Extract<PanelSource, { kind: 'training' }>, { theme, presenting }: PanelLook): FigureSpec | null {
  const { history, losses, logLoss, stale } = source
  if (history === null && losses.length === 0) return null
  return trainingFigure({ ...source, batches: losses }, { theme, presenting, stale, logLoss, smoothing: SMOOTHING })
}
