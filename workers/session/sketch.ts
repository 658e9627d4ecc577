import { toLabErrorData } from '../../src/contracts/errors.ts'
import type { DatasetSettings, Experiment } from '../../src/contracts/experiment.ts'
import type { NetworkSketch } from '../../src/contracts/results.ts'
import { syntheticShape } from '../data/synthetic/synthetic.ts'
import { arrange, type InputShape } from '../networks/arrange.ts'
import { layOut, type Network } from '../networks/network.ts'
import { secondsPerEpoch } from './estimates.ts'

/** Input and classes of a data set that may not be loaded. */
export interface DataShape {
  readonly input: InputShape
  readonly classes: number
}

/** What a network is drawn for: the shape of the data, and the speed that was measured. */
export interface SketchContext {
  readonly data: DataShape
  /** Floating-point operations per second of training on this machine; null before anything was measured. */
  readonly rate: number | null
}

/** Input and classes as the settings say, `present` standing for the user's own data. */
export function dataShape(settings: DatasetSettings, present: DataShape): DataShape {
  const known = shapeByName(settings.name) ?? present
  return { input: known.input, classes: settings.classes?.length ?? known.classes }
}

function shapeByName(name: DatasetSettings['name']): DataShape | null {
  switch (name) {
    case 'mnist':
      return { input: [28, 28, 1], classes: 10 }
    case 'cifar10':
      return { input: [32, 32, 3], classes: 10 }
    case 'own':
      return null
    default: {
      const { features, classes } = syntheticShape(name)
      return { input: [1, features, 1], classes }
    }
  }
}

/** Weights, velocity and a gradient besides, at the very most. */
const VECTORS = 4

/** Forward and backward pass of a batch hold about so many numbers per activation. */
const NUMBERS_PER_ACTIVATION = 3

/** Layers with their shapes, and what training them costs; as far as they fit, with the reason where they do not. */
export function sketchNetwork(experiment: Experiment, { data, rate }: SketchContext): NetworkSketch {
  const { input, classes } = data
  const arrangement = arrange(experiment.network, input, classes)
  const lines = arrangement.lines
  const none = { layers: lines, parameterCount: lines.reduce((sum, { parameters }) => sum + parameters, 0), trainingBytes: 0, secondsPerEpoch: 0, measured: rate !== null }
  if (arrangement.problem !== null) return { ...none, problem: { error: toLabErrorData(arrangement.problem.error), index: arrangement.problem.index } }
  const network = tryLayOut(arrangement, classes)
  if ('error' in network) return { ...none, problem: { error: toLabErrorData(network.error), index: null } }
  const batch = Math.min(experiment.training.batchSize, experiment.dataset.trainSamples)
  const samples = experiment.dataset.trainSamples + experiment.dataset.testSamples
  return {
    ...none,
    trainingBytes: 4 * (VECTORS * network.parameterCount + NUMBERS_PER_ACTIVATION * batch * network.activationsPerSample + samples * network.inputSize),
    secondsPerEpoch: secondsPerEpoch(network, experiment.dataset.trainSamples, rate),
    problem: null,
  }
}

function tryLayOut(arrangement: Parameters<typeof layOut>[0], classes: number): Network | { readonly error: unknown } {
  try {
    return layOut(arrangement, classes)
  } catch (error) {
    return { error }
  }
}
