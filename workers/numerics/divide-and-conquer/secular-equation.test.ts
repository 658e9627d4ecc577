import { describe, expect, it } from 'vitest'
import { createRandom } from '../random.ts'
import { SecularEquation } from './secular-equation.ts'
import type { RankOneUpdate } from './secular-equation.ts'

interface Solved {
  readonly values: number[]
  /** Offsets from the pole in front of each root. */
  readonly distances: number[]
  readonly steps: number[]
}

function solve(update: RankOneUpdate): Solved {
  const equation = new SecularEquation(update)
  const steps = Array.from(update.poles, (_, j) => equation.solve(j))
  const { origins, offsets } = equation.roots
  const values = Array.from(offsets, (offset, j) => update.poles[origins[j]] + offset)
  const distances = Array.from(offsets, (offset, j) => update.poles[origins[j]] - update.poles[j] + offset)
  return { values, distances, steps }
}

const update = (poles: number[], weights: number[], rho: number): RankOneUpdate => ({ poles: Float64Array.from(poles), weights: Float64Array.from(weights), rho })

describe('the secular equation', () => {
  it('has the root d + ρ z² for one pole', () => {
    expect(solve(update([2], [0.25], 4)).values).toEqual([3])
  })

  it('has the eigenvalues of a 2 × 2 matrix as roots', () => {
    // diag(0, 1) + (1/2, 1/2)(1/2, 1/2)ᵀ · 2 = [[1/2, 1/2], [1/2, 3/2]]: 1 ∓ √(1/2).
    const { values } = solve(update([0, 1], [0.25, 0.25], 2))
    expect(values[0]).toBeCloseTo(1 - Math.SQRT1_2, 15)
    expect(values[1]).toBeCloseTo(1 + Math.SQRT1_2, 15)
  })

  it.each([3, 10, 100, 400])('has one root behind each of %i random poles, and the trace of the matrix', (k) => {
    const random = createRandom(k, 'secular')
    const poles = Array.from({ length: k }, () => random.normal()).sort((a, b) => a - b)
    const weights = poles.map(() => random.uniform() / k)
    const { values, distances, steps } = solve(update(poles, weights, 0.7))
    expect(distances.every((distance) => distance > 0)).toBe(true)
    expect(values.every((value, j) => j === k - 1 || value < poles[j + 1])).toBe(true)
    const sum = (terms: number[]): number => terms.reduce((total, term) => total + term, 0)
    expect(sum(distances)).toBeCloseTo(0.7 * sum(weights), 13)
    expect(sum(steps) / k).toBeLessThan(7)
  })

  it('keeps all digits of roots far closer to their pole than a rounding of it', () => {
    const { distances } = solve(update([1, 2, 3], [1e-30, 0.5, 1e-30], 1))
    // To first order in its weight, a root lies weight / (1/ρ + Σ other terms) behind its pole.
    expect(distances[0] / (1e-30 / (1 + 0.5 / (2 - 1)))).toBeCloseTo(1, 13)
    expect(distances[1]).toBeCloseTo(0.5, 14)
    expect(distances[2] / (1e-30 / (1 + 0.5 / (2 - 3)))).toBeCloseTo(1, 13)
  })

  it('finds roots between poles that nearly touch', () => {
    const poles = [1, 1 + 2 ** -50, 1 + 2 ** -49, 2]
    const { distances } = solve(update(poles, [0.3, 0.3, 0.3, 0.1], 1e-3))
    expect(distances.slice(0, 2).every((distance) => distance > 0 && distance < 2 ** -50)).toBe(true)
  })
})
