import { describe, expect, it } from 'vitest'
import { OPTIONS } from './fixtures.ts'
import { traceFixture } from './spectral-fixtures.ts'
import { traceFigure } from './trace-figure.ts'

const figure = traceFigure({ result: traceFixture() }, OPTIONS)

describe('traceFigure', () => {
  it('draws the running estimate against products, with a band from the second on', () => {
    const [band, line] = figure.data
    expect((line.x as number[]).slice(0, 2)).toEqual([1, 2])
    expect((line.y as number[])[1]).toBe(51)
    expect(Math.min(...(band.x as number[]))).toBe(2)
    expect(figure.layout.shapes?.[0]).toMatchObject({ y0: 50.1, name: '50.1 ± 0.7 after 20', showlegend: true })
  })

  it('says the trace with its error and what each layer holds', () => {
    expect(figure.summary).toContain('The trace of the Hessian of the kernel of layer 2 is 50.1 ± 0.7 (± one standard error, Hutchinson, 20 products)')
    expect(figure.summary).toContain('dense_1 40.1 % of it with 75.0 % of the parameters, dense_2 59.9 % of it with 25.0 %')
    expect(figure.table.rows[1]).toEqual(['dense_2', null, 30, null, 30 / 50.1, 0.25])
  })

  it('leaves out what Hutch++ does not know', () => {
    const settings = { ...traceFixture().settings, method: 'hutchpp' } as const
    const { summary, table } = traceFigure({ result: traceFixture({ settings, squaredNorm: null, layers: null }) }, OPTIONS)
    expect(summary).toContain('Hutch++')
    expect(summary).not.toContain('Frobenius')
    expect(table.rows).toHaveLength(20)
  })

  it('is empty before the first product', () => {
    expect(traceFigure({ result: null }, OPTIONS).empty).toBe(true)
  })
})
