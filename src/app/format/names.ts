import type { ActivationFunction, DatasetName, NetworkSettings, Optimiser } from '../../contracts/experiment.ts'

/** What things are called on the page, by their name in an experiment. */
export const DATASET_TITLES: Readonly<Record<DatasetName, string>> = {
  mnist: 'MNIST',
  cifar10: 'CIFAR-10',
  clusters: 'Gaussian clusters',
  teacher: 'teacher and student',
  spirals: 'spirals',
  own: 'own data',
}

/** Title of a data set that a file names; a name of its own stays. */
export function datasetTitle(name: string): string {
  return (DATASET_TITLES as Readonly<Record<string, string>>)[name] ?? name
}

export const OPTIMISER_TITLES: Readonly<Record<Optimiser, string>> = {
  sgd: 'SGD with momentum',
  nesterov: 'SGD, Nesterov momentum',
  adam: 'Adam',
  adamw: 'AdamW',
  rmsprop: 'RMSProp',
  lion: 'Lion',
}

export const ACTIVATION_TITLES: Readonly<Record<ActivationFunction, string>> = {
  relu: 'ReLU',
  tanh: 'tanh',
  sigmoid: 'sigmoid',
  softplus: 'softplus',
  gelu: 'GELU',
}

export const INITIALISER_TITLES: Readonly<Record<NetworkSettings['initialiser'], string>> = {
  glorotUniform: 'Glorot uniform',
  glorotNormal: 'Glorot normal, truncated',
  heUniform: 'He uniform',
  heNormal: 'He normal, truncated',
}

const CLASS_NAMES: Readonly<Partial<Record<DatasetName, readonly string[]>>> = {
  mnist: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  cifar10: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
}

/** What a class of a data set is called: "cat", "class 3". */
export function className(dataset: DatasetName, label: number): string {
  return CLASS_NAMES[dataset]?.[label] ?? `class ${label}`
}

/** Options of a choice, in the order of the record. */
export function optionsOf<T extends string>(titles: Readonly<Record<T, string>>): readonly { readonly value: T; readonly label: string }[] {
  return (Object.keys(titles) as T[]).map((value) => ({ value, label: titles[value] }))
}
