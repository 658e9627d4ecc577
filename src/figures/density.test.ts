import { describe, expect, it } from 'vitest'
import { loadCase } from '../../fixtures/load.ts'
import { densityGrid, drawableWidth, gaussianDensity, nodeRange, probeMeasures, quadratureWidth, scottWidth, scottWidthOf, smoothDensity, valuesMeasure } from './density.ts'
import { lonelyNodes, settledFromTop } from './density-sticks.ts'
import { quadratureFixture } from './spectral-fixtures.ts'

const reference = loadCase('c5_spectral_stats')

describe('gaussianDensity', () => {
  it.each(['goe300', 'poisson300'])('is seaborn’s density of %s with Scott’s width', (name) => {
    const values = reference.array(name)
    const width = scottWidth(values)
    expect(width).toBeCloseTo(reference.scalar(`${name}_kde_bandwidth`), 10)
    const density = gaussianDensity(valuesMeasure(values), width, [...reference.array(`${name}_kde_grid`)])
    reference.array(`${name}_kde_scott`).forEach((expected, i) => expect(density[i]).toBeCloseTo(expected, 9))
  })

  it('is the density with width 1 that the caption of Fig. 7.15 asks for', () => {
    const density = gaussianDensity(valuesMeasure(reference.array('goe300')), 1, [...reference.array('goe300_kde_std1_grid')])
    reference.array('goe300_kde_std1').forEach((expected, i) => expect(density[i]).toBeCloseTo(expected, 9))
  })

  it.each([0.0006, 0.02, 0.5, 3])('integrates to 1 with width %s', (width) => {
    const measures = probeMeasures(quadratureFixture())
    const [low, high] = nodeRange(measures)
    const grid = densityGrid(low, high, drawableWidth(width, low, high))
    const { mean } = smoothDensity(measures, drawableWidth(width, low, high), grid)
    const integral = mean.reduce((sum, value) => sum + value, 0) * (grid[1] - grid[0])
    expect(integral).toBeCloseTo(1, 4)
  })
})

describe('widths', () => {
  it('follow from range and steps, and no width hides the range', () => {
    const measures = [valuesMeasure([0, 10])]
    expect(quadratureWidth(measures, 100)).toBeCloseTo(0.1, 12)
    expect(quadratureWidth(measures, 2)).toBe(1)
    expect(drawableWidth(1e-9, 0, 10)).toBe(0.005)
    expect(drawableWidth(NaN, 3, 3)).toBeGreaterThan(0)
  })

  it('Scott’s width of measures is that of the values they stand for', () => {
    const values = Float64Array.from({ length: 50 }, (_, i) => i * i)
    expect(scottWidthOf([valuesMeasure(values)], 50)).toBeCloseTo(scottWidth(values), 9)
  })
})

describe('smoothDensity', () => {
  it('has the standard error of the mean over probes', () => {
    const [a, b] = [valuesMeasure([0]), valuesMeasure([1])]
    const grid = densityGrid(0, 1, 0.1)
    const { mean, standardError } = smoothDensity([a, b], 0.1, grid)
    const [onlyA, onlyB] = [gaussianDensity(a, 0.1, grid), gaussianDensity(b, 0.1, grid)]
    grid.forEach((_, i) => {
      expect(mean[i]).toBeCloseTo((onlyA[i] + onlyB[i]) / 2, 12)
      expect(standardError[i]).toBeCloseTo(Math.abs(onlyA[i] - onlyB[i]) / 2, 12)
    })
  })

  it('cuts a probe that ended early', () => {
    const quadrature = quadratureFixture(2, 4)
    quadrature.nodes[6] = quadrature.nodes[7] = NaN
    expect(probeMeasures(quadrature).map(({ nodes }) => nodes.length)).toEqual([4, 2])
  })
})

describe('lonelyNodes', () => {
  it('joins the settled outliers of all probes and takes nothing from the bulk', () => {
    const sticks = lonelyNodes(quadratureFixture(), 0.05)
    expect(sticks.map(({ value, probes }) => [value, probes])).toEqual([[9, 4], [4, 4]])
    expect(sticks[0]).toMatchObject({ residual: 1e-6, weight: 0.0025 })
  })

  it('asks for three widths of distance and a small residual', () => {
    expect(lonelyNodes(quadratureFixture(), 1.2).map(({ value }) => value)).toEqual([9])
    const loose = quadratureFixture()
    expect(lonelyNodes({ ...loose, residuals: loose.residuals.map(() => 0.1) }, 0.05)).toEqual([])
  })

  it('knows the k-th largest only where k nodes have settled', () => {
    expect(settledFromTop(quadratureFixture(), 2)).toBeCloseTo(4, 12)
    expect(settledFromTop(quadratureFixture(), 3)).toBeNull()
  })
})
