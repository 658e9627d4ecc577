import type { ActivationFunction, NetworkSettings } from '../../src/contracts/experiment.ts'
import { layersOf } from '../../src/contracts/layers.ts'
import type { InputShape } from '../networks/arrange.ts'
import { buildNetwork, type Network } from '../networks/network.ts'
import { slotsOf } from './slots.ts'

/** A small network with the settings it was built from. */
export interface TestNetwork {
  readonly name: string
  readonly settings: NetworkSettings
  readonly network: Network
}

/** `layers` as in links; `''` for none. */
export function testNetwork(name: string, layers: string, input: InputShape | number, activation: ActivationFunction = 'relu', classes = 4): TestNetwork {
  const settings: NetworkSettings = { layers: layers === '' ? [] : layersOf(layers), activation, initialiser: 'glorotUniform' }
  return { name, settings, network: buildNetwork(settings, input, classes) }
}

/** One network for every way in which the formats differ. */
export const testNetworks: readonly TestNetwork[] = [
  testNetwork('no hidden layer', '', 6),
  testNetwork('dense', '7,5', 12),
  testNetwork('dense on images, batch norm, tanh', '7b,5', [3, 2, 2], 'tanh'),
  testNetwork('LeNet', 'c3x5,p2,c4x3v,p2,9,6', [10, 10, 3]),
  testNetwork('residual blocks with batch norm', 'c4x3b,r4b,r6/2b,r6b,g', [8, 8, 3]),
  testNetwork('residual blocks without batch norm, softplus', 'r4,r5/2,a2,6', [9, 7, 3], 'softplus'),
  testNetwork('odd strides and paddings, GELU', 'c4x3/2,p3v/2,c5x2/3b,a2v/1,6b', [19, 17, 2], 'gelu'),
  testNetwork('layers on one pixel, sigmoid', 'c3x3,g,c4x1,r4,5', [5, 5, 2], 'sigmoid'),
]

/** Numbers in [−1/2, 1/2) that look random, exact in float32. */
export function noise(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => {
    let bits = Math.imul(i + 1, 0x9e3779b1) + Math.imul(seed, 0x85ebca6b)
    bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d)
    return ((bits ^ (bits >>> 13)) >>> 8) / 2 ** 24 - 0.5
  })
}

/** A state with every number different and variances positive. */
export function testState(network: Network, seed = 1): Float32Array {
  const state = noise(network.stateLength, seed)
  for (const { role, offset, size } of slotsOf(network)) {
    if (role === 'variance') for (let i = offset; i < offset + size; i++) state[i] = Math.abs(state[i]) + 0.25
    if (role === 'gamma') for (let i = offset; i < offset + size; i++) state[i] += 1
  }
  return state
}
