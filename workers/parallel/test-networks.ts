import { layersOf } from '../../src/contracts/layers.ts'
import type { Engine } from '../engine/engine.ts'
import type { BufferHandle } from '../engine/tensor.ts'
import type { InputShape } from '../networks/arrange.ts'
import { initialWeights } from '../networks/initialise.ts'
import { buildNetwork, type Network } from '../networks/network.ts'
import { uploadData, type ResidentData } from '../networks/resident-data.ts'
import { createRandom } from '../numerics/random.ts'

/** A network at its initial state with random samples, on an engine. */
export interface EvaluationBench {
  readonly engine: Engine
  readonly network: Network
  readonly weights: BufferHandle
  readonly data: ResidentData
}

/** The statistics of batch norm are drawn at random, so that leaving them out would show. */
export function evaluationBench(engine: Engine, layers: string, input: InputShape, samples: number, seed = 1): EvaluationBench {
  const network = buildNetwork({ layers: layersOf(layers), activation: 'relu', initialiser: 'heNormal' }, input, 10)
  const random = createRandom(seed, 'evaluation bench')
  const images = Float32Array.from({ length: samples * network.inputSize }, () => random.normal())
  const labels = Uint8Array.from({ length: samples }, () => random.integer(10))
  const data = uploadData(engine, images, labels, network.inputSize, 'test')
  const weights = engine.allocate('float', network.stateLength, 'weights')
  const state = new Float32Array(network.stateLength)
  state.set(initialWeights(network, 'heNormal', seed))
  for (let i = network.parameterCount; i < state.length; i++) state[i] = 0.5 + random.uniform()
  engine.write(weights, state)
  return { engine, network, weights, data }
}
