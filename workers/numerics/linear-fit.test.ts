import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadCase } from '../../fixtures/load.ts'
import { linearFit, varianceFromSlope } from './linear-fit.ts'

describe('linearFit', () => {
  it('meets a line exactly', () => {
    const coefficient = fc.integer({ min: -1000, max: 1000 })
    fc.assert(
      fc.property(coefficient, coefficient, fc.integer({ min: 2, max: 50 }), (a, b, T) => {
        const fit = linearFit(Array.from({ length: T }, (_, t) => a * t + b))
        return Math.abs(fit.slope - a) < 1e-9 && Math.abs(fit.intercept - b) < 1e-8 && Math.abs(fit.r2 - 1) < 1e-12
      }),
      { numRuns: 200, seed: 1 },
    )
  })

  it('explains nothing of a symmetric tent', () => {
    expect(linearFit([0, 1, 2, 1, 0])).toEqual({ slope: 0, intercept: 0.8, r2: 0 })
  })

  it('agrees with the reference fit', () => {
    const reference = loadCase('c4_trajectory')
    const fit = linearFit(reference.array('theta1'))
    expect(fit.slope / reference.scalar('theta1_fit.slope')).toBeCloseTo(1, 11)
    expect(fit.intercept).toBeCloseTo(reference.scalar('theta1_fit.intercept'), 12)
    expect(fit.r2).toBeCloseTo(reference.scalar('theta1_fit.r2'), 12)
    const variance = varianceFromSlope(fit.slope, 400)
    expect(variance.population / reference.scalar('theta1_fit.sigma2_from_slope_pop')).toBeCloseTo(1, 11)
    expect(variance.ddof1 / reference.scalar('theta1_fit.sigma2_from_slope_ddof1')).toBeCloseTo(1, 11)
  })

  it('keeps its digits on a large offset', () => {
    expect(linearFit([1e9, 1e9 + 1, 1e9 + 2]).slope).toBe(1)
  })

  it('rejects a single point and values that are not finite', () => {
    expect(() => linearFit([1])).toThrow('1 points determine no line')
    expect(() => linearFit([1, NaN, 2])).toThrow('value 1 is NaN')
  })
})

describe('varianceFromSlope', () => {
  it('is the variance of the points of the line', () => {
    for (const T of [2, 3, 10, 101]) {
      const points = Array.from({ length: T }, (_, t) => 0.3 * t)
      const mean = points.reduce((sum, value) => sum + value) / T
      const squares = points.reduce((sum, value) => sum + (value - mean) ** 2, 0)
      expect(varianceFromSlope(0.3, T).population).toBeCloseTo(squares / T, 10)
      expect(varianceFromSlope(0.3, T).ddof1).toBeCloseTo(squares / (T - 1), 10)
    }
  })

  it('rejects fewer than two points', () => {
    expect(() => varianceFromSlope(1, 1)).toThrow('T=1')
  })
})
