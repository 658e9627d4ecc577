import { describe, expect, it } from 'vitest'
import type { PrincipalComponentsResult, SpectrumResult } from '../contracts/results.ts'
import { driftFigure } from './drift-figure.ts'
import { componentsFixture, kernelFixture, OPTIONS, overlapFixture, singularValuesFixture, spectrumFixture } from './fixtures.ts'
import type { FigureSpec } from './figure-spec.ts'
import { histograms } from './histogram.ts'
import { overlapFigure } from './overlap-figure.ts'
import { singularValuesFigure } from './singular-values-figure.ts'
import { spectrumFigure, type SpectrumOptions } from './spectrum-figure.ts'
import { variancesFigure } from './variances-figure.ts'
import { weightProductFigure } from './weight-product-figure.ts'

const named = (figure: FigureSpec, name: RegExp) => {
  const found = figure.data.find((trace) => name.test(trace.name ?? ''))
  if (found === undefined) throw new Error(`no trace ${String(name)} among ${figure.data.map((trace) => trace.name).join(', ')}`)
  return found
}
/** Cells of a column; the table is whole. */
const column = (figure: FigureSpec, name: string) => {
  expect(figure.table.rows.every((row) => row.length === figure.table.columns.length)).toBe(true)
  const at = figure.table.columns.indexOf(name)
  expect(at, figure.table.columns.join(', ')).toBeGreaterThanOrEqual(0)
  return figure.table.rows.map((row) => row[at])
}

describe('spectrum', () => {
  const scaled = (factor: number, largest = 40, smallest = 0): SpectrumResult => {
    const result = spectrumFixture({}, largest, smallest)
    return { ...result, eigenvalues: result.eigenvalues.map((value) => factor * value) }
  }
  const draw = (main: SpectrumResult, others: readonly SpectrumResult[], scale: SpectrumOptions['scale'] = 'linear') =>
    spectrumFigure({ result: main, others, progress: null, settings: null, classes: 10 }, { ...OPTIONS, scale })

  it('draws means by index with bars of one standard deviation', () => {
    const trace = named(draw(scaled(1), [scaled(2), scaled(3)]), /^mean ± s\.d\. of 3 seeds$/)
    expect((trace.y as number[])[0]).toBeCloseTo(18, 12)
    expect(trace.error_y).toMatchObject({ type: 'data' })
    expect((trace.error_y as { array: number[] }).array[0]).toBeCloseTo(9, 12)
  })

  it('lists the main seed and beside it mean, standard deviation and seeds', () => {
    const figure = draw(scaled(1), [scaled(2), scaled(3)])
    expect(column(figure, 'eigenvalue')[0]).toBe(9)
    expect([column(figure, 'mean of eigenvalue')[0], column(figure, 's.d. of eigenvalue')[0], column(figure, 'n')[0]]).toEqual([18, 9, 3])
    expect(figure.summary).toContain('Over 3 seeds the largest is 18 ± 9 (mean ± s.d.).')
  })

  it('aligns the bottom ends of spectra with different numbers of pairs', () => {
    const figure = draw(scaled(1, 12, 3), [scaled(1, 10, 3)])
    expect(column(figure, 'n')).toEqual([...new Array<number>(10).fill(2), 1, 1, 2, 2, 2])
    expect(column(figure, 's.d. of eigenvalue').slice(-3)).toEqual([0, 0, 0])
  })

  it('marks pairs that did not converge in some seed', () => {
    const loose = { ...scaled(2), converged: Array.from({ length: 40 }, (_, i) => i < 30) }
    expect(named(draw(scaled(1), [loose]), /not converged in some/).x).toHaveLength(10)
  })

  it('has no bar downwards where a logarithmic axis ends', () => {
    const { error_y: bars } = named(draw(scaled(0.1), [scaled(3)], 'log'), /mean/)
    expect((bars as { arrayminus: unknown[] }).arrayminus[0]).toBeNull()
  })

  it('of one seed is as it was', () => {
    expect(draw(scaled(1), [])).toEqual(spectrumFigure({ result: scaled(1), progress: null, settings: null, classes: 10 }, { ...OPTIONS, scale: 'linear' }))
  })
})

describe('weight product', () => {
  const flipped = spectrumFixture({ weightProduct: spectrumFixture().weightProduct.map((value) => -2 * value) })
  const figure = weightProductFigure(spectrumFixture(), { ...OPTIONS, others: [flipped] })

  it('is the root mean square, which does not ask for signs', () => {
    const [first] = spectrumFixture().weightProduct
    expect((named(figure, /^r\.m\.s\. of 2 seeds$/).y as number[])[0]).toBeCloseTo(Math.sqrt((first ** 2 + 4 * first ** 2) / 2), 12)
    expect(column(figure, 'r.m.s. of weight product')[0]).toBeCloseTo(Math.sqrt(2.5) * Math.abs(first), 12)
  })

  it('has the seeds behind it, and the level of unrelated directions', () => {
    expect(named(figure, /^single seeds$/).x).toHaveLength(80)
    expect(figure.layout.annotations?.[0].text).toBe('unrelated: 1/√n')
    expect(figure.summary).toMatch(/Over 2 seeds the root mean square is .* times that of unrelated directions\.$/)
  })
})

describe('singular values', () => {
  const other = kernelFixture({ singularValues: kernelFixture().singularValues.map((value, i) => (i === 0 ? value + 0.2 : value)), outliers: 5 })
  const figure = singularValuesFigure(singularValuesFixture(), { ...OPTIONS, layer: 2, others: [singularValuesFixture([other]), singularValuesFixture([kernelFixture({ layer: 3 })])] })

  it('are counted on the same bars, and outliers have bars of their own', () => {
    expect(figure.data[0]).toMatchObject({ type: 'bar', name: 'mean ± s.d. of 2 seeds' })
    const outliers = named(figure, /^mean above/)
    expect((outliers.x as number[])[0]).toBeCloseTo(3.2, 12)
    expect((outliers.error_x as { array: number[] }).array[0]).toBeCloseTo(0.1 * Math.SQRT2, 12)
  })

  it('have mean, standard deviation and seeds in the table, and are read over the seeds', () => {
    expect(column(figure, 'mean of singular value')[0]).toBeCloseTo(3.2, 12)
    expect(column(figure, 'n')).toEqual(new Array(50).fill(2))
    expect(figure.summary).toContain('Over 2 seeds 4.0 ± 1.4 lie above it and the largest is 3.20 ± 0.14 (mean ± s.d.).')
  })

  it('histograms of several samples share their bars and integrate to 1', () => {
    const [a, b] = histograms([[0.1, 0.2, 0.9], [0.5, 1.7]], { from: 0, to: 1 })
    expect(a.centres).toEqual(b.centres)
    for (const { densities, width } of [a, b]) expect(densities.reduce((sum, density) => sum + density * width, 0)).toBeCloseTo(1, 12)
  })
})

describe('variances', () => {
  const main = componentsFixture()
  const double: PrincipalComponentsResult = { ...main, weights: { ...main.weights, variances: main.weights.variances.map((value) => 3 * value), totalVariance: 3 * main.weights.totalVariance } }
  const figure = variancesFigure(main, { ...OPTIONS, others: [double] })

  it('are means with bars; shares of the same shape have no spread', () => {
    const trace = named(figure, /^weights, mean ± s\.d\. of 2 seeds$/)
    expect((trace.y as number[])[0]).toBeCloseTo(1.6e-4, 12)
    expect((trace.error_y as { array: number[] }).array[0]).toBeCloseTo(8e-5 * Math.SQRT2, 12)
    expect(column(figure, 's.d. of cumulative share of weights').every((value) => Number(value) < 1e-12)).toBe(true)
    expect(column(figure, 'n')).toEqual(new Array(30).fill(2))
  })
})

describe('drift', () => {
  const main = componentsFixture()
  const mirrored = (slope: number): PrincipalComponentsResult => {
    const theta = main.theta.slice()
    main.thetaTime.forEach((t, i) => {
      theta[i] = 9 - slope * t
    })
    return { ...main, theta, drift: { slope: -slope, intercept: 9, r2: 0.999 } }
  }
  const figure = driftFigure(main, { ...OPTIONS, others: [mirrored(4e-5)] })

  it('gives every seed the sign of the main one, from its start on', () => {
    const [band, one, two] = figure.data
    expect(band.fill).toBe('toself')
    expect((one.y as number[]).at(-1)).toBeCloseTo(2e-5 * 995, 12)
    expect((two.y as number[]).at(-1)).toBeCloseTo(4e-5 * 995, 12)
    expect([one, two].map(({ name, showlegend }) => [name, showlegend])).toEqual([['single seeds', false], ['single seeds', false]])
    expect((named(figure, /^mean ± s\.d\. of 2 seeds$/).y as number[]).at(-1)).toBeCloseTo(3e-5 * 995, 12)
  })

  it('has a line of mean slope through the mean curve', () => {
    const [from, to] = named(figure, /^mean slope/).y as number[]
    expect(from).toBeCloseTo(0, 12)
    expect(to).toBeCloseTo(3e-5 * 995, 12)
  })

  it('says the spread, and how signs were chosen', () => {
    expect(figure.summary).toMatch(/Over 2 seeds \(mean ± s\.d\.\) R² is 0\.9994 ± 0\.0006, .* slope \(3\.0 ± 1\.4\) × 10⁻⁵ per mini-batch; the sign of every seed's component/)
    expect(figure.axes.y).toContain('signs aligned')
    expect(column(figure, 'n')).toEqual(new Array(200).fill(2))
  })

  it('counts a seed only where it has snapshots', () => {
    const short = componentsFixture(150)
    expect(column(driftFigure(main, { ...OPTIONS, others: [short] }), 'n').slice(148, 152)).toEqual([2, 2, 1, 1])
  })

  it('shows later components of the main seed alone', () => {
    expect(named(figure, /^θ<sub>2<\/sub>, seed 7$/).yaxis).toBe('y2')
  })
})

describe('overlaps', () => {
  const main = overlapFixture()
  const brighter = overlapFixture({ values: main.values.map((value) => 3 * value), diagonalSharpness: 6.2 })
  const options = { ...OPTIONS, clip: null, others: [brighter] }

  it('show the main seed, with the sharpness of all in the caption', () => {
    const figure = overlapFigure(main, options)
    expect((figure.data[0].z as number[][])[0][0]).toBeCloseTo(0.1, 6)
    expect(figure.summary).toContain('Over 2 seeds values near the diagonal are 5.2 ± 1.4 times the average (mean ± s.d.).')
  })

  it('show the mean of every cell on request, with its deviation in the table', () => {
    const figure = overlapFigure(main, { ...options, mean: true })
    expect((figure.data[0].z as number[][])[0][0]).toBeCloseTo(0.2, 6)
    expect(column(figure, 'mean, j = 1')[0]).toBeCloseTo(0.2, 6)
    expect(column(figure, 's.d., j = 1')[0]).toBeCloseTo(0.1 * Math.SQRT2, 6)
    expect(column(figure, 'n')[0]).toBe(2)
    expect(figure.axes.colour).toContain('mean of 2 seeds')
    expect(figure.summary).toMatch(/^Mean overlaps over 2 seeds of singular matrices/)
  })

  it('leave out maps of another shape and unfinished ones', () => {
    const unfit = [overlapFixture({}, 49), overlapFixture({ rowsDone: 3 })]
    expect(overlapFigure(main, { ...OPTIONS, clip: null, others: unfit, mean: true })).toEqual(overlapFigure(main, { ...OPTIONS, clip: null }))
  })
})
