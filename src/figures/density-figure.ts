import type { Layout, LayoutAxis } from 'plotly.js'
import type { View } from '../contracts/experiment.ts'
import type { DensityResult, WholeSpectrumResult } from '../contracts/results.ts'
import { buildFigure, classesMark, emptyFigure } from './build-figure.ts'
import { palette, variantColour } from './colours.ts'
import {
  densityGrid,
  drawableWidth,
  nodeRange,
  probeMeasures,
  quadratureWidth,
  scottWidth,
  scottWidthOf,
  smoothDensity,
  valuesMeasure,
  type Measure,
  type SmoothDensity,
} from './density.ts'
import { lonelyNodes, settledFromTop, type Stick } from './density-sticks.ts'
import { densitySummary, type DrawnWidth } from './density-words.ts'
import type { FigureAxes, FigureOptions, FigureSpec, FigureTable, Trace } from './figure-spec.ts'
import { finiteOrNull, formatNumber } from './numbers.ts'
import { bandTrace } from './spread.ts'
import { extent } from './statistics.ts'
import { figureSizes, logAxis } from './template.ts'

export interface DensityInput {
  readonly density: DensityResult | null
  /** All eigenvalues of the same matrix: drawn beside the estimate, or alone. */
  readonly whole: WholeSpectrumResult | null
  /** Classes C of the data, for the mark left of the C − 1 largest. */
  readonly classes: number | null
}

export interface DensityOptions extends FigureOptions {
  readonly bandwidth: View['bandwidth']
  readonly scale: 'log' | 'linear'
}

/** Where the logarithmic axis ends: what is below is drawn there. */
export const DENSITY_FLOOR = 1e-7

interface Curve {
  readonly role: 'estimate' | 'whole' | 'compared'
  readonly name: string
  readonly density: SmoothDensity
}

/**
 * Density of the eigenvalues of a Hessian, smoothed with Gaussians: from stochastic Lanczos quadrature with a band of one
 * standard error over its random vectors, from a whole spectrum, or both. Settled nodes that stand alone are sticks.
 */
export function densityFigure(input: DensityInput, options: DensityOptions): FigureSpec {
  const measures = measuresOf(input)
  if (measures.length === 0) {
    return emptyFigure('density', 'No density computed yet', { columns: ['eigenvalue', 'density'], rows: [] }, axesFor(''), options)
  }
  const [low, high] = nodeRange(measures.flatMap((each) => each.measures))
  const width = drawnWidth(input, options.bandwidth, low, high)
  const grid = densityGrid(low, high, width.value)
  const curves = measures.map(({ role, name, measures: of }): Curve => ({ role, name, density: smoothDensity(of, width.value, grid) }))
  const sticks = input.density === null ? [] : lonelyNodes(input.density.quadrature, width.value)
  const axes = axesFor(` (smoothed with σ = ${formatNumber(width.value)})`)
  const { shapes, annotations } = classesMark(input.classes, input.classes ?? 0, options, classesPlace(input) ?? undefined)
  const marked = classesPlace(input) !== null
  const top = extent([...curves.flatMap(({ density }) => density.mean), ...sticks.map((stick) => stickHeight(stick, width.value))])[1]
  const layout: Partial<Layout> = {
    xaxis: { title: { text: axes.x } },
    yaxis: { title: { text: axes.y }, ...heightAxis(top, options) },
    shapes: marked ? [...shapes] : [],
    annotations: marked ? [...annotations] : [],
    uirevision: `density ${options.scale}`,
  }
  const data = [...curves.flatMap((curve, i) => curveTraces(curve, i === 0, options)), ...stickTraces(sticks, width.value, options)]
  return buildFigure({ id: 'density', data, layout, table: densityTable(curves, grid), summary: densitySummary(input, width, sticks), axes }, options)
}

function heightAxis(top: number, { scale, theme }: DensityOptions): Partial<LayoutAxis> {
  return scale === 'log' ? { ...logAxis(theme), range: [Math.log10(DENSITY_FLOOR), Math.log10(top) + 0.3] } : { rangemode: 'tozero' }
}

function axesFor(note: string): FigureAxes {
  return { x: `h, eigenvalue${note}`, y: 'ρ(h), density of eigenvalues', colour: null }
}

interface NamedMeasures {
  readonly role: Curve['role']
  readonly name: string
  readonly measures: readonly Measure[]
}

function measuresOf({ density, whole }: DensityInput): NamedMeasures[] {
  const found: NamedMeasures[] = []
  if (density !== null) found.push({ role: 'estimate', name: 'SLQ ± s.e.', measures: probeMeasures(density.quadrature) })
  if (whole !== null) found.push({ role: 'whole', name: 'whole spectrum', measures: [valuesMeasure(whole.eigenvalues)] })
  const compare = (epoch: number, measures: readonly Measure[]) => found.push({ role: 'compared', name: `epoch ${String(epoch)}`, measures })
  const [estimated, exact] = [density?.compared ?? null, whole?.compared ?? null]
  if (estimated !== null) compare(estimated.epoch, probeMeasures(estimated.quadrature))
  else if (exact !== null) compare(exact.epoch, [valuesMeasure(exact.eigenvalues)])
  return found.filter(({ measures }) => measures.some(({ nodes }) => nodes.length > 0))
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

/** Between the C − 1 largest eigenvalues and the rest; null where they are not known well enough. */
function classesPlace({ density, whole, classes }: DensityInput): number | null {
  if (classes === null || classes < 2) return null
  const nth = (k: number): number | null => {
    if (whole !== null) return whole.eigenvalues[k - 1] ?? null
    return density === null ? null : settledFromTop(density.quadrature, k)
  }
  const [last, next] = [nth(classes - 1), nth(classes)]
  return last === null || next === null ? last : (last + next) / 2
}

/** The first curve is the one that the figure is about. */
function curveTraces({ role, name, density }: Curve, first: boolean, options: DensityOptions): Trace[] {
  const { text, muted } = palette(options.theme)
  const { line } = figureSizes(options.presenting)
  const colour = first ? variantColour(options.theme, options.variant ?? 0) : role === 'whole' ? text : muted
  const floor = options.scale === 'log' ? DENSITY_FLOOR : 0
  const y = density.mean.map((value) => Math.max(value, floor))
  const x = [...density.grid]
  const places = y.map((mean, i) => ({ mean, deviation: density.standardError[i], n: 2 }))
  const band = role === 'estimate' && density.standardError.some(Number.isFinite) ? [bandTrace({ x, places, colour, scale: options.scale, look: { name: '± s.e.' } })] : []
  const look = { color: colour, width: first ? line : 1.25, dash: role === 'whole' && !first ? 'dash' : 'solid' } as const
  return [...band, { type: 'scatter', mode: 'lines', name, x, y, line: look, hovertemplate: `${name}<br>h = %{x:.3~g}<br>ρ = %{y:.3~g}<extra></extra>` }]
}

/** Height of the Gaussian of a single node. */
function stickHeight({ weight }: Stick, width: number): number {
  return weight / (Math.sqrt(2 * Math.PI) * width)
}

/** Lines from the foot of the axis: error bars that reach down to it. */
function stickTraces(sticks: readonly Stick[], width: number, options: DensityOptions): Trace[] {
  if (sticks.length === 0) return []
  const { outlier } = palette(options.theme)
  const floor = options.scale === 'log' ? DENSITY_FLOOR : 0
  const y = sticks.map((stick) => Math.max(stickHeight(stick, width), floor))
  return [{
    type: 'scatter',
    mode: 'markers',
    name: 'settled, alone',
    x: sticks.map(({ value }) => value),
    y,
    error_y: { type: 'data', symmetric: false, array: y.map(() => 0), arrayminus: y.map((height) => height - floor), color: outlier, thickness: 1.5, width: 0 },
    marker: { color: outlier, symbol: 'diamond', size: figureSizes(options.presenting).marker },
    customdata: sticks.map(({ value, residual, probes }) => [formatNumber(value), formatNumber(residual, 2), probes]),
    hovertemplate: 'h = %{customdata[0]}<br>residual %{customdata[1]}, found by %{customdata[2]} random vectors<extra></extra>',
  }]
}

function densityTable(curves: readonly Curve[], grid: readonly number[]): FigureTable {
  const parts = curves.map(({ role, name, density }) => ({ role, name, mean: density.mean, error: finiteOrNull(density.standardError) }))
  const columns = parts.flatMap(({ role, name }) => (role === 'estimate' ? ['density by SLQ', 'standard error'] : [`density, ${name}`]))
  const rows = grid.map((h, i) => [h, ...parts.flatMap(({ role, mean, error }) => (role === 'estimate' ? [mean[i], error[i]] : [mean[i]]))])
  return { columns: ['eigenvalue', ...columns], rows }
}
