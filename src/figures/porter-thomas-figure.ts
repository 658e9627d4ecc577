import type { Layout } from 'plotly.js'
import type { EigenvectorResult } from '../contracts/results.ts'
import { buildFigure, emptyFigure, horizontalBand, lineLabel } from './build-figure.ts'
import { palette, variantColour } from './colours.ts'
import { decimatedIndices, MAX_POINTS, pick, thinnedIndices } from './decimate.ts'
import { gapMark, VECTOR_AXIS, vectorAxis, vectorDots, vectorsWords } from './eigenvector-axis.ts'
import { vectorBand, vectorMoments, vectorValues } from './eigenvector-spread.ts'
import type { FigureAxes, FigureOptions, FigureSpec, FigureTable, Trace } from './figure-spec.ts'
import type { IndexAxis } from './index-axis.ts'
import { finiteOrNull, formatCount, formatNumber, formatShare, formatShareSpread, formatSpread } from './numbers.ts'
import { withMoments } from './spread-table.ts'
import { moments, mostSeeds, type Moments } from './statistics.ts'
import { figureSizes, logAxis } from './template.ts'

const AXES: FigureAxes = { x: VECTOR_AXIS, y: 'p, Porter–Thomas p-value', colour: null }
export interface PorterThomasInput {
  readonly result: EigenvectorResult | null
  /** The same of further seeds: with any, the line is the mean of their averages with its spread. */
  readonly others?: readonly EigenvectorResult[]
}

const COLUMNS = ['index', 'p-value', 'distance', 'mean p-value of neighbours']

/** Below this an axis from 0 to 1 shows nothing. */
const TINY = 0.02
/** With so many p-values that tiny the axis is logarithmic. */
const MANY = 0.5
const SIGNIFICANT = 0.01

/** p-values of the entries' distribution (Eq. 7.7, corrected), their mean over neighbours and where it lies for random vectors. */
export function porterThomasFigure({ result, others = [] }: PorterThomasInput, options: FigureOptions): FigureSpec {
  if (result === null || result.porterThomas.pValues.length === 0) {
    return emptyFigure('porterThomas', 'No eigenvectors compared yet', { columns: COLUMNS, rows: [] }, AXES, options)
  }
  const { pValues, band, nullVectors } = result.porterThomas
  const places = vectorAxis(result)
  const results = [result, ...others]
  const spread = others.length === 0 ? null : vectorMoments(results, ({ porterThomas }) => porterThomas.averages)
  const log = pValues.filter((p) => p < TINY).length > MANY * pValues.length
  // A p-value from that many random vectors cannot be told from half of the smallest step.
  const floor = 0.5 / Math.max(1, nullVectors)
  const layout: Partial<Layout> = {
    xaxis: { title: { text: AXES.x }, ...places.axis },
    yaxis: { title: { text: AXES.y }, ...(log ? { ...logAxis(options.theme), range: [Math.log10(floor) - 0.1, 0.05] } : { range: [-0.02, 1.02] }) },
    shapes: [horizontalBand(band[0], band[1], options), ...gapMark(places, options).shapes],
    annotations: [lineLabel('random vectors', { x: 1, xref: 'paper', y: log ? Math.log10(band[0]) : band[0], yref: 'y', xanchor: 'right', yanchor: 'top' }, options)],
    uirevision: `porterThomas ${log ? 'log' : 'linear'}`,
  }
  const colour = variantColour(options.theme, options.variant ?? 0)
  const look = { log, least: log ? floor : 0, colour }
  const data = [...singleDots(results, look, places, options), ...averageTraces(result, spread, look, places, options)]
  const own = valuesTable(result)
  const table = spread === null ? own : withMoments(own, [{ name: 'mean p-value of neighbours', places: spread }])
  return buildFigure({ id: 'porterThomas', data, layout, table, summary: summary(result) + seedsWords(results), axes: AXES }, options)
}

interface PValueLook {
  readonly log: boolean
  /** Values below are drawn here. */
  readonly least: number
  readonly colour: string
}

/** p-values of single eigenvectors, those of all seeds alike. */
function singleDots(results: readonly EigenvectorResult[], { least, colour }: PValueLook, places: IndexAxis, options: FigureOptions): Trace[] {
  const values = vectorValues(results, ({ porterThomas }) => porterThomas.pValues)
  const kept = thinnedIndices(values.length, Math.floor(MAX_POINTS / results.length))
  return results.map((_, seed) => {
    const own = values.map((of) => of[seed])
    const drawn = own.map((p) => Math.max(p, least))
    const dots = vectorDots({ name: 'single eigenvectors', values: drawn, colour, kept, says: 'p', words: (i) => formatNumber(own[i]) }, places, options)
    return { ...dots, opacity: 0.5, showlegend: seed === 0, legendgroup: 'single' }
  })
}

/** Averages over neighbours; over several seeds their mean with its spread. */
function averageTraces({ porterThomas }: EigenvectorResult, spread: readonly Moments[] | null, look: PValueLook, places: IndexAxis, options: FigureOptions): Trace[] {
  const { averages, window } = porterThomas
  const { text } = palette(options.theme)
  const values = spread === null ? averages : spread.map(({ mean }) => mean)
  const kept = decimatedIndices(values)
  const seeds = spread === null ? '' : `, ± s.d. of ${String(mostSeeds(spread))} seeds`
  const drawn = (spread ?? []).map(({ mean, deviation, n }) => ({ mean: Math.max(mean, look.least), deviation, n }))
  return [...(spread === null ? [] : [vectorBand({ spread: drawn, kept, colour: text, scale: look.log ? 'log' : 'linear' }, places)]), {
    type: 'scatter',
    mode: 'lines',
    name: `mean over ${formatCount(2 * window + 1)} neighbours${seeds}`,
    x: pick(places.positions, kept),
    y: finiteOrNull(pick(values, kept).map((p) => Math.max(p, look.least))),
    line: { color: text, width: figureSizes(options.presenting).line },
    hovertemplate: 'mean p = %{y:.3~g}<extra></extra>',
  }]
}

function valuesTable({ index, porterThomas: { pValues, distances, averages } }: EigenvectorResult): FigureTable {
  const [p, d, mean] = [finiteOrNull(pValues), finiteOrNull(distances), finiteOrNull(averages)]
  return { columns: COLUMNS, rows: p.map((value, i) => [index[i], value, d[i] ?? null, mean[i] ?? null]) }
}

function summary(result: EigenvectorResult): string {
  const { pValues, averages, band, distances, randomDistance, nullVectors } = result.porterThomas
  const larger = pValues.filter((p) => p > SIGNIFICANT).length
  const inside = averages.filter((p) => p >= band[0] && p <= band[1]).length
  return (
    `Of ${formatCount(pValues.length)} ${vectorsWords(result)}, ${formatCount(larger)} (${formatShare(larger / pValues.length)}) have p above ${formatNumber(SIGNIFICANT, 1)}; ` +
    `${formatCount(inside)} averages over neighbours lie within ${formatNumber(band[0], 2)} to ${formatNumber(band[1], 2)}, where 95 % of random vectors’ do. The median distance is ` +
    `${formatNumber(median(distances))} against ${formatNumber(randomDistance)} for random vectors (${formatCount(nullVectors)} drawn); ` +
    `the mean p-value is ${formatNumber(moments(pValues).mean)}.`
  )
}

function seedsWords(results: readonly EigenvectorResult[]): string {
  if (results.length === 1) return ''
  const within = results.map(({ porterThomas: { averages, band } }) => moments(averages.map((p) => Number(p >= band[0] && p <= band[1]))).mean)
  const distance = moments(results.map(({ porterThomas }) => median(porterThomas.distances)))
  return (
    ` Over ${String(results.length)} seeds ${formatShareSpread(moments(within))} of the averages lie within it, and the median distance is ${formatSpread(distance)} ` +
    '(mean ± s.d.); the band is that of a single seed.'
  )
}

function median(values: Float64Array): number {
  const sorted = values.filter(Number.isFinite).sort()
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length === 0) return NaN
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
