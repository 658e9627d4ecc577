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
      return wholeSpectrumFigure({ ...source, others: resultsOf(seeds, 'wholeSpectrum') }, { ...shared, scale: look.linearWhole ? 'linear' : 'log' })
    case 'density':
      return densityFigure(
        { ...source, otherDensities: resultsOf(seeds, 'density'), otherWholes: resultsOf(seeds, 'wholeSpectrum') },
        { ...shared, bandwidth: source.bandwidth, scale: look.linearDensity ? 'linear' : 'log' },
      )
    case 'spacings':
      return spacingsFigure({ ...source, others: resultsOf(seeds, 'spacings') }, shared)
    case 'porterThomas':
      return porterThomasFigure({ ...source, others: resultsOf(seeds, 'eigenvectors') }, shared)
    case 'participation':
      return participationFigure({ ...source, others: resultsOf(seeds, 'eigenvectors') }, shared)
    case 'concentration':
      return concentrationFigure({ ...source, others: resultsOf(seeds, 'eigenvectors') }, shared)
    case 'trace':
      return traceFigure({ ...source, others: resultsOf(seeds, 'trace') }, shared)
    case 'curvature':
      return curvatureFigure({ result: source.result, others: resultsOf(seeds, 'curvature'), quantity: look.curvatureQuantity }, shared)
    case 'demonstration':
      return demonstrationFigure({ result: source.result, others: resultsOf(seeds, 'demonstration'), step: look.demonstrationStep }, shared)
    case 'noiseFiltering':
      return noiseFilteringFigure({ ...source, others: resultsOf(seeds, 'noiseFiltering') }, shared)
  }
}
