import { describe, expect, it } from 'vitest'
import { curvatureFigure, type CurvatureQuantity } from './curvature-figure.ts'
import { OPTIONS } from './fixtures.ts'
import { curvatureFixture } from './spectral-fixtures.ts'

const draw = (quantity: CurvatureQuantity, result = curvatureFixture(), others = [] as ReturnType<typeof curvatureFixture>[]) => curvatureFigure({ result, others, quantity }, OPTIONS)
const named = (figure: ReturnType<typeof draw>, name: string) => figure.data.find((trace) => trace.name === name)

describe('curvatureFigure', () => {
  it('draws the eigenvalues under the dashed stability limit', () => {
    const figure = draw('eigenvalues')
    expect(named(figure, 'h₁')?.y).toEqual([4, 6, 8, 10, 12, 14, 16, 18, 20, 20, 20])
    expect(named(figure, 'stability limit')?.line?.dash).toBe('dash')
    expect(figure.data.filter(({ showlegend }) => showlegend !== false)).toHaveLength(3)
    expect(figure.summary).toContain('the largest eigenvalue went from 4.00 to 20.0, with 20.0 at epoch 8.00')
    expect(figure.summary).toContain('above its limit in 3 of 11 looks')
  })

  it('names a limit that lies far above the drawing as a number', () => {
    const figure = draw('eigenvalues', curvatureFixture({ stabilityLimit: new Float64Array(11).fill(200) }))
    expect(named(figure, 'stability limit 200, above')?.line?.dash).toBe('dash')
    expect(figure.layout.yaxis?.range?.[1]).toBeLessThan(200)
  })

  it('draws no limit for an optimiser without one', () => {
    const figure = draw('eigenvalues', curvatureFixture({ stabilityLimit: new Float64Array(11).fill(NaN) }))
    expect(named(figure, 'stability limit')).toBeUndefined()
    expect(figure.summary).toContain('the optimiser has no simple stability limit')
  })

  it('draws the trace with its error above and the negative mass below', () => {
    const figure = draw('trace')
    expect(figure.data.map(({ name, yaxis }) => [name, yaxis])).toEqual([[undefined, 'y'], ['trace', 'y'], ['negative mass', 'y2']])
    expect(figure.summary).toContain('the trace went from 50 ± 2 to 60 ± 2')
    expect(figure.summary).toContain('10.0 % of the mass is negative')
  })

  it('draws overlaps between 0 and 1, and the condition number logarithmically', () => {
    const overlaps = draw('overlaps')
    expect(overlaps.data.map(({ name }) => name)).toEqual(['look before', 'first look', 'gradient'])
    expect(overlaps.layout.yaxis?.range).toEqual([-0.02, 1.02])
    expect((overlaps.data[0].y as (number | null)[])[0]).toBeNull()
    expect(overlaps.summary).toContain('80.0 % of the squared gradient lies within it')
    expect(draw('condition').layout.yaxis?.type).toBe('log')
    expect(draw('condition').summary).toContain('at least 11,000 at the end')
  })

  it('draws means and spread over seeds at the same steps', () => {
    const figure = draw('eigenvalues', curvatureFixture(), [curvatureFixture({}, 11, 2)])
    expect((named(figure, 'h₁, mean ± s.d. of 2 seeds')?.y as number[])[0]).toBe(6)
    expect(figure.summary).toContain('Over 2 seeds the last largest eigenvalue is 30 ± 14 (mean ± s.d.).')
    expect(figure.table.columns.slice(-3)).toEqual(['mean of eigenvalue 1', 's.d. of eigenvalue 1', 'n'])
  })

  it('says what is missing without random vectors', () => {
    const none = new Float64Array(11).fill(NaN)
    expect(draw('trace', curvatureFixture({ trace: none, traceError: none, negativeMass: none })).summary).toContain('at least one random vector')
    expect(curvatureFigure({ result: null, quantity: 'eigenvalues' }, OPTIONS).empty).toBe(true)
  })
})
