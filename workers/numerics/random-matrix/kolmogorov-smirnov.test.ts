import { describe, expect, it } from 'vitest'
import { createRandom } from '../random.ts'
import { exceedance, kolmogorovDistance, nullQuantiles, quantile } from './kolmogorov-smirnov.ts'

const uniform = (x: number): number => Math.min(1, Math.max(0, x))

describe('kolmogorovDistance', () => {
  it('looks at both sides of every step', () => {
    expect(kolmogorovDistance([0.5], uniform)).toBe(0.5)
    expect(kolmogorovDistance([0.25, 0.75], uniform)).toBe(0.25)
    expect(kolmogorovDistance([0.9, 0.95], uniform)).toBe(0.9)
    expect(kolmogorovDistance([0.1, 0.1, 0.1], uniform)).toBeCloseTo(0.9, 15)
  })

  it('exceeds 1.358/√m for one uniform sample in twenty', () => {
    const random = createRandom(1, 'uniforms')
    let large = 0
    for (let trial = 0; trial < 1000; trial++) {
      const sample = Float64Array.from({ length: 200 }, () => random.uniform()).sort()
      if (kolmogorovDistance(sample, uniform) > 1.358 / Math.sqrt(200)) large++
    }
    expect(large).toBeGreaterThan(25)
    expect(large).toBeLessThan(70)
  })

  it('refuses samples that are empty, unsorted or not finite', () => {
    expect(() => kolmogorovDistance([], uniform)).toThrow('without values')
    expect(() => kolmogorovDistance([2, 1], uniform)).toThrow('sort ascending')
    expect(() => kolmogorovDistance([1, NaN], uniform)).toThrow('value 1 is NaN')
  })
})

describe('comparison with a simulated null', () => {
  it('has quantiles between order statistics, as NumPy', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5)
    expect(quantile([1, 2, 3, 4], 1)).toBe(4)
    expect(quantile([7], 0.3)).toBe(7)
    expect(nullQuantiles(Array.from({ length: 101 }, (_, i) => i))).toEqual({ quantile05: 5, median: 50, quantile95: 95 })
    expect(() => quantile([], 0.5)).toThrow('no values')
    expect(() => quantile([1], 1.5)).toThrow('probability=1.5')
  })

  it('counts the observed value in, so that no probability is zero', () => {
    expect(exceedance([1, 2, 3], 4)).toBe(0.25)
    expect(exceedance([1, 2, 3], 2)).toBe(0.75)
    expect(exceedance([1, 2, 3], 0)).toBe(1)
    expect(exceedance([], 5)).toBe(1)
    expect(() => exceedance([1], NaN)).toThrow('observed=NaN')
  })
})
