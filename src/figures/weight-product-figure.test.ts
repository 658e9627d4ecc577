import { describe, expect, it } from 'vitest'
import { OPTIONS, spectrumFixture } from './fixtures.ts'
import { weightProductFigure } from './weight-product-figure.ts'

describe('weightProductFigure', () => {
  const figure = weightProductFigure(spectrumFixture(), OPTIONS)

  it('draws the weight product above and the participation ratio, logarithmic, below', () => {
    expect(figure.data.map(({ name, yaxis }) => [name, yaxis])).toEqual([['hᵢ·w/‖w‖', 'y'], ['IPR', 'y2']])
    expect((figure.data[0].y as number[])[10]).toBe(0.08)
    expect(figure.layout.yaxis2?.type).toBe('log')
  })

  it('shades the band of a random direction and marks the random participation ratio', () => {
    const [band, random] = figure.layout.shapes ?? []
    expect([band.y0, band.y1]).toEqual([-0.02, 0.02])
    expect(random.y0).toBe(3 / 2500)
  })

  it('labels a participation axis of less than two decades at 1, 2 and 5', () => {
    expect(figure.layout.yaxis2?.ticktext).toEqual(['0.001', '0.002', '0.005'])
    const wide = spectrumFixture({ participation: Float64Array.from({ length: 40 }, (_, i) => (i === 0 ? 0.9 : 0.0012)) })
    expect(weightProductFigure(wide, OPTIONS).layout.yaxis2).toMatchObject({ type: 'log', dtick: 1 })
  })

  it('counts the products outside the band', () => {
    expect(figure.summary).toContain('1 of 40 weight products leave the random band ±0.0200')
    expect(figure.summary).toContain('6.0 times that of a random one')
  })

  it('draws eigenvectors that did not converge as open symbols', () => {
    const converged = Array.from({ length: 40 }, (_, i) => i !== 3)
    const { data, table } = weightProductFigure(spectrumFixture({ converged }), OPTIONS)
    expect((data[0].marker?.symbol as string[]).slice(2, 5)).toEqual(['circle', 'diamond-open', 'circle'])
    expect(table.rows[3][3]).toBe('no')
  })

  it('is empty without eigenvectors', () => {
    expect(weightProductFigure(spectrumFixture({}, 0), OPTIONS).empty).toBe(true)
  })
})
