import type { Annotations, Layout, Shape } from 'plotly.js'
import { palette } from './colours.ts'
import type { FigureAxes, FigureOptions, FigureSpec, FigureTable, Trace } from './figure-spec.ts'
import { translucent } from './spread.ts'
import { baseLayout, figureSizes } from './template.ts'

/** What a figure file works out itself. */
export interface FigureParts {
  readonly id: string
  readonly data: readonly Trace[]
  readonly layout: Partial<Layout>
  readonly table: FigureTable
  readonly summary: string
  readonly axes: FigureAxes
}

const STALE_OPACITY = 0.45

/** Completes a figure with what all figures share. Stale ones are dimmed and say so. */
export function buildFigure(parts: FigureParts, options: FigureOptions): FigureSpec {
  const { id, table, axes } = parts
  return {
    id,
    theme: options.theme,
    data: options.stale ? parts.data.map(dimmed) : parts.data,
    layout: { ...baseLayout(options.theme, options.presenting), uirevision: id, ...parts.layout },
    table,
    summary: options.stale ? `From earlier settings: ${parts.summary}` : parts.summary,
    axes,
    empty: false,
  }
}

/** A figure with nothing to draw yet: says what is missing instead of showing bare axes. */
export function emptyFigure(id: string, missing: string, table: FigureTable, axes: FigureAxes, options: FigureOptions): FigureSpec {
  const { muted } = palette(options.theme)
  const note: Partial<Annotations> = { text: missing, xref: 'paper', yref: 'paper', x: 0.5, y: 0.5, showarrow: false, font: { color: muted } }
  const layout: Partial<Layout> = { xaxis: { visible: false }, yaxis: { visible: false }, annotations: [note], showlegend: false }
  return { ...buildFigure({ id, data: [], layout, table, summary: missing, axes }, { ...options, stale: false }), empty: true }
}

function dimmed(trace: Trace): Trace {
  return { ...trace, opacity: (trace.opacity ?? 1) * STALE_OPACITY }
}

/** A line across the whole height (at x) or width (at y) of a subplot. */
export interface ReferenceLine {
  readonly at: number
  readonly colour: string
  readonly dash: 'solid' | 'dot' | 'dash'
  readonly width?: number
}

export function verticalLine({ at, colour, dash, width = 1 }: ReferenceLine): Partial<Shape> {
  return { type: 'line', xref: 'x', yref: 'paper', x0: at, x1: at, y0: 0, y1: 1, line: { color: colour, dash, width }, layer: 'below' }
}

export function horizontalLine({ at, colour, dash, width = 1 }: ReferenceLine, yref: Shape['yref'] = 'y'): Partial<Shape> {
  return { type: 'line', xref: 'paper', yref, x0: 0, x1: 1, y0: at, y1: at, line: { color: colour, dash, width }, layer: 'below' }
}

/** The mark after the first C − 1 entries of something counted from the left, or nothing where there are too few. */
export function classesMark(classes: number | null, entries: number, options: FigureOptions, at = (classes ?? 0) - 0.5): FigureMarks {
  if (classes === null || classes < 2 || entries < classes) return { shapes: [], annotations: [] }
  const place = { x: at, xref: 'x', y: 1, yref: 'paper', xanchor: 'left', yanchor: 'top' } as const
  return {
    shapes: [verticalLine({ at, colour: palette(options.theme).muted, dash: 'dash' })],
    annotations: [lineLabel(`C − 1 = ${String(classes - 1)}`, place, options)],
  }
}

/** Lines of a figure and the small texts beside them. */
export interface FigureMarks {
  readonly shapes: readonly Partial<Shape>[]
  readonly annotations: readonly Partial<Annotations>[]
}

/** A band across the whole width between two heights. */
export function horizontalBand(from: number, to: number, options: FigureOptions): Partial<Shape> {
  const fillcolor = palette(options.theme).band
  return { type: 'rect', xref: 'paper', yref: 'y', x0: 0, x1: 1, y0: from, y1: to, fillcolor, line: { width: 0 }, layer: 'below' }
}

/** Small text beside a reference line, without an arrow, legible over marks. `place` overrides where it stands. */
export function lineLabel(text: string, place: Partial<Annotations>, options: FigureOptions): Partial<Annotations> {
  const { muted, surface } = palette(options.theme)
  return { text, showarrow: false, font: { size: figureSizes(options.presenting).small, color: muted }, bgcolor: translucent(surface, 0.75), borderpad: 1, ...place }
}
