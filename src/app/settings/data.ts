import type { DatasetName, DatasetSettings } from '../../contracts/experiment.ts'
import type { DataSummary } from '../../contracts/results.ts'
import type { Edit } from './edits.ts'
import { editPart } from './edits.ts'
import { fromInitialWeights } from './start.ts'

interface DatasetFacts {
  /** height, width, channels; null where the files decide. */
  readonly shape: readonly number[] | null
  readonly classes: number | null
  readonly mostTrain: number
}

const FACTS: Readonly<Record<DatasetName, DatasetFacts>> = {
  mnist: { shape: [28, 28, 1], classes: 10, mostTrain: 60000 },
  cifar10: { shape: [32, 32, 3], classes: 10, mostTrain: 50000 },
  clusters: { shape: [1, 20, 1], classes: 10, mostTrain: 60000 },
  teacher: { shape: [1, 30, 1], classes: 10, mostTrain: 60000 },
  spirals: { shape: [1, 2, 1], classes: 3, mostTrain: 60000 },
  own: { shape: null, classes: null, mostTrain: 60000 },
}

/** Data sets that are stored as files, so that they can be kept in the browser. */
export const STORABLE: readonly DatasetName[] = ['mnist', 'cifar10']

/** Data sets that a seed makes. */
export const SYNTHETIC: readonly DatasetName[] = ['clusters', 'teacher', 'spirals']

export function mostTrainSamples(name: DatasetName): number {
  return FACTS[name].mostTrain
}

/** height, width, channels of one sample; those of MNIST until an own data set is loaded. */
export function sampleShape(name: DatasetName, data: Pick<DataSummary, 'shape'> | null): readonly number[] {
  return data?.shape ?? FACTS[name].shape ?? [28, 28, 1]
}

export function channelsOf(shape: readonly number[]): number {
  return shape[2] ?? 1
}

/** Classes that the filter can choose from, also those it leaves out now. */
export function allClasses({ name, classes }: Pick<DatasetSettings, 'name' | 'classes'>, data: Pick<DataSummary, 'classes'> | null): readonly number[] {
  const known = FACTS[name].classes ?? Math.max(classes === null ? (data?.classes ?? 0) : 0, ...(classes ?? []).map((label) => label + 1))
  return Array.from({ length: known }, (_, label) => label)
}

/** Fewer classes leave nothing to tell apart. */
const FEWEST_CLASSES = 2

/** Chosen classes as the setting has them: ascending, null for all of them, undefined when they are too few. */
export function classFilter(chosen: Iterable<number>, all: readonly number[]): DatasetSettings['classes'] | undefined {
  const wanted = new Set(chosen)
  const kept = all.filter((label) => wanted.has(label))
  if (kept.length < FEWEST_CLASSES) return undefined
  return kept.length === all.length ? null : kept
}

/** Another data set with all its classes. A trained network of the former one cannot be the start any more. */
export function editDataset(name: DatasetName): Edit {
  return (experiment) => {
    const trainSamples = Math.min(experiment.dataset.trainSamples, FACTS[name].mostTrain)
    return fromInitialWeights(editPart('dataset', { name, classes: null, trainSamples })(experiment))
  }
}

/** Other classes: the output layer has another size, so that a trained network is no start. */
export function editClasses(classes: DatasetSettings['classes']): Edit {
  return (experiment) => {
    const edited = editPart('dataset', { classes })(experiment)
    return classes === null ? edited : fromInitialWeights(edited)
  }
}
