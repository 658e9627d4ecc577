import { trainingSchema, type Seeds, type TrainingSettings } from '../../src/contracts/experiment.ts'
import { denseLayers } from '../../src/contracts/layers.ts'
import type { Engine } from '../engine/engine.ts'
import { initialWeights } from '../networks/initialise.ts'
import { buildNetwork, type Network } from '../networks/network.ts'
import { uploadData, type ResidentData } from '../networks/resident-data.ts'
import { createRandom } from '../numerics/random.ts'
import { Trainer } from './trainer.ts'

/** Plain SGD settings of tests. */
export const PLAIN: TrainingSettings = trainingSchema.parse({
  epochs: 3,
  batchSize: 4,
  learningRate: 0.1,
  schedule: { kind: 'constant' },
  momentum: 0,
  weightDecay: 0,
  changes: [],
})

export const SEEDS: Seeds = { initialisation: 3, shuffle: 5, probes: 7, repeats: 1 }

/** Samples of Gaussian clusters, one per class: learnable, and different from seed to seed. */
export interface Samples {
  readonly features: number
  readonly images: Float32Array
  readonly labels: Uint8Array
}

export function clusters(count: number, features: number, classes: number, seed = 1): Samples {
  const random = createRandom(seed, 'clusters')
  const centres = Float64Array.from({ length: classes * features }, () => random.normal())
  const labels = Uint8Array.from({ length: count }, (_, i) => i % classes)
  const images = Float32Array.from({ length: count * features }, (_, i) => centres[labels[Math.floor(i / features)] * features + (i % features)] + 0.7 * random.normal())
  return { features, images, labels }
}

export interface TrainerBench {
  readonly engine: Engine
  readonly network: Network
  readonly data: ResidentData
  readonly initial: Float32Array
  trainer(training: TrainingSettings, seeds?: Seeds): Trainer
}

/** A small network with samples on an engine, and trainers at its initial weights. */
export function trainerBench(engine: Engine, samples: Samples, hidden: readonly number[], classes: number): TrainerBench {
  const network = buildNetwork({ layers: denseLayers(...hidden), activation: 'relu', initialiser: 'glorotUniform' }, samples.features, classes)
  const data = uploadData(engine, samples.images, samples.labels, samples.features, 'test')
  const initial = initialWeights(network, 'glorotUniform', SEEDS.initialisation)
  return {
    engine,
    network,
    data,
    initial,
    trainer(training, seeds = SEEDS) {
      const trainer = new Trainer(engine, network, data, training, seeds)
      trainer.restore({ position: { epoch: 0, cursor: 0, step: 0 }, weights: initial, velocity: new Float32Array(network.parameterCount) })
      return trainer
    },
  }
}

/** Advances to the end of an epoch (counted from 1) in bursts of at most `burst` steps. */
export async function trainTo(trainer: Trainer, epochs: number, burst = 100): Promise<void> {
  while (trainer.position.epoch < epochs) await trainer.advance(burst)
}
