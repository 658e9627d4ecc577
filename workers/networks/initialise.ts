import type { NetworkSettings } from '../../src/contracts/experiment.ts'
import type { Random } from '../numerics/random.ts'
import { createRandom } from '../numerics/random.ts'
import { withInitialStatistics, type Network, type Parameter } from './network.ts'

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
    const { offset, size } = parameter
    if (parameter.role === 'gamma') weights.fill(1, offset, offset + size)
    if (parameter.role !== 'kernel') continue
    const draw = sampler(initialiser, parameter, createRandom(seed, `initialise/${parameter.name}`))
    for (let i = 0; i < size; i++) weights[offset + i] = draw()
  }
  return withInitialStatistics(network, weights)
}

/** Standard deviation that an initialiser aims at: √(2/(fan_in + fan_out)) for Glorot's, √(2/fan_in) for He's. */
export function initialDeviation({ fanIn, fanOut }: Parameter, initialiser: NetworkSettings['initialiser']): number {
  const isHe = initialiser === 'heUniform' || initialiser === 'heNormal'
  return Math.sqrt(2 / (isHe ? fanIn : fanIn + fanOut))
}

function sampler(initialiser: NetworkSettings['initialiser'], parameter: Parameter, random: Random): () => number {
  const { fanIn, fanOut } = parameter
  switch (initialiser) {
    case 'glorotUniform':
    case 'heUniform': {
      const limit = Math.sqrt(6 / (initialiser === 'heUniform' ? fanIn : fanIn + fanOut))
      return () => random.uniformBetween(-limit, limit)
    }
    case 'glorotNormal':
    case 'heNormal': {
      const deviation = initialDeviation(parameter, initialiser) / TRUNCATION
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
