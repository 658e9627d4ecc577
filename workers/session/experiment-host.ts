import { LabError } from '../../src/contracts/errors.ts'
import type { Experiment, NetworkSettings, SettingChange, View } from '../../src/contracts/experiment.ts'
import type { DataPreview, LabResult, NetworkSketch } from '../../src/contracts/results.ts'
import type { EngineChoice, FileOutput, LabEvent, OpenOptions, StepUnit, WeightsFormat } from '../../src/contracts/session.ts'
import type { Dataset } from '../data/dataset.ts'
import type { Engine } from '../engine/engine.ts'
import type { Pacing } from '../experiments/deps.ts'
import type { TrainTarget } from '../experiments/training/train.ts'
import type { Linalg } from '../linalg/linalg.ts'
import type { Network } from '../networks/network.ts'
import { AnalysisStage, noResult } from './analyses.ts'
import { kindsOf } from './analysis-kinds.ts'
import { Announcer } from './announcer.ts'
import type { SessionEnvironment } from './environment.ts'
import type { ByteSource } from '../data/source.ts'
import { measuredRate } from './estimates.ts'
import { exportResult, exportRun, type RunExport } from './export-run.ts'
import { exportWeights } from './export-weights.ts'
import type { ImportedWeights } from './imports.ts'
import { changedDuringRun, extended } from './mid-run.ts'
import { FollowedCurvature } from './followed-curvature.ts'
import { Preparation, speedOf, type Prepared } from './preparation.ts'
import { RunKeeper } from './run-keeper.ts'
import { equal, imageShape, previewData } from './setup.ts'
import { dataShape, sketchNetwork } from './sketch.ts'
import { Stages } from './stages.ts'
import { runTraining } from './training-stage.ts'
import type { TrainingRun } from './training-run.ts'

/** Everything that is there once an experiment is open. */
interface Present extends Prepared {
  readonly experiment: Experiment
  readonly run: TrainingRun
}

/**
 * One experiment: what is prepared for it, its run and analyses, and what becomes of them when settings change. Knows
 * nothing of jobs: its methods are called one after the other, except those that act at once.
 */
export class ExperimentHost {
  private readonly stages: Stages
  private readonly announcer: Announcer
  private readonly preparation: Preparation
  private readonly runs: RunKeeper
  private experiment: Experiment | null = null
  private analyses: AnalysisStage | null = null
  private linalg: Promise<Linalg> | null = null
  private readonly curvature: FollowedCurvature

  constructor(
    private readonly environment: SessionEnvironment,
    private readonly emit: (event: LabEvent) => void,
    onEngine: (engine: Engine) => void,
  ) {
    this.stages = new Stages(emit, environment.now)
    this.announcer = new Announcer(emit, this.stages)
    this.preparation = new Preparation(environment, this.stages, this.announcer, emit, onEngine)
    this.runs = new RunKeeper(environment.store)
    this.curvature = new FollowedCurvature(environment, emit, this.stages)
  }

  get network(): Network {
    return this.need().bench.network
  }

  /** The settings that the network was built from. */
  get networkSettings(): NetworkSettings {
    return this.prepared().experiment.network
  }

  /** The engine in use. */
  get engine(): Engine | null {
    return this.preparation.present?.chosen.engine ?? null
  }

  get isTraining(): boolean {
    return this.stages.state('training') === 'running'
  }

  /** Opens an experiment from scratch; stored results of it come back. */
  async open(experiment: Experiment, options: OpenOptions, signal: AbortSignal): Promise<void> {
    this.preparation.openWith(options)
    this.runs.clear()
    for (const stage of ['training', 'measurement', 'analyses'] as const) this.stages.set(stage, 'idle')
    this.analyses = null
    this.curvature.clear()
    this.experiment = experiment
    await this.rebuild(signal)
  }

  /** New settings; what does not depend on the changed ones stays. */
  async update(experiment: Experiment, signal: AbortSignal): Promise<void> {
    const before = this.opened()
    this.experiment = experiment
    if (!this.preparation.serves(experiment)) await this.rebuild(signal)
    else if (!equal(before, experiment)) await this.takeUp(signal)
  }

  /** Acts at once: the view decides no number. True when another kernel is to be shown. */
  setView(view: View): boolean {
    const experiment = this.opened()
    this.experiment = { ...experiment, view }
    return view.kernel !== experiment.view.kernel
  }

  /** Acts at once, while training runs: settings of what comes after it. */
  setLaterStages({ measurement, analyses, monitor, statistics, seeds, view }: Experiment): void {
    this.experiment = { ...this.opened(), measurement, analyses, monitor, statistics, seeds, view }
    this.announceEstimates()
  }

  async train(signal: AbortSignal): Promise<void> {
    await this.trainTo({ epochs: this.opened().training.epochs }, signal)
  }

  /** Beyond the last epoch the settings are extended, so that they still describe the run. */
  async step(unit: StepUnit, signal: AbortSignal): Promise<void> {
    const { bench, experiment } = this.need()
    const epochs = bench.trainer.position.epoch + 1
    if (epochs > experiment.training.epochs) {
      this.replace(extended(experiment, epochs))
      this.runs.reach = epochs
    }
    await this.trainTo({ epochs, steps: unit === 'batch' ? 1 : Infinity }, signal)
  }

  /** Measures and analyses at a checkpoint: by its epoch, null for the last of training. */
  async analyse(checkpoint: number | null, signal: AbortSignal): Promise<void> {
    if (!this.need().run.started) await this.trainTo({ epochs: 0 }, signal)
    const present = this.need()
    await this.curvature.catchUp(present, this.pacing(signal))
    const analyses = this.createAnalyses(present)
    this.analyses = analyses
    try {
      await analyses.runAll(this.checkpointEpoch(present, checkpoint), this.pacing(signal))
    } finally {
      this.announceEstimates()
    }
    if (this.opened().view.kernel !== present.experiment.view.kernel) await this.refreshOverlaps(signal)
  }

  /** Compares a result with what is independent of it. */
  async check(index: number, signal: AbortSignal): Promise<void> {
    if (this.analyses === null) throw noResult(index)
    await this.analyses.check(index, this.pacing(signal))
  }

  async analyseAtView(signal: AbortSignal): Promise<void> {
    await this.analyse(this.opened().view.checkpoint, signal)
  }

  /** The overlaps with the kernel that the view asks for. */
  async refreshOverlaps(signal: AbortSignal): Promise<void> {
    await this.analyses?.refreshOverlaps(this.opened(), this.pacing(signal))
  }

  /** Back to the initial weights. */
  async reset(signal: AbortSignal): Promise<void> {
    const prepared = this.need()
    const run = await this.runs.restart(prepared, prepared.experiment)
    this.announcer.run(run, prepared.bench, prepared.experiment, speedOf(prepared))
    this.outdateAnalyses()
    await this.curvature.restore({ ...prepared, run }, this.pacing(signal))
    this.announceEstimates()
  }

  /** Acts at once: from the next step on that is not under way. Recorded in the experiment. */
  change(change: Omit<SettingChange, 'step'>): void {
    const present = this.need()
    const { experiment, bench, run } = present
    const changed = changedDuringRun(experiment, run.started ? bench.trainer.nextStep : null, change)
    bench.trainer.configure(changed.training, changed.seeds)
    this.replace(changed)
    this.runs.rekey(present, changed)
    this.outdateAnalyses()
    this.announceEstimates()
  }

  /** Stores where the run stands. */
  async save(): Promise<void> {
    await this.runs.present?.save()
  }

  /** Another engine; when it is not to be had, the present one stays. */
  async chooseEngine(choice: EngineChoice, signal: AbortSignal): Promise<void> {
    if (await this.preparation.chooseEngine(choice, this.opened())) await this.rebuild(signal)
  }

  /** A lost device: goes on from the last checkpoint on another engine. Nothing when the engine is not in use. */
  async recover(engine: Engine, reason: string, signal: AbortSignal): Promise<void> {
    if (this.engine !== engine) return
    this.announcer.notice('error', `The graphics device was lost (${reason}).`, 'The lab goes on from the last checkpoint on another engine.')
    this.preparation.giveUpEngine(engine, reason)
    this.runs.carryOver()
    await this.rebuild(signal)
  }

  /** Throws when the present network cannot take a data set. */
  assertFits(dataset: Dataset): void {
    this.preparation.assertFits(dataset, this.opened())
  }

  async adoptData(dataset: Dataset, signal: AbortSignal): Promise<void> {
    this.replace(this.preparation.adoptData(dataset, this.opened()))
    await this.rebuild(signal)
  }

  async adoptWeights(imported: ImportedWeights, name: string, signal: AbortSignal): Promise<void> {
    this.preparation.adoptWeights(imported)
    await this.rebuild(signal)
    this.announcer.notice('info', `Started from the weights of ${name}; the link does not carry them.`)
  }

  exportRun(): FileOutput {
    return exportRun(this.runExport())
  }

  exportWeights(format: WeightsFormat): Promise<FileOutput> {
    const { dataset, bench } = this.need()
    return exportWeights(format, this.runExport(), dataset, bench.engine)
  }

  /** Samples of the data set in use. */
  previewData(): DataPreview | null {
    const { present } = this.preparation
    return present === null ? null : previewData(present.dataset)
  }

  /** A network that may never be built, with what it would cost. */
  sketchNetwork(experiment: Experiment): NetworkSketch {
    const { present } = this.preparation
    const [input, classes] = present === null ? [[28, 28, 1] as const, 10] : [imageShape(present.dataset), present.dataset.classes]
    const speed = present === null ? null : speedOf(present)
    const rate = present === null ? null : measuredRate(present.bench.network, present.bench.trainer.settings.batchSize, speed)
    return sketchNetwork(experiment, { data: dataShape(experiment.dataset, { input, classes }), rate })
  }

  /** Where data come from. */
  get source(): ByteSource {
    return this.preparation.source
  }

  exportResult(kind: LabResult['kind'], overlap: string | null): FileOutput {
    return exportResult(this.analyses, this.curvature.result, kind, overlap)
  }

  dispose(): void {
    void this.linalg?.then((opened) => opened.dispose()).catch(() => undefined)
    this.preparation.dispose()
  }

  /** Dense linear algebra, started when it is first needed. */
  private openLinalg(): Promise<Linalg> {
    const { linalgThreads } = this.environment
    const cores = this.preparation.cores
    const threads = linalgThreads && { cores: Math.min(linalgThreads.cores, cores), start: () => linalgThreads.start() }
    this.linalg ??= import('../linalg/linalg.ts').then(({ openLinalg }) => openLinalg(threads))
    return this.linalg
  }

  private runExport(): RunExport {
    const { experiment, run, bench, dataset, chosen } = this.need()
    return { experiment, run, network: bench.network, dataset, analyses: this.analyses, curvature: this.curvature.result, engine: chosen.status, appVersion: this.environment.appVersion }
  }

  private async rebuild(signal: AbortSignal): Promise<void> {
    await this.runs.release()
    await this.preparation.build(this.opened(), signal)
    await this.takeUp(signal)
  }

  /** The run and the results of the present settings: those at hand, stored ones, or none yet. */
  private async takeUp(signal: AbortSignal): Promise<void> {
    const experiment = this.opened()
    const prepared = this.prepared()
    const { run, found } = await this.runs.takeUp(prepared, experiment)
    const present = { ...prepared, experiment, run }
    // An earlier run stays visible, marked, while the new one has not begun.
    if (found === 'new' && this.stages.state('training') !== 'idle') this.announcer.staleTraining()
    else if (found !== 'kept') this.announcer.run(run, prepared.bench, experiment, speedOf(prepared))
    await this.restoreAnalyses(present, signal)
    await this.orAnalysesFail(this.curvature.restore(present, this.pacing(signal)))
    try {
      this.announcer.estimates(experiment, prepared.bench, speedOf(prepared))
    } catch (error) {
      this.stages.fail('analyses', error)
      throw error
    }
  }

  private async restoreAnalyses(present: Present, signal: AbortSignal): Promise<void> {
    const shown = this.analyses?.hasResults ?? false
    const analyses = this.createAnalyses(present)
    this.analyses = analyses
    const { view, analyses: wanted } = present.experiment
    const missing = present.run.started ? await analyses.restore(this.checkpointEpoch(present, view.checkpoint), this.pacing(signal)) : kindsOf(wanted)
    this.announcer.missing(missing, shown)
  }

  private async trainTo(target: TrainTarget, signal: AbortSignal): Promise<void> {
    const { bench, run, experiment } = this.need()
    if (run.started && bench.trainer.position.epoch >= target.epochs) return
    // What was found at the last checkpoint so far will not be about the last one any more.
    if (experiment.view.checkpoint === null) this.outdateAnalyses()
    const pacing = this.pacing(signal)
    const monitor = await this.orAnalysesFail(this.curvature.follow(this.need(), pacing))
    const context = { bench, run, experiment: () => this.opened(), pacing, emit: this.emit, monitor }
    const ended = () => (bench.trainer.position.epoch >= this.opened().training.epochs ? 'done' : 'paused')
    try {
      await this.stages.run('training', () => runTraining(context, target), ended)
    } finally {
      monitor?.dispose()
    }
    // What was followed may have been changed meanwhile.
    const present = this.need()
    if (!equal(present.experiment.monitor, experiment.monitor)) await this.curvature.restore(present, pacing)
    this.announceEstimates()
  }

  /** Curvature that cannot be followed is told as an analysis that cannot be done. */
  private async orAnalysesFail<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      this.stages.fail('analyses', error)
      throw error
    }
  }

  private outdateAnalyses(): void {
    const shown = this.analyses?.hasResults ?? false
    const present = this.need()
    this.analyses = this.createAnalyses(present)
    this.announcer.missing(kindsOf(present.experiment.analyses), shown)
  }

  private createAnalyses({ experiment, bench, run, dataset }: Present): AnalysisStage {
    const { environment, stages, emit } = this
    return new AnalysisStage({ experiment, bench, run, dataset, stages, emit, store: environment.store, appVersion: environment.appVersion, earlier: this.analyses, linalg: () => this.openLinalg(), gpu: environment.gpu })
  }

  /** The checkpoint asked for, else the last one that the settings reach. */
  private checkpointEpoch({ run, experiment }: Present, wanted: number | null): number {
    const { epochs } = run.checkpoints
    if (wanted !== null && epochs.includes(wanted)) return wanted
    const last = epochs.findLast((epoch) => epoch <= experiment.training.epochs) ?? 0
    if (wanted !== null) this.announcer.notice('warning', `There is no checkpoint of epoch ${wanted}; epoch ${last} is analysed instead.`)
    return last
  }

  /** Once open, a selection that does not fit is told by the analysis that needs it. */
  private announceEstimates(): void {
    const { preparation, experiment } = this
    if (preparation.present === null || experiment === null) return
    try {
      this.announcer.estimates(experiment, preparation.present.bench, speedOf(preparation.present))
    } catch (error) {
      if (!(error instanceof LabError)) throw error
    }
  }

  /** The session changes the experiment itself. */
  private replace(experiment: Experiment): void {
    this.experiment = experiment
    this.emit({ type: 'experiment', experiment })
  }

  private pacing(signal: AbortSignal): Pacing {
    return { signal, now: this.environment.now, breathe: this.environment.breathe }
  }

  private opened(): Experiment {
    if (this.experiment === null) throw notOpen()
    return this.experiment
  }

  private prepared(): Prepared {
    const { present } = this.preparation
    if (present === null) throw notOpen()
    return present
  }

  private need(): Present {
    const run = this.runs.present
    if (run === null) throw notOpen()
    return { ...this.prepared(), experiment: this.opened(), run }
  }
}

function notOpen(): LabError {
  return new LabError('not-ready', 'No experiment is open, or its data could not be loaded.', 'Open a preset or a link, and look at the data stage.')
}
