import type { Seeds, TrainingSettings } from '../../src/contracts/experiment.ts'
import { findPreset } from '../../src/contracts/presets.ts'
import { graphOf, type Graph } from '../../workers/interop/graph.ts'
import type { InputShape } from '../../workers/networks/arrange.ts'
import { initialWeights } from '../../workers/networks/initialise.ts'
import { buildNetwork, type Network } from '../../workers/networks/network.ts'

const CLASSES = 10

/** η of all timings: small, so that no contender runs into overflow on random labels. */
const LEARNING_RATE = 1e-3

const PRESETS = {
  mlp50: 'mlp50-paper',
  mlp256: 'mlp256-paper',
  lenet: 'lenet-paper',
  miniAlexNet: 'minialexnet-paper',
  resnet20: 'resnet20-paper',
} as const

export type SubjectName = keyof typeof PRESETS

const IMAGES: Readonly<Record<string, InputShape>> = { mnist: [28, 28, 1], cifar10: [32, 32, 3] }

/** A network of Table 5.1 as every contender trains it. */
export interface Subject {
  readonly name: SubjectName
  readonly network: Network
  /** The network as operations, for other libraries. */
  readonly graph: Graph
  /** Initial state: weights with the running statistics behind them. */
  readonly weights: Float32Array
  /** As in the preset, but at a small constant rate and without weight decay, which optimisers of tfjs do not know. */
  readonly training: TrainingSettings
  readonly seeds: Seeds
}

/** The network of a name at a batch size, that of its preset for null. */
export function subjectOf(name: SubjectName, batch: number | null = null): Subject {
  const preset = findPreset(PRESETS[name])
  if (preset === null) throw new RangeError(`bench: the preset ${PRESETS[name]} is gone; correct the table in subjects.ts`)
  const { dataset, network: settings, training, seeds } = preset.experiment
  const network = buildNetwork(settings, IMAGES[dataset.name], CLASSES)
  return {
    name,
    network,
    graph: graphOf(settings, network),
    weights: initialWeights(network, settings.initialiser, seeds.initialisation),
    training: { ...training, batchSize: batch ?? training.batchSize, learningRate: LEARNING_RATE, schedule: { kind: 'constant' }, weightDecay: 0 },
    seeds,
  }
}

/** Whether the command line asks for a network. */
export function isWanted(name: SubjectName, networks: readonly string[] | null): boolean {
  return networks === null || networks.includes(name)
}

export const subjectNames = Object.keys(PRESETS)
