import { presets } from '../../src/contracts/presets.ts'
import type { Experiment } from '../../src/contracts/experiment.ts'
import type { Engine } from '../../workers/engine/engine.ts'
import { buildNetwork } from '../../workers/networks/network.ts'
import { initialWeights } from '../../workers/networks/initialise.ts'
import { uploadData, type ResidentData } from '../../workers/networks/resident-data.ts'
import { selectParameters } from '../../workers/networks/selection.ts'
import { Curvature } from '../../workers/operators/curvature.ts'
import { Trainer } from '../../workers/training/trainer.ts'
import type { Samples } from './samples.ts'

export { syntheticSamples, type Samples } from './samples.ts'

/** The network of the comparisons that go deepest: MLP 50, 42,310 parameters. */
export const experiment: Experiment = presets[0].experiment
export const network = buildNetwork(experiment.network, 784, 10)
export const weights = initialWeights(network, experiment.network.initialiser, 1)
export const BATCH = 32
export const SAMPLES = 2000

/** Steps that are timed together: one epoch of 60 whole batches. */
export const STEPS = 60

export interface Bench {
  readonly data: ResidentData
  readonly trainer: Trainer
  readonly hessian: Curvature
}

/** A trainer and the Hessian of the whole network on an engine. */
export async function openBench(engine: Engine, samples: Samples): Promise<Bench> {
  const data = uploadData(engine, samples.images, samples.labels, 784, 'bench')
  const training = { ...experiment.training, batchSize: BATCH }
  const trainer = new Trainer(engine, network, { ...data, samples: STEPS * BATCH }, training, experiment.seeds)
  trainer.restore({ position: { epoch: 0, cursor: 0, step: 0 }, weights, velocity: new Float32Array(weights.length) })
  const options = { matrix: 'hessian', weightDecay: 0 } as const
  const hessian = await Curvature.create(engine, network, trainer.weights, data, selectParameters(network, 'all'), options)
  return { data, trainer, hessian }
}
