import { describe, expect, test } from 'vitest'
import { initialWeights } from '../../networks/initialise.ts'
import { denseLayers } from '../../../src/contracts/layers.ts'
import { buildNetwork } from '../../networks/network.ts'
import { decomposeKernels } from './decompose.ts'

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
})
