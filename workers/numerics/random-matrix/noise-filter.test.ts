import { describe, expect, it } from 'vitest'
import { createRandom } from '../random.ts'
import { svd } from '../svd.ts'
import { rebuild, removeSmallest, shrinkOptimally, softThreshold } from './noise-filter.ts'

const distance = (a: Float64Array, b: Float64Array): number => Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0))

describe('new singular values', () => {
  it('lose the smallest first', () => {
    const values = Float64Array.of(5, 4, 3, 2, 1)
    expect([0, 0.2, 0.5, 1].map((share) => [...removeSmallest(values, share)])).toEqual([[5, 4, 3, 2, 1], [5, 4, 3, 2, 0], [5, 4, 0, 0, 0], [0, 0, 0, 0, 0]])
  })

  it('shrink as Gavish and Donoho say, for both orientations', () => {
    const y = [4, 2.5, 1.9]
    const [beta, unit] = [0.5, 0.3 * Math.sqrt(6)]
    const expected = y.map((value) => (unit * Math.sqrt((value ** 2 - beta - 1) ** 2 - 4 * beta)) / value)
    for (const [rows, columns] of [[6, 3], [3, 6]]) {
      shrinkOptimally(Float64Array.from(y, (value) => value * unit), rows, columns, 0.3).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 12))
    }
  })

  it('shrink to zero at the edge, hardly at all far above it, and without overflow', () => {
    const edge = Math.sqrt(4) + Math.sqrt(4)
    expect([...shrinkOptimally(Float64Array.of(1e300, 1e6, edge, 1), 4, 4, 1)]).toEqual([1e300, expect.closeTo(1e6, 4), 0, 0])
  })

  it('go down by a threshold', () => {
    expect([...softThreshold(Float64Array.of(5, 2, 1), 2)]).toEqual([3, 0, 0])
  })

  it('refuse what is no list of singular values', () => {
    expect(() => removeSmallest(Float64Array.of(1, 2), 0.5)).toThrow('sort descending')
    expect(() => removeSmallest(Float64Array.of(1), 1.5)).toThrow('share=1.5')
    expect(() => shrinkOptimally(Float64Array.of(1), 2, 2, 1)).toThrow('a 2 x 2 matrix has 2')
    expect(() => shrinkOptimally(Float64Array.of(1), 1, 1, 0)).toThrow('sd=0')
    expect(() => softThreshold(Float64Array.of(NaN), 1)).toThrow('singular value 0 is NaN')
    expect(() => softThreshold(Float64Array.of(1), -1)).toThrow('threshold=-1')
  })
})

describe('rebuilt matrix', () => {
  it.each([[7, 4], [4, 7], [1, 5], [5, 1], [1, 1]])('of %i x %i with its own values is itself, with none zero', (rows, columns) => {
    const random = createRandom(rows, 'matrix')
    const matrix = Float64Array.from({ length: rows * columns }, () => random.normal())
    const decomposition = svd(matrix, rows, columns)
    expect(distance(rebuild(decomposition, decomposition.singularValues), matrix)).toBeLessThan(1e-13)
    expect(rebuild(decomposition, new Float64Array(decomposition.rank))).toEqual(new Float64Array(rows * columns))
    expect(() => rebuild(decomposition, new Float64Array(9))).toThrow('9 singular values')
  })

  it('comes closest to the matrix before the noise by optimal shrinkage', () => {
    const random = createRandom(3, 'noise')
    const [rows, columns, sd] = [120, 80, 0.1]
    const clean = new Float64Array(rows * columns)
    for (const size of [6, 4, 3]) {
      const [u, v] = [rows, columns].map((side) => Float64Array.from({ length: side }, () => random.normal() / Math.sqrt(side)))
      for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) clean[i * columns + j] += size * u[i] * v[j]
    }
    const noisy = clean.map((value) => value + sd * random.normal())
    const decomposition = svd(noisy, rows, columns)
    const { singularValues } = decomposition
    const edge = sd * (Math.sqrt(rows) + Math.sqrt(columns))
    const errorOf = (values: Float64Array): number => distance(rebuild(decomposition, values), clean)
    const optimal = errorOf(shrinkOptimally(singularValues, rows, columns, sd))
    expect(optimal).toBeLessThan(errorOf(removeSmallest(singularValues, 77 / 80)))
    expect(optimal).toBeLessThan(errorOf(softThreshold(singularValues, edge)))
    expect(optimal).toBeLessThan(0.35 * errorOf(singularValues))
  })
})
