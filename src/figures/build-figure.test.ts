import { describe, expect, it } from 'vitest'
import type { FigureOptions, FigureSpec } from './figure-spec.ts'
import { batchesFixture, componentsFixture, historyFixture, OPTIONS, overlapFixture, singularValuesFixture, spectrumFixture } from './fixtures.ts'
import {
  concentrationFigure,
  curvatureFigure,
  demonstrationFigure,
  densityFigure,
  driftFigure,
  noiseFilteringFigure,
  overlapFigure,
  participationFigure,
  porterThomasFigure,
  singularValuesFigure,
  spacingsFigure,
  spectrumFigure,
  traceFigure,
  trainingFigure,
  variancesFigure,
  weightProductFigure,
  wholeSpectrumFigure,
} from './index.ts'
import {
  curvatureFixture,
  demonstrationFixture,
  densityFixture,
  eigenvectorsFixture,
  noiseFilteringFixture,
  spacingFixture,
  traceFixture,
  wholeSpectrumFixture,
} from './spectral-fixtures.ts'
import { selectionWords } from './words.ts'

const training = { history: historyFixture(), batches: batchesFixture(100), stepsPerEpoch: 312, changes: [], checkpoint: 3 }
const figures: [string, (options: FigureOptions) => FigureSpec][] = [
  ['training', (options) => trainingFigure(training, { ...options, logLoss: false })],
  ['spectrum', (options) => spectrumFigure({ result: spectrumFixture(), progress: null, settings: null, classes: 10 }, { ...options, scale: 'linear' })],
  ['singularValues', (options) => singularValuesFigure(singularValuesFixture(), { ...options, layer: 2 })],
  ['singularHessian', (options) => overlapFigure(overlapFixture(), { ...options, clip: null, profile: true })],
  ['drift', (options) => driftFigure(componentsFixture(), options)],
  ['variances', (options) => variancesFigure(componentsFixture(), options)],
  ['weightProduct', (options) => weightProductFigure(spectrumFixture(), options)],
  ['weightProduct', (options) => weightProductFigure(eigenvectorsFixture(), options)],
  ['wholeSpectrum', (options) => wholeSpectrumFigure({ result: wholeSpectrumFixture(), classes: 10 }, { ...options, scale: 'log' })],
  ['density', (options) => densityFigure({ density: densityFixture(), whole: wholeSpectrumFixture(), classes: 10 }, { ...options, bandwidth: 'auto', scale: 'log' })],
  ['spacings', (options) => spacingsFigure({ result: spacingFixture() }, options)],
  ['porterThomas', (options) => porterThomasFigure({ result: eigenvectorsFixture() }, options)],
  ['participation', (options) => participationFigure({ result: eigenvectorsFixture() }, options)],
  ['concentration', (options) => concentrationFigure({ result: eigenvectorsFixture() }, options)],
  ['trace', (options) => traceFigure({ result: traceFixture() }, options)],
  ['curvature', (options) => curvatureFigure({ result: curvatureFixture(), quantity: 'eigenvalues' }, options)],
  ['curvature', (options) => curvatureFigure({ result: curvatureFixture(), quantity: 'trace' }, options)],
  ['curvature', (options) => curvatureFigure({ result: curvatureFixture(), quantity: 'overlaps' }, options)],
  ['curvature', (options) => curvatureFigure({ result: curvatureFixture(), quantity: 'condition' }, options)],
  ['demonstration', (options) => demonstrationFigure({ result: demonstrationFixture(), step: 4 }, options)],
  ['noiseFiltering', (options) => noiseFilteringFigure({ result: noiseFilteringFixture() }, options)],
]

describe.each(figures)('%s', (id, build) => {
  it('is named after its panel and the same for the same result', () => {
    expect(build(OPTIONS).id).toBe(id)
    expect(build(OPTIONS)).toEqual(build(OPTIONS))
  })

  it('has a table of even rows without values that are not finite', () => {
    const { columns, rows } = build(OPTIONS).table
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.every((row) => row.length === columns.length)).toBe(true)
    expect(rows.flat().every((cell) => typeof cell !== 'number' || Number.isFinite(cell))).toBe(true)
  })

  it('says one sentence and names its axes in symbol and words', () => {
    const { summary, axes } = build(OPTIONS)
    expect(summary).toMatch(/^[A-Z0-9].*\.$/)
    expect(summary).not.toMatch(/NaN|undefined|null/)
    expect(axes.x).toContain(', ')
    expect(axes.y).toContain(', ')
  })

  it('is dimmed and says so when stale, without changing a number', () => {
    const [fresh, stale] = [build(OPTIONS), build({ ...OPTIONS, stale: true })]
    expect(stale.data.every((trace, i) => (trace.opacity ?? 1) < (fresh.data[i].opacity ?? 1))).toBe(true)
    expect(stale.summary).toBe(`From earlier settings: ${fresh.summary}`)
    expect(stale.table).toEqual(fresh.table)
  })

  it('changes colours with the theme and sizes when presenting', () => {
    const [light, dark, large] = [build(OPTIONS), build({ ...OPTIONS, theme: 'dark' }), build({ ...OPTIONS, presenting: true })]
    expect(dark.layout.font?.color).not.toBe(light.layout.font?.color)
    expect(large.layout.font?.size).toBeGreaterThan(20)
    expect(dark.table).toEqual(light.table)
  })
})

describe('selectionWords', () => {
  it.each([
    ['all', 'the whole network'],
    ['2.kernel', 'the kernel of layer 2'],
    ['2.kernel+2.bias', 'the kernel and bias of layer 2'],
    ['1.kernel+3.bias', 'kernel 1 and bias 3'],
  ])('%s is %s', (selection, words) => {
    expect(selectionWords(selection)).toBe(words)
  })
})
