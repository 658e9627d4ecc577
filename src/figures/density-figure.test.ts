import { describe, expect, it } from 'vitest'
import { DENSITY_FLOOR, densityFigure, type DensityInput } from './density-figure.ts'
import { OPTIONS } from './fixtures.ts'
import { densityFixture, quadratureFixture, wholeSpectrumFixture } from './spectral-fixtures.ts'

const options = { ...OPTIONS, bandwidth: 'auto', scale: 'log' } as const
const draw = (input: Partial<DensityInput>, more = {}) => densityFigure({ density: null, whole: null, classes: null, ...input }, { ...options, ...more })
const names = (figure: ReturnType<typeof draw>) => figure.data.filter(({ showlegend }) => showlegend !== false).map(({ name }) => name)

describe('densityFigure', () => {
  const figure = draw({ density: densityFixture(), classes: 3 })

  it('draws the mean over probes with a band of one standard error and sticks', () => {
    expect(figure.data.map(({ name }) => name)).toEqual(['± s.e.', 'estimate ± s.e.', 'settled, alone'])
    expect(figure.data[2].x).toEqual([9, 4])
    expect((figure.data[2].customdata as unknown[])[0]).toEqual(['9.00', '1.0 × 10⁻⁶', 4])
  })

  it('has a logarithmic axis that ends at the floor, and nothing is drawn below', () => {
    expect(figure.layout.yaxis?.type).toBe('log')
    expect(figure.layout.yaxis?.range?.[0]).toBe(-7)
    expect(Math.min(...(figure.data[1].y as number[]))).toBe(DENSITY_FLOOR)
    expect(Math.min(...(draw({ density: densityFixture() }, { scale: 'linear' }).data[1].y as number[]))).toBeLessThan(DENSITY_FLOOR)
  })

  it('takes range over steps for its width, at most a tenth of the range, and says which', () => {
    expect(figure.summary).toContain('σ = 0.767 (range over steps)')
    expect(figure.axes.x).toContain('σ = 0.767')
    expect(draw({ density: densityFixture() }, { bandwidth: 0.2 }).summary).toContain('σ = 0.200 (chosen)')
    expect(draw({ density: densityFixture() }, { bandwidth: 1e-9 }).summary).toContain('the narrowest that can be drawn')
  })

  it('says trace and negative mass with errors, and how they moved from half the steps', () => {
    expect(figure.summary).toContain('trace 52.3 ± 0.4, negative mass 2.1 ± 0.2 %')
    expect(figure.summary).toContain('the trace changed by 0.40 and the negative mass by −1.4 percentage points')
    expect(figure.summary).toContain('2 settled values stand alone, the largest at 9.00')
  })

  it('marks the C − 1 largest only where they have settled', () => {
    expect(figure.layout.annotations?.map(({ text }) => text)).toEqual(['C − 1 = 2'])
    expect(figure.layout.shapes?.[0]).toMatchObject({ x0: 4 })
    expect(draw({ density: densityFixture(), classes: 10 }).layout.shapes).toEqual([])
  })

  it('draws eigenvalues alone with Scott’s width, which is also what auto means for them', () => {
    const whole = wholeSpectrumFixture()
    const [auto, scott] = [draw({ whole }), draw({ whole }, { bandwidth: 'scott' })]
    expect(auto.data).toEqual(scott.data)
    expect(auto.summary).toContain('(Scott’s width)')
    expect(names(auto)).toEqual(['whole spectrum'])
    expect(auto.table.columns).toEqual(['eigenvalue', 'density, whole spectrum'])
  })

  it('draws both with one width, and the epoch compared with', () => {
    const density = densityFixture({ compared: { epoch: 0, quadrature: quadratureFixture(2) } })
    const both = draw({ density, whole: wholeSpectrumFixture(), classes: 10 })
    expect(names(both)).toEqual(['estimate ± s.e.', 'whole spectrum', 'epoch 0', 'settled, alone'])
    expect(both.table.columns).toEqual(['eigenvalue', 'density by SLQ', 'standard error', 'density, whole spectrum', 'density, epoch 0'])
    expect(both.layout.shapes?.[0]).toMatchObject({ x0: 0.75 })
    const alone = draw({ whole: wholeSpectrumFixture({ compared: { epoch: 12, eigenvalues: Float64Array.of(3, 2, 1) } }) })
    expect(names(alone)).toEqual(['whole spectrum', 'epoch 12'])
  })

  it('draws one probe without a band', () => {
    const one = draw({ density: densityFixture({ quadrature: quadratureFixture(1), probesDone: 1 }) })
    expect(one.data.map(({ name }) => name)).toEqual(['estimate ± s.e.', 'settled, alone'])
    expect(one.summary).toContain('from 1 of 4 random vectors')
  })

  it('is empty without a result', () => {
    expect(draw({}).empty).toBe(true)
  })
})
