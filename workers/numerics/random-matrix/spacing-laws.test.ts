import { describe, expect, it } from 'vitest'
import { poissonCdf, poissonDensity, wignerCdf, wignerDensity } from './spacing-laws.ts'

/** ∫ f over [0, 40], midpoint rule. */
function integral(f: (s: number) => number): number {
  const step = 1e-3
  let sum = 0
  for (let i = 0; i < 40_000; i++) sum += f((i + 0.5) * step) * step
  return sum
}

describe.each([
  ['Wigner surmise', wignerDensity, wignerCdf],
  ['Poisson law', poissonDensity, poissonCdf],
] as const)('%s', (_, density, cdf) => {
  it('integrates to one and has mean spacing one', () => {
    expect(integral(density)).toBeCloseTo(1, 6)
    expect(integral((s) => s * density(s))).toBeCloseTo(1, 6)
  })

  it('is the derivative of its distribution function', () => {
    for (const s of [0.1, 0.5, 1, 2, 3]) expect((cdf(s + 1e-5) - cdf(s - 1e-5)) / 2e-5).toBeCloseTo(density(s), 8)
  })

  it('vanishes below zero', () => {
    expect([density(-1), cdf(-1), cdf(0)]).toEqual([0, 0, 0])
  })
})
