import { LabError } from '../../src/contracts/errors.ts'
import type { DatasetName, Experiment, SettingChange } from '../../src/contracts/experiment.ts'
import type { DataPreview, LabResult, NetworkSketch } from '../../src/contracts/results.ts'
import type {
  DownloadStatus,
  EngineChoice,
  FileInput,
  FileOutput,
  InspectOptions,
  LabEvent,
  LabListener,
  LabSession,
  OpenOptions,
  StepUnit,
  WeightsFormat,
} from '../../src/contracts/session.ts'
import type { Dataset } from '../data/dataset.ts'
import type { Engine } from '../engine/engine.ts'
import type { SessionEnvironment } from './environment.ts'
import { Downloads } from './downloads.ts'
import { asLabError } from './errors.ts'
import { ExperimentHost } from './experiment-host.ts'
import { Jobs, type JobKind } from './jobs.ts'
import { previewData, sameNumbers, sameTraining } from './setup.ts'

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
  private readonly downloads: Downloads
  /** The data set that the user's files hold, until it is used or others are read. */
  private inspected: Dataset | null = null

  constructor(private readonly environment: SessionEnvironment) {
    this.downloads = new Downloads(environment.now, (event) => this.emit(event))
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

  check(analysis: number): Promise<void> {
    return this.compute((signal) => this.host.check(analysis, signal))
  }

  pause(): Promise<void> {
    return this.jobs.stop('compute')
  }

  cancel(): Promise<void> {
    return this.jobs.stop('compute')
  }

  reset(): Promise<void> {
    void this.jobs.stop('compute')
    return this.setup((signal) => this.host.reset(signal))
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

  /** Files that cannot be read leave everything as it is, a running job included. */
  async inspectData(files: readonly FileInput[], options: InspectOptions): Promise<DataPreview> {
    try {
      const { readDataFiles } = await import('../data/read-data-files.ts')
      this.inspected = readDataFiles(files, options)
      return previewData(this.inspected)
    } catch (error) {
      throw asLabError(error)
    }
  }

  async adoptData(): Promise<void> {
    const dataset = this.inspected
    this.need()
    if (dataset === null) throw new LabError('not-ready', 'No data file has been read.', 'Drop the files first.')
    this.host.assertFits(dataset)
    void this.jobs.stop('compute')
    await this.setup((signal) => this.host.adoptData(dataset, signal))
  }

  async previewData(): Promise<DataPreview | null> {
    return this.host.previewData()
  }

  downloadStatus(name: DatasetName): Promise<DownloadStatus | null> {
    return this.downloads.status(name, this.host.source)
  }

  download(name: DatasetName): Promise<void> {
    return this.downloads.start(name, this.host.source)
  }

  async cancelDownload(): Promise<void> {
    this.downloads.cancel()
  }

  removeDownload(name: DatasetName): Promise<void> {
    return this.downloads.remove(name, this.host.source)
  }

  async sketchNetwork(experiment: Experiment): Promise<NetworkSketch> {
    return this.host.sketchNetwork(experiment)
  }

  async importWeights(files: readonly FileInput[]): Promise<void> {
    const { readOwnWeights } = await import('./imports.ts')
    const imported = readOwnWeights(files, this.host.network, this.host.networkSettings)
    void this.jobs.stop('compute')
    await this.setup((signal) => this.host.adoptWeights(imported, files.map(({ name }) => name).join(', '), signal))
  }

  async exportWeights(format: WeightsFormat): Promise<FileOutput> {
    try {
      return await this.host.exportWeights(format)
    } catch (error) {
      throw asLabError(error)
    }
  }

  async exportRun(): Promise<FileOutput> {
    return this.host.exportRun()
  }

  async exportResult(kind: LabResult['kind'], overlap: string | null): Promise<FileOutput> {
    return this.host.exportResult(kind, overlap)
  }

  async dispose(): Promise<void> {
    this.downloads.cancel()
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
