import type { Experiment, MonitorSettings } from '../../src/contracts/experiment.ts'
import type { CurvatureSeriesResult, Provenance } from '../../src/contracts/results.ts'
import type { LabEvent } from '../../src/contracts/session.ts'
import { stabilityLimit } from '../../src/contracts/stability.ts'
import { CurvatureMonitor, type MonitorMemory } from '../experiments/curvature/monitor.ts'
import { seriesOf, type Look } from '../experiments/curvature/series.ts'
import type { MatrixDeps } from '../experiments/deps.ts'
import type { Looks } from '../experiments/training/train.ts'
import { settingsAt } from '../training/schedule.ts'
import type { Position, TrainerState } from '../training/trainer.ts'
import { decayAt } from './analysis-context.ts'
import { monitorKey } from './keys.ts'
import type { ResultStore } from './store.ts'
import type { Workbench } from './workbench.ts'

/** What is stored of the curvature that was followed. */
interface Stored {
  readonly looks: readonly Look[]
  readonly memory: MonitorMemory | null
  readonly seconds: number
}

export interface MonitorSetup {
  readonly experiment: Experiment
  readonly settings: MonitorSettings
  readonly bench: Workbench
  /** Keys of the training run, the present one first, then those before settings were changed while it was under way. */
  readonly trainingKeys: () => readonly string[]
  readonly store: ResultStore
  readonly deps: MatrixDeps
  readonly emit: (event: LabEvent) => void
  readonly provenance: (samples: number, seed: number, seconds: number) => Provenance
}

/** The curvature along one run: looks while it trains, and what is kept of them. */
export class MonitorRun implements Looks {
  private readonly monitor: CurvatureMonitor
  private seconds = 0

  private constructor(private readonly setup: MonitorSetup) {
    const { deps, bench, settings, experiment } = setup
    this.monitor = new CurvatureMonitor(deps, bench.trainer.weights, settings, experiment.seeds.probes)
  }

  /** Takes up what is stored of the same run up to a step, and tells it. */
  static async open(setup: MonitorSetup, upToStep: number): Promise<MonitorRun> {
    const run = new MonitorRun(setup)
    for (const key of setup.trainingKeys()) {
      const stored = await setup.store.get<Stored>(monitorKey(key, setup.experiment))
      if (stored === null) continue
      run.monitor.restore(stored.looks, stored.memory, upToStep)
      run.seconds = stored.seconds
      break
    }
    if (run.hasLooks) run.tell()
    return run
  }

  get hasLooks(): boolean {
    return this.monitor.looks.length > 0
  }

  async at(step: number): Promise<void> {
    if (this.monitor.isDue(step)) await this.look(this.setup.bench.trainer.position, this.setup.bench.trainer.epochsDone)
  }

  stepsUntil(step: number): number {
    return this.monitor.stepsUntilDue(step)
  }

  /** Looks at checkpoints of a run that is over, in order; stops when the signal says so. */
  async lookAt(states: readonly TrainerState[], onState: (done: number) => void): Promise<void> {
    const { bench, deps } = this.setup
    const present = await bench.trainer.snapshot()
    try {
      for (const [i, state] of states.entries()) {
        if (deps.pacing.signal.aborted) return
        bench.trainer.restore(state)
        await this.look(state.position, state.position.epoch)
        onState(i + 1)
      }
    } finally {
      bench.trainer.restore(present)
    }
    await this.save()
  }

  async save(): Promise<void> {
    const { trainingKeys, experiment, store } = this.setup
    if (!this.hasLooks) return
    const stored: Stored = { looks: this.monitor.looks, memory: this.monitor.remembered, seconds: this.seconds }
    await store.put(monitorKey(trainingKeys()[0], experiment), stored)
  }

  result(): CurvatureSeriesResult {
    const { settings, bench, provenance, experiment } = this.setup
    const samples = Math.min(settings.samples, bench.train.samples)
    return {
      kind: 'curvature',
      settings,
      dimension: this.monitor.size,
      largest: Math.min(settings.largest, this.monitor.size),
      ...seriesOf(this.monitor.looks),
      provenance: provenance(samples, experiment.seeds.probes, this.seconds),
    }
  }

  dispose(): void {
    this.monitor.dispose()
  }

  private async look(position: Position, epoch: number): Promise<void> {
    const { experiment, deps } = this.setup
    const { training } = experiment
    const start = deps.pacing.now()
    const { learningRate } = settingsAt(training, position.epoch, position.step)
    const done = await this.monitor.look({
      step: position.step,
      epoch,
      decay: decayAt(experiment, { position }),
      stabilityLimit: stabilityLimit(training.optimiser, training.momentum, learningRate),
    })
    this.seconds += (deps.pacing.now() - start) / 1000
    if (done) this.tell()
  }

  private tell(): void {
    this.setup.emit({ type: 'result', result: this.result() })
  }
}
