import { describe, expect, it } from 'vitest'
import { concentrationFigure } from './concentration-figure.ts'
import { OPTIONS } from './fixtures.ts'
import { participationFigure } from './participation-figure.ts'
import { porterThomasFigure } from './porter-thomas-figure.ts'
import { eigenvectorsFixture } from './spectral-fixtures.ts'
import { weightProductFigure } from './weight-product-figure.ts'

const result = eigenvectorsFixture()
const broken = eigenvectorsFixture({ index: Float64Array.from({ length: 100 }, (_, i) => (i < 60 ? i + 1 : 301 + i)) })
const many = eigenvectorsFixture({}, 9000, 9000)

describe('porterThomasFigure', () => {
  const figure = porterThomasFigure({ result }, OPTIONS)

  it('draws tiny p-values on a logarithmic axis, and ordinary ones on a linear one', () => {
    expect(figure.layout.yaxis?.type).toBe('log')
    const uniform = { ...result.porterThomas, pValues: result.porterThomas.pValues.map((_, i) => (i + 0.5) / 100) }
    const flat = porterThomasFigure({ result: eigenvectorsFixture({ porterThomas: uniform }) }, OPTIONS)
    expect(flat.layout.yaxis?.range).toEqual([-0.02, 1.02])
  })

  it('puts a p-value of 0 where the random vectors cannot tell it from more', () => {
    const none = { ...result.porterThomas, pValues: new Float64Array(100) }
    const { data, table } = porterThomasFigure({ result: eigenvectorsFixture({ porterThomas: none }) }, OPTIONS)
    expect((data[0].y as number[])[0]).toBe(0.5 / 10000)
    expect(table.rows[0][1]).toBe(0)
  })

  it('draws the averages as a line with the band of random vectors', () => {
    expect(figure.data[1]).toMatchObject({ mode: 'lines', name: 'mean over 31 neighbours' })
    expect(figure.layout.shapes?.[0]).toMatchObject({ type: 'rect', y0: 0.4, y1: 0.6 })
  })

  it('counts p-values above 0.01 and compares distances with random vectors', () => {
    expect(figure.summary).toContain('10 (10.0 %) have p above 0.01; 0 averages over neighbours lie within 0.40 to 0.60')
    expect(figure.summary).toContain('median distance is 0.0399 against 0.0200 for random vectors (10,000 drawn)')
    expect(figure.table.rows[0].slice(0, 3)).toEqual([1, 0.3, 0.03])
  })

  it('takes a fair sample of many dots', () => {
    expect((porterThomasFigure({ result: many }, OPTIONS).data[0].x as number[]).length).toBe(4000)
  })
})

describe('participationFigure', () => {
  const figure = participationFigure({ result }, OPTIONS)

  it('draws the ratio logarithmically with its random level', () => {
    expect(figure.layout.yaxis?.type).toBe('log')
    expect(figure.layout.shapes?.[0]).toMatchObject({ y0: 3 / 400 })
    expect(figure.layout.annotations?.[0].text).toBe('random: 3/n')
  })

  it('says both ends and where the ratio is largest', () => {
    expect(figure.summary).toContain('the first has an inverse participation ratio of 0.0750, 10 times the random 0.00750, and the last 10 times')
    expect(figure.summary).toContain('largest at i = 1 (10 times)')
  })

  it('leaves a gap where the middle of the spectrum was not computed', () => {
    const { data, layout } = participationFigure({ result: broken }, OPTIONS)
    expect((data[0].x as number[]).slice(59, 61)).toEqual([60, 63])
    expect(layout.shapes).toHaveLength(2)
  })

  it('keeps the extremes of many dots', () => {
    const { data } = participationFigure({ result: many }, OPTIONS)
    expect((data[0].x as number[]).length).toBeLessThanOrEqual(4000)
    expect(Math.max(...(data[0].y as number[]))).toBe(Math.max(...many.participation))
  })
})

describe('concentrationFigure', () => {
  const figure = concentrationFigure({ result }, OPTIONS)

  it('draws every layer in its own colour and symbol, with its random share dashed in the same', () => {
    const [first, second] = figure.data
    expect([first.name, second.name]).toEqual(['dense_1', 'dense_2'])
    expect(first.marker?.symbol).not.toBe(second.marker?.symbol)
    expect(figure.layout.shapes?.map(({ y0, line }) => [y0, line?.color])).toEqual([[0.75, first.marker?.color], [0.25, second.marker?.color]])
  })

  it('shares of every eigenvector add up to 1', () => {
    const [first, second] = figure.data.map(({ y }) => y as number[])
    first.forEach((share, i) => expect(share + second[i]).toBeCloseTo(1, 12))
  })

  it('lists no more than five layers', () => {
    const layers = Array.from({ length: 8 }, (_, l) => ({ layer: l + 1, name: `dense_${String(l + 1)}`, parameters: 50 }))
    const concentration = Float64Array.from({ length: 800 }, (_, k) => (k < 100 ? 0.01 : 0.1 + k / 1e4))
    const { data } = concentrationFigure({ result: eigenvectorsFixture({ layers, concentration }) }, OPTIONS)
    expect(data.map(({ showlegend }) => showlegend)).toEqual([false, false, false, true, true, true, true, true])
  })

  it('says the mean shares at the top beside those of random directions', () => {
    expect(figure.summary).toMatch(/^Mean shares of the first 20 eigenvectors of the Hessian of the kernel of layer 2: dense_1 67\.\d % \(random 75\.0 %\), dense_2/)
  })
})

describe('weightProductFigure of eigenvector statistics', () => {
  it('draws the products with the band of random directions', () => {
    const { data, layout, summary } = weightProductFigure(result, OPTIONS)
    expect(data).toHaveLength(1)
    expect(layout.shapes?.[0]).toMatchObject({ y0: -0.05, y1: 0.05 })
    expect(summary).toContain('1 leave the random band ±0.0500')
    expect(summary).toContain('0.300, is at i = 30.')
  })

  it('draws those with the weights of another checkpoint in another colour and symbol', () => {
    const other = { epoch: 0, values: new Float64Array(100).fill(0.02) }
    const { data, table, summary } = weightProductFigure(eigenvectorsFixture({ otherWeightProduct: other }), OPTIONS)
    expect(data.map(({ name }) => name)).toEqual(['w of epoch 0', 'w of epoch 10'])
    expect(data[0].marker?.symbol).toBe('circle-open')
    expect(table.rows[3]).toEqual([4, result.weightProduct[3], 0.02])
    expect(summary).toContain('with the weights of epoch 0 (untrained) the root mean square is 0.0200')
  })
})

it('figures of eigenvectors are empty without any', () => {
  for (const figure of [porterThomasFigure, participationFigure, concentrationFigure]) expect(figure({ result: null }, OPTIONS).empty).toBe(true)
})
