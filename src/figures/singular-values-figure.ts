import type { Layout, LayoutAxis } from 'plotly.js'
import type { KernelSpectrum, SingularValuesResult } from '../contracts/results.ts'
import { buildFigure, emptyFigure } from './build-figure.ts'
import type { FigureAxes, FigureOptions, FigureSpec, FigureTable } from './figure-spec.ts'
import { finiteOrNull } from './numbers.ts'
import { singularAxis, type SingularAxis } from './singular-axis.ts'
import { meanBars, meanOverlays, meanSticks, sameKernels, seedsReading, withSeeds } from './singular-values-spread.ts'
import { bars, curve, edgeMarks, edgeTrace, overlays, sticks } from './singular-values-traces.ts'
import { kernelReading, statisticsReading } from './singular-values-words.ts'

export interface SingularValuesOptions extends FigureOptions {
  /** Layer number from 1 of the kernel to show; null for the first. */
  readonly layer: number | null
  /** The same result of further seeds: with any, means are drawn with their spread. */
  readonly others?: readonly SingularValuesResult[]
  /** Singular values as they are (default), or by their decimal logarithm. */
  readonly scale?: 'linear' | 'log'
  /** Outlines of the values before training and of permuted entries; drawn by default. */
  readonly overlays?: boolean
}

/** Width of the label of the upper edge, as a share of the axis up to it. */
const LABEL_SHARE = 0.28
const COLUMNS = ['index', 'singular value', 'place', 'before training', 'entries permuted']

/** The kernel of that layer, the first kernel otherwise, or null when there is none. */
export function chosenKernel({ kernels }: SingularValuesResult, layer: number | null): KernelSpectrum | null {
  return kernels.find((kernel) => kernel.layer === layer) ?? kernels[0] ?? null
}

/**
 * Histogram of a kernel's singular values under the Marchenko–Pastur density, every value as a stick, outliers marked;
 * outlined, what it was before training and what chance makes of its entries. The edge by the chosen definition is solid,
 * those by others are dashed. With several seeds bars, outlines and outliers are
 * means, bars and outliers with bars of one standard deviation.
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
    xaxis: { title: { text: axes.x }, ...(axis.kind === 'linear' ? { rangemode: 'tozero' } : {}), ...roomForEdge(kernel, axis) },
    yaxis: { title: { text: axes.y }, rangemode: 'tozero' },
    bargap: 0,
    ...edgeMarks(kernel, edge, axis, options),
    uirevision: `singularValues ${String(kernel.layer)} ${axis.kind}`,
  }
  const parts = { id: 'singularValues', layout, axes }
  const reading = kernelReading(kernel, edge)
  const edges = edgeTrace(kernel, edge, axis, options)
  if (kernels.length > 1) {
    const outlines = options.overlays === false ? [] : meanOverlays(kernels, axis, options)
    const data = [meanBars(kernels, axis, options), ...curve(kernel, axis, options), ...outlines, ...meanSticks(kernels, axis, options), edges]
    return buildFigure({ ...parts, data, table: withSeeds(table(kernel), kernels), summary: `${reading} ${seedsReading(kernels)}` }, options)
  }
  const outlines = options.overlays === false ? [] : overlays(kernel, axis, options)
  const data = [bars(kernel, axis, options), ...curve(kernel, axis, options), ...outlines, ...sticks(kernel, axis, options), edges]
  return buildFigure({ ...parts, data, table: table(kernel), summary: `${reading} ${statisticsReading(kernel, edge)}` }, options)
}

/** Room for the label right of the upper edge. */
function roomForEdge(kernel: KernelSpectrum, axis: SingularAxis): Partial<LayoutAxis> & { readonly autorangeoptions: object } {
  const { from } = axis.bulk(kernel)
  const edge = axis.place(kernel.upperEdge)
  return { autorangeoptions: { include: edge + LABEL_SHARE * (edge - (axis.kind === 'linear' ? 0 : from)) } }
}

function table({ singularValues, initial, permuted, lowerEdge, upperEdge }: KernelSpectrum): FigureTable {
  const place = (value: number) => (value > upperEdge ? 'above the bulk' : value < lowerEdge ? 'below the bulk' : 'in the bulk')
  const [values, before, shuffled] = [singularValues, initial, permuted].map(finiteOrNull)
  return { columns: COLUMNS, rows: values.map((value, i) => [i + 1, value, value === null ? null : place(value), before[i] ?? null, shuffled[i] ?? null]) }
}
