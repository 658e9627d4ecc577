import { describe, expect, it } from 'vitest'
import { OPTIONS } from './fixtures.ts'
import { eigenvaluesFixture, wholeSpectrumFixture } from './spectral-fixtures.ts'
import { wholeSpectrumFigure } from './whole-spectrum-figure.ts'

const options = { ...OPTIONS, scale: 'log' } as const
const figure = wholeSpectrumFigure({ result: wholeSpectrumFixture(), classes: 10 }, options)

describe('wholeSpectrumFigure', () => {
  it('tells positive and negative eigenvalues apart by colour and symbol', () => {
    const [positive, negative] = figure.data
    expect(figure.data.map(({ name, x }) => [name, (x as number[]).length])).toEqual([['positive', 380], ['negative', 20]])
    expect(negative.marker?.symbol).not.toBe(positive.marker?.symbol)
    expect(negative.marker?.color).not.toBe(positive.marker?.color)
  })

  it('draws what is zero to rounding apart', () => {
    const eigenvalues = Float64Array.of(2, 1, 1e-15, -1e-15, -0.5)
    const { data } = wholeSpectrumFigure({ result: wholeSpectrumFixture({ eigenvalues, negative: 1 }), classes: null }, options)
    expect(data.map(({ name, x }) => [name, x])).toEqual([['positive', [1, 2]], ['0 ± 1 × 10⁻¹²', [3, 4]], ['negative', [5]]])
  })

  it('has a symmetric logarithmic axis where values are negative, and a plain one where none is', () => {
    expect(figure.axes.y).toContain('linear below')
    const positive = wholeSpectrumFigure({ result: wholeSpectrumFixture({}, 400, 0), classes: 10 }, options)
    expect(positive.layout.yaxis?.type).toBe('log')
    expect(wholeSpectrumFigure({ result: wholeSpectrumFixture(), classes: 10 }, { ...OPTIONS, scale: 'linear' }).data[1].y).toContain(-0.2)
  })

  it('marks C − 1 and 2λ', () => {
    const { layout } = wholeSpectrumFigure({ result: wholeSpectrumFixture({ twiceWeightDecay: 0.001 }), classes: 10 }, options)
    expect(layout.annotations?.map(({ text }) => text)).toEqual(['C − 1 = 9', '2λ = 0.001'])
  })

  it('draws the rounding level only where it can be told from zero', () => {
    const levels = (rounding: number) => wholeSpectrumFigure({ result: wholeSpectrumFixture({ rounding }), classes: null }, { ...OPTIONS, scale: 'linear' }).layout.shapes?.map(({ y0 }) => y0)
    expect(levels(1e-12)).toEqual([])
    expect(levels(0.2)).toEqual([-0.2])
  })

  it('draws the epoch compared with as a line and in the table', () => {
    const compared = { epoch: 0, eigenvalues: eigenvaluesFixture(400).map((value) => 2 * value) }
    const both = wholeSpectrumFigure({ result: wholeSpectrumFixture({ compared }), classes: null }, options)
    expect(both.data[0]).toMatchObject({ name: 'epoch 0', mode: 'lines' })
    expect(both.table.columns[3]).toBe('eigenvalue at epoch 0')
    expect(both.table.rows[0]).toEqual([1, 9, 1e-14, 18])
    expect(both.summary).toContain('at epoch 0 (untrained) the largest was 18.0')
  })

  it('thins a long spectrum but keeps its ends, and lists every value', () => {
    const long = wholeSpectrumFigure({ result: wholeSpectrumFixture({}, 20000, 200), classes: 10 }, options)
    const drawn = long.data.flatMap(({ x }) => x as number[])
    expect(drawn.length).toBeLessThanOrEqual(4000)
    expect(drawn).toEqual(expect.arrayContaining([1, 2, 3, 400, 19601, 19999, 20000]))
    expect(long.table.rows).toHaveLength(20000)
  })

  it('counts negative eigenvalues, and says the step and the evidence', () => {
    expect(figure.summary).toContain('The largest of all 400 eigenvalues of the Hessian of the kernel of layer 2 is 9.00; number 9 (classes minus one) is 2.00 times the next')
    expect(figure.summary).toContain('20 (5.0 %) are negative beyond rounding (1 × 10⁻¹²), the smallest −0.200')
    expect(figure.summary).toContain('largest residual of 2 checked pairs is 2.0 × 10⁻¹⁴')
    expect(wholeSpectrumFigure({ result: wholeSpectrumFixture({}, 400, 0), classes: null }, options).summary).toContain('none is negative beyond rounding')
  })

  it('is empty without a result', () => {
    expect(wholeSpectrumFigure({ result: null, classes: null }, options).empty).toBe(true)
  })
})
