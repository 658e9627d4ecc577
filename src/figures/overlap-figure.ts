import type { Layout, Shape } from 'plotly.js'
import type { OverlapResult, SpectrumResult } from '../contracts/results.ts'
import { buildFigure, emptyFigure } from './build-figure.ts'
import { palette, VIRIDIS } from './colours.ts'
import type { FigureAxes, FigureOptions, FigureSpec, FigureTable, Trace } from './figure-spec.ts'
import { indexAxis, type IndexAxis } from './index-axis.ts'
import { finiteOrNull } from './numbers.ts'
import { drawnMap } from './overlap-blocks.ts'
import { colourLimit, nullLevel, overlapColourBar } from './overlap-scale.ts'
import { overlapSpread, sharpnessWords, withDeviations } from './overlap-spread.ts'
import { overlapSummary } from './overlap-words.ts'
import { figureSizes } from './template.ts'

export interface OverlapOptions extends FigureOptions {
  /** Upper colour limit; null for automatic. */
  readonly clip: number | null
  /** Draw the mean of every row beside the map. */
  readonly profile?: boolean
  /** The spectrum whose eigenvectors the map uses: gives those of the bottom end their true indices. */
  readonly spectrum?: SpectrumResult | null
  /** The spectrum of the rows where these are eigenvectors of another matrix: those of a layer beside those of the network. */
  readonly rowSpectrum?: SpectrumResult | null
  /** The same map of further seeds. */
  readonly others?: readonly OverlapResult[]
  /** Draw the mean over all seeds instead of the main one. */
  readonly mean?: boolean
}

/** [rows, cols] as rows; null where nothing is computed. */
type Cells = readonly (readonly (number | null)[])[]

const PROFILE_FROM = 0.87
const MAP_TO = 0.83

/**
 * |⟨aᵢ, bⱼ⟩| as a heatmap: row 1 at the top, column 1 at the left, 1 the largest; rows not yet computed are clear. Of the
 * main seed, or on request of the mean over all. Maps of more cells than can be seen are drawn by blocks.
 */
export function overlapFigure(main: OverlapResult, options: OverlapOptions): FigureSpec {
  const { others = [] } = options
  const spread = options.mean === true ? overlapSpread(main, others) : null
  const whole = spread?.mean ?? main
  const { overlap, rowLabel, colLabel, dimension } = whole
  const colour = `|⟨aᵢ, bⱼ⟩|, magnitude of the scalar product${spread === null ? '' : `, mean of ${String(spread.seeds)} seeds`}`
  const axes: FigureAxes = { x: `j, ${colLabel}`, y: `i, ${rowLabel}`, colour }
  const rowSpectrum = overlap === 'layerNetwork' ? options.rowSpectrum : (options.rowSpectrum ?? options.spectrum)
  const { result, rowAxis, colAxis, block } = drawnMap(whole, familyAxis(rowLabel, whole.rows, rowSpectrum), familyAxis(colLabel, whole.cols, options.spectrum))
  const blocked = block[0] * block[1] > 1
  const cells = cellsOf(result)
  const own = overlapTable(cells, rowAxis, colAxis)
  const table = spread === null || blocked ? own : withDeviations(own, spread)
  if (result.rowsDone === 0 || result.cols === 0) return emptyFigure(overlap, 'No overlaps computed yet', table, axes, options)
  const profile = options.profile ?? false
  const layout: Partial<Layout> = {
    xaxis: { title: { text: axes.x }, ...colAxis.axis, showgrid: false, constrain: 'domain', domain: [0, profile ? MAP_TO : 1] },
    yaxis: { title: { text: axes.y }, ...rowAxis.axis, showgrid: false, autorange: 'reversed' },
    ...(profile ? { xaxis2: { title: { text: 'row mean' }, domain: [PROFILE_FROM, 1], anchor: 'y', rangemode: 'tozero', nticks: 2, tickangle: 0 } } : {}),
    shapes: endLines(rowAxis, colAxis, options),
    showlegend: false,
    uirevision: `${overlap} ${String(result.layer)}`,
  }
  const data = [heatmap(result, cells, rowAxis, colAxis, options), ...(profile ? profileTraces(cells, rowAxis, dimension, options) : [])]
  const words = blocked ? ` Drawn and listed is the root mean square of blocks of ${String(block[0])} × ${String(block[1])}.` : ''
  const summary = overlapSummary(whole, spread?.seeds ?? 1) + sharpnessWords(main, others) + words
  return buildFigure({ id: overlap, data, layout, table, summary, axes }, options)
}

/** Only eigenvectors can come from the bottom end; every other family counts from 1. */
function familyAxis(label: string, count: number, spectrum: SpectrumResult | null | undefined): IndexAxis {
  const known = spectrum !== undefined && spectrum !== null && /eigenvector/i.test(label) && spectrum.end.length === count
  return known ? indexAxis(spectrum.end, spectrum.dimension, 0) : indexAxis(new Array<'largest'>(count).fill('largest'), count)
}

function cellsOf({ values, rows, cols }: OverlapResult): Cells {
  return Array.from({ length: rows }, (_, i) => finiteOrNull(values.subarray(i * cols, (i + 1) * cols)))
}

function heatmap(result: OverlapResult, cells: Cells, rowAxis: IndexAxis, colAxis: IndexAxis, options: OverlapOptions): Trace {
  const { values, dimension } = result
  const limit = colourLimit(values, dimension, options.clip)
  const clipped = values.some((value) => value > limit)
  const level = nullLevel(dimension)
  return {
    type: 'heatmap',
    x: colAxis.positions,
    y: rowAxis.positions,
    z: cells.map((row) => [...row]),
    zmin: 0,
    zmax: limit,
    zsmooth: false,
    colorscale: VIRIDIS,
    colorbar: overlapColourBar(limit, dimension, clipped),
    hoverongaps: false,
    customdata: cells.map((row, i) => row.map((value, j) => (value === null ? null : hoverText(rowAxis.labels[i], colAxis.labels[j], value / level)))),
    hovertemplate: '%{customdata}<br>|⟨aᵢ, bⱼ⟩| = %{z:.3~g}<extra></extra>',
  }
}

function hoverText(row: string, col: string, nullLevels: number): string {
  return `i = ${row}, j = ${col}, ${nullLevels.toFixed(2)} × 1/√n`
}

function profileTraces(cells: Cells, { positions }: IndexAxis, dimension: number, options: OverlapOptions): Trace[] {
  const { text, muted } = palette(options.theme)
  const { line } = figureSizes(options.presenting)
  const means = cells.map(meanOf)
  const y = positions
  const level = nullLevel(dimension)
  const shared: Trace = { type: 'scatter', mode: 'lines', xaxis: 'x2', yaxis: 'y' }
  return [
    { ...shared, name: '1/√n', x: [level, level], y: [y[0], y[y.length - 1]], line: { color: muted, width: 1, dash: 'dash' }, hoverinfo: 'skip' },
    { ...shared, name: 'row mean', x: means, y, line: { color: text, width: line }, hovertemplate: 'i = %{y}<br>row mean %{x:.3~g}<extra></extra>' },
  ]
}

function meanOf(row: readonly (number | null)[]): number | null {
  const known = row.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}

/** Lines between the top and the bottom end of a spectrum. */
function endLines(rowAxis: IndexAxis, colAxis: IndexAxis, options: FigureOptions): Partial<Shape>[] {
  const line = { color: palette(options.theme).surface, width: 2 }
  const shapes: Partial<Shape>[] = []
  if (colAxis.gap !== null) shapes.push({ type: 'line', xref: 'x', yref: 'paper', x0: colAxis.gap, x1: colAxis.gap, y0: 0, y1: 1, line })
  if (rowAxis.gap !== null) shapes.push({ type: 'line', xref: 'paper', yref: 'y', x0: 0, x1: 1, y0: rowAxis.gap, y1: rowAxis.gap, line })
  return shapes
}

/** One row per vector aᵢ, one column per vector bⱼ; null where not computed. */
function overlapTable(cells: Cells, rowAxis: IndexAxis, colAxis: IndexAxis): FigureTable {
  const columns = ['i', ...colAxis.labels.map((label) => `j = ${label}`)]
  return { columns, rows: cells.map((row, i) => [rowAxis.indices[i] ?? rowAxis.labels[i], ...row]) }
}
