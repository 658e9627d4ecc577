import { describe, expect, test } from 'vitest'
import { initialWeights } from '../../networks/initialise.ts'
import { denseLayers } from '../../../src/contracts/layers.ts'
import { buildNetwork } from '../../networks/network.ts'
import { decomposeKernels, kernelSpectrum } from './decompose.ts'

const network = buildNetwork({ layers: denseLayers(40, 30), activation: 'relu', initialiser: 'glorotUniform' }, 60, 5)
const weights = initialWeights(network, 'glorotUniform', 2)
const kernels = decomposeKernels(network, weights)

describe('kernels', () => {
  test('are decomposed in layer order with U·diag(ν)·Vᵀ = W', () => {
    expect(kernels.map(({ parameter }) => parameter.name)).toEqual(['dense_1/kernel', 'dense_2/kernel', 'dense_3/kernel'])
    for (const { parameter, decomposition } of kernels) {
      const [rows, cols] = parameter.shape
      const { left, right, singularValues, rank } = decomposition
      expect(rank).toBe(Math.min(rows, cols))
      for (let i = 0; i < rows; i += 7) {
        for (let j = 0; j < cols; j += 3) {
          let sum = 0
          for (let k = 0; k < rank; k++) sum += left[i * rank + k] * singularValues[k] * right[j * rank + k]
          expect(sum).toBeCloseTo(weights[parameter.offset + i * cols + j], 12)
        }
      }
    }
  })

  test('the edge is s(√rows + √cols), with s of the initialiser or of the entries', () => {
    const spectrum = kernelSpectrum(kernels[1], 'initialiser', 'glorotUniform', weights)
    expect([spectrum.layer, spectrum.rows, spectrum.cols]).toEqual([2, 40, 30])
    expect(spectrum.deviation).toBeCloseTo(Math.sqrt(2 / 70), 14)
    expect(spectrum.upperEdge).toBeCloseTo(Math.sqrt(2 / 70) * (Math.sqrt(40) + Math.sqrt(30)), 12)
    expect(spectrum.lowerEdge).toBeCloseTo(Math.sqrt(2 / 70) * (Math.sqrt(40) - Math.sqrt(30)), 12)
    const measured = kernelSpectrum(kernels[1], 'entries', 'glorotUniform', weights)
    expect(measured.deviation / spectrum.deviation).toBeCloseTo(1, 1)
  })

  test('one direction scaled up is one outlier', () => {
    const { parameter } = kernels[1]
    const spiked = weights.slice()
    for (let i = 0; i < parameter.size; i++) spiked[parameter.offset + i] += 0.2
    const before = kernelSpectrum(kernels[1], 'initialiser', 'glorotUniform', weights).outliers
    expect(kernelSpectrum(decomposeKernels(network, spiked)[1], 'initialiser', 'glorotUniform', spiked).outliers).toBe(before + 1)
  })
})
