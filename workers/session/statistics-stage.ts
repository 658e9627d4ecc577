import type { EigenvectorResult, KernelSpectrum, SpacingResult } from '../../src/contracts/results.ts'
import { selectionPhrase } from '../../src/contracts/selection.ts'
import { averagedAnew, eigenvectorStatistics, type WeightsToCompare } from '../experiments/eigenvectors/statistics.ts'
import { levelSpacings, type Levels } from '../experiments/eigenvectors/level-spacings.ts'
import { vectorSet, type VectorSet } from '../experiments/overlap/vector-set.ts'
import { isDecayed } from '../networks/network.ts'
import { gather, selectParameters, type SelectedParameters } from '../networks/selection.ts'
import type { Artifact, Artifacts, SpectrumArtifact, WholeArtifact } from './analysis-artifacts.ts'
import { progressReporter, type AnalysisContext } from './analysis-context.ts'
import type { Workbench } from './workbench.ts'

/** What follows from spectra that are there, by the statistics settings alone. */
export type DerivedStatistics = SpacingResult | EigenvectorResult

/** What statistics need of the checkpoint that was analysed. */
export interface StatisticsContext extends Pick<AnalysisContext, 'experiment' | 'state' | 'stateAt' | 'pacing' | 'emit' | 'provenance'> {
  readonly bench: Pick<Workbench, 'network'>
}

/** Told of an artifact that has changed: its statistics were measured. */
export type OnMeasured = (index: number, artifact: Artifact) => Promise<void>

/** Spacings of levels and statistics of eigenvectors, of everything that was analysed. Stops with what is done. */
export async function runStatistics(context: StatisticsContext, artifacts: Artifacts, onMeasured: OnMeasured): Promise<readonly DerivedStatistics[]> {
  const results: DerivedStatistics[] = []
  const tell = (result: DerivedStatistics | null): void => {
    if (result === null) return
    results.push(result)
    context.emit({ type: 'result', result })
  }
  for (const artifact of artifacts.of('wholeSpectrum')) {
    const { analysis, settings } = artifact.result
    tell(await spacingsOf(context, { kind: 'wholeSpectrum', analysis, selection: settings.selection }, wholeLevels(context, artifact)))
    const measured = await wholeStatistics(context, artifact)
    tell(measured)
    if (measured !== null && artifact.eigenvectors !== null) await onMeasured(analysis, { ...artifact, statistics: measured })
  }
  for (const artifact of artifacts.of('spectrum')) tell(await spectrumStatistics(context, artifact))
  for (const { result } of artifacts.of('singularValues')) {
    // Kernels with too few values are left out; where all are, one of them says why.
    const all = await kernelSpacings(context, result.kernels)
    const enough = all.filter(({ problem }) => problem === null)
    const isOnly = results.every(({ kind }) => kind !== 'spacings')
    for (const spacings of enough.length > 0 || !isOnly ? enough : all.slice(0, 1)) tell(spacings)
  }
  return results
}

async function kernelSpacings(context: StatisticsContext, kernels: readonly KernelSpectrum[]): Promise<readonly SpacingResult[]> {
  const all: SpacingResult[] = []
  for (const { layer, singularValues } of kernels) {
    const found = await spacingsOf(context, { kind: 'singularValues', layer }, { values: singularValues, nullAt: 0, within: ZERO_SINGULAR * singularValues[0] })
    if (found !== null) all.push(found)
  }
  return all
}

/** Singular values below this share of the largest are zero to rounding. */
const ZERO_SINGULAR = 1e-9

async function spacingsOf(context: StatisticsContext, source: SpacingResult['source'], levels: Levels): Promise<SpacingResult | null> {
  const { experiment, pacing } = context
  if (pacing.signal.aborted) return null
  const start = pacing.now()
  const seed = experiment.seeds.probes
  const found = await levelSpacings(levels, experiment.statistics.unfoldingWindow, seed, pacing)
  return found && { kind: 'spacings', source, ...found, provenance: context.provenance(0, seed, (pacing.now() - start) / 1000) }
}

/** Under weight decay the null space of a kernel lies at 2λ; that of biases stays. */
function wholeLevels({ bench, experiment }: StatisticsContext, { result }: WholeArtifact): Levels {
  const { parameters } = selectParameters(bench.network, result.settings.selection)
  const isShifted = parameters.some((parameter) => isDecayed(parameter, experiment.training.decayed))
  return { values: result.eigenvalues, nullAt: isShifted ? result.twiceWeightDecay : 0, within: result.rounding }
}

/** From the vectors; where these were too many to be stored, what was measured when they were there. */
async function wholeStatistics(context: StatisticsContext, { result, eigenvectors, statistics }: WholeArtifact): Promise<EigenvectorResult | null> {
  const { analysis, dimension, eigenvalues, settings } = result
  const source = { kind: 'wholeSpectrum', analysis, selection: settings.selection, matrix: settings.matrix } as const
  if (eigenvectors === null) return statistics && { ...statistics, source, porterThomas: averagedAnew(statistics.porterThomas, context.experiment.statistics.averagingWindow) }
  const index = eigenvalues.map((_, i) => i + 1)
  return measure(context, source, vectorSet(eigenvectors, dimension), { index, eigenvalues, samples: result.provenance.samples })
}

async function spectrumStatistics(context: StatisticsContext, { result, eigenvectors }: SpectrumArtifact): Promise<EigenvectorResult | null> {
  const { analysis, dimension, eigenvalues, end, settings } = result
  const source = { kind: 'spectrum', analysis, selection: settings.selection, matrix: settings.matrix } as const
  const index = eigenvalues.map((_, i) => (end[i] === 'largest' ? i + 1 : dimension - eigenvalues.length + i + 1))
  return measure(context, source, vectorSet(eigenvectors, dimension), { index, eigenvalues, samples: result.provenance.samples })
}

interface Given {
  readonly index: Float64Array
  readonly eigenvalues: Float64Array
  readonly samples: number
}

async function measure(context: StatisticsContext, source: EigenvectorResult['source'], vectors: VectorSet, { index, eigenvalues, samples }: Given): Promise<EigenvectorResult | null> {
  const { bench, experiment, pacing, emit } = context
  if (pacing.signal.aborted) return null
  const start = pacing.now()
  const seed = experiment.seeds.probes
  const selection = selectParameters(bench.network, source.selection)
  const onProgress = progressReporter(emit, 'analyses', pacing)
  const of = vectors.count
  const found = await eigenvectorStatistics(vectors, selection, weightsToCompare(context, selection), experiment.statistics, seed, pacing, (step) =>
    step % REPORTED === 0 ? onProgress({ what: `Eigenvectors of ${selectionPhrase(source.selection)}: ${step} of ${of}`, step, of }) : undefined,
  )
  if (found === null) return null
  const provenance = context.provenance(samples, seed, (pacing.now() - start) / 1000)
  return { kind: 'eigenvectors', source, dimension: vectors.dimension, index, eigenvalues, ...found, provenance }
}

/** Vectors between two reports. */
const REPORTED = 100

function weightsToCompare({ state, stateAt, experiment }: StatisticsContext, selection: SelectedParameters): WeightsToCompare {
  const { weightsEpoch } = experiment.statistics
  const other = weightsEpoch === null ? null : { epoch: weightsEpoch, weights: gather(selection, stateAt(weightsEpoch).weights) }
  return { own: gather(selection, state.weights), other }
}
