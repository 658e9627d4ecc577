import type { Annotations, Shape } from 'plotly.js'
import type { KernelSpectrum, SingularValuesResult } from '../contracts/results.ts'
import { lineLabel, verticalLine } from './build-figure.ts'
import { palette, variantColour } from './colours.ts'
import type { FigureOptions, Trace } from './figure-spec.ts'
import { histogram, histograms, type Histogram } from './histogram.ts'
import { bulkLaw } from './marchenko-pastur.ts'
import { formatNumber } from './numbers.ts'
import type { SingularAxis } from './singular-axis.ts'
import { EDGE_NAMES, EDGES } from './singular-values-words.ts'
import { figureSizes } from './template.ts'

const CURVE_POINTS = 200

/** Histogram of the singular values, as an area of 1 along the axis. */
export function bars(kernel: KernelSpectrum, axis: SingularAxis, options: FigureOptions): Trace {
  const { centres, densities, counts, width } = histogram(Array.from(kernel.singularValues, axis.place), axis.bulk(kernel))
  const end = (at: number) => formatNumber(axis.value(at))
  return {
    type: 'bar',
    name: 'singular values',
    x: centres,
    y: densities,
    width,
    showlegend: false,
    customdata: centres.map((centre, i) => [end(centre - width / 2), end(centre + width / 2), counts[i]]),
    marker: { color: variantColour(options.theme, options.variant ?? 0) },
    opacity: 0.45,
    hovertemplate: '%{customdata[2]} between %{customdata[0]} and %{customdata[1]}<extra></extra>',
  }
}

/** Marchenko–Pastur law of the chosen standard deviation. */
export function curve(kernel: KernelSpectrum, axis: SingularAxis, options: FigureOptions): Trace[] {
  const { rows, cols, deviation } = kernel
  if (!(deviation > 0 && Number.isFinite(deviation))) return []
  const { lowerEdge, upperEdge, density } = bulkLaw(rows, cols, deviation)
  const from = axis.kind === 'linear' ? lowerEdge : Math.max(axis.bulk(kernel).from, axis.place(lowerEdge))
  const x = Array.from({ length: CURVE_POINTS + 1 }, (_, i) => from + (i * (axis.place(upperEdge) - from)) / CURVE_POINTS)
  const y = x.map((at) => axis.density(density(Math.min(upperEdge, Math.max(lowerEdge, axis.value(at)))), axis.value(at)))
  const line = { color: palette(options.theme).theory, width: figureSizes(options.presenting).line }
  return [{ type: 'scatter', mode: 'lines', name: 'Marchenko–Pastur', x, y, line, hoverinfo: 'skip' }]
}

/** Outlines of what the kernel had before training, and has with its entries in random order, on the same bars. */
export function overlays(kernel: KernelSpectrum, axis: SingularAxis, options: FigureOptions): Trace[] {
  const all = [kernel.singularValues, kernel.initial, kernel.permuted].map((values) => Array.from(values, axis.place))
  const [, initial, permuted] = histograms(all, axis.bulk(kernel))
  return outlines(kernel.initial.length === 0 ? null : initial, kernel.permuted.length === 0 ? null : permuted, options)
}

export function outlines(initial: Histogram | null, permuted: Histogram | null, options: FigureOptions): Trace[] {
  const { text, muted } = palette(options.theme)
  const outline = (name: string, { centres, densities, width }: Histogram, dash: 'solid' | 'dot', color: string): Trace => ({
    type: 'scatter',
    mode: 'lines',
    name,
    x: [centres[0] - width / 2, ...centres.map((centre) => centre - width / 2), centres[centres.length - 1] + width / 2],
    y: [0, ...densities, 0],
    line: { color, dash, width: 1.25, shape: 'hv' },
    hoverinfo: 'skip',
  })
  return [...(initial === null ? [] : [outline('initial', initial, 'solid', muted)]), ...(permuted === null ? [] : [outline('permuted', permuted, 'dot', text)])]
}

/** Every value at the foot of the axis; those above the edge by another symbol and colour. */
export function sticks({ singularValues, upperEdge }: KernelSpectrum, axis: SingularAxis, options: FigureOptions): Trace[] {
  const { text, outlier } = palette(options.theme)
  const { marker } = figureSizes(options.presenting)
  const entries = Array.from(singularValues, (value, i) => ({ value, index: i + 1 })).filter(({ value }) => Number.isFinite(axis.place(value)))
  const trace = (name: string, above: boolean, symbol: string, color: string, size: number): Trace[] => {
    const shown = entries.filter(({ value }) => value > upperEdge === above)
    if (shown.length === 0) return []
    return [{
      type: 'scatter',
      mode: 'markers',
      name,
      x: shown.map(({ value }) => axis.place(value)),
      y: shown.map(() => 0),
      cliponaxis: false,
      showlegend: above,
      marker: { symbol, color, size, line: { color, width: 1 } },
      customdata: shown.map(({ value, index }) => [index, formatNumber(value)]),
      hovertemplate: `ν<sub>%{customdata[0]}</sub> = %{customdata[1]}, ${above ? 'above the bulk edge' : 'not above the bulk edge'}<extra></extra>`,
    }]
  }
  return [...trace('in the bulk', false, 'line-ns-open', text, marker + 4), ...trace('above ν₊', true, 'diamond', outlier, marker + 3)]
}

/** The edges by every definition, to be named on hover: the lines themselves cannot be. */
export function edgeTrace({ statistics: { edges } }: KernelSpectrum, chosen: SingularValuesResult['settings']['edge'], axis: SingularAxis, options: FigureOptions): Trace {
  const { theory } = palette(options.theme)
  const shown = EDGES.filter((edge) => edges[edge] > 0)
  return {
    type: 'scatter',
    mode: 'markers',
    name: 'bulk edges',
    x: shown.map((edge) => axis.place(edges[edge])),
    y: shown.map(() => 0),
    cliponaxis: false,
    showlegend: false,
    marker: { symbol: 'triangle-up', color: theory, size: figureSizes(options.presenting).marker + 2 },
    customdata: shown.map((edge) => [EDGE_NAMES[edge] + (edge === chosen ? ' (chosen)' : ''), formatNumber(edges[edge])]),
    hovertemplate: 'bulk edge from %{customdata[0]}: ν₊ = %{customdata[1]}<extra></extra>',
  }
}

/** The chosen edges solid with the margin of a random kernel's largest value, the others thin and dashed. */
export function edgeMarks(kernel: KernelSpectrum, chosen: SingularValuesResult['settings']['edge'], axis: SingularAxis, options: FigureOptions) {
  const { lowerEdge, upperEdge, statistics } = kernel
  const { theory, muted, band } = palette(options.theme)
  const drawable = (value: number) => Number.isFinite(axis.place(value))
  const [marginFrom, marginTo] = [upperEdge - statistics.edgeFluctuation, upperEdge + statistics.edgeFluctuation]
  const wholeHeight: Partial<Shape> = { type: 'rect', xref: 'x', yref: 'paper', y0: 0, y1: 1, line: { width: 0 }, layer: 'below' }
  const margin: Partial<Shape>[] =
    statistics.edgeFluctuation > 0 && drawable(marginFrom)
      ? [{ ...wholeHeight, x0: axis.place(marginFrom), x1: axis.place(marginTo), fillcolor: band }]
      : []
  const others = EDGES.filter((edge) => edge !== chosen && drawable(statistics.edges[edge]))
  const shapes: Partial<Shape>[] = [
    ...margin,
    ...[lowerEdge, upperEdge].filter(drawable).map((at) => verticalLine({ at: axis.place(at), colour: theory, dash: 'solid', width: 1.5 })),
    ...others.map((edge) => verticalLine({ at: axis.place(statistics.edges[edge]), colour: theory, dash: 'dash' })),
  ]
  const label = (at: number, symbol: string, xanchor: 'left' | 'right'): Partial<Annotations> =>
    lineLabel(`${symbol} = ${formatNumber(at)}`, { x: axis.place(at), xref: 'x', y: 1, yref: 'paper', xanchor, yanchor: 'top', font: { color: muted } }, options)
  return { shapes, annotations: [...(lowerEdge > 0 ? [label(lowerEdge, 'ν₋', 'right')] : []), label(upperEdge, 'ν₊', 'left')] }
}
