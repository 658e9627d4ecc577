import { describe, expect, it } from 'vitest'
import { bulkLaw } from './marchenko-pastur.ts'

/** ∫ f over [a, b] with the substitution x = midpoint + half·sin(u), which tames square-root edges. */
function integral(f: (x: number) => number, a: number, b: number): number {
  const steps = 4000
  const [middle, half] = [(a + b) / 2, (b - a) / 2]
  let sum = 0
  for (let i = 0; i < steps; i++) {
    const u = -Math.PI / 2 + ((i + 0.5) * Math.PI) / steps
    sum += f(middle + half * Math.sin(u)) * half * Math.cos(u)
  }
  return (sum * Math.PI) / steps
}

describe('bulkLaw', () => {
  it.each([
    [50, 50, 0.14],
    [784, 50, 0.05],
    [64, 128, 0.1],
    [50, 10, 0.18],
  ])('density of %d × %d integrates to one', (rows, cols, deviation) => {
    const { density, lowerEdge, upperEdge } = bulkLaw(rows, cols, deviation)
    expect(integral(density, lowerEdge, upperEdge)).toBeCloseTo(1, 6)
  })

  it('second moment is s²·N, the mean of ν² over min(N, M) singular values', () => {
    const { density, lowerEdge, upperEdge } = bulkLaw(784, 50, 0.05)
    expect(integral((x) => x * x * density(x), lowerEdge, upperEdge)).toBeCloseTo(0.05 ** 2 * 784, 6)
  })

  it('is the same for a matrix and its transpose', () => {
    expect(bulkLaw(30, 70, 0.2).density(1.5)).toBe(bulkLaw(70, 30, 0.2).density(1.5))
  })

  it('is zero outside the edges and finite at zero for a square matrix', () => {
    const law = bulkLaw(784, 50, 0.05)
    expect(law.density(law.lowerEdge * 0.99)).toBe(0)
    expect(law.density(law.upperEdge * 1.01)).toBe(0)
    const square = bulkLaw(50, 50, 1)
    expect(square.density(0)).toBeCloseTo(2 * Math.sqrt(50) / (Math.PI * 50), 12)
    expect(square.density(-1)).toBe(0)
  })
})
