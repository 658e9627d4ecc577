import type { Experiment } from '../../src/contracts/experiment.ts'
import { featureCount, type Dataset, type DatasetSplit } from '../data/dataset.ts'
import type { Engine } from '../engine/engine.ts'
import { initialWeights } from '../networks/initialise.ts'
import { buildNetwork, type Network } from '../networks/network.ts'
import { freeData, uploadData, type ResidentData } from '../networks/resident-data.ts'
import type { Reading } from '../operators/evaluation.ts'
import { openCrew, openEvaluation, type Evaluator } from '../parallel/open-evaluation.ts'
import type { ThreadSource } from '../parallel/thread.ts'
import { imageShape } from './setup.ts'
import { Trainer } from '../training/trainer.ts'

/** Training samples on which loss and accuracy are read after every epoch. */
export const TRAIN_READING_SAMPLES = 10_000

/** Everything that is built for one data set, network and engine. */
export class Workbench {
  private constructor(
    readonly engine: Engine,
    readonly network: Network,
    /** The flat state before training: weights with running statistics behind them. */
    readonly initial: Float32Array,
    readonly train: ResidentData,
    private readonly test: ResidentData,
    readonly trainer: Trainer,
    private readonly trainReading: Evaluator,
    private readonly testReading: Evaluator,
    private readonly endThreads: () => void,
  ) {}

  /**
   * Uploads the data and compiles what every run needs; nothing stays allocated when it fails. `given` replaces the
   * initialiser's state. `threads` help with readings of loss and accuracy where that pays.
   */
  static async create(
    engine: Engine,
    experiment: Experiment,
    dataset: Dataset,
    given: Float32Array | null,
    threads: ThreadSource | null,
    onThreadFailure: (reason: string) => void,
  ): Promise<Workbench> {
    const features = featureCount(dataset)
    const network = buildNetwork(experiment.network, imageShape(dataset), dataset.classes)
    const initial = given ?? initialWeights(network, experiment.network.initialiser, experiment.seeds.initialisation)
    const undo: (() => void)[] = []
    const upload = ({ images, labels }: DatasetSplit, label: string): ResidentData => {
      const data = uploadData(engine, images, labels, features, label)
      undo.push(() => freeData(engine, data))
      return data
    }
    try {
      const train = upload(dataset.train, 'training')
      const test = upload(dataset.test, 'test')
      const trainer = new Trainer(engine, network, train, experiment.training, experiment.seeds)
      undo.push(() => trainer.dispose())
      const subset = { ...train, samples: Math.min(train.samples, TRAIN_READING_SAMPLES) }
      const crew = threads && openCrew(threads, engine, network, Math.max(subset.samples, test.samples), onThreadFailure)
      const endThreads = (): void => crew?.dispose()
      undo.push(endThreads)
      const trainReading = await openEvaluation(engine, network, trainer.weights, subset, crew)
      undo.push(() => trainReading.dispose())
      const testReading = await openEvaluation(engine, network, trainer.weights, test, crew)
      return new Workbench(engine, network, initial, train, test, trainer, trainReading, testReading, endThreads)
    } catch (error) {
      for (const release of undo.reverse()) release()
      throw error
    }
  }

  /** Loss and accuracy at the trainer's present weights. */
  async read(rest?: () => Promise<void>): Promise<{ readonly train: Reading; readonly test: Reading }> {
    return { train: await this.trainReading.evaluate(rest), test: await this.testReading.evaluate(rest) }
  }

  dispose(): void {
    this.trainReading.dispose()
    this.testReading.dispose()
    this.endThreads()
    this.trainer.dispose()
    freeData(this.engine, this.train)
    freeData(this.engine, this.test)
  }
}
