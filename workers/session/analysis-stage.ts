import type { Analysis, Experiment, HessianAnalysis, PrincipalComponentsAnalysis, SingularValuesAnalysis } from '../../src/contracts/experiment.ts'
import type { PrincipalComponentsResult, Provenance, SpectrumResult } from '../../src/contracts/results.ts'
import type { LabEvent } from '../../src/contracts/session.ts'
import type { ExperimentDeps, Pacing } from '../experiments/deps.ts'
import { hessianEigenpairs } from '../experiments/hessian/eigenpairs.ts'
import { recordWeights } from '../experiments/measurement/record.ts'
import { analyseDrift, componentSet } from '../experiments/principal-components.ts'
import { decomposeKernels, kernelSpectrum } from '../experiments/singular-values/decompose.ts'
import { CPU_CHUNK, GPU_CHUNK } from '../experiments/training/train.ts'
import { selectParameters } from '../networks/selection.ts'
import { settingsAt } from '../training/schedule.ts'
import { Trainer, type TrainerState } from '../training/trainer.ts'
import type { ComponentsArtifact, SingularArtifact, SpectrumArtifact } from './analysis-artifacts.ts'
import { analysisKey } from './keys.ts'
import type { ResultStore } from './store.ts'
import type { Workbench } from './workbench.ts'

/** What the analyses of one checkpoint run on. */
export interface AnalysisContext {
  readonly bench: Workbench
  readonly experiment: Experiment
  readonly trainingKey: string
  readonly state: TrainerState
  readonly store: ResultStore
  readonly pacing: Pacing
  readonly emit: (event: LabEvent) => void
  /** Provenance of a result, given samples, seed and seconds. */
  readonly provenance: (samples: number, seed: number, seconds: number) => Provenance
}

/** A result and whether it came from storage. Null when it was stopped before there was anything to show. */
export type Outcome<T> = { readonly artifact: T; readonly restored: boolean } | null

/** SVD of every kernel at the checkpoint. Fast enough never to be stored. */
export function runSingularValues(context: AnalysisContext, index: number, settings: SingularValuesAnalysis): SingularArtifact {
  const { bench, state, pacing } = context
  const start = pacing.now()
  const kernels = decomposeKernels(bench.network, state.weights).map((kernel) => kernelSpectrum(kernel, settings.edge, state.weights))
  const provenance = context.provenance(0, context.experiment.seeds.initialisation, (pacing.now() - start) / 1000)
  return { result: { kind: 'singularValues', analysis: index, settings, kernels, provenance } }
}

/** Lanczos on the Hessian at the checkpoint, restored when it was computed before. */
export async function runHessian(context: AnalysisContext, index: number, settings: HessianAnalysis): Promise<Outcome<SpectrumArtifact>> {
  return restoreOr(context, settings, index, async () => {
    const { bench, experiment, state, pacing, emit } = context
    const start = pacing.now()
    const weights = bench.engine.allocate('float', bench.network.parameterCount, 'weights of the checkpoint')
    bench.engine.write(weights, state.weights)
    const samples = Math.min(settings.samples, bench.train.samples)
    const { weightDecay } = settingsAt(experiment.training, state.position.epoch, state.position.step)
    const deps: ExperimentDeps = { engine: bench.engine, network: bench.network, train: { ...bench.train, samples }, pacing }
    const seed = experiment.seeds.probes
    try {
      const found = await hessianEigenpairs(deps, weights, settings, weightDecay, seed, (spectrum) => {
        emit({ type: 'spectrumProgress', spectrum: { analysis: index, ...spectrum } })
        const what = `Hessian of ${settings.selection}: product ${spectrum.products} of at most ${spectrum.ofProducts}`
        emit({ type: 'progress', progress: { stage: 'analyses', what, step: spectrum.products, of: spectrum.ofProducts, secondsLeft: null } })
      })
      const { pairs } = found
      const result: SpectrumResult = {
        kind: 'spectrum',
        analysis: index,
        settings,
        dimension: found.selection.size,
        eigenvalues: pairs.eigenvalues,
        end: pairs.which,
        residuals: pairs.residuals,
        converged: pairs.converged,
        products: pairs.products + pairs.verificationProducts,
        outcome: pairs.outcome,
        weightProduct: found.weightProduct,
        participation: found.participation,
        twiceWeightDecay: 2 * weightDecay,
        loss: found.loss,
        gradientNorm: found.gradientNorm,
        provenance: context.provenance(samples, seed, (pacing.now() - start) / 1000),
      }
      return { artifact: { result, eigenvectors: pairs.eigenvectors }, complete: pairs.outcome !== 'cancelled' }
    } finally {
      bench.engine.free(weights)
    }
  })
}

/** The measurement phase from the checkpoint on, and PCA of what it recorded; restored when computed before. */
export async function runPrincipalComponents(
  context: AnalysisContext,
  index: number,
  settings: PrincipalComponentsAnalysis,
): Promise<Outcome<ComponentsArtifact>> {
  return restoreOr(context, settings, index, async () => {
    const { bench, experiment, pacing, emit } = context
    const start = pacing.now()
    const selection = selectParameters(bench.network, experiment.measurement.selection)
    const trainer = measuringTrainer(context)
    try {
      const chunk = bench.engine.info.name === 'webgpu' ? GPU_CHUNK : CPU_CHUNK
      const onProgress = progressReporter(emit, 'measurement', pacing)
      const recorder = await recordWeights(bench.engine, trainer, selection, experiment.measurement, pacing, chunk, onProgress)
      if (pacing.signal.aborted || recorder.count < 4) return null
      emit({ type: 'stage', stage: 'measurement', status: { state: 'done', seconds: (pacing.now() - start) / 1000, restored: false, error: null } })
      const drift = await analyseDrift(recorder, settings, experiment.seeds.probes, pacing, progressReporter(emit, 'analyses', pacing))
      const { weights, velocities, ...shown } = drift
      const result: PrincipalComponentsResult = {
        kind: 'principalComponents',
        analysis: index,
        measurement: experiment.measurement,
        dimension: selection.size,
        snapshots: recorder.count,
        weights: componentSet(weights),
        velocities: componentSet(velocities),
        ...shown,
        provenance: context.provenance(bench.train.samples, experiment.seeds.shuffle, (pacing.now() - start) / 1000),
      }
      const artifact = { result, weightComponents: weights.principalComponents, velocityComponents: velocities.principalComponents }
      return { artifact, complete: !pacing.signal.aborted }
    } finally {
      trainer.dispose()
    }
  })
}

/** A second trainer that goes on from the checkpoint at its final learning rate; the trained network stays as it is. */
function measuringTrainer({ bench, experiment, state }: AnalysisContext): Trainer {
  const { epoch, step } = state.position
  const settings = settingsAt(experiment.training, epoch, step)
  const training = { ...experiment.training, ...settings, schedule: { kind: 'constant' as const }, changes: [] }
  const trainer = new Trainer(bench.engine, bench.network, bench.train, training, experiment.seeds)
  trainer.restore(state)
  return trainer
}

async function restoreOr<T>(
  context: AnalysisContext,
  settings: Analysis,
  index: number,
  compute: () => Promise<{ readonly artifact: T; readonly complete: boolean } | null>,
): Promise<Outcome<T>> {
  const key = analysisKey(context.trainingKey, context.state.position.epoch, settings, context.experiment)
  const stored = await context.store.get<T>(key)
  if (stored !== null) return { artifact: reindexed(stored, index), restored: true }
  const computed = await compute()
  if (computed === null) return null
  if (computed.complete) await context.store.put(key, computed.artifact)
  return { artifact: computed.artifact, restored: false }
}

/** The position of an analysis in the list is not part of its key: a stored one may have moved. */
function reindexed<T>(artifact: T, index: number): T {
  const { result } = artifact as { readonly result: object }
  return { ...artifact, result: { ...result, analysis: index } }
}

function progressReporter(emit: AnalysisContext['emit'], stage: 'measurement' | 'analyses', pacing: Pacing) {
  const start = pacing.now()
  return ({ what, step, of }: { readonly what: string; readonly step: number; readonly of: number }): void => {
    const secondsLeft = step > 0 ? (((pacing.now() - start) / step) * (of - step)) / 1000 : null
    emit({ type: 'progress', progress: { stage, what, step, of, secondsLeft } })
  }
}
