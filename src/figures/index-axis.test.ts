import { describe, expect, it } from 'vitest'
import { indexAxis, roundStep, type SpectrumEnd } from './index-axis.ts'

const ends = (largest: number, smallest: number): SpectrumEnd[] => [
  ...new Array<SpectrumEnd>(largest).fill('largest'),
  ...new Array<SpectrumEnd>(smallest).fill('smallest'),
]

describe('indexAxis', () => {
  it('counts from 1 without a gap when only the top is known', () => {
    const { positions, labels, gap } = indexAxis(ends(3, 0), 2500)
    expect(positions).toEqual([1, 2, 3])
    expect(labels).toEqual(['1', '2', '3'])
    expect(gap).toBeNull()
  })

  it('gives the bottom end its true indices after a gap', () => {
    const { positions, indices, labels, gap } = indexAxis(ends(2, 2), 42310)
    expect(indices).toEqual([1, 2, 42309, 42310])
    expect(labels).toEqual(['1', '2', '42,309', '42,310'])
    expect(positions).toEqual([1, 2, 5, 6])
    expect(gap).toBe(3.5)
  })

  it('has no gap when the whole spectrum is there', () => {
    expect(indexAxis(ends(2, 2), 4)).toMatchObject({ positions: [1, 2, 3, 4], indices: [1, 2, 3, 4], gap: null })
  })

  it('keeps a heatmap contiguous and puts the line between the cells', () => {
    expect(indexAxis(ends(2, 2), 10, 0)).toMatchObject({ positions: [1, 2, 3, 4], indices: [1, 2, 9, 10], gap: 2.5 })
  })

  it('counts from the end when the size is unknown', () => {
    expect(indexAxis(ends(1, 2), null).labels).toEqual(['1', 'n − 1', 'n'])
  })

  it('labels 1 and round numbers, never 0', () => {
    expect(indexAxis(ends(40, 0), 2500).axis.ticktext).toEqual(['1', '10', '20', '30', '40'])
    expect(indexAxis(ends(1, 0), 2500).axis.ticktext).toEqual(['1'])
  })
})

describe('roundStep', () => {
  it.each([
    [0.1, 1],
    [1.5, 2],
    [6.7, 10],
    [16, 20],
    [83, 100],
  ])('of %d is %d', (atLeast, step) => {
    expect(roundStep(atLeast)).toBe(step)
  })
})
