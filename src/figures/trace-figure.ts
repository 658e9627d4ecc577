import type { Layout } from 'plotly.js'
import type { TraceResult } from '../contracts/results.ts'
import { buildFigure, emptyFigure, horizontalLine } from './build-figure.ts'
import { palette, variantColour } from './colours.ts'
import { decimatedIndices, pick } from './decimate.ts'
import type { Cell, FigureAxes, FigureOptions, FigureSpec, FigureTable, Trace } from './figure-spec.ts'
import { finiteOrNull, formatCount, formatEstimate, formatShare } from './numbers.ts'
import { bandTrace } from './spread.ts'
import { figureSizes } from './template.ts'
import { matrixWords, selectionWords } from './words.ts'

const AXES: FigureAxes = { x: 't, products with the matrix', y: 'tr H, running estimate of the trace', colour: null }
const COLUMNS = ['what', 'products', 'trace', 'standard error', 'share of the trace', 'share of the parameters']
const METHODS = { hutchinson: 'Hutchinson', hutchpp: 'Hutch++' } as const

/** Running estimate of the trace with a band of one standard error; sums over layers in the table and in words. */
export function traceFigure({ result }: { readonly result: TraceResult | null }, options: FigureOptions): FigureSpec {
  if (result === null || result.history.products.length === 0) {
    return emptyFigure('trace', 'No trace estimated yet', { columns: COLUMNS, rows: [] }, AXES, options)
  }
  const layout: Partial<Layout> = {
    xaxis: { title: { text: AXES.x }, rangemode: 'tozero' },
    yaxis: { title: { text: AXES.y } },
    shapes: [horizontalLine({ at: result.trace.value, colour: palette(options.theme).muted, dash: 'dash' })],
    showlegend: false,
  }
  return buildFigure({ id: 'trace', data: traces(result, options), layout, table: traceTable(result), summary: summary(result), axes: AXES }, options)
}

function traces({ history: { products, estimates, standardErrors } }: TraceResult, options: FigureOptions): Trace[] {
  const kept = decimatedIndices(estimates)
  const x = pick(products, kept)
  const colour = variantColour(options.theme, options.variant ?? 0)
  const places = kept.map((i) => ({ mean: estimates[i], deviation: standardErrors[i], n: 2 }))
  return [
    bandTrace({ x, places, colour, look: { name: '± s.e.' } }),
    {
      type: 'scatter',
      mode: kept.length > 1 ? 'lines' : 'markers',
      name: 'estimate',
      x,
      y: finiteOrNull(pick(estimates, kept)),
      line: { color: colour, width: figureSizes(options.presenting).line },
      marker: { color: colour },
      customdata: places.map(({ mean, deviation }) => formatEstimate({ value: mean, standardError: Number.isFinite(deviation) ? deviation : null })),
      hovertemplate: '%{x} products<br>tr H = %{customdata}<extra></extra>',
    },
  ]
}

function traceTable(result: TraceResult): FigureTable {
  const { history, trace, layers, dimension } = result
  const [estimates, errors] = [finiteOrNull(history.estimates), finiteOrNull(history.standardErrors)]
  const perLayer = (layers ?? []).map((layer): Cell[] => [layer.name, null, layer.trace, null, shareOf(layer.trace, trace.value), layer.parameters / dimension])
  return { columns: COLUMNS, rows: [...perLayer, ...estimates.map((value, i) => ['running estimate', history.products[i], value, errors[i], null, null])] }
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
