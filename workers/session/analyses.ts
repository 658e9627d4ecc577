import type { Analysis, Experiment } from '../../src/contracts/experiment.ts'
import { LabError } from '../../src/contracts/errors.ts'
import type { LabResult, OverlapResult, Provenance } from '../../src/contracts/results.ts'
import type { LabEvent } from '../../src/contracts/session.ts'
import type { Pacing } from '../experiments/deps.ts'
import { decomposeKernels, type KernelDecomposition } from '../experiments/singular-values/decompose.ts'
import type { TrainerState } from '../training/trainer.ts'
import type { Artifacts, ComponentsArtifact, SingularArtifact, SpectrumArtifact } from './analysis-artifacts.ts'
import { storedArtifact, type AnalysisContext } from './analysis-context.ts'
import { runPrincipalComponents } from './components-stage.ts'
import { asLabError } from './errors.ts'
import { runHessian } from './hessian-stage.ts'
import { runOverlaps } from './overlap-stage.ts'
import { runSingularValues } from './singular-values-stage.ts'
import type { Stages } from './stages.ts'
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
}

/** The analyses of an experiment at one checkpoint, in the order of the list, overlaps last. */
export class AnalysisStage implements Artifacts {
  readonly spectra = new Map<number, SpectrumArtifact>()
  readonly components = new Map<number, ComponentsArtifact>()
  readonly singular = new Map<number, SingularArtifact>()
  overlaps: readonly OverlapResult[] = []
  private context: AnalysisContext | null = null

  constructor(private readonly setup: AnalysisSetup) {}

  get hasResults(): boolean {
    return this.spectra.size + this.components.size + this.singular.size > 0
  }

  /** Epoch of the checkpoint that was looked at last; null before. */
  get epoch(): number | null {
    return this.context?.state.position.epoch ?? null
  }

  /**
   * Computes (or restores) everything at a checkpoint. Partial results stay when it is stopped; when an analysis
   * cannot be done the others still are, and its error is thrown at the end.
   */
  async runAll(epoch: number, pacing: Pacing): Promise<void> {
    const { experiment, stages } = this.setup
    const context = this.open(epoch, pacing)
    const failures: LabError[] = []
    const all = async (): Promise<void> => {
      for (const [index, analysis] of experiment.analyses.entries()) {
        if (!pacing.signal.aborted) await this.runOne(context, index, analysis).catch((error: unknown) => failures.push(bearable(error)))
      }
      if (!pacing.signal.aborted) this.overlaps = await runOverlaps(context, this)
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
      if (analysis.kind !== 'singularValues' && !(await this.restoreOne(context, index, analysis))) missing.push(analysis)
    }
    // Singular values are never stored; they come back with what is.
    const alone = this.spectra.size + this.components.size === 0
    if (alone) return kindsOf(experiment.analyses)
    for (const [index, analysis] of experiment.analyses.entries()) if (analysis.kind === 'singularValues') await this.runOne(context, index, analysis)
    if (this.components.size > 0) stages.set('measurement', 'done', { restored: true })
    if (missing.length > 0) return kindsOf(missing)
    this.overlaps = await runOverlaps(context, this)
    stages.set('analyses', 'done', { restored: true })
    return []
  }

  /** Recomputes the overlaps after another kernel was chosen. */
  async refreshOverlaps(experiment: Experiment, pacing: Pacing): Promise<void> {
    if (this.context !== null && this.overlaps.length > 0) this.overlaps = await runOverlaps({ ...this.context, experiment, pacing }, this)
  }

  /** Every result there is, for export. */
  results(): readonly LabResult[] {
    const single = [...this.singular.values(), ...this.spectra.values(), ...this.components.values()].map(({ result }) => result)
    return [...single, ...this.overlaps]
  }

  private async runOne(context: AnalysisContext, index: number, analysis: Analysis): Promise<void> {
    switch (analysis.kind) {
      case 'singularValues':
        return this.keep(this.singular, index, runSingularValues(context, index, analysis))
      case 'hessian':
        return this.keep(this.spectra, index, await runHessian(context, index, analysis))
      case 'principalComponents':
        return this.keep(this.components, index, await runPrincipalComponents(context, index, analysis))
    }
  }

  private async restoreOne(context: AnalysisContext, index: number, analysis: Analysis): Promise<boolean> {
    if (analysis.kind === 'hessian') this.keep(this.spectra, index, await storedArtifact<SpectrumArtifact>(context, analysis, index))
    else this.keep(this.components, index, await storedArtifact<ComponentsArtifact>(context, analysis, index))
    return this.spectra.has(index) || this.components.has(index)
  }

  private keep<T extends { readonly result: LabResult }>(into: Map<number, T>, index: number, artifact: T | null): void {
    if (artifact === null) return
    into.set(index, artifact)
    this.setup.emit({ type: 'result', result: artifact.result })
  }

  private open(epoch: number, pacing: Pacing): AnalysisContext {
    const { experiment, bench, run, store, emit, stages } = this.setup
    const state = run.checkpoints.get(epoch)
    if (state === null) throw new LabError('not-ready', `There is no checkpoint of epoch ${epoch}.`, 'Train first, or choose another epoch on the timeline.')
    const provenance = (samples: number, seed: number, seconds: number): Provenance => this.provenance(epoch, samples, seed, seconds)
    const kernels = decomposedOnce(bench, state)
    this.context = { bench, experiment, trainingKey: run.key, state, store, pacing, emit, stages, kernels, provenance }
    return this.context
  }

  private provenance(epoch: number, samples: number, seed: number, seconds: number): Provenance {
    const { bench, dataset, appVersion } = this.setup
    const { label, precision, numericalVersion, bitExact } = bench.engine.info
    const engine = { engine: label, precision, numericalVersion, bitExact }
    return { dataset: dataset.name, datasetHash: dataset.hash, samples, seed, ...engine, epoch, seconds, appVersion }
  }
}

/** Kinds of result that follow from analyses: overlaps need all of them. */
export function kindsOf(analyses: readonly Analysis[]): readonly LabResult['kind'][] {
  const kinds = analyses.map(({ kind }): LabResult['kind'] => (kind === 'hessian' ? 'spectrum' : kind))
  return analyses.length === 0 ? [] : [...new Set([...kinds, 'overlap' as const])]
}

/** What the other analyses survive. A lost device is lost for all of them. */
function bearable(error: unknown): LabError {
  const known = asLabError(error)
  if (known.code === 'device-lost') throw known
  return known
}

function decomposedOnce(bench: Workbench, state: TrainerState): () => readonly KernelDecomposition[] {
  let found: readonly KernelDecomposition[] | null = null
  return () => (found ??= decomposeKernels(bench.network, state.weights))
}
