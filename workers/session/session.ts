import { LabError } from '../../src/contracts/errors.ts'
import type { Experiment, SettingChange } from '../../src/contracts/experiment.ts'
import type { EngineChoice, EngineStatus, FileInput, FileOutput, LabEvent, LabListener, LabSession, OpenOptions, StepUnit } from '../../src/contracts/session.ts'
import type { LabResult } from '../../src/contracts/results.ts'
import { featureCount, type Dataset } from '../data/dataset.ts'
import type { Engine } from '../engine/engine.ts'
import type { Pacing } from '../experiments/deps.ts'
import { buildNetwork } from '../networks/network.ts'
import { AnalysisStage } from './analyses.ts'
import { EngineChooser } from './engine-choice.ts'
import type { SessionEnvironment } from './environment.ts'
import { asLabError } from './errors.ts'
import { estimateCosts } from './estimates.ts'
import { exportResult, exportRun } from './export-run.ts'
import { readOwnData, readOwnWeights, type ImportedWeights } from './imports.ts'
import { Jobs } from './jobs.ts'
import { trainingKey } from './keys.ts'
import { loadData, sameBench, summariseData, summariseNetwork } from './setup.ts'
import { Stages } from './stages.ts'
import { changedTraining } from '../training/schedule.ts'
import { runTraining } from './training-stage.ts'
import { TrainingRun } from './training-run.ts'
import { Workbench } from './workbench.ts'

/** A lab: one experiment at a time on one engine. Everything it does is told to the listener. */
export function createSession(environment: SessionEnvironment): LabSession {
  return new Session(environment)
}

class Session implements LabSession {
  private listener: LabListener = () => undefined
  private readonly jobs = new Jobs()
  private readonly stages: Stages
  private readonly chooser: EngineChooser
  private experiment: Experiment | null = null
  private options: OpenOptions = { engine: 'auto', dataUrl: '' }
  private ownData: Dataset | null = null
  private imported: ImportedWeights | null = null
  private dataset: Dataset | null = null
  private engine: { readonly engine: Engine; readonly status: EngineStatus } | null = null
  private bench: Workbench | null = null
  private run: TrainingRun | null = null
  private analyses: AnalysisStage | null = null
  private millisecondsPerStep: number | null = null

  constructor(private readonly environment: SessionEnvironment) {
    this.stages = new Stages((event) => this.emit(event), environment.now)
    this.chooser = new EngineChooser(environment)
  }

  async connect(listener: LabListener): Promise<void> {
    this.listener = listener
    const reason = await this.environment.store.volatileBecause()
    if (reason !== null) this.notice('warning', reason)
  }

  async open(experiment: Experiment, options: OpenOptions): Promise<void> {
    await this.jobs.stop()
    await this.job(async (signal) => {
      this.options = options
      this.experiment = experiment
      await this.rebuild(signal)
    })
  }

  async update(experiment: Experiment): Promise<void> {
    const before = this.experiment
    if (before === null) throw notOpen()
    if (this.jobs.busy && decidesNumbers(before, experiment)) await this.jobs.stop()
    await this.job(async (signal) => {
      this.experiment = experiment
      if (this.bench === null || !sameBench(before, experiment)) await this.rebuild(signal)
      else await this.rerun()
      if (before.view.kernel !== experiment.view.kernel) await this.analyses?.refreshOverlaps(this.pacing(signal))
    })
  }

  async runAll(): Promise<void> {
    await this.job(async (signal) => {
      await this.trainTo(this.need().experiment.training.epochs, Infinity, signal)
      if (!signal.aborted) await this.analyseAt(this.need().experiment.view.checkpoint, signal)
    })
  }

  async train(): Promise<void> {
    await this.job((signal) => this.trainTo(this.need().experiment.training.epochs, Infinity, signal))
  }

  async step(unit: StepUnit): Promise<void> {
    await this.job((signal) => {
      const { trainer } = this.need().bench
      const epoch = trainer.position.epoch + 1
      return this.trainTo(epoch, unit === 'batch' ? 1 : Infinity, signal)
    })
  }

  async analyse(checkpoint: number | null): Promise<void> {
    await this.job((signal) => this.analyseAt(checkpoint, signal))
  }

  pause(): Promise<void> {
    return this.jobs.stop()
  }

  cancel(): Promise<void> {
    return this.jobs.stop()
  }

  async reset(): Promise<void> {
    await this.jobs.stop()
    await this.job(async () => {
      this.startRun(this.need().experiment, this.need().bench)
      this.announceRun()
      this.stages.set('training', 'idle')
      this.markStale()
    })
  }

  /** Takes effect between two bursts of the running job; never waits for its end. */
  change(change: Omit<SettingChange, 'step'>): Promise<void> {
    const { experiment, bench, run } = this.need()
    const step = bench.trainer.position.step
    const training = changedTraining(experiment.training, run.started ? step : null, change)
    const changed = { ...experiment, training }
    this.experiment = changed
    bench.trainer.configure(training, experiment.seeds)
    run.rekey(this.runKey(changed, bench))
    this.emit({ type: 'experiment', experiment: changed })
    this.announceEstimates()
    return Promise.resolve()
  }

  async chooseEngine(choice: EngineChoice): Promise<void> {
    await this.jobs.stop()
    await this.job(async (signal) => {
      this.options = { ...this.options, engine: choice }
      await this.rebuild(signal)
    })
  }

  async importData(file: FileInput): Promise<void> {
    const dataset = readOwnData(file)
    await this.jobs.stop()
    await this.job(async (signal) => {
      this.ownData = dataset
      const { experiment } = this.opened()
      const samples = { trainSamples: dataset.train.count, testSamples: dataset.test.count }
      this.experiment = { ...experiment, dataset: { name: 'own', ...samples } }
      this.emit({ type: 'experiment', experiment: this.experiment })
      await this.rebuild(signal)
    })
  }

  async importWeights(file: FileInput): Promise<void> {
    const { bench } = this.need()
    const imported = readOwnWeights(file, bench.network)
    await this.jobs.stop()
    await this.job(async (signal) => {
      this.imported = imported
      await this.rebuild(signal)
      this.notice('info', `Started from the weights of ${file.name}; the link does not carry them.`)
    })
  }

  exportRun(): Promise<FileOutput> {
    const { experiment, run, bench } = this.need()
    const status = this.engine?.status ?? null
    return Promise.resolve(exportRun({ experiment, run, network: bench.network, weights: run.lastWeights(), analyses: this.analyses, engine: status, appVersion: this.environment.appVersion }))
  }

  exportResult(kind: LabResult['kind'], overlap: string | null): Promise<FileOutput> {
    return Promise.resolve(exportResult(this.analyses, kind, overlap))
  }

  async dispose(): Promise<void> {
    await this.jobs.stop()
    this.bench?.dispose()
    this.chooser.dispose()
  }

  /** Data, engine, network and run from scratch; stored results of the same experiment come back. */
  private async rebuild(signal: AbortSignal): Promise<void> {
    const { experiment } = this.opened()
    const had = this.analyses?.hasResults ?? false
    this.bench?.dispose()
    this.bench = null
    this.run = null
    const source = this.environment.data(this.options.dataUrl)
    const dataset = await this.stages.run('data', () => loadData(experiment.dataset, this.ownData, source, (event) => this.emit(event), signal))
    this.dataset = dataset
    this.emit({ type: 'data', data: summariseData(dataset) })
    await this.stages.run('network', async () => {
      const network = buildNetwork(experiment.network, featureCount(dataset), dataset.classes)
      this.emit({ type: 'network', network: summariseNetwork(network) })
      const chosen = await this.chooser.choose(this.options.engine, network, experiment.training)
      if (this.engine?.engine !== chosen.engine) this.watch(chosen.engine)
      this.engine = chosen
      const measured = chosen.status.options.find(({ choice }) => choice === chosen.status.chosen)?.millisecondsPerStep
      this.millisecondsPerStep = measured ?? null
      this.emit({ type: 'engine', engine: chosen.status })
      const weights = this.imported?.fits(network) === true ? this.imported.weights : null
      this.bench = await Workbench.create(chosen.engine, experiment, dataset, weights)
    })
    await this.rerun(had)
  }

  /** Takes up the run of the present settings: the one going on, a stored one, or a new one. */
  private async rerun(hadResults = this.analyses?.hasResults ?? false): Promise<void> {
    const { experiment } = this.opened()
    const { bench } = this
    if (bench === null) return
    if (this.run?.key !== this.runKey(experiment, bench)) {
      const before = this.run
      await before?.save()
      this.startRun(experiment, bench)
      const resumed = (await this.run?.resume()) === true
      if (resumed || before === null) this.announceRun()
      if (before?.started === true && !resumed) this.stages.set('training', 'stale')
    }
    bench.trainer.configure(experiment.training, experiment.seeds)
    this.analyses = this.createAnalyses(experiment, bench)
    this.announceTrainingStage()
    const restored = await this.analyses.restore(this.checkpointEpoch(experiment.view.checkpoint))
    if (!restored && hadResults) this.markStale()
    this.announceEstimates()
  }

  private startRun(experiment: Experiment, bench: Workbench): void {
    bench.trainer.configure(experiment.training, experiment.seeds)
    this.run = new TrainingRun(this.runKey(experiment, bench), bench, this.environment.store)
    this.run.start()
  }

  private async trainTo(epochs: number, steps: number, signal: AbortSignal): Promise<void> {
    const { bench, run } = this.need()
    const pacing = this.pacing(signal)
    const context = { bench, run, experiment: () => this.need().experiment, pacing, emit: (event: LabEvent) => this.emit(event) }
    if (run.started && bench.trainer.position.epoch >= epochs) return
    await this.stages.run(
      'training',
      () => runTraining(context, { epochs, steps }),
      () => (bench.trainer.position.epoch >= this.need().experiment.training.epochs ? 'done' : 'paused'),
    )
    this.announceEstimates()
  }

  private async analyseAt(checkpoint: number | null, signal: AbortSignal): Promise<void> {
    const { run, experiment, bench } = this.need()
    if (!run.started) await this.trainTo(0, 0, signal)
    this.analyses = this.createAnalyses(experiment, bench)
    await this.analyses.runAll(this.checkpointEpoch(checkpoint), this.pacing(signal))
    this.announceEstimates()
  }

  private createAnalyses(experiment: Experiment, bench: Workbench): AnalysisStage {
    return new AnalysisStage({
      experiment,
      bench,
      run: this.need().run,
      store: this.environment.store,
      stages: this.stages,
      emit: (event) => this.emit(event),
      dataset: this.dataset === null ? { name: '', hash: '' } : this.dataset,
      appVersion: this.environment.appVersion,
    })
  }

  private checkpointEpoch(wanted: number | null): number {
    const epochs = this.run?.checkpoints.epochs ?? []
    const last = epochs.at(-1) ?? 0
    if (wanted === null || epochs.includes(wanted)) return wanted ?? last
    this.notice('warning', `There is no checkpoint of epoch ${wanted}; epoch ${last} is analysed instead.`)
    return last
  }

  private runKey(experiment: Experiment, bench: Workbench): string {
    const { numericalVersion } = bench.engine.info
    return trainingKey(experiment, { datasetHash: this.dataset?.hash ?? '', numericalVersion, importedWeights: this.imported?.hash ?? null })
  }

  private announceRun(): void {
    const { run, bench, experiment } = this.need()
    const { trainer } = bench
    const progress = { epoch: trainer.epochsDone, step: trainer.position.step, epochs: experiment.training.epochs, stepsPerEpoch: trainer.stepsPerEpoch }
    const speed = { learningRate: trainer.settings.learningRate, millisecondsPerStep: this.millisecondsPerStep ?? 0 }
    this.emit({ type: 'training', update: { ...progress, ...speed, batches: null, history: run.history, fingerprint: run.fingerprint } })
    this.emit({ type: 'checkpoints', epochs: run.checkpoints.epochs })
  }

  private announceTrainingStage(): void {
    const { run, bench, experiment } = this.need()
    if (!run.started) {
      if (this.stages.state('training') !== 'stale') this.stages.set('training', 'idle')
      return
    }
    const done = bench.trainer.position.epoch >= experiment.training.epochs
    this.stages.set('training', done ? 'done' : 'paused', { seconds: run.seconds, restored: true })
  }

  private announceEstimates(): void {
    const { bench, experiment } = this
    if (bench === null || experiment === null) return
    const context = { network: bench.network, trainSamples: bench.train.samples, epochsDone: bench.trainer.epochsDone, millisecondsPerStep: this.millisecondsPerStep }
    this.emit({ type: 'estimates', estimates: estimateCosts(experiment, context) })
  }

  private markStale(): void {
    this.emit({ type: 'stale', results: ['spectrum', 'singularValues', 'principalComponents', 'overlap'] })
    this.stages.set('measurement', 'stale')
    this.stages.set('analyses', 'stale')
  }

  private pacing(signal: AbortSignal): Pacing {
    return { signal, now: this.environment.now, breathe: this.environment.breathe }
  }

  /** One job after the other; what it throws arrives as a `LabError`. */
  private async job(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    try {
      await this.jobs.run(work)
    } catch (error) {
      throw asLabError(error)
    } finally {
      this.emit({ type: 'idle' })
    }
  }

  /** A lost device: say so, and go on from the last checkpoint on whatever engine is left. */
  private watch(engine: Engine): void {
    void engine.lost.then((reason) => {
      this.chooser.drop(engine)
      this.notice('error', `The graphics device was lost (${reason}).`, 'The lab goes on from the last checkpoint on another engine.')
      return this.chooseEngine('auto')
    })
  }

  private opened(): { readonly experiment: Experiment } {
    if (this.experiment === null) throw notOpen()
    return { experiment: this.experiment }
  }

  private need(): { readonly experiment: Experiment; readonly bench: Workbench; readonly run: TrainingRun } {
    const { experiment, bench, run } = this
    if (experiment === null || bench === null || run === null) throw notOpen()
    return { experiment, bench, run }
  }

  private notice(level: 'info' | 'warning' | 'error', message: string, remedy: string | null = null): void {
    this.emit({ type: 'notice', notice: { level, message, remedy } })
  }

  private emit(event: LabEvent): void {
    this.listener(event)
  }
}

function notOpen(): LabError {
  return new LabError('not-ready', 'No experiment is open, or its data could not be loaded.', 'Open a preset or a link, and look at the data stage.')
}

/** Whether a change of settings makes the running job pointless. */
function decidesNumbers(a: Experiment, b: Experiment): boolean {
  const { view: _viewA, ...numbersA } = a
  const { view: _viewB, ...numbersB } = b
  return JSON.stringify(numbersA) !== JSON.stringify(numbersB)
}
