import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from './random.ts'
import { svd } from './svd.ts'
import { symmetricEigenvalues } from './symmetric-eigen.ts'
import { orthonormalityError, orthonormalRows, symmetricWithSpectrum, transposed } from './test-matrices.ts'

const random = createRandom(1, 'svd')
const normalMatrix = (rows: number, columns: number): Float64Array => Float64Array.from({ length: rows * columns }, () => random.normal())

function withSingularValues(values: number[], rows: number, columns: number): Float64Array {
  const left = orthonormalRows(values.length, rows, random)
  const right = orthonormalRows(values.length, columns, random)
  const matrix = new Float64Array(rows * columns)
  values.forEach((value, q) => {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) matrix[i * columns + j] += value * left[q * rows + i] * right[q * columns + j]
    }
  })
  return matrix
}

/** Largest deviation of U S Vᵀ, and of U and V from orthonormal columns. */
function errors(matrix: Float64Array, rows: number, columns: number): { product: number; left: number; right: number } {
  const { singularValues, left, right, rank } = svd(matrix, rows, columns)
  let product = 0
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0
      for (let q = 0; q < rank; q++) sum += left[i * rank + q] * singularValues[q] * right[j * rank + q]
      product = Math.max(product, Math.abs(sum - matrix[i * columns + j]))
    }
  }
  return {
    product,
    left: orthonormalityError(transposed(left, rows, rank), rows),
    right: orthonormalityError(transposed(right, columns, rank), columns),
  }
}

function expectDecomposed(matrix: Float64Array, rows: number, columns: number, size = 1): void {
  const { product, left, right } = errors(matrix, rows, columns)
  const allowed = 2e-15 * (10 + Math.max(rows, columns))
  expect(product).toBeLessThan(allowed * size)
  expect(left).toBeLessThan(allowed)
  expect(right).toBeLessThan(allowed)
}

describe('known singular values', () => {
  it.each<[string, number[], number, number]>([
    ['tall', [5, 3, 2, 1e-3], 30, 4],
    ['wide', [5, 3, 2, 1e-3], 4, 30],
    ['square', [4, 3, 2, 1, 0.5], 5, 5],
    ['clustered', [1, 1, 1, 1 - 1e-12, 0.5, 0.5], 20, 6],
    ['rank deficient', [3, 1, 0, 0, 0], 5, 12],
    ['graded over sixteen decades', [1, 1e-4, 1e-8, 1e-12, 1e-16], 9, 5],
  ])('%s', (_, values, rows, columns) => {
    const matrix = withSingularValues(values, rows, columns)
    const { singularValues, rank, outcome } = svd(matrix, rows, columns)
    expect(rank).toBe(values.length)
    expect(outcome).toBe('converged')
    singularValues.forEach((value, i) => expect(Math.abs(value - values[i])).toBeLessThan(1e-14))
    expectDecomposed(matrix, rows, columns, 5)
  })

  it('one by one is |w| with its sign on the right', () => {
    expect(svd(Float64Array.of(-3), 1, 1)).toMatchObject({
      singularValues: Float64Array.of(3),
      left: Float64Array.of(1),
      right: Float64Array.of(-1),
    })
  })

  it('the zero matrix has orthonormal vectors too', () => {
    expectDecomposed(new Float64Array(12), 4, 3)
    expect([...svd(new Float64Array(12), 4, 3).singularValues]).toEqual([0, 0, 0])
  })

  it('columns scaled by many decades keep relative accuracy', () => {
    const matrix = Float64Array.of(1, 1e-12, 1, -1e-12)
    const { singularValues } = svd(matrix, 2, 2)
    expect(singularValues[1] / (Math.SQRT2 * 1e-12)).toBeCloseTo(1, 13)
  })

  it('of a symmetric matrix are the sizes of its eigenvalues', () => {
    const matrix = symmetricWithSpectrum([3, -2.5, 2, 0.25, -0.125], random)
    const sizes = symmetricEigenvalues(matrix, 5).map(Math.abs).sort().reverse()
    svd(matrix, 5, 5).singularValues.forEach((value, i) => expect(Math.abs(value - sizes[i])).toBeLessThan(1e-14))
  })
})

describe('random matrices', () => {
  it.each([[128, 64], [64, 128], [200, 50], [33, 33], [25, 96], [2, 1], [1, 7]])('%i x %i decompose', (rows, columns) => {
    expectDecomposed(normalMatrix(rows, columns), rows, columns, 20)
  })

  it('any small shape decomposes, zero columns and repeated rows included', () => {
    const entry = fc.constantFrom(0, 0, 1, -1, 0.5, 3)
    const shape = fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }))
    const matrices = shape.chain(([rows, columns]) =>
      fc.tuple(fc.constant(rows), fc.constant(columns), fc.array(entry, { minLength: rows * columns, maxLength: rows * columns })),
    )
    fc.assert(
      fc.property(matrices, ([rows, columns, values]) => expectDecomposed(Float64Array.from(values), rows, columns, 10)),
      { numRuns: 500, seed: 1 },
    )
  })

  it.each([1e-310, 1e-200, 1e200, 1e305])('the unit %s does not matter', (unit) => {
    const matrix = normalMatrix(6, 4)
    const scaled = svd(matrix.map((value) => value * unit), 6, 4)
    const plain = svd(matrix, 6, 4)
    const digits = unit < 1e-300 ? 10 : 12
    scaled.singularValues.forEach((value, i) => expect(value / unit / plain.singularValues[i]).toBeCloseTo(1, digits))
    expect(orthonormalityError(transposed(scaled.left, 6, 4), 6)).toBeLessThan(1e-14)
  })

  it('left vectors have their largest entry positive and repeat to the bit', () => {
    const matrix = normalMatrix(12, 5)
    const { left } = svd(matrix, 12, 5)
    for (let q = 0; q < 5; q++) {
      const column = Array.from({ length: 12 }, (_, i) => left[5 * i + q])
      expect(Math.max(...column)).toBe(Math.max(...column.map(Math.abs)))
    }
    expect(svd(matrix, 12, 5)).toEqual(svd(matrix, 12, 5))
  })
})

describe('rejected input', () => {
  it('is empty, misshapen or not finite', () => {
    expect(() => svd(new Float64Array(5), 2, 3)).toThrow('5 entries do not fill a 2 x 3 matrix')
    expect(() => svd(new Float64Array(0), 0, 3)).toThrow('0 x 3')
    expect(() => svd(Float64Array.of(1, NaN), 1, 2)).toThrow('svd: entry 1 is NaN')
  })
})
