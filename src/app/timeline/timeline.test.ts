import { describe, expect, it } from 'vitest'
import { nearestCheckpoint, neighbourCheckpoint, viewCheckpoint } from './checkpoint-steps.ts'
import { sparklinePath } from './sparkline.ts'
import { stabilityLimit } from '../../contracts/stability.ts'

it('a sparkline spans its box, largest value at the top', () => {
  expect(sparklinePath([2, 1, 0], 100, 20)).toBe('M0.0 0.0L50.0 10.0L100.0 20.0')
})

it('a value that is not finite breaks the line, and one value draws none', () => {
  expect(sparklinePath([1, NaN, 0, 1], 90, 10)).toBe('M0.0 0.0M60.0 10.0L90.0 0.0')
  expect(sparklinePath([1], 90, 10)).toBe('')
})

it('scrubbing lands on a checkpoint', () => {
  expect([nearestCheckpoint([0, 1, 2, 5], 3.4), nearestCheckpoint([0, 1, 2, 5], 3.6), nearestCheckpoint([], 3)]).toEqual([2, 5, null])
})

it('brackets step between checkpoints and stop at the ends', () => {
  const epochs = [0, 1, 2]
  expect(neighbourCheckpoint(epochs, null, -1)).toBe(1)
  expect(neighbourCheckpoint(epochs, null, 1)).toBeNull()
  expect(neighbourCheckpoint(epochs, 0, -1)).toBeNull()
  expect(neighbourCheckpoint(epochs, 0, 1)).toBe(1)
})

it('the last checkpoint is stored as none in particular', () => {
  expect([viewCheckpoint([0, 1], 1), viewCheckpoint([0, 1], 0)]).toEqual([null, 0])
})

describe('the limit of stability', () => {
  /** Distance from the minimum of ½h·w² after many steps from 1. */
  const distance = (optimiser: 'sgd' | 'nesterov', h: number, rate: number, momentum: number): number => {
    let [w, v] = [1, 0]
    for (let step = 0; step < 800; step++) {
      const gradient = h * (optimiser === 'nesterov' ? w + momentum * v : w)
      v = momentum * v - rate * gradient
      w += v
    }
    return Math.abs(w)
  }

  it.each([['sgd', 0], ['sgd', 0.9], ['nesterov', 0.5], ['nesterov', 0.9]] as const)('of %s with momentum %d parts growing from shrinking steps', (optimiser, momentum) => {
    const limit = stabilityLimit(optimiser, momentum, 0.01) ?? 0
    expect(distance(optimiser, 0.98 * limit, 0.01, momentum)).toBeLessThan(1)
    expect(distance(optimiser, 1.02 * limit, 0.01, momentum)).toBeGreaterThan(100)
  })

  it('is not given where the gradient is rescaled', () => {
    expect((['adam', 'adamw', 'rmsprop', 'lion'] as const).map((optimiser) => stabilityLimit(optimiser, 0.9, 0.001))).toEqual([null, null, null, null])
  })
})
