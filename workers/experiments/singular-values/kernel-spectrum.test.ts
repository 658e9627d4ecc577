import { describe, expect, test } from 'vitest'
import { denseLayers, layersOf } from '../../../src/contracts/layers.ts'
import { initialWeights } from '../../networks/initialise.ts'
import { buildNetwork } from '../../networks/network.ts'
import { svd } from '../../numerics/svd.ts'
import { testPacing } from '../test-pacing.ts'
import { decomposeKernels, kernelValues, type KernelDecomposition } from './decompose.ts'
import { kernelSpectrum } from './kernel-spectrum.ts'

const network = buildNetwork({ layers: denseLayers(40, 30), activation: 'relu', initialiser: 'glorotUniform' }, 60, 5)
const weights = initialWeights(network, 'glorotUniform', 2)
const [, second] = decomposeKernels(network, weights)

async function spectrumOf(kernel: KernelDecomposition, edge: 'initialiser' | 'entries' | 'fit' | 'permuted', state = weights) {
  const found = await kernelSpectrum(kernel, { edge, initialiser: 'glorotUniform', weights: state, initial: weights, seed: 3, pacing: testPacing() })
  if (found === null) throw new Error('expected a spectrum')
  return found
}

describe('singular values of a kernel against chance', () => {
  test('the edge is s(√rows + √cols), with s of the initialiser or of the entries', async () => {
    const spectrum = await spectrumOf(second, 'initialiser')
    expect([spectrum.layer, spectrum.rows, spectrum.cols]).toEqual([2, 40, 30])
    expect(spectrum.deviation).toBeCloseTo(Math.sqrt(2 / 70), 14)
    expect(spectrum.upperEdge).toBeCloseTo(Math.sqrt(2 / 70) * (Math.sqrt(40) + Math.sqrt(30)), 12)
    expect(spectrum.lowerEdge).toBeCloseTo(Math.sqrt(2 / 70) * (Math.sqrt(40) - Math.sqrt(30)), 12)
    const measured = await spectrumOf(second, 'entries')
    expect(measured.deviation / spectrum.deviation).toBeCloseTo(1, 1)
  })

  test('an untrained kernel is its own start, and all four edges agree to a few per cent', async () => {
    const { initial, singularValues, statistics } = await spectrumOf(second, 'fit')
    initial.forEach((value, i) => expect(value).toBeCloseTo(singularValues[i], 7))
    const edges = Object.values(statistics.edges)
    for (const edge of edges) expect(Math.abs(edge / edges[0] - 1)).toBeLessThan(0.08)
    expect(statistics.bulkPValue).toBeGreaterThan(0.01)
    expect(statistics.heavyTail).toMatchObject({ valid: false })
  })

  test('permuted entries keep the Frobenius norm', async () => {
    const { permuted, singularValues } = await spectrumOf(second, 'permuted')
    const square = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0)
    expect(square(permuted)).toBeCloseTo(square(singularValues), 10)
  })

  test('one direction scaled up is one outlier', async () => {
    const { parameter } = second
    const spiked = weights.slice()
    for (let i = 0; i < parameter.size; i++) spiked[parameter.offset + i] += 0.2
    const before = (await spectrumOf(second, 'initialiser')).outliers
    expect((await spectrumOf(decomposeKernels(network, spiked)[1], 'initialiser', spiked)).outliers).toBe(before + 1)
  })

  test('a convolution has one column per filter, or one per pair of channels', () => {
    const convolutional = buildNetwork({ layers: layersOf('c6x5,p2'), activation: 'relu', initialiser: 'glorotUniform' }, [8, 8, 3], 4)
    const state = initialWeights(convolutional, 'glorotUniform', 1)
    const [thesis] = decomposeKernels(convolutional, state, 'thesis')
    const [filters] = decomposeKernels(convolutional, state, 'filters')
    expect([thesis.rows, thesis.cols, filters.rows, filters.cols]).toEqual([25, 18, 75, 6])
    const values = kernelValues(filters.parameter, state)
    expect(filters.decomposition.singularValues).toEqual(svd(values, 75, 6).singularValues)
  })
})
