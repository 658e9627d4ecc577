import type { Analysis, Experiment } from '../../src/contracts/experiment.ts'
import type { LabResult, OverlapResult, Provenance } from '../../src/contracts/results.ts'
import type { LabEvent } from '../../src/contracts/session.ts'
import { LabError } from '../../src/contracts/errors.ts'
import type { Pacing } from '../experiments/deps.ts'
import type { ComponentsArtifact, SingularArtifact, SpectrumArtifact } from './analysis-artifacts.ts'
import { runHessian, runPrincipalComponents, runSingularValues, type AnalysisContext } from './analysis-stage.ts'
import { analysisKey } from './keys.ts'
import { runOverlaps } from './overlap-stage.ts'
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
export class AnalysisStage {
  readonly spectra = new Map<number, SpectrumArtifact>()
  readonly components = new Map<number, ComponentsArtifact>()
  readonly singular = new Map<number, SingularArtifact>()
  overlaps: readonly OverlapResult[] = []
  private epoch = 0

  constructor(private readonly setup: AnalysisSetup) {}

  get hasResults(): boolean {
    return this.spectra.size + this.components.size + this.singular.size > 0
  }

  /** Runs (or restores) everything at a checkpoint. Partial results stay when it is stopped. */
  async runAll(epoch: number, pacing: Pacing): Promise<void> {
    const { experiment, stages } = this.setup
    const context = this.open(epoch, pacing)
    await stages.run(
      'analyses',
      async () => {
        for (const [index, analysis] of experiment.analyses.entries()) {
          if (!pacing.signal.aborted) await this.runOne(context, index, analysis)
        }
        if (!pacing.signal.aborted) this.overlaps = await runOverlaps(context, this.artifacts)
      },
      () => (pacing.signal.aborted ? 'paused' : 'done'),
    )
  }

  /** Shows what is stored of every analysis. True when nothing is missing. */
  async restore(epoch: number): Promise<boolean> {
    const { experiment, run, store, stages } = this.setup
    if (!run.started) return false
    const keys = experiment.analyses.filter(({ kind }) => kind !== 'singularValues').map((analysis) => analysisKey(run.key, epoch, analysis, experiment))
    const stored = await Promise.all(keys.map((key) => store.get(key)))
    if (stored.length === 0 || stored.includes(null)) return false
    const never = new AbortController().signal
    await this.runAll(epoch, { signal: never, now: () => performance.now(), breathe: () => Promise.resolve() })
    for (const stage of ['measurement', 'analyses'] as const) stages.set(stage, 'done', { restored: true })
    return true
  }

  /** Recomputes the overlaps after another kernel was chosen. */
  async refreshOverlaps(pacing: Pacing): Promise<void> {
    if (this.hasResults) this.overlaps = await runOverlaps(this.open(this.epoch, pacing), this.artifacts)
  }

  /** Every result there is, for export. */
  results(): readonly LabResult[] {
    const single = [...this.singular.values(), ...this.spectra.values(), ...this.components.values()].map(({ result }) => result)
    return [...single, ...this.overlaps]
  }

  private get artifacts() {
    return { epoch: this.epoch, spectra: this.spectra, components: this.components, singular: this.singular }
  }

  private async runOne(context: AnalysisContext, index: number, analysis: Analysis): Promise<void> {
    const { emit, stages } = this.setup
    switch (analysis.kind) {
      case 'singularValues': {
        const artifact = runSingularValues(context, index, analysis)
        this.singular.set(index, artifact)
        emit({ type: 'result', result: artifact.result })
        return
      }
      case 'hessian': {
        const outcome = await runHessian(context, index, analysis)
        if (outcome === null) return
        this.spectra.set(index, outcome.artifact)
        emit({ type: 'result', result: outcome.artifact.result })
        return
      }
      case 'principalComponents': {
        stages.set('measurement', 'running')
        const outcome = await runPrincipalComponents(context, index, analysis).catch((error: unknown) => {
          stages.set('measurement', 'failed')
          throw error
        })
        if (outcome === null) return stages.set('measurement', 'paused')
        if (outcome.restored) stages.set('measurement', 'done', { restored: true })
        this.components.set(index, outcome.artifact)
        emit({ type: 'result', result: outcome.artifact.result })
      }
    }
  }

  private open(epoch: number, pacing: Pacing): AnalysisContext {
    const { experiment, bench, run, store, emit } = this.setup
    const state = run.checkpoints.get(epoch)
    if (state === null) throw new LabError('not-ready', `There is no checkpoint of epoch ${epoch}.`, 'Train first, or choose another epoch on the timeline.')
    this.epoch = epoch
    const provenance = (samples: number, seed: number, seconds: number): Provenance => this.provenance(samples, seed, seconds)
    return { bench, experiment, trainingKey: run.key, state, store, pacing, emit, provenance }
  }

  private provenance(samples: number, seed: number, seconds: number): Provenance {
    const { bench, dataset, appVersion } = this.setup
    const { label, precision, numericalVersion, bitExact } = bench.engine.info
    const engine = { engine: label, precision, numericalVersion, bitExact }
    return { dataset: dataset.name, datasetHash: dataset.hash, samples, seed, ...engine, epoch: this.epoch, seconds, appVersion }
  }
}
