import { LabError } from '../../src/contracts/errors.ts'
import type { Experiment, SettingChange } from '../../src/contracts/experiment.ts'
import type { LabResult } from '../../src/contracts/results.ts'
import type { EngineChoice, FileInput, FileOutput, LabEvent, LabListener, LabSession, OpenOptions, StepUnit } from '../../src/contracts/session.ts'
import type { Engine } from '../engine/engine.ts'
import type { SessionEnvironment } from './environment.ts'
import { asLabError } from './errors.ts'
import { ExperimentHost } from './experiment-host.ts'
import { readOwnData, readOwnWeights } from './imports.ts'
import { Jobs, type JobKind } from './jobs.ts'
import { sameNumbers, sameTraining } from './setup.ts'

type Work = (signal: AbortSignal) => Promise<void>

/** A lab: one experiment at a time on one engine. Everything it does is told to the listener. */
export function createSession(environment: SessionEnvironment): LabSession {
  return new Session(environment)
}

/** Puts what is asked for in order: which call waits, which stops what, which acts at once. */
class Session implements LabSession {
  private listener: LabListener = () => undefined
  private readonly jobs = new Jobs()
  private readonly host: ExperimentHost
  private readonly watched = new WeakSet<Engine>()
  /** The experiment asked for last, which the host may still have to take up. */
  private wanted: Experiment | null = null

  constructor(private readonly environment: SessionEnvironment) {
    this.host = new ExperimentHost(environment, (event) => this.emit(event), (engine) => this.watch(engine))
  }

  async connect(listener: LabListener): Promise<void> {
    this.listener = listener
    const reason = await this.environment.store.volatileBecause()
    if (reason !== null) this.emit({ type: 'notice', notice: { level: 'warning', message: reason, remedy: null } })
  }

  open(experiment: Experiment, options: OpenOptions): Promise<void> {
    this.wanted = experiment
    void this.jobs.stop()
    return this.setup((signal) => this.host.open(experiment, options, signal))
  }

  async update(experiment: Experiment): Promise<void> {
    const before = this.need()
    this.wanted = experiment
    if (sameNumbers(before, experiment)) return this.updateView(experiment)
    if (this.host.isTraining && sameTraining(before, experiment)) return this.host.setLaterStages(experiment)
    void this.jobs.stop('compute')
    await this.setup((signal) => this.host.update(this.wanted ?? experiment, signal))
  }

  runAll(): Promise<void> {
    return this.compute(async (signal) => {
      await this.host.train(signal)
      if (!signal.aborted) await this.host.analyseAtView(signal)
    })
  }

  train(): Promise<void> {
    return this.compute((signal) => this.host.train(signal))
  }

  step(unit: StepUnit): Promise<void> {
    return this.compute((signal) => this.host.step(unit, signal))
  }

  analyse(checkpoint: number | null): Promise<void> {
    return this.compute((signal) => this.host.analyse(checkpoint, signal))
  }

  pause(): Promise<void> {
    return this.jobs.stop('compute')
  }

  cancel(): Promise<void> {
    return this.jobs.stop('compute')
  }

  reset(): Promise<void> {
    void this.jobs.stop('compute')
    return this.setup(() => this.host.reset())
  }

  async change(change: Omit<SettingChange, 'step'>): Promise<void> {
    this.host.change(change)
    // A running job stores the run when it ends.
    if (this.jobs.idle) await this.setup(() => this.host.save())
  }

  chooseEngine(choice: EngineChoice): Promise<void> {
    void this.jobs.stop('compute')
    return this.setup((signal) => this.host.chooseEngine(choice, signal))
  }

  /** A file that cannot be read leaves everything as it is, a running job included. */
  async importData(file: FileInput): Promise<void> {
    this.need()
    const dataset = readOwnData(file)
    this.host.assertFits(dataset)
    void this.jobs.stop('compute')
    await this.setup((signal) => this.host.adoptData(dataset, signal))
  }

  async importWeights(file: FileInput): Promise<void> {
    const imported = readOwnWeights(file, this.host.network)
    void this.jobs.stop('compute')
    await this.setup((signal) => this.host.adoptWeights(imported, file.name, signal))
  }

  async exportRun(): Promise<FileOutput> {
    return this.host.exportRun()
  }

  async exportResult(kind: LabResult['kind'], overlap: string | null): Promise<FileOutput> {
    return this.host.exportResult(kind, overlap)
  }

  async dispose(): Promise<void> {
    await this.jobs.stop()
    this.host.dispose()
  }

  private async updateView({ view }: Experiment): Promise<void> {
    const kernelChanged = this.host.setView(view)
    if (kernelChanged && this.jobs.idle) await this.compute((signal) => this.host.refreshOverlaps(signal))
  }

  private setup(work: Work): Promise<void> {
    return this.job('setup', work)
  }

  /** Computations survive the loss of a device: they go on where the host has recovered to. */
  private compute(work: Work): Promise<void> {
    return this.job('compute', async (signal) => {
      const { engine } = this.host
      try {
        await work(signal)
      } catch (error) {
        const { code, message } = asLabError(error)
        if (code !== 'device-lost' || engine === null) throw error
        await this.host.recover(engine, message, signal)
        if (!signal.aborted) await work(signal)
      }
    })
  }

  /** One job after the other; what it throws arrives as a `LabError`. */
  private async job(kind: JobKind, work: Work): Promise<void> {
    try {
      await this.jobs.run(kind, work)
    } catch (error) {
      throw asLabError(error)
    } finally {
      if (this.jobs.idle) this.emit({ type: 'idle' })
    }
  }

  /** A device that is lost while nothing runs, or that a running job has not noticed. */
  private watch(engine: Engine): void {
    if (this.watched.has(engine)) return
    this.watched.add(engine)
    void engine.lost.then((reason) => this.setup((signal) => this.host.recover(engine, reason, signal)).catch(() => undefined))
  }

  private need(): Experiment {
    if (this.wanted === null) throw new LabError('not-ready', 'No experiment is open.', 'Open a preset or a link first.')
    return this.wanted
  }

  private emit(event: LabEvent): void {
    if (event.type === 'experiment') this.wanted = event.experiment
    this.listener(event)
  }
}
