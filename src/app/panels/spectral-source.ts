import type { View } from '../../contracts/experiment.ts'
import type {
  CurvatureSeriesResult,
  DemonstrationResult,
  DensityResult,
  EigenvectorResult,
  LabResult,
  NoiseFilteringResult,
  SpacingResult,
  TraceResult,
  WholeSpectrumResult,
} from '../../contracts/results.ts'
import type { LabState } from '../../state/lab-state.ts'
import { isStale, otherShown } from '../../state/selectors.ts'
import { classCount } from '../lab/shape.ts'

/** What the panels of the spectral laboratory draw. Flat, so that unchanged sources compare equal field by field. */
export type SpectralSource =
  | { readonly kind: 'wholeSpectrum'; readonly result: WholeSpectrumResult | null; readonly classes: number; readonly stale: boolean }
  | {
      readonly kind: 'density'
      /** What the panel is about: the quadrature, or the whole spectrum where that is all there is. */
      readonly result: DensityResult | WholeSpectrumResult | null
      readonly density: DensityResult | null
      readonly whole: WholeSpectrumResult | null
      readonly classes: number
      readonly bandwidth: View['bandwidth']
      readonly stale: boolean
    }
  | { readonly kind: 'spacings'; readonly result: SpacingResult | null; readonly stale: boolean }
  | { readonly kind: 'porterThomas' | 'participation' | 'concentration'; readonly result: EigenvectorResult | null; readonly stale: boolean }
  | { readonly kind: 'trace'; readonly result: TraceResult | null; readonly stale: boolean }
  | { readonly kind: 'curvature'; readonly result: CurvatureSeriesResult | null; readonly stale: boolean }
  | { readonly kind: 'demonstration'; readonly result: DemonstrationResult | null; readonly stale: boolean }
  | { readonly kind: 'noiseFiltering'; readonly result: NoiseFilteringResult | null; readonly stale: boolean }

export type SpectralPanel = SpectralSource['kind']

export function spectralSource(state: LabState, id: SpectralPanel): SpectralSource {
  switch (id) {
    case 'wholeSpectrum':
      return { kind: id, ...withStale(state, otherShown(state, id)), classes: classCount(state) }
    case 'density': {
      const density = otherShown(state, 'density')
      const whole = wholeOf(state, density)
      return { kind: id, ...withStale(state, density ?? whole), density, whole, classes: classCount(state), bandwidth: state.experiment.view.bandwidth }
    }
    case 'spacings':
      return { kind: id, ...withStale(state, otherShown(state, id)) }
    case 'porterThomas':
    case 'participation':
    case 'concentration':
      return { kind: id, ...withStale(state, otherShown(state, 'eigenvectors')) }
    case 'trace':
      return { kind: id, ...withStale(state, otherShown(state, id)) }
    case 'curvature':
      return { kind: id, ...withStale(state, otherShown(state, id)) }
    case 'demonstration':
      return { kind: id, ...withStale(state, otherShown(state, id)) }
    case 'noiseFiltering':
      return { kind: id, ...withStale(state, otherShown(state, id)) }
  }
}

/** All eigenvalues of the matrix that a density estimates; without a density those of any matrix. */
function wholeOf(state: LabState, density: DensityResult | null): WholeSpectrumResult | null {
  const whole = otherShown(state, 'wholeSpectrum')
  if (density === null || whole === null) return whole
  const same = (['selection', 'matrix', 'samples', 'part', 'decayTerm', 'batchNorm'] as const).every((name) => whole.settings[name] === density.settings[name])
  return same ? whole : null
}

export function withStale<R extends LabResult>(state: LabState, result: R | null): { readonly result: R | null; readonly stale: boolean } {
  return { result, stale: result !== null && isStale(state, result) }
}
