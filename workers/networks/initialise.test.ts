import { describe, expect, test } from 'vitest'
import type { NetworkSettings } from '../../src/contracts/experiment.ts'
import { initialDeviation, initialWeights } from './initialise.ts'
import { denseLayers } from '../../src/contracts/layers.ts'
import { buildNetwork, type Network } from './network.ts'

const build = (hidden: readonly number[], initialiser: NetworkSettings['initialiser'] = 'glorotUniform'): Network =>
  buildNetwork({ layers: denseLayers(...hidden), activation: 'relu', initialiser }, 400, 10)

function entries(network: Network, weights: Float32Array, name: string): Float32Array {
  const { offset, size } = network.parameters.find((parameter) => parameter.name === name) ?? { offset: 0, size: 0 }
  return weights.subarray(offset, offset + size)
}

function moments(values: Float32Array): { readonly mean: number; readonly deviation: number; readonly largest: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  return { mean, deviation, largest: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) }
}

describe('Glorot', () => {
  const target = Math.sqrt(2 / 600)

  test('uniform fills ±√(6/(fan_in + fan_out)) with variance 2/(fan_in + fan_out)', () => {
    const network = build([200])
    const { mean, deviation, largest } = moments(entries(network, initialWeights(network, 'glorotUniform', 1), 'dense_1/kernel'))
    const limit = Math.sqrt(6 / 600)
    expect(largest).toBeLessThanOrEqual(Math.fround(limit))
    expect(largest).toBeGreaterThan(0.999 * limit)
    expect(deviation / target).toBeCloseTo(1, 2)
    // Four standard errors of the mean of 80,000 entries.
    expect(Math.abs(mean)).toBeLessThan((4 * target) / Math.sqrt(80_000))
  })

  test('normal is cut at two standard deviations of the wider law and has variance 2/(fan_in + fan_out)', () => {
    const network = build([200], 'glorotNormal')
    const { mean, deviation, largest } = moments(entries(network, initialWeights(network, 'glorotNormal', 1), 'dense_1/kernel'))
    const cut = (2 * target) / 0.8796256610342398
    expect(largest).toBeLessThanOrEqual(Math.fround(cut))
    expect(largest).toBeGreaterThan(0.99 * cut)
    expect(deviation / target).toBeCloseTo(1, 2)
    expect(Math.abs(mean)).toBeLessThan((4 * target) / Math.sqrt(80_000))
  })

  test('the deviation told for the Marchenko–Pastur edge is the one of both forms', () => {
    expect(initialDeviation(build([200]).parameters[0], 'glorotUniform')).toBeCloseTo(target, 15)
  })

  test('biases begin at zero', () => {
    const network = build([20, 20])
    expect(entries(network, initialWeights(network, 'glorotUniform', 3), 'dense_2/bias').every((value) => value === 0)).toBe(true)
  })
})

describe('seeds', () => {
  test('the same seed gives the same bits, another one others', () => {
    const network = build([20, 20])
    const [first, again, other] = [5, 5, 6].map((seed) => initialWeights(network, 'glorotUniform', seed))
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
  })

  test('a later kernel does not depend on the widths before it: every kernel has its own stream', () => {
    const [narrow, wide] = [build([20, 30]), build([90, 30])].map((network) => entries(network, initialWeights(network, 'glorotUniform', 5), 'dense_3/kernel'))
    expect(wide).toEqual(narrow)
  })
})
