import type { Layout } from 'plotly.js'
import type { KernelSpectrum, SingularValuesResult } from '../contracts/results.ts'
import { buildFigure, emptyFigure } from './build-figure.ts'
import type { FigureAxes, FigureOptions, FigureSpec, FigureTable } from './figure-spec.ts'
import { finiteOrNull } from './numbers.ts'
import { singularAxis } from './singular-axis.ts'
import { meanBars, meanSticks, sameKernels, seedsReading, withSeeds } from './singular-values-spread.ts'
import { bars, curve, edgeMarks, edgeTrace, overlays, sticks } from './singular-values-traces.ts'
import { kernelReading, statisticsReading } from './singular-values-words.ts'

export interface SingularValuesOptions extends FigureOptions {
  /** Layer number from 1 of the kernel to show; null for the first. */
  readonly layer: number | null
  /** The same result of further seeds: with any, means are drawn with their spread. */
  readonly others?: readonly SingularValuesResult[]
  /** Singular values as they are (default), or by their decimal logarithm. */
  readonly scale?: 'linear' | 'log'
  /** Outlines of the values before training and of permuted entries, for one seed; drawn by default. */
  readonly overlays?: boolean
}

const COLUMNS = ['index', 'singular value', 'place', 'before training', 'entries permuted']

/** The kernel of that layer, the first kernel otherwise, or null when there is none. */
export function chosenKernel({ kernels }: SingularValuesResult, layer: number | null): KernelSpectrum | null {
  return kernels.find((kernel) => kernel.layer === layer) ?? kernels[0] ?? null
}

/**
 * Histogram of a kernel's singular values under the Marchenko–Pastur density, every value as a stick, outliers marked;
 * outlined, what it was before training and what chance makes of its entries. The edge by the chosen definition is solid,
 * those by others are dashed. With several seeds bars and outliers are means with bars of one standard deviation.
 */
export function singularValuesFigure(result: SingularValuesResult, options: SingularValuesOptions): FigureSpec {
  const kernel = chosenKernel(result, options.layer)
  const axis = singularAxis(options.scale ?? 'linear')
  const axes: FigureAxes = { x: axis.x, y: axis.y, colour: null }
  if (kernel === null || kernel.singularValues.length === 0) {
    return emptyFigure('singularValues', 'No kernel decomposed yet', { columns: COLUMNS, rows: [] }, axes, options)
  }
  const kernels = [kernel, ...sameKernels(kernel, options.others ?? [])]
  const { edge } = result.settings
  const layout: Partial<Layout> = {
    xaxis: { title: { text: axes.x }, ...(axis.kind === 'linear' ? { rangemode: 'tozero' } : {}) },
    yaxis: { title: { text: axes.y }, rangemode: 'tozero' },
    bargap: 0,
    ...edgeMarks(kernel, edge, axis, options),
    uirevision: `singularValues ${String(kernel.layer)} ${axis.kind}`,
  }
  const parts = { id: 'singularValues', layout, axes }
  const reading = kernelReading(kernel, edge)
  const edges = edgeTrace(kernel, edge, axis, options)
  if (kernels.length > 1) {
    const data = [meanBars(kernels, axis, options), ...curve(kernel, axis, options), ...meanSticks(kernels, axis, options), edges]
    return buildFigure({ ...parts, data, table: withSeeds(table(kernel), kernels), summary: `${reading} ${seedsReading(kernels)}` }, options)
  }
  const outlines = options.overlays === false ? [] : overlays(kernel, axis, options)
  const data = [bars(kernel, axis, options), ...curve(kernel, axis, options), ...outlines, ...sticks(kernel, axis, options), edges]
  return buildFigure({ ...parts, data, table: table(kernel), summary: `${reading} ${statisticsReading(kernel, edge)}` }, options)
}

function table({ singularValues, initial, permuted, lowerEdge, upperEdge }: KernelSpectrum): FigureTable {
  const place = (value: number) => (value > upperEdge ? 'above the bulk' : value < lowerEdge ? 'below the bulk' : 'in the bulk')
  const [values, before, shuffled] = [singularValues, initial, permuted].map(finiteOrNull)
  return { columns: COLUMNS, rows: values.map((value, i) => [i + 1, value, value === null ? null : place(value), before[i] ?? null, shuffled[i] ?? null]) }
}
