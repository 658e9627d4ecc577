import type { Analysis, Experiment } from '../../src/contracts/experiment.ts'
import { LabError } from '../../src/contracts/errors.ts'
import type { CheckResult, LabResult, OverlapResult, Provenance } from '../../src/contracts/results.ts'
import type { LabEvent } from '../../src/contracts/session.ts'
import type { Pacing } from '../experiments/deps.ts'
import { decomposeKernels, type KernelDecomposition } from '../experiments/singular-values/decompose.ts'
import type { Linalg } from '../linalg/linalg.ts'
import type { TrainerState } from '../training/trainer.ts'
import type { Artifact, ArtifactKind, ArtifactKinds, Artifacts } from './analysis-artifacts.ts'
import { isTooLarge, keyOf, storeArtifact, storedArtifact, type AnalysisContext } from './analysis-context.ts'
import { kindsOf, RUN } from './analysis-kinds.ts'
import { asLabError } from './errors.ts'
import { reshapeOf } from './keys.ts'
import { runOverlaps } from './overlap-stage.ts'
import { provenanceOf } from './provenance.ts'
import type { Stages } from './stages.ts'
import type { DerivedStatistics } from './statistics-stage.ts'
import type { ResultStore } from './store.ts'
import type { TrainingRun } from './training-run.ts'
import type { Workbench } from './workbench.ts'

export interface AnalysisSetup {
  readonly experiment: Experiment
  readonly bench: Workbench
  readonly run: TrainingRun
  readonly store: ResultStore
  readonly stages: Stages
  readonly emit: (event: LabEvent) => void
  readonly dataset: { readonly name: string; readonly hash: string }
  readonly appVersion: string
  /** What was analysed before: what still belongs to the settings is taken from there. */
  readonly earlier: AnalysisStage | null
  readonly linalg: () => Promise<Linalg>
  readonly gpu: () => Promise<GPU | null>
}

/** The analyses of an experiment at one checkpoint, in the order of the list; what follows from several of them last. */
export class AnalysisStage implements Artifacts {
  overlaps: readonly OverlapResult[] = []
  private derived: readonly DerivedStatistics[] = []
  private readonly checks = new Map<number, CheckResult>()
  private readonly artifacts = new Map<number, Artifact>()
  /** The same by the key of their settings. */
  private readonly byKey = new Map<string, Artifact>()
  private readonly atHand: ReadonlyMap<string, Artifact>
  private context: AnalysisContext | null = null

  private readonly setup: Omit<AnalysisSetup, 'earlier'>

  /** The earlier stage itself is let go of, or every stage would keep all before it. */
  constructor({ earlier, ...setup }: AnalysisSetup) {
    this.setup = setup
    this.atHand = earlier?.everything() ?? new Map()
  }

  get hasResults(): boolean {
    return this.artifacts.size > 0
  }

  /** Epoch of the checkpoint that was looked at last; null before. */
  get epoch(): number | null {
    return this.context?.state.position.epoch ?? null
  }

  of<K extends ArtifactKind>(kind: K): readonly ArtifactKinds[K][] {
    const ordered = [...this.artifacts.entries()].sort(([a], [b]) => a - b).map(([, artifact]) => artifact)
    return ordered.filter((artifact): artifact is ArtifactKinds[K] => artifact.result.kind === kind)
  }

  /**
   * Computes (or restores) everything at a checkpoint. Partial results stay when it is stopped; when an analysis
   * cannot be done the others still are, and its error is thrown at the end.
   */
  async runAll(epoch: number, pacing: Pacing): Promise<void> {
    const { experiment, stages } = this.setup
    const context = this.open(epoch, pacing)
    const failures: LabError[] = []
    const attempt = (work: Promise<void>): Promise<unknown> => work.catch((error: unknown) => failures.push(bearable(error)))
    const all = async (): Promise<void> => {
      for (const [index, analysis] of experiment.analyses.entries()) {
        if (!pacing.signal.aborted) await attempt(this.runOne(context, index, analysis))
      }
      if (!pacing.signal.aborted) await attempt(this.derive(context))
      if (failures.length > 0) throw failures[0]
    }
    await stages.run('analyses', all, () => (pacing.signal.aborted ? 'paused' : 'done'))
  }

  /** Shows what is stored of the analyses at a checkpoint. Returns the kinds of result that are still to be computed. */
  async restore(epoch: number, pacing: Pacing): Promise<readonly LabResult['kind'][]> {
    const { experiment, run, stages } = this.setup
    if (!run.started) return kindsOf(experiment.analyses)
    const context = this.open(epoch, pacing)
    const missing: Analysis[] = []
    for (const [index, analysis] of experiment.analyses.entries()) {
      if (!(await this.restoreOne(context, index, analysis))) missing.push(analysis)
    }
    if (!this.hasResults) return kindsOf(experiment.analyses)
    if (this.of('principalComponents').length > 0) stages.set('measurement', 'done', { restored: true })
    if (missing.length > 0) return kindsOf(missing)
    try {
      await this.derive(context)
      stages.set('analyses', 'done', { restored: true })
    } catch (error) {
      stages.fail('analyses', bearable(error))
    }
    return []
  }

  /** Recomputes the overlaps after another kernel was chosen. */
  async refreshOverlaps(experiment: Experiment, pacing: Pacing): Promise<void> {
    if (this.context !== null && this.overlaps.length > 0) this.overlaps = await runOverlaps({ ...this.context, experiment, pacing }, this)
  }

  /** Every result there is, for export. */
  results(): readonly LabResult[] {
    return [...[...this.artifacts.values()].map(({ result }) => result), ...this.overlaps, ...this.derived, ...this.checks.values()]
  }

  /** Compares the result of an analysis with what is independent of it. Throws a `LabError` where there is none. */
  async check(index: number, pacing: Pacing): Promise<void> {
    const artifact = this.artifacts.get(index)
    if (this.context === null || artifact === undefined) throw noResult(index)
    const { runCheck } = await import('./check-stage.ts')
    const result = await runCheck({ ...this.context, pacing }, index, artifact)
    if (result !== null) this.checks.set(index, result)
  }

  private everything(): ReadonlyMap<string, Artifact> {
    return this.byKey
  }

  private async derive(context: AnalysisContext): Promise<void> {
    this.overlaps = await runOverlaps(context, this)
    const { runStatistics } = await import('./statistics-stage.ts')
    this.derived = await runStatistics(context, this, (index, artifact) => this.holdMeasured(context, index, artifact))
  }

  /** Vectors that are too many to be stored are stored as what was measured on them. */
  private async holdMeasured(context: AnalysisContext, index: number, artifact: Artifact): Promise<void> {
    this.hold(context, index, artifact)
    if (isTooLarge(artifact) && isComplete(artifact)) await storeArtifact(context, this.setup.experiment.analyses[index], artifact)
  }

  private async runOne(context: AnalysisContext, index: number, analysis: Analysis): Promise<void> {
    this.keep(context, index, await RUN[analysis.kind](context, index, analysis))
  }

  private async restoreOne(context: AnalysisContext, index: number, analysis: Analysis): Promise<boolean> {
    this.keep(context, index, await storedArtifact(context, analysis, index))
    return this.artifacts.has(index)
  }

  private keep(context: AnalysisContext, index: number, artifact: Artifact | null): void {
    if (artifact === null) return
    this.hold(context, index, artifact)
    this.setup.emit({ type: 'result', result: artifact.result })
  }

  private hold(context: AnalysisContext, index: number, artifact: Artifact): void {
    this.artifacts.set(index, artifact)
    if (isComplete(artifact)) this.byKey.set(keyOf(context, this.setup.experiment.analyses[index]), artifact)
  }

  private open(epoch: number, pacing: Pacing): AnalysisContext {
    const { experiment, bench, run, store, emit, stages, linalg, gpu, dataset, appVersion } = this.setup
    const stateAt = (wanted: number): TrainerState => {
      const state = run.checkpoints.get(wanted)
      if (state === null) throw new LabError('not-ready', `There is no checkpoint of epoch ${wanted}; there are ${describeEpochs(run.checkpoints.epochs)}.`, 'Train first, or choose another epoch.')
      return state
    }
    const state = stateAt(epoch)
    const provenance = (samples: number, seed: number, seconds: number): Provenance => provenanceOf({ engine: bench.engine, dataset, appVersion }, epoch, samples, seed, seconds)
    const kernels = decomposedOnce(bench, state, experiment)
    this.context = { bench, experiment, trainingKey: run.key, state, stateAt, store, atHand: this.atHand, pacing, emit, stages, linalg, gpu, kernels, provenance }
    return this.context
  }
}

/** The error of an analysis that cannot be checked because it has not been done. */
export function noResult(index: number): LabError {
  return new LabError('not-ready', `Analysis ${index + 1} has no result to check.`, 'Run it first.')
}

/** What was stopped on the way is shown, but never taken for the result. */
function isComplete({ result }: Artifact): boolean {
  const isStopped = 'outcome' in result && result.outcome === 'cancelled'
  const lacksOther = 'compared' in result && result.compared === null && result.settings.compare !== null
  return !isStopped && !lacksOther
}

function describeEpochs(epochs: readonly number[]): string {
  return epochs.length === 0 ? 'none' : epochs.length <= 4 ? epochs.join(', ') : `${epochs[0]} to ${epochs[epochs.length - 1]}`
}

/** What the other analyses survive. A lost device is lost for all of them. */
function bearable(error: unknown): LabError {
  const known = asLabError(error)
  if (known.code === 'device-lost') throw known
  return known
}

function decomposedOnce(bench: Workbench, state: TrainerState, experiment: Experiment): AnalysisContext['kernels'] {
  const usual = reshapeOf(experiment)
  const found = new Map<string, readonly KernelDecomposition[]>()
  return (reshape = usual) => {
    const kernels = found.get(reshape) ?? decomposeKernels(bench.network, state.weights, reshape)
    found.set(reshape, kernels)
    return kernels
  }
}
