import type { Layout } from 'plotly.js'
import type { CurvatureSeriesResult } from '../contracts/results.ts'
import { buildFigure, emptyFigure } from './build-figure.ts'
import { palette, variantColour } from './colours.ts'
import { eigenvalueSeries, lastKnown, seriesMoments, type OfSeries } from './curvature-series.ts'
import { curvatureSummary } from './curvature-words.ts'
import { decimatedIndices, pick } from './decimate.ts'
import type { FigureAxes, FigureOptions, FigureSpec, FigureTable, Trace } from './figure-spec.ts'
import { finiteOrNull, formatNumber } from './numbers.ts'
import { bandTrace, spreadName } from './spread.ts'
import { withMoments } from './spread-table.ts'
import type { Moments } from './statistics.ts'
import { figureSizes, fittedLogAxis, hoverTitle } from './template.ts'

export type CurvatureQuantity = 'eigenvalues' | 'trace' | 'overlaps' | 'condition'

export interface CurvatureInput {
  readonly result: CurvatureSeriesResult | null
  /** The same series of further seeds: with any, curves are means with their spread. */
  readonly others?: readonly CurvatureSeriesResult[]
  readonly quantity: CurvatureQuantity
}

const HEIGHTS: Readonly<Record<CurvatureQuantity, string>> = {
  eigenvalues: 'hᵢ, largest eigenvalues',
  trace: 'tr H, trace; negative mass',
  overlaps: 'o, overlap (0 to 1)',
  condition: 'κ, condition number is at least (log)',
}
const MISSING: Readonly<Record<CurvatureQuantity, string>> = {
  eigenvalues: 'No look at the curvature yet',
  trace: 'The trace was not followed: give the looks at least one random vector',
  overlaps: 'No overlaps yet: they need two looks',
  condition: 'The condition number was not followed: give the looks at least one random vector',
}

/** One curve of the figure. */
interface Curve {
  readonly name: string
  readonly of: OfSeries
  readonly colour: string
  readonly dash?: 'solid' | 'dash' | 'dot'
  readonly thin?: boolean
  readonly listed?: boolean
  readonly lower?: boolean
  /** Error of the main seed, where there are no others. */
  readonly error?: OfSeries
}

/** Curvature against the epochs of training: eigenvalues under the stability limit, or another quantity of the looks. */
export function curvatureFigure({ result, others = [], quantity }: CurvatureInput, options: FigureOptions): FigureSpec {
  const axes: FigureAxes = { x: 't, epochs', y: HEIGHTS[quantity], colour: null }
  const table = result === null ? { columns: ['epoch'], rows: [] } : seriesTable(result, others)
  const curves = result === null ? [] : curvesOf(quantity, result, options).filter(({ of }) => lastKnown(of(result)) >= 0)
  if (result === null || curves.length === 0) return emptyFigure('curvature', MISSING[quantity], table, axes, options)
  const lower = curves.some((curve) => curve.lower === true)
  const values = curves.flatMap(({ of }) => Array.from(of(result)))
  const layout: Partial<Layout> = {
    hovermode: 'x unified',
    xaxis: { title: { text: axes.x }, rangemode: 'tozero', anchor: lower ? 'y2' : 'y', ...hoverTitle('epoch %{x:.3~f}') },
    yaxis: { title: { text: lower ? 'tr H, trace' : axes.y }, domain: [lower ? 0.44 : 0, 1], ...yAxis(quantity, values, options), ...belowLimit(quantity, result) },
    ...(lower ? { hoversubplots: 'axis', yaxis2: { title: { text: 'negative mass' }, domain: [0, 0.36], rangemode: 'tozero', tickformat: '.2~%' } } : {}),
    uirevision: `curvature ${quantity}`,
  }
  const data = curves.flatMap((curve) => curveTraces(curve, [result, ...others], quantity, options))
  return buildFigure({ id: 'curvature', data, layout, table, summary: curvatureSummary(quantity, result, others), axes }, options)
}

/** A limit far above the eigenvalues would press them flat: it is then left above the drawing, and legend and summary say where. */
function belowLimit(quantity: CurvatureQuantity, result: CurvatureSeriesResult): Partial<Layout['yaxis']> {
  if (quantity !== 'eigenvalues' || !limitIsFar(result)) return {}
  const { eigenvalues } = result
  return { range: [Math.min(0, ...eigenvalues), HEADROOM * Math.max(...eigenvalues)], autorange: false }
}

function limitIsFar({ eigenvalues, stabilityLimit }: CurvatureSeriesResult): boolean {
  const highest = Math.max(...eigenvalues)
  const limits = stabilityLimit.filter(Number.isFinite)
  return highest > 0 && limits.length > 0 && limits.every((limit) => limit > FAR_ABOVE * highest)
}

/** A limit that is left out of the drawing is told as a number. */
function limitName(result: CurvatureSeriesResult): string {
  if (!limitIsFar(result)) return 'stability limit'
  const { stabilityLimit } = result
  return `stability limit ${formatNumber(stabilityLimit[lastKnown(stabilityLimit)])}, above`
}

const FAR_ABOVE = 3
const HEADROOM = 1.15

function yAxis(quantity: CurvatureQuantity, values: readonly number[], options: FigureOptions) {
  if (quantity === 'overlaps') return { range: [-0.02, 1.02] }
  return quantity === 'condition' ? fittedLogAxis(options.theme, values) : {}
}

function curvesOf(quantity: CurvatureQuantity, result: CurvatureSeriesResult, options: FigureOptions): Curve[] {
  const { largest } = result
  const { text, muted, theory } = palette(options.theme)
  const colour = variantColour(options.theme, options.variant ?? 0)
  switch (quantity) {
    case 'eigenvalues': {
      const name = largest === 2 ? 'h₂' : `h₂ to h<sub>${String(largest)}</sub>`
      const below = Array.from({ length: largest - 1 }, (_, k): Curve => {
        return { name, of: (series) => eigenvalueSeries(series, k + 1), colour: muted, thin: true, listed: k === 0 }
      })
      const limit: Curve = { name: limitName(result), of: ({ stabilityLimit }) => stabilityLimit, colour: theory, dash: 'dash' }
      return [...below, { name: 'h₁', of: (series) => eigenvalueSeries(series, 0), colour, error: errorsOfLargest }, limit]
    }
    case 'trace':
      return [
        { name: 'trace', of: ({ trace }) => trace, colour, error: ({ traceError }) => traceError },
        { name: 'negative mass', of: ({ negativeMass }) => negativeMass, colour, dash: 'dash', lower: true },
      ]
    case 'overlaps':
      return [
        { name: 'look before', of: ({ previousOverlap }) => previousOverlap, colour },
        { name: 'first look', of: ({ firstOverlap }) => firstOverlap, colour: text, dash: 'dash' },
        { name: 'gradient', of: ({ gradientOverlap }) => gradientOverlap, colour: theory, dash: 'dot' },
      ]
    case 'condition':
      return [{ name: 'lower bound of κ', of: ({ conditionBound }) => conditionBound, colour }]
  }
}

/** An eigenvalue lies within its residual. */
function errorsOfLargest({ residuals, largest, step }: CurvatureSeriesResult): number[] {
  return Array.from(step, (_, look) => residuals[look * largest])
}

/** The limit follows from settings that seeds share; everything else has a spread. */
function curveTraces(curve: Curve, results: readonly CurvatureSeriesResult[], quantity: CurvatureQuantity, options: FigureOptions): Trace[] {
  const { name, of, colour, dash = 'solid', thin = false, listed = true, lower = false, error } = curve
  const [main] = results
  const seeds = results.length > 1
  const places = seeds ? seriesMoments(results, of) : ownPlaces(main, of, error)
  const means = places.map(({ mean }) => mean)
  const kept = decimatedIndices(means)
  const x = pick(main.epoch, kept)
  const yaxis = lower ? 'y2' : 'y'
  const scale = quantity === 'condition' ? 'log' : 'linear'
  const banded = !thin && places.some(({ deviation }) => Number.isFinite(deviation) && deviation > 0)
  const band = banded ? [bandTrace({ x, places: kept.map((i) => places[i]), colour, scale, look: { yaxis } })] : []
  return [...band, {
    type: 'scatter',
    mode: means.length > 1 ? 'lines' : 'markers',
    name: seeds && name === 'h₁' ? `h₁, ${spreadName(places)}` : name,
    x,
    y: finiteOrNull(pick(means, kept)),
    yaxis,
    showlegend: listed,
    line: { color: colour, width: thin ? 1 : figureSizes(options.presenting).line, dash },
    marker: { color: colour },
    opacity: thin ? 0.7 : 1,
    ...(thin ? { hoverinfo: 'skip' as const } : { hovertemplate: `${name} %{y:.3~g}<extra></extra>` }),
  }]
}

function ownPlaces(result: CurvatureSeriesResult, of: OfSeries, error: OfSeries | undefined): Moments[] {
  const errors = error?.(result)
  return Array.from(of(result), (mean, look) => ({ mean, deviation: errors?.[look] ?? NaN, n: 1 }))
}

function seriesTable(result: CurvatureSeriesResult, others: readonly CurvatureSeriesResult[]): FigureTable {
  const { largest } = result
  const columns: readonly (readonly [string, ArrayLike<number>])[] = [
    ['epoch', result.epoch],
    ['step', result.step],
    ...Array.from({ length: largest }, (_, i) => [`eigenvalue ${String(i + 1)}`, eigenvalueSeries(result, i)] as const),
    ['residual of eigenvalue 1', errorsOfLargest(result)],
    ['stability limit', result.stabilityLimit],
    ['trace', result.trace],
    ['standard error of the trace', result.traceError],
    ['negative mass', result.negativeMass],
    ['condition number at least', result.conditionBound],
    ['gradient within the top space', result.gradientOverlap],
    ['overlap with the look before', result.previousOverlap],
    ['overlap with the first look', result.firstOverlap],
    ['loss', result.loss],
    ['gradient norm', result.gradientNorm],
  ]
  const cells = columns.map(([, values]) => finiteOrNull(values))
  const table = { columns: columns.map(([name]) => name), rows: Array.from(result.step, (_, look) => cells.map((of) => of[look] ?? null)) }
  if (others.length === 0) return table
  return withMoments(table, [{ name: 'eigenvalue 1', places: seriesMoments([result, ...others], (series) => eigenvalueSeries(series, 0)) }])
}
