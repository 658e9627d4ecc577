import { describe, expect, it } from 'vitest'
import { OPTIONS } from './fixtures.ts'
import { noiseFilteringFigure } from './noise-filtering-figure.ts'
import { noiseFilteringFixture } from './spectral-fixtures.ts'

const figure = noiseFilteringFigure({ result: noiseFilteringFixture() }, OPTIONS)

describe('noiseFilteringFigure', () => {
  it('draws training solid and test dashed in one colour', () => {
    const [train, test] = figure.data
    expect([train.name, test.name]).toEqual(['train', 'test'])
    expect([train.line?.dash, test.line?.dash]).toEqual(['solid', 'dash'])
    expect(train.line?.color).toBe(test.line?.color)
  })

  it('draws treatments of the bulk as labelled marks, open for test', () => {
    const [train, test] = figure.data.slice(2, 4)
    expect([train.x, train.y, test.y]).toEqual([[0.8], [0.95], [0.91]])
    expect(figure.layout.annotations?.map(({ text, y }) => [text, y])).toEqual([['bulk removed', 0.91], ['soft threshold', 0.85]])
    const [first] = noiseFilteringFixture().treatments
    const near = noiseFilteringFixture({ treatments: [first, { ...first, name: 'optimal shrinkage', removed: 0.81 }] })
    expect(noiseFilteringFigure({ result: near }, OPTIONS).layout.annotations?.map(({ text }) => text)).toEqual(['bulk removed<br>optimal shrinkage'])
    expect(test.marker?.symbol).toBe('square-open')
    expect(figure.data).toHaveLength(6)
  })

  it('puts the names above all curves where these are low', () => {
    const fixture = noiseFilteringFixture()
    const tenth = (values: Float64Array) => values.map((value) => value / 10)
    const curves = { ...fixture.curves, trainAccuracy: tenth(fixture.curves.trainAccuracy), testAccuracy: tenth(fixture.curves.testAccuracy) }
    const treatments = fixture.treatments.slice(0, 1).map((treatment) => ({ ...treatment, reading: { ...treatment.reading, testAccuracy: 0.09 } }))
    const [name] = noiseFilteringFigure({ result: { ...fixture, curves, treatments } }, OPTIONS).layout.annotations ?? []
    expect(name).toMatchObject({ y: 0.09, ayref: 'y' })
    expect(name.ay).toBeGreaterThan(Math.max(...curves.trainAccuracy))
  })

  it('says how much can go, where the test accuracy is best and what was wrong on purpose', () => {
    expect(figure.summary).toContain('kernels of layers 1, 2 the network has 99.0 % training and 90.0 % test accuracy; the smallest 50.0 % of them can go')
    expect(figure.summary).toContain('the test accuracy is best, 92.0 %, with 30.0 % removed')
    expect(figure.summary).toContain('bulk removed (80.0 % of the values) 91.0 %')
    expect(figure.summary).toContain('20.0 % of the training labels are wrong on purpose.')
    expect(noiseFilteringFigure({ result: noiseFilteringFixture({ labelNoise: 0, treatments: [] }) }, OPTIONS).summary).toContain('no training label is wrong on purpose.')
  })

  it('lists losses too, and the treatments after the curve', () => {
    expect(figure.table.rows[0]).toEqual(['smallest removed', 0, 0.1, 0.99, 0.3, 0.9])
    expect(figure.table.rows[12].slice(0, 2)).toEqual(['soft threshold', 0.8])
  })

  it('is empty without a result', () => {
    expect(noiseFilteringFigure({ result: null }, OPTIONS).empty).toBe(true)
  })
})
