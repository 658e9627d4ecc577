import type { Experiment } from '../../src/contracts/experiment.ts'
import type { DataPreview, DataSummary, NetworkSummary, TrainedNetwork } from '../../src/contracts/results.ts'
import type { Dataset } from '../data/dataset.ts'
import { previewOf } from '../data/preview.ts'
import type { Network } from '../networks/network.ts'
import { selectionName } from '../networks/selection.ts'
import { canonicalJson } from './keys.ts'

/** The network's input as the data set has it. */
export function imageShape({ height, width, channels }: Dataset): readonly [height: number, width: number, channels: number] {
  return [height, width, channels]
}

export function summariseData(dataset: Dataset): DataSummary {
  const { name, hash, height, width, channels, classes, notes } = dataset
  return { name, hash, trainSamples: dataset.train.count, testSamples: dataset.test.count, shape: [height, width, channels], classes, notes }
}

/** A look at a data set, for the page. */
export function previewData(dataset: Dataset): DataPreview {
  const { shape, constantImages: _constant, ...preview } = previewOf(dataset)
  return { ...preview, shape: [shape.height, shape.width, shape.channels] }
}

export function summariseNetwork(network: Network, trained: TrainedNetwork | null): NetworkSummary {
  return {
    layers: network.description,
    parameterCount: network.parameterCount,
    trained,
    parameters: network.parameters.map((parameter) => {
      const { name, layer, shape, offset, size } = parameter
      return { selection: selectionName(parameter), name, layer, shape, offset, size }
    }),
  }
}

/** Whether two experiments need the same data, network and initial weights. */
export function sameBench(a: Experiment, b: Experiment): boolean {
  return equal(a.dataset, b.dataset) && equal(a.network, b.network) && a.seeds.initialisation === b.seeds.initialisation && a.training.start === b.training.start
}

/** Whether two experiments train alike: their weights are the same at every epoch that both reach. */
export function sameTraining(a: Experiment, b: Experiment): boolean {
  return sameBench(a, b) && equal(a.training, b.training) && a.seeds.shuffle === b.seeds.shuffle
}

/** Whether two experiments differ in nothing but the view and the further seeds, which other sessions run. */
export function sameNumbers(a: Experiment, b: Experiment): boolean {
  const numbers = ({ seeds, ...experiment }: Experiment) => ({ ...experiment, view: null, preset: null, seeds: { ...seeds, repeats: 1 } })
  return equal(numbers(a), numbers(b))
}

/** Whether settings are equal, in whatever order their keys are. */
export function equal(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b)
}
