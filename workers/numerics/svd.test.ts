import { describe, expect, test } from 'vitest'
import { createRandom } from './random.ts'
import { svd } from './svd.ts'

function gaussian(rows: number, cols: number, seed = 1): Float64Array {
  const random = createRandom(seed, 'matrix')
  return Float64Array.from({ length: rows * cols }, () => random.normal())
}

/** max |A − U·diag(ν)·Vᵀ| and max |UᵀU − 1|, |VᵀV − 1|. */
function errors(matrix: Float64Array, rows: number, cols: number) {
  const { singularValues, u, v } = svd(matrix, rows, cols)
  const rank = singularValues.length
  let reconstruction = 0
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < cols; c++) {
      let sum = 0
      for (let k = 0; k < rank; k++) sum += u[r * rank + k] * singularValues[k] * v[c * rank + k]
      reconstruction = Math.max(reconstruction, Math.abs(sum - matrix[r * cols + c]))
    }
  }
  return { reconstruction, orthogonality: Math.max(deviation(u, rows, rank), deviation(v, cols, rank)), singularValues }
}

function deviation(columns: Float64Array, length: number, rank: number): number {
  let worst = 0
  for (let a = 0; a < rank; a++) {
    for (let b = 0; b < rank; b++) {
      let sum = 0
      for (let i = 0; i < length; i++) sum += columns[i * rank + a] * columns[i * rank + b]
      worst = Math.max(worst, Math.abs(sum - (a === b ? 1 : 0)))
    }
  }
  return worst
}

describe('singular value decomposition', () => {
  test.each([[1, 1], [5, 1], [1, 5], [7, 7], [31, 12], [12, 31], [784, 50], [50, 10]])('reconstructs a %i×%i matrix with orthonormal vectors', (rows, cols) => {
    const { reconstruction, orthogonality, singularValues } = errors(gaussian(rows, cols), rows, cols)
    expect(reconstruction).toBeLessThan(1e-13 * singularValues[0])
    expect(orthogonality).toBeLessThan(1e-13)
    expect([...singularValues]).toEqual([...singularValues].sort((a, b) => b - a))
  })

  test('finds the singular values of a diagonal matrix, whatever their order and sign', () => {
    const matrix = new Float64Array(16)
    ;[2, -7, 0.5, 3].forEach((value, i) => (matrix[i * 5] = value))
    expect([...svd(matrix, 4, 4).singularValues]).toEqual([7, 3, 2, 0.5])
  })

  test('keeps the relative accuracy of tiny singular values', () => {
    // [[1, 1], [0, 1e-12]]: νₘᵢₙ = 1e-12/√2 to first order.
    const { singularValues } = svd(Float64Array.of(1, 1, 0, 1e-12), 2, 2)
    expect(Math.abs((singularValues[1] * Math.SQRT2) / 1e-12 - 1)).toBeLessThan(1e-10)
  })

  test('gives zeros for the missing rank', () => {
    const rank1 = Float64Array.from({ length: 30 }, (_, i) => (1 + Math.floor(i / 5)) * (1 + (i % 5)))
    const { singularValues } = svd(rank1, 6, 5)
    expect(singularValues[0]).toBeCloseTo(Math.sqrt(91 * 55), 10)
    for (const value of singularValues.slice(1)) expect(value).toBeLessThan(1e-13 * singularValues[0])
    expect([...svd(new Float64Array(6), 3, 2).singularValues]).toEqual([0, 0])
  })

  test.each([1e-150, 1e150])('is not disturbed by entries of size %d', (scale) => {
    const matrix = gaussian(9, 4)
    const plain = svd(matrix, 9, 4).singularValues
    svd(matrix.map((value) => value * scale), 9, 4).singularValues.forEach((value, i) => { expect(value / scale / plain[i]).toBeCloseTo(1, 12) })
  })

  test('the squares of the singular values sum to the squared Frobenius norm', () => {
    const matrix = gaussian(40, 17)
    const sum = (values: Float64Array): number => values.reduce((total, value) => total + value * value, 0)
    expect(sum(svd(matrix, 40, 17).singularValues) / sum(matrix)).toBeCloseTo(1, 13)
  })

  test('refuses wrong sizes and numbers that are not finite', () => {
    expect(() => svd(new Float64Array(5), 2, 3)).toThrow('5 entries do not fill a 2 x 3 matrix')
    expect(() => svd(Float64Array.of(1, NaN), 1, 2)).toThrow('entry 1 is NaN')
  })
})
