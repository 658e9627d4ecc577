import type { Experiment } from '../../src/contracts/experiment.ts'
import type { LabResult } from '../../src/contracts/results.ts'
import type { LabEvent } from '../../src/contracts/session.ts'
import { estimateCosts } from './estimates.ts'
import type { Stages } from './stages.ts'
import type { TrainingRun } from './training-run.ts'
import type { Workbench } from './workbench.ts'

/** Tells how an experiment stands when settings, not computations, have changed it. */
export class Announcer {
  constructor(
    private readonly emit: (event: LabEvent) => void,
    private readonly stages: Stages,
  ) {}

  notice(level: 'info' | 'warning' | 'error', message: string, remedy: string | null = null): void {
    this.emit({ type: 'notice', notice: { level, message, remedy } })
  }

  threadsLost(reason: string): void {
    this.notice('info', `A helper thread is gone (${reason}); loss and accuracy are read by those that are left, with the same result.`)
  }

  /** Where a run stands, with its whole history and the stage it is in. */
  run(run: TrainingRun, bench: Workbench, experiment: Experiment, millisecondsPerStep: number | null): void {
    const { trainer } = bench
    const { epochs } = experiment.training
    const progress = { epoch: trainer.epochsDone, step: trainer.position.step, epochs, stepsPerEpoch: trainer.stepsPerEpoch }
    const speed = { learningRate: trainer.settings.learningRate, millisecondsPerStep: millisecondsPerStep ?? 0 }
    this.emit({ type: 'training', update: { ...progress, ...speed, batches: null, history: run.history, fingerprint: run.fingerprint } })
    this.emit({ type: 'checkpoints', epochs: run.checkpoints.epochs })
    if (!run.started) return this.stages.set('training', 'idle')
    const state = trainer.position.epoch >= epochs ? 'done' : 'paused'
    this.stages.set('training', state, { seconds: run.seconds, restored: run.restored })
  }

  /** The page may keep what it shows of an earlier run; its checkpoints are out of reach. */
  staleTraining(): void {
    this.emit({ type: 'checkpoints', epochs: [] })
    this.stages.set('training', 'stale')
  }

  /**
   * Results of these kinds are not those of the settings any more, or not there yet.
   * @param shown whether there were any
   */
  missing(kinds: readonly LabResult['kind'][], shown: boolean): void {
    if (kinds.length === 0) return
    if (shown) this.emit({ type: 'stale', results: kinds })
    this.outdate('analyses', shown)
    if (kinds.includes('principalComponents')) this.outdate('measurement', shown)
  }

  /** What is still to do will cost. Throws a `LabError` when a selection is not part of the network. */
  estimates(experiment: Experiment, bench: Workbench, millisecondsPerStep: number | null): void {
    const context = { network: bench.network, trainSamples: bench.train.samples, epochsDone: bench.trainer.epochsDone, millisecondsPerStep }
    this.emit({ type: 'estimates', estimates: estimateCosts(experiment, context) })
  }

  private outdate(stage: 'analyses' | 'measurement', shown: boolean): void {
    const before = this.stages.state(stage)
    const state = shown || before === 'stale' ? 'stale' : 'idle'
    if (state !== before) this.stages.set(stage, state)
  }
}
