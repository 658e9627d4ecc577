import { describe, expect, it } from 'vitest'
import { histogram } from './histogram.ts'

const values = Float64Array.from([0.1, 0.4, 0.5, 0.9, 1, 2.7])

describe('histogram', () => {
  it('counts every value once and has area one', () => {
    const { counts, densities, width } = histogram(values, { from: 0, to: 1 })
    expect(counts.reduce((a, b) => a + b, 0)).toBe(6)
    expect(densities.reduce((a, b) => a + b * width, 0)).toBeCloseTo(1, 12)
  })

  it('has a bar edge at the start of the stretch, also when values lie below it', () => {
    const { centres, width } = histogram([-1, 0.5, 1], { from: 0, to: 1 })
    const edges = centres.map((centre) => centre - width / 2)
    expect(edges.some((edge) => Math.abs(edge) < 1e-12)).toBe(true)
    expect(edges[0]).toBeLessThanOrEqual(-1)
  })

  it('leaves out values that are not finite and survives a stretch of no width', () => {
    expect(histogram([NaN, 1, 2], { from: 0, to: 3 }).counts.reduce((a, b) => a + b, 0)).toBe(2)
    expect(histogram([1, 1], { from: 1, to: 1 }).counts).toEqual([2])
    expect(histogram([], { from: 0, to: 1 }).densities.every((density) => density === 0)).toBe(true)
  })
})
