import { describe, expect, it } from 'vitest'
import { distributionSteps, histogram } from './histogram.ts'

describe('histogram', () => {
  it('counts values from the left edge on, the last bin to its right edge', () => {
    const { edges, counts, densities, below, above } = histogram([-1, 0, 0.5, 1, 1.5, 2, 3], { bins: 2, from: 0, to: 2 })
    expect([...edges]).toEqual([0, 1, 2])
    expect([...counts]).toEqual([2, 3])
    expect([...densities]).toEqual([2 / 7, 3 / 7])
    expect({ below, above }).toEqual({ below: 1, above: 1 })
  })

  it('spans the values by default, and a single place gets a bin', () => {
    expect([...histogram([3, 1, 2], { bins: 4 }).counts]).toEqual([1, 0, 1, 1])
    expect(histogram([5, 5], { bins: 1 })).toMatchObject({ counts: Float64Array.of(2), edges: Float64Array.of(2.5, 7.5) })
    expect(histogram([0], { bins: 2 }).densities.reduce((sum, density) => sum + density / 2, 0)).toBe(1)
  })

  it('refuses what it cannot count', () => {
    expect(() => histogram([], { bins: 3 })).toThrow('no values')
    expect(() => histogram([NaN], { bins: 3 })).toThrow('value 0 is NaN')
    expect(() => histogram([1, 2], { bins: 0 })).toThrow('bins=0')
    expect(() => histogram([1, 2], { bins: 3, from: 2, to: 1 })).toThrow('from 2 to 1')
  })
})

describe('distributionSteps', () => {
  it('rises by 1/m at every value', () => {
    const { places, shares } = distributionSteps([3, 1, 2, 2])
    expect([...places]).toEqual([1, 2, 2, 3])
    expect([...shares]).toEqual([0.25, 0.5, 0.75, 1])
    expect(() => distributionSteps([])).toThrow('no values')
  })
})
