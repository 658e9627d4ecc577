import type { Layout, LayoutAxis } from 'plotly.js'
import type { View } from '../contracts/experiment.ts'
import { buildFigure, classesMark, emptyFigure } from './build-figure.ts'
import { palette, variantColour } from './colours.ts'
import { densityGrid, drawableWidth, nodeRange, probeMeasures, quadratureWidth, scottWidth, scottWidthOf } from './density.ts'
import { classesPlace, curveMeasures, densityCurve, densitySeedsWords, type DensityCurve, type DensityResults } from './density-curves.ts'
import { lonelyNodes, type Stick } from './density-sticks.ts'
import { densitySummary, type DrawnWidth } from './density-words.ts'
import type { FigureAxes, FigureOptions, FigureSpec, FigureTable, Trace } from './figure-spec.ts'
import { finiteOrNull, formatNumber } from './numbers.ts'
import { bandTrace, spreadName } from './spread.ts'
import { withMoments } from './spread-table.ts'
import { extent } from './statistics.ts'
import { figureSizes, logAxis } from './template.ts'

export interface DensityInput extends DensityResults {
  /** Classes C of the data, for the mark left of the C − 1 largest. */
  readonly classes: number | null
}

export interface DensityOptions extends FigureOptions {
  readonly bandwidth: View['bandwidth']
  readonly scale: 'log' | 'linear'
}

/** Where the logarithmic axis ends: what is below is drawn there. */
export const DENSITY_FLOOR = 1e-7

/**
 * Density of the eigenvalues of a Hessian, smoothed with Gaussians: from stochastic Lanczos quadrature with a band of one
 * standard error over its random vectors, from a whole spectrum, or both. Settled nodes that stand alone are sticks. With
 * several seeds curves are means, the first with a band of one standard deviation over the seeds; sticks are the main seed's.
 */
export function densityFigure(input: DensityInput, options: DensityOptions): FigureSpec {
  const measures = curveMeasures(input)
  if (measures.length === 0) {
    return emptyFigure('density', 'No density computed yet', { columns: ['eigenvalue', 'density'], rows: [] }, axesFor(''), options)
  }
  const [low, high] = nodeRange(measures.flatMap(({ seeds }) => seeds.flat()))
  const width = drawnWidth(input, options.bandwidth, low, high)
  const grid = densityGrid(low, high, width.value)
  const curves = measures.map((each) => densityCurve(each, width.value, grid))
  const sticks = input.density === null ? [] : lonelyNodes(input.density.quadrature, width.value)
  const axes = axesFor(` (smoothed with σ = ${formatNumber(width.value)})`)
  const place = classesPlace(input, input.classes)
  const { shapes, annotations } = place === null ? { shapes: [], annotations: [] } : classesMark(input.classes, input.classes ?? 0, options, place)
  const top = extent([...curves.flatMap(heights), ...sticks.map((stick) => stickHeight(stick, width.value))])[1]
  const layout: Partial<Layout> = {
    xaxis: { title: { text: axes.x } },
    yaxis: { title: { text: axes.y }, ...heightAxis(top, options) },
    shapes: [...shapes],
    annotations: [...annotations],
    uirevision: `density ${options.scale}`,
  }
  const several = curves[0].spread !== null
  const alone = several && input.density !== null ? `alone, seed ${String(input.density.provenance.seed)}` : 'settled, alone'
  const data = [...curves.flatMap((curve, i) => curveTraces(curve, i === 0, options)), ...stickTraces(sticks, alone, width.value, options)]
  const summary = densitySummary(input, width, sticks) + densitySeedsWords(input)
  return buildFigure({ id: 'density', data, layout, table: densityTable(curves, grid), summary, axes }, options)
}

function heightAxis(top: number, { scale, theme }: DensityOptions): Partial<LayoutAxis> {
  return scale === 'log' ? { ...logAxis(theme), range: [Math.log10(DENSITY_FLOOR), Math.log10(top) + 0.3] } : { rangemode: 'tozero' }
}

function axesFor(note: string): FigureAxes {
  return { x: `h, eigenvalue${note}`, y: 'ρ(h), density of eigenvalues', colour: null }
}

/** With an estimate `auto` follows from its steps; a whole spectrum has Scott's width. */
function drawnWidth({ density, whole }: DensityInput, wanted: View['bandwidth'], low: number, high: number): DrawnWidth {
  const [value, reason] = ((): readonly [number, DrawnWidth['reason']] => {
    if (typeof wanted === 'number') return [wanted, 'chosen']
    if (density !== null && wanted === 'auto') return [quadratureWidth(probeMeasures(density.quadrature), density.quadrature.steps), 'range over steps']
    if (whole !== null) return [scottWidth(whole.eigenvalues), 'Scott’s width']
    return [density === null ? NaN : scottWidthOf(probeMeasures(density.quadrature), density.dimension), 'Scott’s width']
  })()
  const drawn = drawableWidth(value, low, high)
  return { value: drawn, reason: drawn === value ? reason : 'the narrowest that can be drawn' }
}

/** Heights that are drawn: the mean over seeds where there are several. */
function heights({ own, spread }: DensityCurve): readonly number[] {
  return spread === null ? own.mean : spread.map(({ mean }) => mean)
}

/** The first curve is the one that the figure is about: over several seeds the band is its spread. */
function curveTraces(curve: DensityCurve, first: boolean, options: DensityOptions): Trace[] {
  const { role, own, spread } = curve
  const { text, muted } = palette(options.theme)
  const { line } = figureSizes(options.presenting)
  const colour = first ? variantColour(options.theme, options.variant ?? 0) : role === 'whole' ? text : muted
  const floor = options.scale === 'log' ? DENSITY_FLOOR : 0
  const y = heights(curve).map((value) => Math.max(value, floor))
  const x = [...own.grid]
  const deviations = spread === null ? own.standardError : spread.map(({ deviation }) => deviation)
  const banded = (spread === null ? role === 'estimate' : first) && deviations.some(Number.isFinite)
  const places = y.map((mean, i) => ({ mean, deviation: deviations[i], n: 2 }))
  const band = banded ? [bandTrace({ x, places, colour, scale: options.scale, look: { name: spread === null ? '± s.e.' : '± s.d.' } })] : []
  const name = curveName(curve, first)
  const look = { color: colour, width: first ? line : 1.25, dash: role === 'whole' && !first ? 'dash' : 'solid' } as const
  return [...band, { type: 'scatter', mode: 'lines', name, x, y, line: look, hovertemplate: `${name}<br>h = %{x:.3~g}<br>ρ = %{y:.3~g}<extra></extra>` }]
}

function curveName({ role, name, spread }: DensityCurve, first: boolean): string {
  if (spread !== null) return first ? spreadName(spread) : name
  return role === 'estimate' ? `${name} ± s.e.` : name
}

/** Height of the Gaussian of a single node. */
function stickHeight({ weight }: Stick, width: number): number {
  return weight / (Math.sqrt(2 * Math.PI) * width)
}

/** Lines from the foot of the axis: error bars that reach down to it. */
function stickTraces(sticks: readonly Stick[], name: string, width: number, options: DensityOptions): Trace[] {
  if (sticks.length === 0) return []
  const { outlier } = palette(options.theme)
  const floor = options.scale === 'log' ? DENSITY_FLOOR : 0
  const y = sticks.map((stick) => Math.max(stickHeight(stick, width), floor))
  return [{
    type: 'scatter',
    mode: 'markers',
    name,
    x: sticks.map(({ value }) => value),
    y,
    error_y: { type: 'data', symmetric: false, array: y.map(() => 0), arrayminus: y.map((height) => height - floor), color: outlier, thickness: 1.5, width: 0 },
    marker: { color: outlier, symbol: 'diamond', size: figureSizes(options.presenting).marker },
    customdata: sticks.map(({ value, residual, probes }) => [formatNumber(value), formatNumber(residual, 2), probes]),
    hovertemplate: 'h = %{customdata[0]}<br>residual %{customdata[1]}, found by %{customdata[2]} random vectors<extra></extra>',
  }]
}

/** The main seed's densities; with several seeds mean and standard deviation of each beside them. */
function densityTable(curves: readonly DensityCurve[], grid: readonly number[]): FigureTable {
  const titled = curves.map((curve) => ({ ...curve, title: curve.role === 'estimate' ? 'density by SLQ' : `density, ${curve.name}` }))
  const parts = titled.flatMap(({ role, title, own }): readonly (readonly [string, ArrayLike<number>])[] => {
    return role === 'estimate' ? [[title, own.mean], ['standard error', own.standardError]] : [[title, own.mean]]
  })
  const cells = parts.map(([, values]) => finiteOrNull(values))
  const table = { columns: ['eigenvalue', ...parts.map(([title]) => title)], rows: grid.map((h, i) => [h, ...cells.map((of) => of[i])]) }
  const spreads = titled.flatMap(({ title, spread }) => (spread === null ? [] : [{ name: title, places: spread }]))
  return spreads.length === 0 ? table : withMoments(table, spreads)
}
