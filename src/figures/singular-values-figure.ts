import type { Layout } from 'plotly.js'
import type { KernelSpectrum, SingularValuesResult } from '../contracts/results.ts'
import { buildFigure, emptyFigure, lineLabel, verticalLine } from './build-figure.ts'
import { palette, variantColour } from './colours.ts'
import type { FigureAxes, FigureOptions, FigureSpec, FigureTable, Trace } from './figure-spec.ts'
import { histogram } from './histogram.ts'
import { bulkLaw } from './marchenko-pastur.ts'
import { counted, finiteOrNull, formatCount, formatNumber } from './numbers.ts'
import { meanBars, meanSticks, sameKernels, seedsReading, withSeeds } from './singular-values-spread.ts'
import { figureSizes } from './template.ts'

export interface SingularValuesOptions extends FigureOptions {
  /** Layer number from 1 of the kernel to show; null for the first. */
  readonly layer: number | null
  /** The same result of further seeds: with any, means are drawn with their spread. */
  readonly others?: readonly SingularValuesResult[]
}

const AXES: FigureAxes = { x: 'ν, singular value', y: 'ρ(ν), density', colour: null }
const COLUMNS = ['index', 'singular value', 'place']
const CURVE_POINTS = 200

/** The kernel of that layer, the first kernel otherwise, or null when there is none. */
export function chosenKernel({ kernels }: SingularValuesResult, layer: number | null): KernelSpectrum | null {
  return kernels.find((kernel) => kernel.layer === layer) ?? kernels[0] ?? null
}

/**
 * Histogram of a kernel's singular values under the Marchenko–Pastur density, every value as a stick, outliers marked.
 * With several seeds bars and outliers are means with bars of one standard deviation.
 */
export function singularValuesFigure(result: SingularValuesResult, options: SingularValuesOptions): FigureSpec {
  const kernel = chosenKernel(result, options.layer)
  if (kernel === null || kernel.singularValues.length === 0) {
    return emptyFigure('singularValues', 'No kernel decomposed yet', { columns: COLUMNS, rows: [] }, AXES, options)
  }
  const kernels = [kernel, ...sameKernels(kernel, options.others ?? [])]
  const { muted, theory } = palette(options.theme)
  const edge = (at: number, symbol: string, xanchor: 'left' | 'right') =>
    lineLabel(`${symbol} = ${formatNumber(at)}`, { x: at, xref: 'x', y: 1, yref: 'paper', xanchor, yanchor: 'top', font: { color: muted } }, options)
  const { lowerEdge, upperEdge } = kernel
  const layout: Partial<Layout> = {
    xaxis: { title: { text: AXES.x }, rangemode: 'tozero' },
    yaxis: { title: { text: AXES.y }, rangemode: 'tozero' },
    bargap: 0,
    shapes: [lowerEdge, upperEdge].map((at) => verticalLine({ at, colour: theory, dash: 'dash', width: 1.5 })),
    annotations: [...(lowerEdge > 0 ? [edge(lowerEdge, 'ν₋', 'right')] : []), edge(upperEdge, 'ν₊', 'left')],
    uirevision: `singularValues ${String(kernel.layer)}`,
  }
  const parts = { id: 'singularValues', layout, axes: AXES }
  const reading = kernelReading(kernel, result.settings.edge)
  if (kernels.length > 1) {
    const data = [meanBars(kernels, options), ...curve(kernel, options), ...meanSticks(kernels, options)]
    return buildFigure({ ...parts, data, table: withSeeds(table(kernel), kernels), summary: `${reading} ${seedsReading(kernels)}` }, options)
  }
  const data = [bars(kernel, options), ...curve(kernel, options), ...sticks(kernel, options)]
  return buildFigure({ ...parts, data, table: table(kernel), summary: reading }, options)
}

/** "3 of 50 singular values of dense_2/kernel lie above the bulk edge ν₊ = 1.97 …" */
export function kernelReading(kernel: KernelSpectrum, edge: SingularValuesResult['settings']['edge']): string {
  const { outliers, singularValues, upperEdge, name, rows, cols } = kernel
  const of = edge === 'initialiser' ? 'the initialiser’s standard deviation' : 'the standard deviation of its entries'
  const verb = outliers === 1 ? 'lies' : 'lie'
  return (
    `${formatCount(outliers)} of ${counted(singularValues.length, 'singular value')} of ${name} (${String(rows)} × ${String(cols)}) ${verb} above the ` +
    `bulk edge ${formatNumber(upperEdge)}, computed from ${of}; the largest is ${formatNumber(Math.max(...singularValues))}.`
  )
}

function bars({ singularValues, lowerEdge, upperEdge }: KernelSpectrum, options: FigureOptions): Trace {
  const { centres, densities, counts, width } = histogram(singularValues, { from: lowerEdge, to: upperEdge })
  return {
    type: 'bar',
    name: 'singular values',
    x: centres,
    y: densities,
    width,
    customdata: centres.map((centre, i) => [formatNumber(centre - width / 2), formatNumber(centre + width / 2), counts[i]]),
    marker: { color: variantColour(options.theme, options.variant ?? 0) },
    opacity: 0.45,
    hovertemplate: '%{customdata[2]} between %{customdata[0]} and %{customdata[1]}<extra></extra>',
  }
}

function curve({ rows, cols, deviation }: KernelSpectrum, options: FigureOptions): Trace[] {
  if (!(deviation > 0 && Number.isFinite(deviation))) return []
  const { lowerEdge, upperEdge, density } = bulkLaw(rows, cols, deviation)
  const x = Array.from({ length: CURVE_POINTS + 1 }, (_, i) => lowerEdge + (i * (upperEdge - lowerEdge)) / CURVE_POINTS)
  const line = { color: palette(options.theme).theory, width: figureSizes(options.presenting).line }
  return [{ type: 'scatter', mode: 'lines', name: 'Marchenko–Pastur', x, y: x.map(density), line, hoverinfo: 'skip' }]
}

function sticks({ singularValues, upperEdge }: KernelSpectrum, options: FigureOptions): Trace[] {
  const { text, outlier } = palette(options.theme)
  const { marker } = figureSizes(options.presenting)
  const entries = Array.from(singularValues, (value, i) => ({ value, index: i + 1 })).filter(({ value }) => Number.isFinite(value))
  const trace = (name: string, above: boolean, symbol: string, color: string, size: number): Trace[] => {
    const shown = entries.filter(({ value }) => value > upperEdge === above)
    if (shown.length === 0) return []
    return [{
      type: 'scatter',
      mode: 'markers',
      name,
      x: shown.map(({ value }) => value),
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

function table({ singularValues, lowerEdge, upperEdge }: KernelSpectrum): FigureTable {
  const place = (value: number) => (value > upperEdge ? 'above the bulk' : value < lowerEdge ? 'below the bulk' : 'in the bulk')
  const values = finiteOrNull(singularValues)
  return { columns: COLUMNS, rows: values.map((value, i) => [i + 1, value, value === null ? null : place(value)]) }
}
