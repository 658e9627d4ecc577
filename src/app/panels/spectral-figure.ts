import {
  concentrationFigure,
  curvatureFigure,
  demonstrationFigure,
  densityFigure,
  noiseFilteringFigure,
  participationFigure,
  porterThomasFigure,
  spacingsFigure,
  traceFigure,
  wholeSpectrumFigure,
  type FigureSpec,
} from '../../figures/index.ts'
import type { PanelLook } from './panel-look.ts'
import { resultsOf, type SeedData } from './panel-seeds.ts'
import type { SpectralSource } from './spectral-source.ts'

/** The figure of a panel of the spectral laboratory. */
export function spectralFigure(source: SpectralSource, seeds: readonly SeedData[], look: PanelLook): FigureSpec {
  const shared = { theme: look.theme, presenting: look.presenting, stale: source.stale }
  switch (source.kind) {
    case 'wholeSpectrum':
      return wholeSpectrumFigure(source, { ...shared, scale: look.linearWhole ? 'linear' : 'log' })
    case 'density':
      return densityFigure(source, { ...shared, bandwidth: source.bandwidth, scale: look.linearDensity ? 'linear' : 'log' })
    case 'spacings':
      return spacingsFigure(source, shared)
    case 'porterThomas':
      return porterThomasFigure(source, shared)
    case 'participation':
      return participationFigure(source, shared)
    case 'concentration':
      return concentrationFigure(source, shared)
    case 'trace':
      return traceFigure(source, shared)
    case 'curvature':
      return curvatureFigure({ result: source.result, others: resultsOf(seeds, 'curvature'), quantity: look.curvatureQuantity }, shared)
    case 'demonstration':
      return demonstrationFigure({ result: source.result, step: look.demonstrationStep }, shared)
    case 'noiseFiltering':
      return noiseFilteringFigure(source, shared)
  }
}
