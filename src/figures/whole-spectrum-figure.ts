import type { Annotations, Layout, Shape } from 'plotly.js'
import type { WholeSpectrumResult } from '../contracts/results.ts'
import { buildFigure, classesMark, emptyFigure, horizontalLine, lineLabel, type FigureMarks } from './build-figure.ts'
import { palette, variantColour } from './colours.ts'
import { endsIndices } from './decimate.ts'
import type { FigureAxes, FigureOptions, FigureSpec, FigureTable, Trace } from './figure-spec.ts'
import { placesAxis, type IndexAxis } from './index-axis.ts'
import { counted, finiteOrNull, formatCount, formatNumber, formatSetting, formatShare, formatSpread } from './numbers.ts'
import type { Moments } from './statistics.ts'
import { figureSizes } from './template.ts'
import { scaledTitle, valueScale, type ValueScale } from './value-scale.ts'
import { spreadBand, wholeSpread, wholeSpreadWords, withWholeSpread } from './whole-spectrum-spread.ts'
import { epochWords, matrixWords, selectionWords } from './words.ts'

export interface WholeSpectrumInput {
  readonly result: WholeSpectrumResult | null
  /** The same of further seeds: with any, means by index are drawn with their spread. */
  readonly others?: readonly WholeSpectrumResult[]
  /** Classes C of the data, for the mark after the first C − 1 eigenvalues. */
  readonly classes: number | null
}

export interface WholeSpectrumOptions extends FigureOptions {
  /** Logarithmic is symmetric about zero where there are values that are not positive. */
  readonly scale: 'linear' | 'log'
}

const AXES: FigureAxes = { x: 'i, index (1 is the largest)', y: 'hᵢ, eigenvalue', colour: null }
const COLUMNS = ['index', 'eigenvalue', 'residual']
/** A level nearer to zero than this share of the largest value cannot be seen: it is named in the legend alone. */
const VISIBLE = 0.01

/**
 * All eigenvalues in descending order; positive, zero to rounding and negative ones told apart by colour and symbol. With
 * several seeds means by index in a band: one standard deviation on a linear scale, from the smallest to the largest of the
 * seeds on a logarithmic one.
 */
export function wholeSpectrumFigure({ result, others = [], classes }: WholeSpectrumInput, options: WholeSpectrumOptions): FigureSpec {
  if (result === null || result.eigenvalues.length === 0) {
    return emptyFigure('wholeSpectrum', 'No whole spectrum computed yet', { columns: COLUMNS, rows: [] }, AXES, options)
  }
  const results = [result, ...others]
  const spread = others.length === 0 ? null : wholeSpread(results)
  const drawn = spread?.mean ?? result
  const { eigenvalues, compared } = drawn
  const places = placesAxis(Array.from(eigenvalues, (_, i) => i + 1), eigenvalues.length)
  const scale = valueScale(options.scale, [...eigenvalues, ...(spread?.ends.flat() ?? []), ...(compared?.eigenvalues ?? [])], options.theme)
  const y = AXES.y + scale.note
  const step = classesMark(classes, eigenvalues.length, options)
  const levels = levelMarks(drawn, scale, options)
  const layout: Partial<Layout> = {
    xaxis: { title: { text: AXES.x }, ...places.axis },
    yaxis: { title: { text: scaledTitle(AXES.y, scale) }, ...scale.axis },
    shapes: [...step.shapes, ...levels.shapes],
    annotations: [...step.annotations, ...levels.annotations],
    uirevision: `wholeSpectrum ${scale.kind}`,
  }
  const band = spread === null ? [] : [spreadBand(spread, scale, options)]
  const data = [...comparedTrace(drawn, scale, options), ...band, ...valueTraces(drawn, spread?.places ?? null, places, scale, options)]
  const table = spread === null ? spectrumTable(result) : withWholeSpread(spectrumTable(result), spread)
  const words = summary(result, classes) + (spread === null ? '' : wholeSpreadWords(results))
  return buildFigure({ id: 'wholeSpectrum', data, layout, table, summary: words, axes: { ...AXES, y } }, options)
}

function valueTraces(result: WholeSpectrumResult, spread: readonly Moments[] | null, places: IndexAxis, scale: ValueScale, options: FigureOptions): Trace[] {
  const { eigenvalues, rounding } = result
  const { muted, outlier } = palette(options.theme)
  const { marker } = figureSizes(options.presenting)
  const kept = endsIndices(eigenvalues.length)
  // A band behind the dots shall be seen.
  const size = spread !== null ? marker / 2 : kept.length > 1000 ? (2 * marker) / 3 : marker
  const kinds = [
    { name: 'positive', says: 'positive', color: variantColour(options.theme, options.variant ?? 0), symbol: 'circle', belongs: (value: number) => value > rounding },
    { name: `0 ± ${formatNumber(rounding, 1)}`, says: 'zero to rounding', color: muted, symbol: 'line-ew-open', belongs: (value: number) => Math.abs(value) <= rounding },
    { name: 'negative', says: 'negative', color: outlier, symbol: 'triangle-down', belongs: (value: number) => value < -rounding },
  ]
  return kinds.flatMap(({ name, says, color, symbol, belongs }): Trace[] => {
    const at = kept.filter((i) => belongs(eigenvalues[i]))
    if (at.length === 0) return []
    return [{
      type: 'scatter',
      mode: 'markers',
      name,
      x: at.map((i) => places.positions[i]),
      y: at.map((i) => scale.forward(eigenvalues[i])),
      marker: { color, symbol, size, line: { color, width: 1 } },
      customdata: at.map((i) => [places.labels[i], spread === null ? formatNumber(eigenvalues[i]) : formatSpread(spread[i])]),
      hovertemplate: `i = %{customdata[0]}<br>hᵢ = %{customdata[1]}, ${says}<extra></extra>`,
    }]
  })
}

function comparedTrace({ compared }: WholeSpectrumResult, scale: ValueScale, options: FigureOptions): Trace[] {
  if (compared === null) return []
  const kept = endsIndices(compared.eigenvalues.length)
  return [{
    type: 'scatter',
    mode: 'lines',
    name: `epoch ${String(compared.epoch)}`,
    x: kept.map((i) => i + 1),
    y: kept.map((i) => scale.forward(compared.eigenvalues[i])),
    line: { color: palette(options.theme).muted, width: figureSizes(options.presenting).line },
    customdata: kept.map((i) => formatNumber(compared.eigenvalues[i])),
    hovertemplate: `${epochWords(compared.epoch)}<br>i = %{x}<br>hᵢ = %{customdata}<extra></extra>`,
  }]
}

/** A rounding level that can be told from zero on the axis, and 2λ. */
function levelMarks({ eigenvalues, rounding, twiceWeightDecay }: WholeSpectrumResult, scale: ValueScale, options: FigureOptions): FigureMarks {
  const { axis, theory } = palette(options.theme)
  const shapes: Partial<Shape>[] = []
  const annotations: Partial<Annotations>[] = []
  const visible = Math.abs(scale.forward(-rounding)) > VISIBLE * Math.abs(scale.forward(eigenvalues[0]))
  if (scale.kind !== 'log' && visible) shapes.push(horizontalLine({ at: scale.forward(-rounding), colour: axis, dash: 'dot' }))
  if (twiceWeightDecay > 0) {
    shapes.push(horizontalLine({ at: scale.forward(twiceWeightDecay), colour: theory, dash: 'dash' }))
    const y = scale.kind === 'log' ? Math.log10(twiceWeightDecay) : scale.forward(twiceWeightDecay)
    annotations.push(lineLabel(`2λ = ${formatSetting(twiceWeightDecay)}`, { x: 1, xref: 'paper', y, yref: 'y', xanchor: 'right', yanchor: 'bottom' }, options))
  }
  return { shapes, annotations }
}

function spectrumTable({ eigenvalues, checked, residuals, compared }: WholeSpectrumResult): FigureTable {
  const known = new Map(checked.map((index, k) => [index, residuals[k]]))
  const [values, others] = [finiteOrNull(eigenvalues), compared === null ? null : finiteOrNull(compared.eigenvalues)]
  const columns = [...COLUMNS, ...(compared === null ? [] : [`eigenvalue at epoch ${String(compared.epoch)}`])]
  return { columns, rows: values.map((value, i) => [i + 1, value, known.get(i) ?? null, ...(others === null ? [] : [others[i] ?? null])]) }
}

/** λ_max/λ_min⁺: the largest eigenvalue over the smallest one that is positive beyond rounding. */
function conditionWords(eigenvalues: Float64Array, rounding: number): string {
  const least = eigenvalues.findLast((value) => value > rounding)
  return least === undefined ? '' : `; the condition number, over the smallest beyond rounding, is ${formatNumber(eigenvalues[0] / least)}`
}

function summary({ eigenvalues, settings, negative, rounding, trace, checked, residuals, compared }: WholeSpectrumResult, classes: number | null): string {
  const n = eigenvalues.length
  const ratio = classes !== null && classes >= 2 && n >= classes ? eigenvalues[classes - 2] / eigenvalues[classes - 1] : NaN
  const step = ratio > 0 && Number.isFinite(ratio) ? `; number ${String((classes ?? 0) - 1)} (classes minus one) is ${formatNumber(ratio)} times the next` : ''
  const beyond = `negative beyond rounding (${formatNumber(rounding, 1)})`
  const below =
    negative === 0 ? `none is ${beyond}` : `${formatCount(negative)} (${formatShare(negative / n)}) are ${beyond}, the smallest ${formatNumber(eigenvalues[n - 1])}`
  const evidence = checked.length === 0 ? '' : `; the largest residual of ${counted(checked.length, 'checked pair')} is ${formatNumber(Math.max(...residuals), 2)}`
  const before = compared === null ? '' : `; at ${epochWords(compared.epoch)} the largest was ${formatNumber(compared.eigenvalues[0])}`
  return (
    `The largest of all ${formatCount(n)} eigenvalues of the ${matrixWords(settings.matrix)} of ${selectionWords(settings.selection)} is ${formatNumber(eigenvalues[0])}` +
    `${step}; ${below}; they add up to the trace ${formatNumber(trace)}${conditionWords(eigenvalues, rounding)}${evidence}${before}.`
  )
}
