import type { Analysis, Experiment } from '../../src/contracts/experiment.ts'
import type { Provenance } from '../../src/contracts/results.ts'
import type { LabEvent } from '../../src/contracts/session.ts'
import type { Pacing, StepProgress } from '../experiments/deps.ts'
import type { KernelDecomposition } from '../experiments/singular-values/decompose.ts'
import type { TrainerState } from '../training/trainer.ts'
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
  readonly store: ResultStore
  readonly pacing: Pacing
  readonly emit: (event: LabEvent) => void
  readonly stages: Stages
  /** Singular value decompositions of the kernels at the checkpoint, computed when first asked for. */
  readonly kernels: () => readonly KernelDecomposition[]
  /** Provenance of a result, given samples, seed and seconds. */
  readonly provenance: (samples: number, seed: number, seconds: number) => Provenance
}

/** What is stored of an analysis at the checkpoint, or null. */
export async function storedArtifact<T>(context: AnalysisContext, settings: Analysis, index: number): Promise<T | null> {
  const stored = await context.store.get<T>(keyOf(context, settings))
  return stored === null ? null : reindexed(stored, index)
}

/** Stores a finished analysis of the checkpoint. */
export function storeArtifact(context: AnalysisContext, settings: Analysis, artifact: object): Promise<void> {
  return context.store.put(keyOf(context, settings), artifact)
}

function keyOf({ trainingKey, state, experiment }: AnalysisContext, settings: Analysis): string {
  return analysisKey(trainingKey, state.position.epoch, settings, experiment)
}

/** The position of an analysis in the list is not part of its key: a stored one may have moved. */
function reindexed<T>(artifact: T, index: number): T {
  const { result } = artifact as { readonly result: object }
  return { ...artifact, result: { ...result, analysis: index } }
}

/** Tells how far a job is and how long it will still take. */
export function progressReporter(emit: AnalysisContext['emit'], stage: 'measurement' | 'analyses', pacing: Pacing) {
  const start = pacing.now()
  return ({ what, step, of }: StepProgress): void => {
    const secondsLeft = step > 0 ? (((pacing.now() - start) / step) * (of - step)) / 1000 : null
    emit({ type: 'progress', progress: { stage, what, step, of, secondsLeft } })
  }
}
