import type { Layout } from 'plotly.js'
import type { EigenvectorResult } from '../contracts/results.ts'
import { buildFigure, emptyFigure, horizontalBand, lineLabel } from './build-figure.ts'
import { palette, variantColour } from './colours.ts'
import { decimatedIndices, pick, thinnedIndices } from './decimate.ts'
import { gapMark, VECTOR_AXIS, vectorAxis, vectorDots, vectorsWords } from './eigenvector-axis.ts'
import type { FigureAxes, FigureOptions, FigureSpec, FigureTable, Trace } from './figure-spec.ts'
import type { IndexAxis } from './index-axis.ts'
import { finiteOrNull, formatCount, formatNumber, formatShare } from './numbers.ts'
import { moments } from './statistics.ts'
import { figureSizes, logAxis } from './template.ts'

const AXES: FigureAxes = { x: VECTOR_AXIS, y: 'p, Porter–Thomas p-value', colour: null }
const COLUMNS = ['index', 'p-value', 'distance', 'mean p-value of neighbours']

/** Below this an axis from 0 to 1 shows nothing. */
const TINY = 0.02
/** With so many p-values that tiny the axis is logarithmic. */
const MANY = 0.5
const SIGNIFICANT = 0.01

/** p-values of the entries' distribution (Eq. 7.7, corrected), their mean over neighbours and where it lies for random vectors. */
export function porterThomasFigure({ result }: { readonly result: EigenvectorResult | null }, options: FigureOptions): FigureSpec {
  if (result === null || result.porterThomas.pValues.length === 0) {
    return emptyFigure('porterThomas', 'No eigenvectors compared yet', { columns: COLUMNS, rows: [] }, AXES, options)
  }
  const { pValues, band, nullVectors } = result.porterThomas
  const places = vectorAxis(result)
  const log = pValues.filter((p) => p < TINY).length > MANY * pValues.length
  // A p-value from that many random vectors cannot be told from half of the smallest step.
  const floor = 0.5 / Math.max(1, nullVectors)
  const drawn = log ? pValues.map((p) => Math.max(p, floor)) : pValues
  const layout: Partial<Layout> = {
    xaxis: { title: { text: AXES.x }, ...places.axis },
    yaxis: { title: { text: AXES.y }, ...(log ? { ...logAxis(options.theme), range: [Math.log10(floor) - 0.1, 0.05] } : { range: [-0.02, 1.02] }) },
    shapes: [horizontalBand(band[0], band[1], options), ...gapMark(places, options).shapes],
    annotations: [lineLabel('random vectors', { x: 1, xref: 'paper', y: log ? Math.log10(band[1]) : band[1], yref: 'y', xanchor: 'right', yanchor: 'top' }, options)],
    uirevision: `porterThomas ${log ? 'log' : 'linear'}`,
  }
  const colour = variantColour(options.theme, options.variant ?? 0)
  const dots = vectorDots({ name: 'single eigenvectors', values: drawn, colour, kept: thinnedIndices(drawn.length), says: 'p' }, places, options)
  const data = [{ ...dots, opacity: 0.5 }, averageLine(result, log ? floor : 0, places, options)]
  return buildFigure({ id: 'porterThomas', data, layout, table: valuesTable(result), summary: summary(result), axes: AXES }, options)
}

function averageLine({ porterThomas: { averages, window } }: EigenvectorResult, floor: number, { positions }: IndexAxis, options: FigureOptions): Trace {
  const kept = decimatedIndices(averages)
  return {
    type: 'scatter',
    mode: 'lines',
    name: `mean over ${formatCount(2 * window + 1)} neighbours`,
    x: pick(positions, kept),
    y: finiteOrNull(pick(averages, kept).map((p) => Math.max(p, floor))),
    line: { color: palette(options.theme).text, width: figureSizes(options.presenting).line },
    hovertemplate: 'mean p = %{y:.3~g}<extra></extra>',
  }
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

function median(values: Float64Array): number {
  const sorted = values.filter(Number.isFinite).sort()
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length === 0) return NaN
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
