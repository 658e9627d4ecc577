import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from './random.ts'
import { float64Space } from './vector-space.ts'

const random = createRandom(1, 'vector space')

function orthonormalBasis(n: number, m: number): Float64Array[] {
  const basis: Float64Array[] = []
  for (let j = 0; j < m; j++) {
    const x = float64Space.random(n, random)
    float64Space.projectOut(basis, x)
    float64Space.projectOut(basis, x)
    float64Space.scale(1 / float64Space.norm(x), x)
    basis.push(x)
  }
  return basis
}

describe('float64 vectors', () => {
  it('dot, axpy and scale agree with the plain sums at every remainder of the unrolling', () => {
    for (let n = 0; n < 10; n++) {
      const x = Float64Array.from({ length: n }, (_, i) => i + 1)
      const y = Float64Array.from({ length: n }, (_, i) => 2 * i - 3)
      expect(float64Space.dot(x, y)).toBe([...x].reduce((sum, value, i) => sum + value * y[i], 0))
      const z = float64Space.copy(y)
      float64Space.axpy(-2, x, z)
      expect([...z]).toEqual([...y].map((value, i) => value - 2 * x[i]))
      float64Space.scale(3, z)
      expect([...z]).toEqual([...y].map((value, i) => 3 * (value - 2 * x[i])))
    }
  })

  it('norm neither overflows nor underflows', () => {
    for (const unit of [1e-200, 1e-320, 1, 1e200]) {
      const expected = 5 * unit
      expect(float64Space.norm(Float64Array.of(3 * unit, 4 * unit)) / expected).toBeCloseTo(1, 3)
    }
    expect(float64Space.norm(new Float64Array(3))).toBe(0)
    expect(float64Space.norm(new Float64Array(0))).toBe(0)
    expect(float64Space.norm(Float64Array.of(1, Infinity))).toBe(Infinity)
    expect(float64Space.norm(Float64Array.of(1, NaN))).toBe(NaN)
  })

  it('copies do not share storage', () => {
    const x = Float64Array.of(1, 2)
    float64Space.copy(x)[0] = 9
    float64Space.toArray(x)[1] = 9
    expect([...x]).toEqual([1, 2])
    expect([...float64Space.fromArray([3, 4])]).toEqual([3, 4])
    expect([...float64Space.zeros(2)]).toEqual([0, 0])
  })
})

describe('tall and skinny products', () => {
  it('projecting out leaves a vector orthogonal to the basis, and the parts add up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(12), (n, wanted) => {
        const basis = orthonormalBasis(n, Math.min(n, wanted))
        const y = float64Space.random(n, random)
        const rest = float64Space.copy(y)
        const c = float64Space.projectOut(basis, rest)
        float64Space.projectOut(basis, rest)
        const leftover = float64Space.coefficients(basis, rest)
        float64Space.addCombination(basis, c, rest, 1)
        const sumError = Math.max(...rest.map((value, i) => Math.abs(value - y[i])))
        return c.length === basis.length && leftover.every((value) => Math.abs(value) < 1e-14) && sumError < 1e-13
      }),
      { numRuns: 100, seed: 1 },
    )
  })
})
