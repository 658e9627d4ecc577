import type { Analysis, Experiment, SingularValuesAnalysis } from '../../src/contracts/experiment.ts'
import type { Provenance } from '../../src/contracts/results.ts'
import type { LabEvent } from '../../src/contracts/session.ts'
import type { MatrixDeps, Pacing, StepProgress } from '../experiments/deps.ts'
import type { Decay } from '../experiments/hessian/matrix.ts'
import type { KernelDecomposition } from '../experiments/singular-values/decompose.ts'
import type { Linalg } from '../linalg/linalg.ts'
import { lossDecay, settingsAt } from '../training/schedule.ts'
import type { TrainerState } from '../training/trainer.ts'
import type { Artifact } from './analysis-artifacts.ts'
import { analysisKey } from './keys.ts'
import type { Stages } from './stages.ts'
import type { ResultStore } from './store.ts'
import type { Workbench } from './workbench.ts'

/** What the analyses of one checkpoint run on. */
export interface AnalysisContext {
  readonly bench: Workbench
  readonly experiment: Experiment
  readonly trainingKey: string
  readonly state: TrainerState
  /** The state at another checkpoint. Throws a `LabError` where there is none. */
  readonly stateAt: (epoch: number) => TrainerState
  readonly store: ResultStore
  /** Artifacts at hand under their key, those too large to be stored included. */
  readonly atHand: ReadonlyMap<string, Artifact>
  readonly pacing: Pacing
  readonly emit: (event: LabEvent) => void
  readonly stages: Stages
  /** Dense linear algebra, started when first asked for. */
  readonly linalg: () => Promise<Linalg>
  /** Entry point of WebGPU; null where there is none. */
  readonly gpu: () => Promise<GPU | null>
  /** Singular value decompositions of the kernels at the checkpoint, computed when first asked for; reshaped as the settings have it where that is not said. */
  readonly kernels: (reshape?: SingularValuesAnalysis['reshape']) => readonly KernelDecomposition[]
  /** Provenance of a result, given samples, seed and seconds. */
  readonly provenance: (samples: number, seed: number, seconds: number) => Provenance
}

/** Numbers above which an artifact is not stored: 64 MB of float64. */
const MOST_STORED = 8_000_000

/** Where the analyses of a checkpoint are stored. */
export type StorageContext = Pick<AnalysisContext, 'store' | 'trainingKey' | 'state' | 'experiment'>

/** What is at hand or stored of an analysis at the checkpoint, or null. */
export async function storedArtifact<T extends Artifact>(context: StorageContext & Pick<AnalysisContext, 'atHand'>, settings: Analysis, index: number): Promise<T | null> {
  const key = keyOf(context, settings)
  const found = (context.atHand.get(key) as T | undefined) ?? (await context.store.get<T>(key))
  return found === null ? null : reindexed(found, index)
}

/** Stores a finished analysis of the checkpoint, without vectors where these are too many. */
export function storeArtifact(context: StorageContext, settings: Analysis, artifact: Artifact, most = MOST_STORED): Promise<void> {
  return context.store.put(keyOf(context, settings), isTooLarge(artifact, most) ? { ...artifact, eigenvectors: null } : artifact)
}

/** Whether an artifact is stored without its vectors, so that what was measured on them has to be kept. */
export function isTooLarge(artifact: Artifact, most = MOST_STORED): boolean {
  return 'statistics' in artifact && (artifact.eigenvectors?.length ?? 0) > most
}

export function keyOf({ trainingKey, state, experiment }: Pick<AnalysisContext, 'trainingKey' | 'state' | 'experiment'>, settings: Analysis): string {
  return analysisKey(trainingKey, state.position.epoch, settings, experiment)
}

/** The position of an analysis in the list is not part of its key: a stored one may have moved. */
function reindexed<T extends Artifact>(artifact: T, index: number): T {
  return artifact.result.analysis === index ? artifact : { ...artifact, result: { ...artifact.result, analysis: index } }
}

/** What experiments on matrices of curvature need. */
export function matrixDeps({ bench, pacing }: Pick<AnalysisContext, 'bench' | 'pacing'>): MatrixDeps {
  const { engine, network, train, host } = bench
  return { engine, network, train, host, pacing, openMatrix: (...given) => bench.openMatrix(...given) }
}

/** The weight-decay term of the loss at a state of training. */
export function decayAt({ training }: Experiment, { position }: Pick<TrainerState, 'position'>): Decay {
  return { weightDecay: lossDecay(training, settingsAt(training, position.epoch, position.step)), decayed: training.decayed }
}

/** Tells how far a job is and how long it will still take. */
export function progressReporter(emit: AnalysisContext['emit'], stage: 'training' | 'measurement' | 'analyses', pacing: Pick<Pacing, 'now'>) {
  const start = pacing.now()
  return ({ what, step, of }: StepProgress): void => {
    const secondsLeft = step > 0 ? (((pacing.now() - start) / step) * (of - step)) / 1000 : null
    emit({ type: 'progress', progress: { stage, what, step, of, secondsLeft } })
  }
}
