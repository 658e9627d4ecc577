import { describe, expect, it } from 'vitest'
import { loadCase } from '../../../fixtures/load.ts'
import { kernelDensity, scottWidth } from './kernel-density.ts'

const reference = loadCase('c5_spectral_stats')
const relativeError = (a: Float64Array, b: Float64Array): number => a.reduce((most, value, i) => Math.max(most, Math.abs(value / b[i] - 1)), 0)

describe.each(['goe300', 'poisson300', 'hess_W3'])('density of the reference spectrum %s', (name) => {
  it('equals seaborn’s with Scott’s width, grid included', () => {
    const { grid, density, width } = kernelDensity(reference.array(name), { width: { kind: 'scott' } })
    expect(width / reference.scalar(`${name}_kde_bandwidth`)).toBeCloseTo(1, 13)
    expect(relativeError(grid, reference.array(`${name}_kde_grid`))).toBeLessThan(1e-12)
    const onTheirs = kernelDensity(reference.array(name), { width: { kind: 'scott' }, grid: reference.array(`${name}_kde_grid`) })
    expect(relativeError(onTheirs.density, reference.array(`${name}_kde_scott`))).toBeLessThan(1e-12)
    expect(relativeError(density, onTheirs.density)).toBeLessThan(1e-11)
  })

  it('equals the stored one of width one', () => {
    const { density, width } = kernelDensity(reference.array(name), { grid: reference.array(`${name}_kde_std1_grid`) })
    expect(width).toBe(1)
    expect(relativeError(density, reference.array(`${name}_kde_std1`))).toBeLessThan(1e-12)
  })
})

describe('kernelDensity', () => {
  it('integrates to one', () => {
    for (const width of [0.1, 1, 7]) {
      const { grid, density } = kernelDensity([-3, 0, 0, 2, 50], { width: { kind: 'fixed', width }, points: 6001, cut: 9 })
      const step = (grid[6000] - grid[0]) / 6000
      expect(density.reduce((sum, value) => sum + value * step, 0)).toBeCloseTo(1, 9)
    }
  })

  it('keeps its digits far from every value', () => {
    const { density } = kernelDensity([0], { grid: Float64Array.of(20, 37, 60) })
    expect(density[0]).toBeCloseTo(5.520948362159764e-88, 98)
    expect(density[1]).toBeGreaterThan(0)
    expect(density[2]).toBe(0)
  })

  it('takes one value with a fixed width', () => {
    expect(kernelDensity([2], { grid: Float64Array.of(2) }).density[0]).toBeCloseTo(1 / Math.sqrt(2 * Math.PI), 15)
    expect(kernelDensity([2], { points: 3 }).grid).toEqual(Float64Array.of(-1, 2, 5))
  })

  it('refuses widths, values and grids that are none', () => {
    expect(() => scottWidth([3])).toThrow('width of 1 values is 0; give values that differ or choose a fixed width')
    expect(() => scottWidth([3, 3])).toThrow('choose a fixed width')
    expect(() => kernelDensity([])).toThrow('no values')
    expect(() => kernelDensity([1, NaN])).toThrow('value 1 is NaN')
    expect(() => kernelDensity([1], { grid: Float64Array.of(Infinity) })).toThrow('grid place 0 is Infinity')
    expect(() => kernelDensity([1], { width: { kind: 'fixed', width: 0 } })).toThrow('width=0')
    expect(() => kernelDensity([1], { points: 1 })).toThrow('points=1')
    expect(() => kernelDensity([1], { cut: -1 })).toThrow('cut=-1')
  })
})
