import type { DatasetSettings, Experiment } from '../../src/contracts/experiment.ts'
import { LabError } from '../../src/contracts/errors.ts'
import type { DataSummary, NetworkSummary } from '../../src/contracts/results.ts'
import type { LabEvent } from '../../src/contracts/session.ts'
import { featureCount, type Dataset } from '../data/dataset.ts'
import { loadDataset } from '../data/loader.ts'
import type { ByteSource } from '../data/source.ts'
import type { Network } from '../networks/network.ts'
import { selectionName } from '../networks/selection.ts'
import { canonicalJson } from './keys.ts'

/** Loads the data set of an experiment, or cuts the user's own one to the samples asked for. */
export async function loadData(
  settings: DatasetSettings,
  own: Dataset | null,
  source: ByteSource,
  emit: (event: LabEvent) => void,
  signal: AbortSignal,
): Promise<Dataset> {
  if (settings.name === 'own') {
    if (own === null) {
      throw new LabError('bad-data', 'This experiment was made with somebody’s own data, which a link cannot carry.', 'Drop the same .npz file with x and y here, or choose MNIST.')
    }
    return firstSamples(own, settings)
  }
  return loadDataset(
    { name: settings.name, trainSamples: settings.trainSamples, testSamples: settings.testSamples },
    source,
    ({ bytes, totalBytes }) => {
      const what = `Loading ${settings.name.toUpperCase()}: ${(bytes / 1e6).toFixed(1)} of ${(totalBytes / 1e6).toFixed(1)} MB`
      emit({ type: 'progress', progress: { stage: 'data', what, step: bytes, of: totalBytes, secondsLeft: null } })
    },
    signal,
  )
}

/** The first samples of a data set, as many as there are. */
function firstSamples(dataset: Dataset, settings: DatasetSettings): Dataset {
  const features = featureCount(dataset)
  const cut = (split: Dataset['train'], wanted: number): Dataset['train'] => {
    const count = Math.min(wanted, split.count)
    return { count, images: split.images.subarray(0, count * features), labels: split.labels.subarray(0, count) }
  }
  return { ...dataset, train: cut(dataset.train, settings.trainSamples), test: cut(dataset.test, settings.testSamples) }
}

export function summariseData(dataset: Dataset): DataSummary {
  const { name, hash, height, width, channels, classes, notes } = dataset
  return { name, hash, trainSamples: dataset.train.count, testSamples: dataset.test.count, shape: [height, width, channels], classes, notes }
}

export function summariseNetwork(network: Network): NetworkSummary {
  return {
    layers: network.description,
    parameterCount: network.parameterCount,
    trained: null,
    parameters: network.parameters.map((parameter) => {
      const { name, layer, shape, offset, size } = parameter
      return { selection: selectionName(parameter), name, layer, shape, offset, size }
    }),
  }
}

/** Whether two experiments need the same data, network and initial weights. */
export function sameBench(a: Experiment, b: Experiment): boolean {
  return equal(a.dataset, b.dataset) && equal(a.network, b.network) && a.seeds.initialisation === b.seeds.initialisation
}

/** Whether two experiments train alike: their weights are the same at every epoch that both reach. */
export function sameTraining(a: Experiment, b: Experiment): boolean {
  return sameBench(a, b) && equal(a.training, b.training) && a.seeds.shuffle === b.seeds.shuffle
}

/** Whether two experiments differ in nothing but the view. */
export function sameNumbers(a: Experiment, b: Experiment): boolean {
  return equal({ ...a, view: null, preset: null }, { ...b, view: null, preset: null })
}

/** Whether settings are equal, in whatever order their keys are. */
export function equal(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b)
}
