import type { Layout, Shape } from 'plotly.js'
import type { TraceResult } from '../contracts/results.ts'
import { buildFigure, emptyFigure, horizontalLine } from './build-figure.ts'
import { palette, variantColour } from './colours.ts'
import { decimatedIndices, pick } from './decimate.ts'
import type { Cell, FigureAxes, FigureOptions, FigureSpec, FigureTable, Trace } from './figure-spec.ts'
import { finiteOrNull, formatCount, formatEstimate, formatNumber, formatShare, formatSpread } from './numbers.ts'
import { bandTrace, spreadBars, spreadName } from './spread.ts'
import { withMoments } from './spread-table.ts'
import { moments, momentsAt } from './statistics.ts'
import { figureSizes } from './template.ts'
import { matrixWords, selectionWords } from './words.ts'

const AXES: FigureAxes = { x: 't, products with the matrix', y: 'tr H, running estimate of the trace', colour: null }
const COLUMNS = ['what', 'products', 'trace', 'standard error', 'share of the trace', 'share of the parameters']
/** The mean over seeds stands this share of the products right of the last. */
const BESIDE = 0.04
const METHODS = { hutchinson: 'Hutchinson', hutchpp: 'Hutch++' } as const

export interface TraceInput {
  readonly result: TraceResult | null
  /** The same of further seeds: with any, the spread of their traces stands beside the error of the main one. */
  readonly others?: readonly TraceResult[]
}

/**
 * Running estimate of the trace with a band of one standard error; sums over layers in the table and in words. With several
 * seeds the others are thin lines, and at the end stands the mean of all with a bar of one standard deviation: what seeds
 * differ by beside what one seed does not know.
 */
export function traceFigure({ result, others = [] }: TraceInput, options: FigureOptions): FigureSpec {
  if (result === null || result.history.products.length === 0) {
    return emptyFigure('trace', 'No trace estimated yet', { columns: COLUMNS, rows: [] }, AXES, options)
  }
  const results = [result, ...others]
  const layout: Partial<Layout> = {
    xaxis: { title: { text: AXES.x }, rangemode: 'tozero' },
    yaxis: { title: { text: AXES.y } },
    shapes: [{ ...horizontalLine({ at: moments(results.map(finalTrace)).mean, colour: palette(options.theme).muted, dash: 'dash' }), ...lineName(result, others.length) }],
  }
  const name = others.length === 0 ? 'estimate ± s.e.' : `seed ${String(result.provenance.seed)} ± s.e.`
  const mean = others.length === 0 ? [] : [meanTrace(results, options)]
  const data = [...otherTraces(others, options), ...traces(result, name, options), ...mean]
  return buildFigure({ id: 'trace', data, layout, table: traceTable(results), summary: summary(result) + seedsWords(results), axes: AXES }, options)
}

/** With several seeds the mark at the end of the line names the mean. */
function lineName({ trace, products }: TraceResult, others: number): Partial<Shape> {
  return others > 0 ? {} : { name: `${formatEstimate(trace)} after ${formatCount(products)}`, showlegend: true }
}

function finalTrace({ trace }: TraceResult): number {
  return trace.value
}

function otherTraces(others: readonly TraceResult[], options: FigureOptions): Trace[] {
  const { muted } = palette(options.theme)
  return others.map(({ history: { products, estimates } }, i): Trace => {
    const kept = decimatedIndices(estimates)
    return {
      type: 'scatter',
      mode: kept.length > 1 ? 'lines' : 'markers',
      name: 'other seeds',
      x: pick(products, kept),
      y: finiteOrNull(pick(estimates, kept)),
      line: { color: muted, width: 1 },
      marker: { color: muted },
      showlegend: i === 0,
      legendgroup: 'others',
      hoverinfo: 'skip',
    }
  })
}

/** Mean of the final estimates, right of the last product. */
function meanTrace(results: readonly TraceResult[], options: FigureOptions): Trace {
  const places = [moments(results.map(finalTrace))]
  const last = Math.max(...results.map(({ products }) => products))
  const { text } = palette(options.theme)
  return {
    type: 'scatter',
    mode: 'markers',
    name: spreadName(places),
    x: [last * (1 + BESIDE)],
    y: [places[0].mean],
    error_y: spreadBars(places, text),
    marker: { color: text, symbol: 'diamond', size: figureSizes(options.presenting).marker + 2 },
    hovertemplate: `tr H = ${formatSpread(places[0])}, ${spreadName(places)}<extra></extra>`,
  }
}

function traces({ history: { products, estimates, standardErrors } }: TraceResult, name: string, options: FigureOptions): Trace[] {
  const kept = decimatedIndices(estimates)
  const x = pick(products, kept)
  const colour = variantColour(options.theme, options.variant ?? 0)
  const places = kept.map((i) => ({ mean: estimates[i], deviation: standardErrors[i], n: 2 }))
  return [
    bandTrace({ x, places, colour, look: { name: '± s.e.' } }),
    {
      type: 'scatter',
      mode: kept.length > 1 ? 'lines' : 'markers',
      name,
      x,
      y: finiteOrNull(pick(estimates, kept)),
      line: { color: colour, width: figureSizes(options.presenting).line },
      marker: { color: colour },
      customdata: places.map(({ mean, deviation }) => formatEstimate({ value: mean, standardError: Number.isFinite(deviation) ? deviation : null })),
      hovertemplate: '%{x} products<br>tr H = %{customdata}<extra></extra>',
    },
  ]
}

function traceTable(results: readonly TraceResult[]): FigureTable {
  const [{ history, trace, layers, dimension }] = results
  const [estimates, errors] = [finiteOrNull(history.estimates), finiteOrNull(history.standardErrors)]
  const perLayer = (layers ?? []).map((layer): Cell[] => [layer.name, null, layer.trace, null, shareOf(layer.trace, trace.value), layer.parameters / dimension])
  const table = { columns: COLUMNS, rows: [...perLayer, ...estimates.map((value, i) => ['running estimate', history.products[i], value, errors[i], null, null])] }
  if (results.length === 1) return table
  const shares = momentsAt(perLayer.length, (l) => results.map((result) => result.layers?.[l]?.trace ?? NaN))
  const running = momentsAt(estimates.length, (i) => results.map((result) => result.history.estimates[i] ?? NaN))
  return withMoments(table, [{ name: 'trace', places: [...shares, ...running] }])
}

function shareOf(part: number, whole: number): number | null {
  const share = part / whole
  return Number.isFinite(share) ? share : null
}

function summary({ settings, trace, squaredNorm, layers, dimension, products }: TraceResult): string {
  const norm = squaredNorm === null ? '' : `; the squared Frobenius norm is ${formatEstimate(squaredNorm)}`
  const shares = (layers ?? []).map(({ name, parameters, trace: part }) => {
    return `${name} ${formatShare(part / trace.value)} of it with ${formatShare(parameters / dimension)} of the parameters`
  })
  const mean = { value: trace.value / dimension, standardError: trace.standardError === null ? null : trace.standardError / dimension }
  const held = shares.length < 2 ? '' : `; ${shares.join(', ')}`
  return (
    `The trace of the ${matrixWords(settings.matrix)} of ${selectionWords(settings.selection)} is ${formatEstimate(trace)} (± one standard error, ${METHODS[settings.method]}, ` +
    `${formatCount(products)} products), a mean curvature of ${formatEstimate(mean)}${norm}${held}.`
  )
}

function seedsWords(results: readonly TraceResult[]): string {
  if (results.length === 1) return ''
  const errors = moments(results.map(({ trace }) => trace.standardError ?? NaN))
  const within = errors.n === 0 ? '' : `, where the standard error within one seed is ${formatNumber(errors.mean, 2)}`
  return ` Over ${String(results.length)} seeds the trace is ${formatSpread(moments(results.map(finalTrace)))} (mean ± s.d.)${within}.`
}
