import type { NetworkSettings } from '../../src/contracts/experiment.ts'
import type { Random } from '../numerics/random.ts'
import { createRandom } from '../numerics/random.ts'
import type { Network, Parameter } from './network.ts'

/** Standard deviation of a normal distribution truncated at two standard deviations (Keras' correction). */
const TRUNCATION = 0.87962566103423978

/**
 * Initial weights, float32, biases zero. Glorot (2010): uniform on ±√(6/(fan_in + fan_out)), or normal with variance
 * 2/(fan_in + fan_out), truncated at two standard deviations and rescaled as Keras does. Every kernel has its own
 * stream of the seed, so that changing one layer leaves the others alone.
 */
export function initialWeights(network: Network, initialiser: NetworkSettings['initialiser'], seed: number): Float32Array {
  const weights = new Float32Array(network.parameterCount)
  for (const parameter of network.parameters) {
    if (parameter.role !== 'kernel') continue
    const draw = sampler(initialiser, parameter, createRandom(seed, `initialise/${parameter.name}`))
    for (let i = 0; i < parameter.size; i++) weights[parameter.offset + i] = draw()
  }
  return weights
}

/** Standard deviation that the initialiser aims at: √(2/(fan_in + fan_out)) for both Glorot forms. */
export function initialDeviation(parameter: Parameter): number {
  return Math.sqrt(2 / (parameter.fanIn + parameter.fanOut))
}

function sampler(initialiser: NetworkSettings['initialiser'], parameter: Parameter, random: Random): () => number {
  switch (initialiser) {
    case 'glorotUniform': {
      const limit = Math.sqrt(6 / (parameter.fanIn + parameter.fanOut))
      return () => random.uniformBetween(-limit, limit)
    }
    case 'glorotNormal': {
      const deviation = initialDeviation(parameter) / TRUNCATION
      return () => deviation * truncatedNormal(random)
    }
  }
}

function truncatedNormal(random: Random): number {
  for (;;) {
    const draw = random.normal()
    if (draw >= -2 && draw <= 2) return draw
  }
}
