import { describe, expect, it } from 'vitest'
import type { Trace } from './figure-spec.ts'
import { HESSIAN_SETTINGS, OPTIONS, SPECTRUM_PROGRESS, spectrumFixture } from './fixtures.ts'
import { spectrumFigure, type SpectrumInput } from './spectrum-figure.ts'

const input = (changes: Partial<SpectrumInput> = {}): SpectrumInput => ({ result: spectrumFixture(), progress: null, settings: HESSIAN_SETTINGS, classes: 10, ...changes })
const options = { ...OPTIONS, scale: 'linear' as const }
const symbolAndColour = ({ marker }: Trace) => [marker?.symbol, marker?.color]

describe('spectrumFigure of a result', () => {
  it('draws eigenvalues against their index with residuals as error bars', () => {
    const [trace] = spectrumFigure(input(), options).data
    expect((trace.x as number[]).slice(0, 3)).toEqual([1, 2, 3])
    expect((trace.y as number[]).slice(0, 3)).toEqual([9, 8, 7])
    const bars = trace.error_y
    expect(bars?.type === 'data' && bars.array[1]).toBeCloseTo(2e-6, 12)
  })

  it('tells converged from not converged by name, symbol and colour', () => {
    const converged = Array.from({ length: 40 }, (_, i) => i < 30)
    const figure = spectrumFigure(input({ result: spectrumFixture({ converged, outcome: 'max-steps' }) }), options)
    expect(figure.data.map(({ name, x }) => [name, (x as number[]).length])).toEqual([
      ['converged', 30],
      ['not converged', 10],
    ])
    const [yes, no] = figure.data.map(symbolAndColour)
    expect(yes[0]).not.toBe(no[0])
    expect(yes[1]).not.toBe(no[1])
    expect(figure.summary).toContain('30 of 40 pairs converged; the limit of Hessian-vector products was reached')
    expect(figure.table.rows[35][3]).toBe('no')
  })

  it('marks classes minus one between the ninth and the tenth eigenvalue', () => {
    const { layout, summary } = spectrumFigure(input(), options)
    expect(layout.shapes?.[0].x0).toBe(9.5)
    expect(layout.annotations?.[0].text).toBe('C − 1 = 9')
    expect(summary).toContain('number 9 (classes minus one) is 2.00 times the next')
    expect(spectrumFigure(input({ classes: null }), options).layout.shapes).toEqual([])
  })

  it('draws 2λ only where there is weight decay, in axis units of a logarithmic axis too', () => {
    const decayed = input({ result: spectrumFixture({ twiceWeightDecay: 0.001 }), classes: null })
    const linear = spectrumFigure(decayed, options).layout
    expect(linear.annotations?.[0].text).toBe('2λ = 0.001')
    expect(linear.shapes?.[0].y0).toBe(0.001)
    const log = spectrumFigure(decayed, { ...options, scale: 'log' }).layout
    expect(log.shapes?.[0].y0).toBe(0.001)
    expect(log.annotations?.[0].y).toBeCloseTo(-3, 12)
  })

  it('shows both ends with true indices and says how many are negative', () => {
    const { data, table, layout, summary } = spectrumFigure(input({ result: spectrumFixture({ dimension: 42310 }, 20, 10) }), options)
    expect((data[0].x as number[]).slice(19, 21)).toEqual([20, 23])
    expect(table.rows[29][0]).toBe(42310)
    expect(layout.shapes).toHaveLength(2)
    expect(summary).toContain('10 computed eigenvalues below zero')
  })

  it('lays negative values out on a symmetric logarithmic axis', () => {
    const { data, axes } = spectrumFigure(input({ result: spectrumFixture({}, 20, 10) }), { ...options, scale: 'log' })
    const y = data[0].y as number[]
    expect(y[0]).toBeGreaterThan(y[19])
    expect(y[29]).toBeLessThan(0)
    expect(axes.y).toContain('linear below')
  })

  it('leaves a value that is not finite out of the plot and blank in the table', () => {
    const eigenvalues = Float64Array.from([3, NaN])
    const figure = spectrumFigure(input({ result: spectrumFixture({ eigenvalues }, 2) }), options)
    expect(figure.data[0].x).toEqual([1])
    expect(figure.table.rows[1][1]).toBeNull()
  })
})

describe('spectrumFigure while Lanczos runs', () => {
  it('draws Ritz values in descending order, settled ones apart', () => {
    const figure = spectrumFigure(input({ result: null, progress: SPECTRUM_PROGRESS }), options)
    expect(figure.data.map(({ name, x }) => [name, (x as number[]).length])).toEqual([
      ['settled', 1],
      ['still moving', 11],
    ])
    expect(figure.table.rows[0][1]).toBeCloseTo(8.15, 12)
    expect(figure.summary).toBe('The largest Ritz value after 12 of 160 products is 8.15; 1 of 12 values have settled.')
  })

  it('draws only the ends that the analysis asks for', () => {
    const settings = { ...HESSIAN_SETTINGS, largest: 3, smallest: 2 }
    const figure = spectrumFigure(input({ result: null, progress: SPECTRUM_PROGRESS, settings }), options)
    expect(figure.table.rows.map(([index]) => index)).toEqual([1, 2, 3, 'n − 1', 'n'])
    expect(figure.table.rows[4][1]).toBeCloseTo(-0.1, 12)
  })

  it('shows progress before an earlier result, and nothing before either', () => {
    expect(spectrumFigure(input({ progress: SPECTRUM_PROGRESS }), options).table.rows).toHaveLength(12)
    expect(spectrumFigure(input({ result: null }), options)).toMatchObject({ empty: true, summary: 'No eigenvalues computed yet' })
  })
})

describe('spread over batches and another checkpoint', () => {
  const eigenvalues = Float64Array.from({ length: 80 }, (_, k) => (k < 40 ? 1 : 3) * spectrumFixture().eigenvalues[k % 40])
  const result = spectrumFixture({ batches: { count: 2, samples: 1000, eigenvalues }, compared: { epoch: 0, eigenvalues: spectrumFixture().eigenvalues.map((value) => value / 2) } })
  const figure = spectrumFigure({ result, progress: null, settings: null, classes: 10 }, { ...OPTIONS, scale: 'linear' })

  it('draws mean and standard deviation over batches beside the values of all samples', () => {
    const batches = figure.data.find(({ name }) => name === 'mean ± s.d. of 2 batches')
    expect((batches?.y as number[])[0]).toBe(18)
    expect(batches?.error_y).toMatchObject({ symmetric: false })
    expect(figure.summary).toContain('Over 2 batches of 1,000 samples the largest is 18 ± 13 (mean ± s.d.).')
  })

  it('draws the other checkpoint hollow', () => {
    const before = figure.data.find(({ name }) => name === 'epoch 0')
    expect(before?.marker?.symbol).toBe('circle-open')
    expect((before?.y as number[])[0]).toBe(4.5)
    expect(figure.summary).toContain('At epoch 0 (untrained) the largest was 4.50.')
  })

  it('lists both in columns of their own', () => {
    expect(figure.table.columns.slice(4)).toEqual(['mean over batches', 's.d. over batches', 'eigenvalue at epoch 0'])
    expect(figure.table.rows[0].slice(4)).toEqual([18, expect.closeTo(12.7279, 4), 4.5])
  })

  it('draws neither while a new iteration runs', () => {
    const running = spectrumFigure({ result, progress: SPECTRUM_PROGRESS, settings: HESSIAN_SETTINGS, classes: 10 }, { ...OPTIONS, scale: 'linear' })
    expect(running.data.map(({ name }) => name)).toEqual(['settled', 'still moving'])
  })
})
