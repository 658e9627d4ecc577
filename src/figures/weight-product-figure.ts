import type { Layout } from 'plotly.js'
import type { EigenvectorResult, SpectrumResult } from '../contracts/results.ts'
import { buildFigure, emptyFigure, horizontalBand, horizontalLine, lineLabel, verticalLine } from './build-figure.ts'
import { palette, variantColour } from './colours.ts'
import { eigenvectorProductFigure } from './eigenvector-product-figure.ts'
import type { FigureAxes, FigureOptions, FigureSpec, FigureTable, Trace } from './figure-spec.ts'
import { indexAxis, type IndexAxis } from './index-axis.ts'
import { counted, finiteOrNull, formatCount, formatNumber } from './numbers.ts'
import { figureSizes, fittedLogAxis } from './template.ts'
import { productSpread, spreadTraces, spreadWords, withProductSpread } from './weight-product-spread.ts'
import { selectionWords } from './words.ts'

export interface WeightProductOptions extends FigureOptions {
  /** The same result of further seeds. */
  readonly others?: readonly (SpectrumResult | EigenvectorResult)[]
}

const AXES: FigureAxes = { x: 'i, eigenvector (1 has the largest eigenvalue)', y: 'hᵢ·w/‖w‖, weight product; inverse participation ratio', colour: null }
const COLUMNS = ['index', 'weight product', 'inverse participation ratio', 'converged']

/**
 * hᵢ·w/‖w‖ (Eq. 7.2) with the band ±1/√n of a random direction above; below it the inverse participation ratio
 * Σⱼh⁴ᵢⱼ with its random level 3/n (a Gaussian unit vector's, where Eq. 7.9's text has 1/n). With several seeds the root
 * mean square of the products is drawn, because the sign of an eigenvector means nothing from one seed to the next.
 * From statistics of eigenvectors the products alone are drawn, for one seed with those of the weights of another checkpoint.
 */
export function weightProductFigure(result: SpectrumResult | EigenvectorResult, options: WeightProductOptions): FigureSpec {
  const { others = [] } = options
  if (result.kind === 'spectrum') return spectrumProductFigure(result, others.filter((other) => other.kind === 'spectrum'), options)
  return eigenvectorProductFigure(result, others.filter((other) => other.kind === 'eigenvectors'), options)
}

function spectrumProductFigure(result: SpectrumResult, others: readonly SpectrumResult[], options: FigureOptions): FigureSpec {
  const { dimension, weightProduct, participation, end } = result
  const places = indexAxis(end, dimension)
  const spread = others.length === 0 ? null : productSpread([result, ...others])
  const table = spread === null ? productTable(result, places) : withProductSpread(productTable(result, places), spread)
  if (weightProduct.length === 0) return emptyFigure('weightProduct', 'No eigenvectors computed yet', table, AXES, options)
  const { muted, axis } = palette(options.theme)
  const random = 3 / dimension
  const label = (text: string, y: number, yref: 'y' | 'y2', xanchor: 'left' | 'right' = 'right') =>
    lineLabel(text, { x: xanchor === 'right' ? 1 : 0, xref: 'paper', y, yref, xanchor, yanchor: 'bottom' }, options)
  const level = 1 / Math.sqrt(dimension)
  // Magnitudes are small at the largest eigenvalues: there is room on the left.
  const levelLabel = spread === null ? label('±1/√n', level, 'y') : label('unrelated: 1/√n', level, 'y', 'left')
  const layout: Partial<Layout> = {
    xaxis: { title: { text: AXES.x }, anchor: 'y2', ...places.axis },
    yaxis: { title: { text: spread === null ? 'hᵢ·w/‖w‖' : 'r.m.s. of hᵢ·w/‖w‖' }, domain: [0.44, 1], ...(spread === null ? {} : { rangemode: 'tozero' }) },
    yaxis2: { title: { text: 'IPR' }, domain: [0, 0.36], ...fittedLogAxis(options.theme, [random, ...participation]) },
    shapes: [
      spread === null ? horizontalBand(-level, level, options) : horizontalLine({ at: level, colour: muted, dash: 'dash' }, 'y'),
      horizontalLine({ at: random, colour: muted, dash: 'dash' }, 'y2'),
      ...(places.gap === null ? [] : [verticalLine({ at: places.gap, colour: axis, dash: 'dot' })]),
    ],
    annotations: [levelLabel, label('random: 3/n', Math.log10(random), 'y2')],
    showlegend: spread !== null,
  }
  const parts = { id: 'weightProduct', layout, table, axes: AXES }
  if (spread !== null) return buildFigure({ ...parts, data: spreadTraces(spread, places, options), summary: summary(result) + spreadWords(spread, dimension) }, options)
  const positive = participation.map((value) => (value > 0 ? value : NaN))
  const data = [
    dots('hᵢ·w/‖w‖', weightProduct, 'y', places, result, options),
    dots('IPR', positive, 'y2', places, result, options),
  ]
  return buildFigure({ ...parts, data, summary: summary(result) }, options)
}

/** Eigenvectors that did not converge are drawn open: their products mean less. */
function dots(name: string, values: Float64Array, yaxis: 'y' | 'y2', places: IndexAxis, { converged }: SpectrumResult, options: FigureOptions): Trace {
  const color = variantColour(options.theme, options.variant ?? 0)
  const symbol = converged.map((done) => (done ? 'circle' : 'diamond-open'))
  return {
    type: 'scatter',
    mode: 'markers',
    name,
    x: places.positions,
    y: finiteOrNull(values),
    yaxis,
    marker: { color, symbol, size: figureSizes(options.presenting).marker },
    customdata: places.labels.map((label, i) => [label, formatNumber(values[i]), converged[i] ? '' : ', not converged']),
    hovertemplate: `i = %{customdata[0]}%{customdata[2]}<br>${name} = %{customdata[1]}<extra></extra>`,
  }
}

function productTable({ weightProduct, participation, converged }: SpectrumResult, { indices, labels }: IndexAxis): FigureTable {
  const [products, ratios] = [finiteOrNull(weightProduct), finiteOrNull(participation)]
  return { columns: COLUMNS, rows: products.map((product, i) => [indices[i] ?? labels[i], product, ratios[i], converged[i] ? 'yes' : 'no']) }
}

function summary({ weightProduct, participation, dimension, settings }: SpectrumResult): string {
  const level = 1 / Math.sqrt(dimension)
  const outside = weightProduct.filter((product) => Math.abs(product) > level).length
  const rms = Math.sqrt(weightProduct.reduce((sum, product) => sum + product * product, 0) / weightProduct.length)
  return (
    `For ${selectionWords(settings.selection)}, ${formatCount(outside)} of ${counted(weightProduct.length, 'weight product')} leave the random band ` +
    `±${formatNumber(level)}; their root mean square is ${formatNumber(rms)}, and the participation ratio of the first eigenvector is ` +
    `${formatNumber(participation[0] * (dimension / 3), 2)} times that of a random one.`
  )
}
