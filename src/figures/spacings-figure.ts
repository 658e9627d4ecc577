import type { Layout } from 'plotly.js'
import type { DistanceTest, SpacingResult } from '../contracts/results.ts'
import { buildFigure, emptyFigure } from './build-figure.ts'
import { palette, variantColour } from './colours.ts'
import { thinnedIndices } from './decimate.ts'
import type { FigureAxes, FigureOptions, FigureSpec, FigureTable, Trace } from './figure-spec.ts'
import { histograms, type Histogram } from './histogram.ts'
import { formatCount, formatNumber, formatSpread } from './numbers.ts'
import { withMoments } from './spread-table.ts'
import { moments, momentsAt } from './statistics.ts'
import { figureSizes } from './template.ts'
import { selectionWords } from './words.ts'

export interface SpacingsInput {
  readonly result: SpacingResult | null
  /** The same of further seeds: with any, the spacings of all are drawn together. */
  readonly others?: readonly SpacingResult[]
}

/** A law of spacings with mean 1. */
interface SpacingLaw {
  readonly name: string
  readonly density: (s: number) => number
  readonly cumulative: (s: number) => number
}

/** Eq. 4.3. */
const WIGNER: SpacingLaw = {
  name: 'Wigner surmise',
  density: (s) => (Math.PI / 2) * s * Math.exp((-Math.PI / 4) * s * s),
  cumulative: (s) => 1 - Math.exp((-Math.PI / 4) * s * s),
}
const POISSON: SpacingLaw = { name: 'independent levels', density: (s) => Math.exp(-s), cumulative: (s) => 1 - Math.exp(-s) }

const AXES: FigureAxes = { x: 's, spacing of unfolded levels (mean 1)', y: 'p(s), density', colour: null }
const COLUMNS = ['quantity', 'spacing', 'measured', WIGNER.name, POISSON.name]
/** Spacings up to here are drawn with bars of the usual width. */
const SHOWN_TO = 4
const CURVE_POINTS = 161
const STEPS = 400

/** Distances of neighbouring unfolded levels as a density with the two universal laws; their distributions in the corner. */
export function spacingsFigure({ result, others = [] }: SpacingsInput, options: FigureOptions): FigureSpec {
  if (result === null || result.problem !== null || result.spacings.length === 0) {
    return emptyFigure('spacings', result?.problem ?? 'No spacings computed yet', { columns: COLUMNS, rows: [] }, AXES, options)
  }
  const results = [result, ...others.filter(({ problem, spacings }) => problem === null && spacings.length > 0)]
  const pooled = Float64Array.from(results.flatMap(({ spacings }) => Array.from(spacings)))
  const [bars, ...perSeed] = histograms([pooled, ...results.map(({ spacings }) => spacings)], { from: 0, to: SHOWN_TO })
  const layout: Partial<Layout> = {
    xaxis: { title: { text: AXES.x }, range: [0, SHOWN_TO] },
    yaxis: { title: { text: AXES.y }, rangemode: 'tozero' },
    xaxis2: { domain: [0.62, 0.98], anchor: 'y2', range: [0, SHOWN_TO], nticks: 3, title: { text: 's' } },
    yaxis2: { domain: [0.48, 0.94], anchor: 'x2', range: [0, 1], nticks: 3, title: { text: 'F(s)' } },
    bargap: 0,
  }
  const { theory, muted } = palette(options.theme)
  const data = [
    barTrace(bars, results.length, options),
    ...lawTraces(WIGNER, { color: theory, dash: 'solid' }, options),
    ...lawTraces(POISSON, { color: muted, dash: 'dash' }, options),
    measuredSteps(pooled, options),
  ]
  return buildFigure({ id: 'spacings', data, layout, table: spacingTable(results, perSeed), summary: summary(result) + seedsWords(results), axes: AXES }, options)
}

function barTrace({ centres, densities, counts, width }: Histogram, seeds: number, options: FigureOptions): Trace {
  return {
    type: 'bar',
    name: seeds === 1 ? 'measured' : `${String(seeds)} seeds together`,
    x: centres,
    y: densities,
    width,
    customdata: centres.map((centre, i) => [formatNumber(centre - width / 2), formatNumber(centre + width / 2), counts[i]]),
    marker: { color: variantColour(options.theme, options.variant ?? 0) },
    opacity: 0.45,
    hovertemplate: '%{customdata[2]} between %{customdata[0]} and %{customdata[1]}<extra></extra>',
  }
}

/** Density in the large axes, distribution in the small ones. */
function lawTraces({ name, density, cumulative }: SpacingLaw, look: { color: string; dash: 'solid' | 'dash' }, options: FigureOptions): Trace[] {
  const x = Array.from({ length: CURVE_POINTS }, (_, i) => (SHOWN_TO * i) / (CURVE_POINTS - 1))
  const { line } = figureSizes(options.presenting)
  const shared: Trace = { type: 'scatter', mode: 'lines', name, x, hoverinfo: 'skip' }
  return [
    { ...shared, y: x.map(density), line: { ...look, width: line } },
    { ...shared, y: x.map(cumulative), xaxis: 'x2', yaxis: 'y2', showlegend: false, line: { ...look, width: 1.25 } },
  ]
}

function measuredSteps(spacings: Float64Array, options: FigureOptions): Trace {
  const sorted = spacings.slice().sort()
  const kept = thinnedIndices(sorted.length, STEPS)
  return {
    type: 'scatter',
    mode: 'lines',
    name: 'measured, cumulative',
    x: [0, ...kept.map((i) => sorted[i])],
    y: [0, ...kept.map((i) => (i + 1) / sorted.length)],
    xaxis: 'x2',
    yaxis: 'y2',
    showlegend: false,
    line: { color: variantColour(options.theme, options.variant ?? 0), width: figureSizes(options.presenting).line, shape: 'hv' },
    hovertemplate: '%{y:.1%} of the spacings up to s = %{x:.3~g}<extra></extra>',
  }
}

const DISTANCE_ROWS: readonly (readonly [quantity: string, of: (test: DistanceTest) => number])[] = [
  ['Kolmogorov–Smirnov distance', ({ distance }) => distance],
  ['5 % of spectra that follow the law stay below', ({ band }) => band[0]],
  ['50 % stay below', ({ band }) => band[1]],
  ['95 % stay below', ({ band }) => band[2]],
  ['p-value', ({ pValue }) => pValue],
]

/** The main seed's test and density; with several seeds mean and standard deviation beside them, as far as seeds differ. */
function spacingTable(results: readonly SpacingResult[], perSeed: readonly Histogram[]): FigureTable {
  const [{ wigner, poisson }] = results
  const [{ centres, densities }] = perSeed
  const tests = DISTANCE_ROWS.map(([quantity, of]) => [quantity, null, null, of(wigner), of(poisson)])
  const table = { columns: COLUMNS, rows: [...tests, ...centres.map((s, i) => ['density', s, densities[i], WIGNER.density(s), POISSON.density(s)])] }
  if (results.length === 1) return table
  const same = { mean: NaN, deviation: NaN, n: results.length }
  const measured = momentsAt(centres.length, (i) => perSeed.map((histogram) => histogram.densities[i]))
  const distances = (law: 'wigner' | 'poisson') => DISTANCE_ROWS.map(([, of]) => moments(results.map((result) => of(result[law]))))
  return withMoments(table, [
    { name: 'measured', places: [...tests.map(() => same), ...measured] },
    { name: WIGNER.name, places: distances('wigner') },
    { name: POISSON.name, places: distances('poisson') },
  ])
}

function seedsWords(results: readonly SpacingResult[]): string {
  if (results.length === 1) return ''
  const over = (law: 'wigner' | 'poisson') => formatSpread(moments(results.map((result) => result[law].distance)))
  const following = results.filter(({ wigner }) => wigner.distance <= wigner.band[2]).length
  return (
    ` Over ${String(results.length)} seeds, whose spacings are drawn together, the distance to the Wigner surmise is ${over('wigner')} and to independent levels ` +
    `${over('poisson')} (mean ± s.d.); ${formatCount(following)} of ${formatCount(results.length)} are as near to the surmise as spectra that follow it.`
  )
}

function summary(result: SpacingResult): string {
  const { source, levels, dropped, window, wigner, poisson } = result
  const of = source.kind === 'wholeSpectrum' ? `the spectrum of ${selectionWords(source.selection)}` : `the singular values of layer ${String(source.layer)}`
  const left = dropped === 0 ? '' : `, ${formatCount(dropped)} zero to rounding left out`
  return (
    `Spacings of ${formatCount(levels)} levels of ${of} (unfolded over ${formatCount(window)} neighbours${left}) have distance ${distanceWords(wigner)} to the Wigner surmise ` +
    `and ${distanceWords(poisson)} to the law of independent levels: ${verdict(wigner, poisson)}.`
  )
}

function distanceWords({ distance, band }: DistanceTest): string {
  return `${formatNumber(distance)} (spectra that follow it: ${formatNumber(band[0], 2)} to ${formatNumber(band[2], 2)})`
}

function verdict(wigner: DistanceTest, poisson: DistanceTest): string {
  const [repel, independent] = [wigner.distance <= wigner.band[2], poisson.distance <= poisson.band[2]]
  if (repel && independent) return 'there are too few levels to tell the laws apart'
  if (repel) return 'levels repel each other like those of random symmetric matrices'
  if (independent) return 'levels are as if independent of each other'
  return `they follow neither law exactly, and ${wigner.distance < poisson.distance ? 'the Wigner surmise is' : 'independent levels are'} closer`
}
