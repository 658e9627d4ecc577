import { describe, expect, it } from 'vitest'
import { createRandom } from '../random.ts'
import { svd } from '../svd.ts'
import { symmetricEigenvalues } from '../symmetric-eigen.ts'
import { gaussianOrthogonalLevels, gaussianSingularValues, independentLevels } from './random-spectra.ts'

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

describe('tridiagonal models', () => {
  it('have the mean levels of full symmetric Gaussian matrices', () => {
    const random = createRandom(1, 'full')
    const full: Float64Array[] = []
    const model: Float64Array[] = []
    for (let trial = 0; trial < 400; trial++) {
      const matrix = new Float64Array(64)
      for (let i = 0; i < 8; i++) {
        for (let j = 0; j <= i; j++) matrix[8 * i + j] = matrix[8 * j + i] = (i === j ? Math.SQRT2 : 1) * random.normal()
      }
      full.push(symmetricEigenvalues(matrix, 8))
      model.push(gaussianOrthogonalLevels(8, random))
    }
    for (let level = 0; level < 8; level++) {
      expect(Math.abs(mean(full.map((levels) => levels[level])) - mean(model.map((levels) => levels[level])))).toBeLessThan(0.2)
    }
  })

  it.each([[9, 5], [5, 9], [6, 6], [40, 1]])('have the mean singular values of full %i x %i Gaussian matrices', (rows, columns) => {
    const random = createRandom(2, 'full')
    const short = Math.min(rows, columns)
    const full: Float64Array[] = []
    const model: Float64Array[] = []
    for (let trial = 0; trial < 400; trial++) {
      full.push(svd(Float64Array.from({ length: rows * columns }, () => random.normal()), rows, columns).singularValues)
      model.push(gaussianSingularValues(rows, columns, random))
    }
    for (let i = 0; i < short; i++) {
      expect(Math.abs(mean(full.map((values) => values[i])) - mean(model.map((values) => values[i])))).toBeLessThan(0.2)
    }
  })

  it('have the mean squares of their matrices', () => {
    const random = createRandom(3, 'squares')
    const squares = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0)
    // Means n(n + 1) and N·M; relative deviations about 2/n and √(2/(N M)).
    expect(Math.abs(squares(gaussianOrthogonalLevels(200, random)) / (200 * 201) - 1)).toBeLessThan(0.05)
    expect(Math.abs(squares(gaussianSingularValues(300, 100, random)) / 30_000 - 1)).toBeLessThan(0.04)
  })

  it('exist from size one on', () => {
    const random = createRandom(4, 'one')
    expect(gaussianOrthogonalLevels(1, random)).toHaveLength(1)
    expect(gaussianSingularValues(1, 1, random)[0]).toBeGreaterThan(0)
    expect(independentLevels(1, random)).toHaveLength(1)
    expect(() => gaussianOrthogonalLevels(0, random)).toThrow('size 0')
    expect(() => gaussianSingularValues(2, 1.5, random)).toThrow('size 1.5')
    expect(() => independentLevels(NaN, random)).toThrow('size NaN')
  })

  it('repeat to the bit', () => {
    expect(gaussianOrthogonalLevels(20, createRandom(5, 'x'))).toEqual(gaussianOrthogonalLevels(20, createRandom(5, 'x')))
    expect(gaussianSingularValues(9, 4, createRandom(5, 'x'))).toEqual(gaussianSingularValues(9, 4, createRandom(5, 'x')))
  })
})
