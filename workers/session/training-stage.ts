import type { Experiment } from '../../src/contracts/experiment.ts'
import type { TrainingUpdate } from '../../src/contracts/results.ts'
import type { LabEvent } from '../../src/contracts/session.ts'
import { isLabErrorData } from '../../src/contracts/errors.ts'
import { restful, type Pacing } from '../experiments/deps.ts'
import { CPU_CHUNK, GPU_CHUNK, train, type TrainTarget } from '../experiments/training/train.ts'
import type { Burst } from '../training/trainer.ts'
import type { MonitorRun } from './monitor-run.ts'
import type { TrainingRun } from './training-run.ts'
import type { Workbench } from './workbench.ts'

/** Milliseconds between two updates of the page while training. */
const UPDATE_INTERVAL = 200

/** Milliseconds between two saves of a run that goes on. */
const SAVE_INTERVAL = 4000

export interface TrainingContext {
  readonly bench: Workbench
  readonly run: TrainingRun
  readonly experiment: () => Experiment
  readonly pacing: Pacing
  readonly emit: (event: LabEvent) => void
  /** Follows the curvature, where that is asked for. */
  readonly monitor: MonitorRun | null
}

/** Trains a run towards a target, telling how it goes; goes back to the last good checkpoint when it diverges. */
export async function runTraining(context: TrainingContext, target: TrainTarget): Promise<void> {
  const { bench, run, pacing, monitor } = context
  const reporter = new TrainingReporter(context)
  const begun = pacing.now()
  const chunk = bench.engine.info.name === 'webgpu' ? GPU_CHUNK : CPU_CHUNK
  const rest = restful(pacing)
  try {
    if (!run.started) {
      await run.checkpoint(rest)
      reporter.epochEnded()
    }
    let saved = pacing.now()
    const onEpoch = async (): Promise<void> => {
      await run.checkpoint(rest)
      reporter.epochEnded()
      if (pacing.now() - saved < SAVE_INTERVAL) return
      await run.save()
      saved = pacing.now()
    }
    await train(bench.trainer, target, { onBurst: (burst, speed) => reporter.burst(burst, speed), onEpoch, looks: monitor }, pacing, chunk)
  } catch (error) {
    if (isLabErrorData(error) && error.code === 'diverged') run.backToLastCheckpoint()
    throw error
  } finally {
    run.seconds += (pacing.now() - begun) / 1000
    await run.save()
    await monitor?.save()
    reporter.flush()
  }
}

/** Collects batch losses and sends updates at most five times a second. */
export class TrainingReporter {
  private losses: Float32Array[] = []
  private firstStep = 0
  private speed = 0
  private last = -Infinity

  constructor(private readonly context: Pick<TrainingContext, 'bench' | 'run' | 'experiment' | 'emit' | 'pacing'>) {}

  burst(burst: Burst, millisecondsPerStep: number): void {
    if (this.losses.length === 0) this.firstStep = burst.firstStep
    this.losses.push(burst.losses)
    this.speed = this.speed === 0 ? millisecondsPerStep : 0.8 * this.speed + 0.2 * millisecondsPerStep
    if (this.context.pacing.now() - this.last > UPDATE_INTERVAL) this.send(false)
  }

  epochEnded(): void {
    const { run, emit } = this.context
    this.send(true)
    emit({ type: 'checkpoints', epochs: run.checkpoints.epochs })
  }

  /** Sends what is left, with the whole history. */
  flush(): void {
    this.send(true)
  }

  private send(withHistory: boolean): void {
    const { bench, run, experiment, emit, pacing } = this.context
    const { trainer } = bench
    const update: TrainingUpdate = {
      epoch: trainer.epochsDone,
      step: trainer.position.step,
      epochs: experiment().training.epochs,
      stepsPerEpoch: trainer.stepsPerEpoch,
      learningRate: trainer.settings.learningRate,
      millisecondsPerStep: this.speed,
      batches: this.losses.length === 0 ? null : { firstStep: this.firstStep, losses: concatenate(this.losses) },
      history: withHistory ? run.history : null,
      fingerprint: run.fingerprint,
    }
    this.losses = []
    this.last = pacing.now()
    emit({ type: 'training', update })
  }
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
