import type { Experiment } from '../../src/contracts/experiment.ts'
import { featureCount, type Dataset, type DatasetSplit } from '../data/dataset.ts'
import type { Engine } from '../engine/engine.ts'
import { initialWeights } from '../networks/initialise.ts'
import { buildNetwork, type Network } from '../networks/network.ts'
import { freeData, uploadData, type ResidentData } from '../networks/resident-data.ts'
import type { BufferHandle } from '../engine/tensor.ts'
import type { MatrixOperator } from '../experiments/deps.ts'
import type { SelectedParameters } from '../networks/selection.ts'
import type { CurvatureOptions } from '../operators/curvature-recording.ts'
import type { Reading } from '../operators/evaluation.ts'
import type { Crew } from '../parallel/crew.ts'
import { openCurvature, openCurvatureCrew } from '../parallel/open-curvature.ts'
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
    /** The training samples on the host. */
    readonly host: DatasetSplit,
    readonly test: ResidentData,
    readonly trainer: Trainer,
    private readonly trainReading: Evaluator,
    private readonly testReading: Evaluator,
    private readonly crew: Crew | null,
    private readonly threads: ThreadSource | null,
    private readonly onThreadFailure: (reason: string) => void,
  ) {}

  /** Threads that share products, once there were products worth sharing. */
  private productCrew: Crew | null = null

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
      undo.push(() => crew?.dispose())
      const trainReading = await openEvaluation(engine, network, trainer.weights, subset, crew)
      undo.push(() => trainReading.dispose())
      const testReading = await openEvaluation(engine, network, trainer.weights, test, crew)
      return new Workbench(engine, network, initial, train, dataset.train, test, trainer, trainReading, testReading, crew, threads, onThreadFailure)
    } catch (error) {
      for (const release of undo.reverse()) release()
      throw error
    }
  }

  /** Loss and accuracy at the trainer's present weights. */
  async read(rest?: () => Promise<void>): Promise<{ readonly train: Reading; readonly test: Reading }> {
    return { train: await this.trainReading.evaluate(rest), test: await this.testReading.evaluate(rest) }
  }

  /** A matrix of curvature at the weights in a buffer. */
  openMatrix(weights: BufferHandle, data: ResidentData, selection: SelectedParameters, options: CurvatureOptions): Promise<MatrixOperator> {
    const { engine, network, threads } = this
    this.productCrew ??= this.crew ?? (threads && openCurvatureCrew(threads, engine, network, [selection], data.samples, this.onThreadFailure))
    return openCurvature(engine, network, weights, data, selection, options, this.productCrew)
  }

  /** An evaluation of other weights on the training or the test samples. */
  openReading(weights: BufferHandle, of: 'train' | 'test'): Promise<Evaluator> {
    return openEvaluation(this.engine, this.network, weights, of === 'train' ? this.train : this.test, this.crew)
  }

  dispose(): void {
    this.trainReading.dispose()
    this.testReading.dispose()
    this.crew?.dispose()
    if (this.productCrew !== this.crew) this.productCrew?.dispose()
    this.trainer.dispose()
    freeData(this.engine, this.train)
    freeData(this.engine, this.test)
  }
}
