import { describe, expect, it } from 'vitest'
import { normalCdf, normalDensity } from './normal-distribution.ts'

describe('standard normal law', () => {
  // scipy.special.ndtr
  it.each([
    [0, 0.5],
    [0.0625, 0.5249176690292472],
    [0.5, 0.6914624612740131],
    [1, 0.8413447460685429],
    [1.959963984540054, 0.975],
    [-1, 0.15865525393145707],
    [-3.1, 0.0009676032132183563],
    [-6.4, 7.768847581709776e-11],
    [-8.3, 5.2055697448902465e-17],
    [-8.5, 9.47953482220325e-18],
    [-20, 2.7536241186061556e-89],
  ])('Φ(%f) is SciPy’s %f', (z, expected) => {
    expect(Math.abs(normalCdf(z) - expected)).toBeLessThan(3e-16)
    expect(Math.abs(normalCdf(z) / expected - 1)).toBeLessThan(1e-12)
  })

  it('joins its polynomials without a step and rises', () => {
    let before = 0
    for (let z = -9; z <= 9; z += 1 / 64) {
      const here = normalCdf(z)
      expect(here).toBeGreaterThanOrEqual(before)
      expect(Math.abs(here + normalCdf(-z) - 1)).toBeLessThan(1e-16)
      expect(Math.abs(normalCdf(z + 1e-7) - here - 1e-7 * normalDensity(z))).toBeLessThan(1e-14)
      before = here
    }
  })

  it('has its limits, and NaN for NaN', () => {
    expect([normalCdf(Infinity), normalCdf(-Infinity), normalCdf(-60)]).toEqual([1, 0, 0])
    expect(normalCdf(NaN)).toBeNaN()
    expect(normalDensity(0)).toBeCloseTo(1 / Math.sqrt(2 * Math.PI), 16)
  })
})
