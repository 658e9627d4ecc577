import type { Experiment } from '../../src/contracts/experiment.ts'
import type { EngineChoice, LabEvent, OpenOptions } from '../../src/contracts/session.ts'
import type { Dataset } from '../data/dataset.ts'
import type { Engine } from '../engine/engine.ts'
import { buildNetwork, type Network } from '../networks/network.ts'
import type { ThreadSource } from '../parallel/thread.ts'
import type { Announcer } from './announcer.ts'
import type { ByteSource } from '../data/source.ts'
import { DataCache } from './data-cache.ts'
import { EngineChooser, type ChosenEngine } from './engine-choice.ts'
import type { SessionEnvironment } from './environment.ts'
import type { ImportedWeights, InitialState } from './imports.ts'
import { imageShape, sameBench, summariseData, summariseNetwork } from './setup.ts'
import type { Stages } from './stages.ts'
import { loadTrained } from './trained.ts'
import { Workbench } from './workbench.ts'

/** What is built for one data set, network and engine. */
export interface Prepared {
  /** The settings it was built for. */
  readonly experiment: Experiment
  readonly dataset: Dataset
  readonly chosen: ChosenEngine
  readonly bench: Workbench
  /** Hash of the weights from a file that the bench starts from; null for the initialiser's. */
  readonly importedWeights: string | null
}

/** Milliseconds of a training step on the chosen engine, null when it was not measured. */
export function speedOf({ chosen: { status } }: Prepared): number | null {
  return status.options.find(({ choice }) => choice === status.chosen)?.millisecondsPerStep ?? null
}

/** Brings data, engine and network together: the stages before training. */
export class Preparation {
  private readonly data = new DataCache()
  private readonly chooser: EngineChooser
  private options: OpenOptions = { engine: 'auto', dataUrl: '' }
  private imported: ImportedWeights | null = null
  private prepared: Prepared | null = null

  constructor(
    private readonly environment: SessionEnvironment,
    private readonly stages: Stages,
    private readonly announcer: Announcer,
    private readonly emit: (event: LabEvent) => void,
    private readonly onEngine: (engine: Engine) => void,
  ) {
    this.chooser = new EngineChooser(environment)
  }

  /** What is built, or null while nothing is or building failed. */
  get present(): Prepared | null {
    return this.prepared
  }

  /** Forgets imported weights: they belong to the experiment that was open. */
  openWith(options: OpenOptions): void {
    this.release()
    this.options = options
    this.imported = null
  }

  /** Where data come from. */
  get source(): ByteSource {
    return this.environment.data(this.options.dataUrl)
  }

  serves(experiment: Experiment): boolean {
    return this.prepared !== null && sameBench(this.prepared.experiment, experiment)
  }

  /** Loads the data, builds the network and chooses the engine; what was built before is given up. */
  async build(experiment: Experiment, signal: AbortSignal): Promise<Prepared> {
    this.release()
    const { source } = this
    const dataset = await this.stages.run('data', () => this.data.load(experiment.dataset, source, this.emit, signal))
    this.emit({ type: 'data', data: summariseData(dataset) })
    this.prepared = await this.stages.run('network', async () => {
      const network = buildNetwork(experiment.network, imageShape(dataset), dataset.classes)
      const given = await this.initialState(network, experiment, source, signal)
      const chosen = await this.chooser.choose(this.options.engine, network, experiment.training)
      this.announceEngine(chosen)
      const bench = await Workbench.create(chosen.engine, experiment, dataset, given?.values ?? null, this.threads, (reason) => this.announcer.threadsLost(reason))
      return { experiment, dataset, chosen, bench, importedWeights: given?.hash ?? null }
    })
    return this.prepared
  }

  /** Another engine, now or at the next build. Throws, changing nothing, when it is not to be had. True when it is another. */
  async chooseEngine(choice: EngineChoice, experiment: Experiment): Promise<boolean> {
    const { prepared } = this
    const chosen = prepared === null ? null : await this.chooser.choose(choice, prepared.bench.network, experiment.training)
    this.options = { ...this.options, engine: choice }
    if (prepared === null || chosen === null || chosen.engine !== prepared.chosen.engine) return true
    this.prepared = { ...prepared, chosen }
    this.announceEngine(chosen)
    return false
  }

  /** A device that is gone takes everything on it along; the automatic choice passes it over from now on. */
  giveUpEngine(engine: Engine, reason: string): void {
    this.prepared = null
    this.chooser.giveUp(engine, reason)
    this.options = { ...this.options, engine: 'auto' }
  }

  /** Throws when the network of an experiment cannot take a data set. */
  assertFits(dataset: Dataset, experiment: Experiment): void {
    buildNetwork(experiment.network, imageShape(dataset), dataset.classes)
  }

  /** The experiment with the user's data set in it. */
  adoptData(dataset: Dataset, experiment: Experiment): Experiment {
    return { ...experiment, dataset: this.data.adopt(dataset, experiment.dataset) }
  }

  /** Weights that replace the initialiser's from the next build on. */
  adoptWeights(imported: ImportedWeights): void {
    this.imported = imported
  }

  dispose(): void {
    this.release()
    this.chooser.dispose()
  }

  private release(): void {
    this.prepared?.bench.dispose()
    this.prepared = null
  }

  /** The user's weights, else the trained network that the settings name, else null for the initialiser. */
  private async initialState(network: Network, { training, network: settings }: Experiment, source: ByteSource, signal: AbortSignal): Promise<InitialState | null> {
    const imported = this.importedFor(network)
    const trained = imported === null && training.start !== null ? await loadTrained(training.start, network, settings, source, signal) : null
    this.emit({ type: 'network', network: summariseNetwork(network, trained?.card ?? null) })
    return imported ?? trained?.state ?? null
  }

  /** Processor cores that the caller leaves to this session. */
  get cores(): number {
    return this.options.cores ?? Infinity
  }

  /** Threads beside this one, no more than the caller leaves to this session. */
  private get threads(): ThreadSource | null {
    const { threads } = this.environment
    return threads && { cores: Math.min(threads.cores, this.cores), start: () => threads.start() }
  }

  private announceEngine(chosen: ChosenEngine): void {
    this.onEngine(chosen.engine)
    this.emit({ type: 'engine', engine: chosen.status })
  }

  private importedFor(network: Network): ImportedWeights | null {
    if (this.imported === null || this.imported.fits(network)) return this.imported
    this.announcer.notice('warning', `The imported weights do not fit the network ${network.description}.`, 'It starts from the initialiser; choose the former layers to use them.')
    return null
  }
}
