import type { Experiment } from '../../src/contracts/experiment.ts'
import type { CurvatureSeriesResult, Provenance } from '../../src/contracts/results.ts'
import type { LabEvent } from '../../src/contracts/session.ts'
import type { Pacing } from '../experiments/deps.ts'
import { matrixDeps, progressReporter } from './analysis-context.ts'
import type { SessionEnvironment } from './environment.ts'
import type { MonitorRun } from './monitor-run.ts'
import { provenanceOf } from './provenance.ts'
import type { Stages } from './stages.ts'
import type { TrainingRun } from './training-run.ts'
import type { Workbench } from './workbench.ts'

/** What a run that is followed belongs to. */
export interface FollowedSubject {
  readonly experiment: Experiment
  readonly bench: Workbench
  readonly run: TrainingRun
  readonly dataset: { readonly name: string; readonly hash: string }
}

/** The curvature along the run of an experiment: followed while it trains, looked up at its checkpoints, or brought back. */
export class FollowedCurvature {
  /** The latest series; null before the first look. */
  result: CurvatureSeriesResult | null = null

  constructor(
    private readonly environment: Pick<SessionEnvironment, 'store' | 'appVersion'>,
    private readonly emit: (event: LabEvent) => void,
    private readonly stages: Stages,
  ) {}

  clear(): void {
    this.result = null
  }

  /** Something to look at a run while it trains; null when that is not asked for. The caller disposes of it. */
  async follow(subject: FollowedSubject, pacing: Pacing): Promise<MonitorRun | null> {
    return this.open(subject, pacing, subject.bench.trainer.position.step)
  }

  /** Tells what is stored of the run; says that what is shown belongs to earlier settings when there is nothing. */
  async restore(subject: FollowedSubject, pacing: Pacing): Promise<void> {
    const shown = this.result
    this.result = null
    const monitor = await this.follow(subject, pacing)
    monitor?.dispose()
    if (shown !== null && this.result === null) this.emit({ type: 'stale', results: ['curvature'] })
  }

  /** Looks at the checkpoints of a run that was not followed while it trained. */
  async catchUp(subject: FollowedSubject, pacing: Pacing): Promise<void> {
    const monitor = await this.follow(subject, pacing)
    if (monitor === null) return
    const { checkpoints } = subject.run
    const states = checkpoints.epochs.map((epoch) => checkpoints.get(epoch)).filter((state) => state !== null)
    const onProgress = progressReporter(this.emit, 'analyses', pacing)
    try {
      if (monitor.hasLooks) return
      await this.stages.run('analyses', () => monitor.lookAt(states, (step) => onProgress({ what: `Curvature at checkpoint ${step} of ${states.length}`, step, of: states.length })))
    } finally {
      monitor.dispose()
    }
  }

  private async open({ experiment, bench, run, dataset }: FollowedSubject, pacing: Pacing, upToStep: number): Promise<MonitorRun | null> {
    const { monitor: settings } = experiment
    if (settings === null) return null
    const { store, appVersion } = this.environment
    const provenance = (samples: number, seed: number, seconds: number): Provenance =>
      provenanceOf({ engine: bench.engine, dataset, appVersion }, bench.trainer.position.epoch, samples, seed, seconds)
    const emit = (event: LabEvent): void => {
      if (event.type === 'result' && event.result.kind === 'curvature') this.result = event.result
      this.emit(event)
    }
    const { MonitorRun } = await import('./monitor-run.ts')
    return MonitorRun.open({ experiment, settings, bench, trainingKeys: () => run.keys, store, deps: matrixDeps({ bench, pacing }), emit, provenance }, upToStep)
  }
}
