import { expect, it } from 'vitest'
import { createRandom } from '../random.ts'
import { plainProduct } from './product.ts'

const random = createRandom(1, 'product')

it.each([
  [1, 1, 1], [2, 4, 8], [3, 5, 7], [65, 9, 300], [130, 6, 513], [64, 4, 256], [5, 3, 0],
])('multiplies [%i, %i] over %i terms in order, inside larger arrays', (m, n, k) => {
  const [aStride, bStride, cStride] = [k + 2, n + 3, n + 1]
  const a = Float64Array.from({ length: 5 + m * aStride }, () => random.normal())
  const b = Float64Array.from({ length: 7 + k * bStride }, () => random.normal())
  const c = Float64Array.from({ length: 3 + m * cStride }, () => NaN)
  const expected = c.slice()
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0
      for (let t = 0; t < k; t++) sum += a[5 + i * aStride + t] * b[7 + t * bStride + j]
      expected[3 + i * cStride + j] = sum
    }
  }
  plainProduct({ m, n, k, a, aOffset: 5, aStride, b, bOffset: 7, bStride, c, cOffset: 3, cStride })
  expect(c).toEqual(expected)
})
