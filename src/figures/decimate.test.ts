import { describe, expect, it } from 'vitest'
import { decimatedIndices, pick } from './decimate.ts'

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
