import { describe, expect, it } from 'vitest'
import { decimatedIndices, endsIndices, pick, thinnedIndices } from './decimate.ts'

describe('decimatedIndices', () => {
  it('keeps a short curve whole', () => {
    expect(decimatedIndices([3, 1, 2], 10)).toEqual([0, 1, 2])
    expect(decimatedIndices([])).toEqual([])
  })

  it('keeps ends and extremes of a long curve in order and within the limit', () => {
    const values = Float64Array.from({ length: 100_000 }, (_, i) => Math.sin(i / 500))
    values[54_321] = 9
    values[65_432] = -9
    const kept = decimatedIndices(values, 400)
    expect(kept.length).toBeLessThanOrEqual(400)
    expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b))
    expect([kept[0], kept[kept.length - 1]]).toEqual([0, 99_999])
    expect(Math.max(...pick(values, kept))).toBe(9)
    expect(Math.min(...pick(values, kept))).toBe(-9)
  })

  it('is not misled by values that are not finite, and still shows that they are there', () => {
    const values = new Float64Array(1000).fill(1)
    values.fill(NaN, 500)
    values[100] = 5
    const kept = pick(values, decimatedIndices(values, 100))
    expect(kept).toContain(5)
    expect(kept.some(Number.isNaN)).toBe(true)
  })
})

it('thinned indices are evenly spaced with both ends', () => {
  expect(thinnedIndices(3, 10)).toEqual([0, 1, 2])
  expect(thinnedIndices(101, 11)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100])
})

it('a tenth of the limit at both ends is kept whole', () => {
  const kept = endsIndices(1000, 100)
  expect(kept).toHaveLength(100)
  expect([kept.slice(0, 11), kept.slice(-11)]).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [989, 990, 991, 992, 993, 994, 995, 996, 997, 998, 999]])
  expect(new Set(kept).size).toBe(100)
})
