import { describe, expect, it } from 'vitest'
import { driftFigure } from './drift-figure.ts'
import { componentsFixture, OPTIONS } from './fixtures.ts'
import { variancesFigure } from './variances-figure.ts'
import { cumulativeShares } from './variances-spread.ts'

describe('driftFigure', () => {
  const result = componentsFixture()

  it('draws θ₁ as it is with its fit, and later components about their means', () => {
    const { data } = driftFigure(result, OPTIONS)
    const [first, fit, second, third] = data
    expect((first.y as number[])[0]).toBeCloseTo(-4.1, 12)
    expect(fit.y).toEqual([expect.closeTo(-4.1, 12), expect.closeTo(-4.1 + 2e-5 * 995, 12)])
    expect(fit.name).toBe('linear fit, R² = 0.9999')
    expect((second.y as number[]).reduce((a, b) => a + b, 0)).toBeCloseTo(0, 9)
    expect([first.yaxis, second.yaxis, third.yaxis]).toEqual([undefined, 'y2', 'y2'])
  })

  it('shows as many components as asked for and as there are', () => {
    expect(driftFigure(result, { ...OPTIONS, components: 1 }).data).toHaveLength(2)
    expect(driftFigure(result, { ...OPTIONS, components: 9 }).data).toHaveLength(5)
    expect(driftFigure(result, { ...OPTIONS, components: 1 }).layout.yaxis2).toBeUndefined()
  })

  it('lists every kept time with projections and fit', () => {
    const { table } = driftFigure(result, OPTIONS)
    expect(table.columns).toEqual(['t', 'theta 1', 'theta 2', 'theta 3', 'linear fit of theta 1'])
    expect(table.rows).toHaveLength(200)
    expect(table.rows[1][0]).toBe(5)
  })

  it('names the unit of time that was measured in', () => {
    const epochs = { ...result, measurement: { ...result.measurement, unit: 'epoch' as const } }
    expect(driftFigure(epochs, OPTIONS).axes.x).toBe('t, epochs measured')
    expect(driftFigure(result, OPTIONS).summary).toContain('R² = 0.9999 and slope 2.00 × 10⁻⁵ per mini-batch')
  })

  it('is empty without a trajectory', () => {
    expect(driftFigure(componentsFixture(0), OPTIONS).empty).toBe(true)
  })
})

describe('variancesFigure', () => {
  const result = componentsFixture()

  it('draws variances on a logarithmic axis and their cumulative share of all variance', () => {
    const { data, layout } = variancesFigure(result, OPTIONS)
    expect(layout.yaxis?.type).toBe('log')
    expect((data[0].y as number[])[1]).toBeCloseTo(8e-5 * 0.7, 12)
    expect((data[1].y as number[])[0]).toBeCloseTo(8e-5 / 3e-4, 12)
    expect(data.map(({ name }) => name)).toEqual(['weights', 'weights', 'velocities', 'velocities'])
    expect(data[0].marker?.symbol).not.toBe(data[2].marker?.symbol)
  })

  it('shares grow and stay below one when not all components are computed', () => {
    const shares = cumulativeShares(result.weights)
    expect(shares.every((share, i) => i === 0 || share > shares[i - 1])).toBe(true)
    expect(shares[29]).toBeLessThan(1)
  })

  it('leaves gaps where rounding made a variance negative', () => {
    const weights = { ...result.weights, variances: Float64Array.of(1, -1e-20) }
    expect(variancesFigure({ ...result, weights }, OPTIONS).data[0].y).toEqual([1, null])
  })

  it('lists both families side by side, blank where one is shorter', () => {
    const velocities = { ...result.velocities, variances: result.velocities.variances.slice(0, 2) }
    const { table } = variancesFigure({ ...result, velocities }, OPTIONS)
    expect(table.rows).toHaveLength(30)
    expect(table.rows[2].slice(3)).toEqual([null, null])
  })

  it('says the share of the first component', () => {
    expect(variancesFigure(result, OPTIONS).summary).toMatch(/^The first component holds 26\.7 % of the variance of the weights/)
  })

  it('is empty without components', () => {
    const none = { variances: new Float64Array(0), totalVariance: 0, residuals: new Float64Array(0) }
    expect(variancesFigure({ ...result, weights: none, velocities: none }, OPTIONS).empty).toBe(true)
  })
})
