import type { HessianAnalysis, PanelId, SettingChange } from '../../contracts/experiment.ts'
import type { EigenvectorResult, EpochHistory, LabResult, OverlapKind, OverlapResult, PrincipalComponentsResult, SingularValuesResult, SpectrumProgress, SpectrumResult } from '../../contracts/results.ts'
import type { LabState } from '../../state/lab-state.ts'
import type { LossSeries } from '../../state/loss-series.ts'
import { otherShown, overlapShown, spectrumShown } from '../../state/selectors.ts'
import { classCount } from '../lab/shape.ts'
import { spectralSource, withStale, type SpectralSource } from './spectral-source.ts'

/** What a panel draws, picked from the state. Flat, so that unchanged sources compare equal field by field. */
export type PanelSource =
  | {
      readonly kind: 'training'
      readonly history: EpochHistory | null
      readonly losses: LossSeries
      readonly changes: readonly SettingChange[]
      readonly checkpoint: number | null
      readonly stepsPerEpoch: number
      readonly logLoss: boolean
      readonly stale: boolean
    }
  | {
      readonly kind: 'spectrum'
      readonly result: SpectrumResult | null
      readonly progress: SpectrumProgress | null
      readonly settings: HessianAnalysis | null
      readonly classes: number
      readonly stale: boolean
    }
  | { readonly kind: 'weightProduct'; readonly result: SpectrumResult | EigenvectorResult | null; readonly stale: boolean }
  | { readonly kind: 'singularValues'; readonly result: SingularValuesResult | null; readonly kernel: number | null; readonly stale: boolean }
  | { readonly kind: 'drift' | 'variances'; readonly result: PrincipalComponentsResult | null; readonly stale: boolean }
  | {
      readonly kind: OverlapKind
      readonly result: OverlapResult | null
      readonly spectrum: SpectrumResult | null
      /** Where rows are eigenvectors of another matrix, that one's. */
      readonly rowSpectrum: SpectrumResult | null
      readonly clip: number | null
      readonly stale: boolean
    }
  | SpectralSource

export function panelSource(state: LabState, id: PanelId): PanelSource {
  switch (id) {
    case 'training':
      return trainingSource(state)
    case 'spectrum':
      return spectrumSource(state)
    case 'weightProduct':
      return { kind: id, ...withStale(state, otherShown(state, 'eigenvectors') ?? chosenSpectrum(state)) }
    case 'singularValues':
      return { kind: id, ...withStale(state, state.results.singularValues), kernel: state.experiment.view.kernel }
    case 'drift':
    case 'variances':
      return { kind: id, ...withStale(state, state.results.principalComponents) }
    case 'singularHessian':
    case 'singularPca':
    case 'hessianWeights':
    case 'hessianVelocities':
    case 'layerNetwork':
    case 'hessianTime':
      return { kind: id, ...withStale(state, overlapShown(state, id)), ...overlapSpectra(state, id), clip: state.experiment.view.clip }
    default:
      return spectralSource(state, id)
  }
}

/** The result behind a panel, where it has one of its own. */
export function resultOf(source: PanelSource): LabResult | null {
  return source.kind === 'training' ? null : source.result
}

/** Spectra behind the columns and rows of an overlap map: of the network and the layer in `layerNetwork`. */
function overlapSpectra(state: LabState, id: OverlapKind): { readonly spectrum: SpectrumResult | null; readonly rowSpectrum: SpectrumResult | null } {
  const spectrum = spectrumShown(state)
  if (id !== 'layerNetwork') return { spectrum, rowSpectrum: null }
  const ordered = Object.values(state.results.spectra).sort((a, b) => b.dimension - a.dimension)
  return { spectrum: ordered[0] ?? null, rowSpectrum: ordered[1] ?? null }
}

/** The spectrum of the kernel that the view asks for, else the first there is. */
function chosenSpectrum(state: LabState): SpectrumResult | null {
  const wanted = `${String(state.experiment.view.kernel)}.kernel`
  return Object.values(state.results.spectra).find(({ settings }) => settings.selection === wanted) ?? spectrumShown(state)
}

function trainingSource({ training, experiment, stages }: LabState): PanelSource {
  const { dataset, training: settings, view } = experiment
  return {
    kind: 'training',
    history: training.history,
    losses: training.losses,
    changes: settings.changes,
    checkpoint: view.checkpoint,
    stepsPerEpoch: training.update?.stepsPerEpoch ?? Math.ceil(dataset.trainSamples / settings.batchSize),
    logLoss: view.logLoss,
    stale: stages.training.state === 'stale',
  }
}

function spectrumSource(state: LabState): PanelSource {
  const [progress = null] = Object.values(state.spectrumProgress)
  const analysis = progress === null ? undefined : state.experiment.analyses[progress.analysis]
  return {
    kind: 'spectrum',
    ...withStale(state, chosenSpectrum(state)),
    progress,
    settings: analysis?.kind === 'hessian' ? analysis : null,
    classes: classCount(state),
  }
}
