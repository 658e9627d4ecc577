import { describe, expect, it } from 'vitest'
import type { EigenvectorResult, NoiseFilteringResult, WholeSpectrumResult } from '../contracts/results.ts'
import { concentrationFigure } from './concentration-figure.ts'
import { demonstrationFigure } from './demonstration-figure.ts'
import { gaussianDensity, valuesMeasure } from './density.ts'
import { densityFigure, type DensityInput } from './density-figure.ts'
import { OPTIONS } from './fixtures.ts'
import type { FigureSpec } from './figure-spec.ts'
import { noiseFilteringFigure } from './noise-filtering-figure.ts'
import { participationFigure } from './participation-figure.ts'
import { porterThomasFigure } from './porter-thomas-figure.ts'
import { spacingsFigure } from './spacings-figure.ts'
import {
  demonstrationFixture,
  densityFixture,
  eigenvectorsFixture,
  noiseFilteringFixture,
  spacingFixture,
  traceFixture,
  wholeSpectrumFixture,
} from './spectral-fixtures.ts'
import { traceFigure } from './trace-figure.ts'
import { weightProductFigure } from './weight-product-figure.ts'
import { wholeSpectrumFigure } from './whole-spectrum-figure.ts'

const named = (figure: FigureSpec, name: string) => {
  const found = figure.data.find((trace) => trace.name === name)
  if (found === undefined) throw new Error(`no trace ${name} among ${figure.data.map((trace) => trace.name).join(', ')}`)
  return found
}
const numbers = (values: unknown) => values as number[]
/** Cells of a column; the table is whole. */
const column = (figure: FigureSpec, name: string) => {
  expect(figure.table.rows.every((row) => row.length === figure.table.columns.length)).toBe(true)
  const at = figure.table.columns.indexOf(name)
  expect(at, figure.table.columns.join(', ')).toBeGreaterThanOrEqual(0)
  return figure.table.rows.map((row) => row[at])
}
const bandOf = (figure: FigureSpec) => figure.data.filter(({ fill }) => fill === 'toself')

describe('whole spectra of several seeds', () => {
  const scaled = (factor: number): WholeSpectrumResult => {
    const main = wholeSpectrumFixture()
    return { ...main, eigenvalues: main.eigenvalues.map((value) => factor * value), trace: factor * main.trace }
  }
  const draw = (scale: 'linear' | 'log') => wholeSpectrumFigure({ result: scaled(1), others: [scaled(2), scaled(3)], classes: 10 }, { ...OPTIONS, scale })

  it('are means by index in a band of one standard deviation on a linear scale', () => {
    const figure = draw('linear')
    expect(numbers(named(figure, 'positive').y)[0]).toBe(18)
    const band = named(figure, 'mean ± s.d. of 3 seeds')
    expect(Math.max(...numbers(band.y))).toBe(27)
    expect(numbers(band.y).at(-1)).toBe(9)
  })

  it('have a band from the smallest to the largest seed on a logarithmic scale, which has no place for a deviation as large as the mean', () => {
    const y = numbers(named(draw('log'), 'range of 3 seeds').y)
    const linearBelow = 10 ** (1 - 4)
    expect([y[0], y[y.length - 1]]).toEqual([27, 9].map((value) => expect.closeTo(Math.log10(1 + value / linearBelow), 12)))
  })

  it('list the main seed, and mean and standard deviation beside it', () => {
    const figure = draw('linear')
    expect([column(figure, 'eigenvalue')[0], column(figure, 'mean of eigenvalue')[0], column(figure, 's.d. of eigenvalue')[0], column(figure, 'n')[0]]).toEqual([9, 18, 9, 3])
    expect(figure.summary).toContain('Over 3 seeds the largest is 18 ± 9, the trace')
    expect(figure.summary).toContain('the number of negative ones 20.0 ± 0 (mean ± s.d.)')
  })

  it('of one seed have no band', () => {
    expect(bandOf(wholeSpectrumFigure({ result: scaled(1), classes: 10 }, { ...OPTIONS, scale: 'log' }))).toEqual([])
  })
})

describe('densities of several seeds', () => {
  const draw = (input: Partial<DensityInput>, bandwidth: number | 'auto' = 0.5) =>
    densityFigure({ density: null, whole: null, classes: null, ...input }, { ...OPTIONS, bandwidth, scale: 'linear' })
  const values = [Float64Array.of(0, 1), Float64Array.of(0, 3)]
  const wholes = values.map((eigenvalues) => wholeSpectrumFixture({ eigenvalues }))

  it('are the mean of the densities of all seeds with one width, in a band of one standard deviation', () => {
    const figure = draw({ whole: wholes[0], otherWholes: [wholes[1]] })
    const curve = named(figure, 'mean ± s.d. of 2 seeds')
    const [one, two] = values.map((eigenvalues) => gaussianDensity(valuesMeasure(eigenvalues), 0.5, numbers(curve.x)))
    numbers(curve.y).forEach((mean, i) => expect(mean).toBeCloseTo((one[i] + two[i]) / 2, 12))
    const at = numbers(curve.y).length >> 1
    expect(numbers(bandOf(figure)[0].y)[at]).toBeCloseTo((one[at] + two[at]) / 2 + Math.abs(one[at] - two[at]) / Math.SQRT2, 12)
    expect(column(figure, 's.d. of density, whole spectrum')[at]).toBeCloseTo(Math.abs(one[at] - two[at]) / Math.SQRT2, 12)
  })

  it('that are the same have no spread, and the width of the main seed', () => {
    const figure = draw({ density: densityFixture(), otherDensities: [densityFixture()] }, 'auto')
    expect(Math.max(...column(figure, 's.d. of density by SLQ').map(Number))).toBeLessThan(1e-12)
    expect(figure.axes.x).toBe(draw({ density: densityFixture() }, 'auto').axes.x)
    expect(named(figure, 'alone, seed 7').x).toEqual([9, 4])
  })

  it('are put into words with the spread of trace and negative mass', () => {
    const { moments } = densityFixture()
    const other = densityFixture({ moments: { ...moments, trace: { value: 56.3, standardError: 0.4 } } })
    expect(draw({ density: densityFixture(), otherDensities: [other] }).summary).toContain('Over 2 seeds the estimated trace is 54 ± 3')
  })

  it('mark the C − 1 largest at the mean over seeds', () => {
    const of = (...eigenvalues: number[]) => wholeSpectrumFixture({ eigenvalues: Float64Array.from(eigenvalues) })
    const figure = draw({ whole: of(4, 2), otherWholes: [of(8, 4)], classes: 2 })
    expect(figure.layout.shapes?.[0]).toMatchObject({ x0: 4.5 })
  })
})

describe('spacings of several seeds', () => {
  const other = spacingFixture({ wigner: { distance: 0.08, band: [0.015, 0.03, 0.06], pValue: 0.001 } }, 100)
  const broken = spacingFixture({ problem: 'Too few levels', spacings: new Float64Array() })
  const figure = spacingsFigure({ result: spacingFixture(), others: [other, broken] }, OPTIONS)

  it('are counted together, those of seeds that have some', () => {
    const bars = named(figure, '2 seeds together')
    const counts = (bars.customdata as unknown as (readonly [string, string, number])[]).map(([, , count]) => count)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(300)
    expect(numbers(bars.y).reduce((sum, y) => sum + y * Number(bars.width), 0)).toBeCloseTo(1, 12)
  })

  it('have mean and standard deviation of the distances in the table and in words', () => {
    expect([column(figure, 'Wigner surmise')[0], column(figure, 'mean of Wigner surmise')[0]]).toEqual([0.02, 0.05])
    expect(column(figure, 's.d. of Wigner surmise')[0]).toBeCloseTo(0.06 / Math.SQRT2, 12)
    expect(new Set(column(figure, 'n'))).toEqual(new Set([2]))
    expect(figure.summary).toContain('the distance to the Wigner surmise is 0.05 ± 0.04')
    expect(figure.summary).toContain('1 of 2 are as near to the surmise as spectra that follow it.')
  })
})

describe('eigenvectors of several seeds', () => {
  const main = eigenvectorsFixture()
  const scaled = (factor: number): EigenvectorResult => {
    return { ...main, participation: main.participation.map((value) => factor * value), weightProduct: main.weightProduct.map((value) => -factor * value) }
  }

  it('have mean participation ratios by index in a band', () => {
    const figure = participationFigure({ result: main, others: [scaled(3)] }, OPTIONS)
    expect(numbers(named(figure, 'mean ± s.d. of 2 seeds').y)[0]).toBeCloseTo(2 * main.participation[0], 12)
    expect(numbers(bandOf(figure)[0].y)[0]).toBeCloseTo((2 + Math.SQRT2) * main.participation[0], 12)
    expect(column(figure, 's.d. of inverse participation ratio')[0]).toBeCloseTo(Math.SQRT2 * main.participation[0], 12)
    expect(figure.summary).toMatch(/Over 2 seeds the ratio of the first is .* \(mean ± s\.d\.\)\.$/)
  })

  it('are compared at the same place of the spectrum', () => {
    const shifted = eigenvectorsFixture({ index: Float64Array.from({ length: 100 }, (_, i) => i + 51) })
    const figure = participationFigure({ result: main, others: [shifted] }, OPTIONS)
    expect(column(figure, 'n')).toEqual(Array.from({ length: 100 }, (_, i) => (i < 50 ? 1 : 2)))
    expect(column(figure, 'mean of inverse participation ratio')[60]).toBeCloseTo((main.participation[60] + main.participation[10]) / 2, 12)
  })

  it('have no band across the gap between the two ends', () => {
    const ends = eigenvectorsFixture({ index: Float64Array.from({ length: 100 }, (_, i) => (i < 60 ? i + 1 : 301 + i)) })
    expect(bandOf(participationFigure({ result: ends, others: [ends] }, OPTIONS))[0].x).toContain(null)
  })

  it('have the mean of their averaged p-values in a band, over the dots of all seeds', () => {
    const other = eigenvectorsFixture({ porterThomas: { ...main.porterThomas, averages: main.porterThomas.averages.map(() => 0.05) } })
    const figure = porterThomasFigure({ result: main, others: [other] }, OPTIONS)
    expect(numbers(named(figure, 'mean over 31 neighbours, ± s.d. of 2 seeds').y)[0]).toBeCloseTo(0.04, 12)
    expect(figure.data.filter(({ name }) => name === 'single eigenvectors').map(({ showlegend }) => showlegend)).toEqual([true, false])
    expect(column(figure, 's.d. of mean p-value of neighbours')[0]).toBeCloseTo(0.02 / Math.SQRT2, 12)
    expect(figure.summary).toContain('the band is that of a single seed.')
  })

  it('have mean shares of every layer', () => {
    const flat = eigenvectorsFixture({ concentration: Float64Array.from({ length: 200 }, () => 0.5) })
    const figure = concentrationFigure({ result: main, others: [flat] }, OPTIONS)
    expect(numbers(named(figure, 'dense_1').y)[99]).toBeCloseTo((main.concentration[99] + 0.5) / 2, 12)
    expect(bandOf(figure)).toHaveLength(2)
    expect(column(figure, 'mean of share of dense_2')[0]).toBeCloseTo(0.5, 12)
    expect(figure.summary).toMatch(/Over 2 seeds \(mean ± s\.d\.\): dense_1 /)
  })

  it('are not averaged with those of other layers', () => {
    const other = eigenvectorsFixture({ layers: [{ layer: 1, name: 'conv_1', parameters: 400 }] })
    expect(concentrationFigure({ result: main, others: [other] }, OPTIONS)).toEqual(concentrationFigure({ result: main }, OPTIONS))
  })

  it('have root mean squares of their weight products, which do not ask for signs', () => {
    const figure = weightProductFigure(main, { ...OPTIONS, others: [scaled(2)] })
    expect(numbers(named(figure, 'r.m.s. of 2 seeds').y)[29]).toBeCloseTo(0.3 * Math.sqrt(2.5), 12)
    expect(figure.layout.annotations?.[0].text).toBe('unrelated: 1/√n')
    expect(column(figure, 'mean of magnitude of weight product')[29]).toBeCloseTo(0.45, 12)
    expect(figure.summary).toMatch(/Over 2 seeds the root mean square is .* times that of unrelated directions\.$/)
  })
})

describe('traces of several seeds', () => {
  const figure = traceFigure({ result: traceFixture(), others: [traceFixture({ trace: { value: 54.1, standardError: 1.3 } })] }, OPTIONS)

  it('have their mean and standard deviation beside the error within the main seed', () => {
    expect(named(figure, 'seed 7 ± s.e.').x).toHaveLength(20)
    const mean = named(figure, 'mean ± s.d. of 2 seeds')
    expect(numbers(mean.y)[0]).toBeCloseTo(52.1, 12)
    expect(numbers((mean.error_y as { array: number[] }).array)[0]).toBeCloseTo(2 * Math.SQRT2, 12)
    expect(figure.summary).toContain('Over 2 seeds the trace is 52 ± 3 (mean ± s.d.), where the standard error within one seed is 0.99.')
  })

  it('have the spread of layers and of the running estimate in the table', () => {
    expect(column(figure, 'mean of trace').slice(0, 3)).toEqual([20.1, 30, 52])
    expect(column(figure, 'n')).toEqual(new Array(22).fill(2))
  })
})

describe('noise filtering of several seeds', () => {
  const main = noiseFilteringFixture()
  const worse: NoiseFilteringResult = {
    ...main,
    curves: { ...main.curves, testAccuracy: main.curves.testAccuracy.map((accuracy) => accuracy - 0.1) },
    treatments: main.treatments.map(({ name, removed, reading }) => {
      return { name, removed: removed + 0.1, reading: { ...reading, testAccuracy: reading.testAccuracy - 0.2 } }
    }),
  }
  const figure = noiseFilteringFigure({ result: main, others: [worse] }, OPTIONS)

  it('has mean curves in bands', () => {
    expect(numbers(named(figure, 'test').y)[0]).toBeCloseTo(0.85, 12)
    expect(numbers(bandOf(figure)[1].y)[0]).toBeCloseTo(0.85 + 0.1 / Math.SQRT2, 12)
    expect(column(figure, 's.d. of test accuracy')[0]).toBeCloseTo(0.1 / Math.SQRT2, 12)
  })

  it('has mean marks with bars', () => {
    const mark = named(figure, 'bulk removed, test')
    expect([numbers(mark.x)[0], numbers(mark.y)[0]]).toEqual([expect.closeTo(0.85, 12), expect.closeTo(0.81, 12)])
    expect(numbers((mark.error_y as { array: number[] }).array)[0]).toBeCloseTo(0.2 / Math.SQRT2, 12)
    expect(figure.summary).toContain('Over 2 seeds the test accuracy with all values is 85 ± 7 %, after bulk removed 81 ± 14 %')
  })

  it('leaves out seeds that removed other shares', () => {
    const other = noiseFilteringFixture({ removed: main.removed.map((share) => share / 2) })
    expect(noiseFilteringFigure({ result: main, others: [other] }, OPTIONS)).toEqual(noiseFilteringFigure({ result: main }, OPTIONS))
  })
})

it('a demonstration shows the main seed and says so', () => {
  const alone = demonstrationFigure({ result: demonstrationFixture(), step: null }, OPTIONS)
  const figure = demonstrationFigure({ result: demonstrationFixture(), others: [demonstrationFixture()], step: null }, OPTIONS)
  expect(figure).toEqual({ ...alone, summary: `${alone.summary} Shown is seed 7 of 2: steps of different matrices have no mean.` })
})
