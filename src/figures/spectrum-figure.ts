import type { Annotations, Datum, Layout, Shape } from 'plotly.js'
import type { HessianAnalysis } from '../contracts/experiment.ts'
import type { SpectrumProgress, SpectrumResult } from '../contracts/results.ts'
import { buildFigure, classesMark, emptyFigure, horizontalLine, lineLabel, verticalLine } from './build-figure.ts'
import { palette, variantColour } from './colours.ts'
import type { FigureAxes, FigureOptions, FigureSpec, FigureTable, Trace } from './figure-spec.ts'
import { indexAxis, type IndexAxis } from './index-axis.ts'
import { finiteOrNull, formatNumber, formatSetting, formatSpread } from './numbers.ts'
import { extraTraces, extraValues, extraWords, withExtras } from './spectrum-extras.ts'
import { finishedSpectrum, meanSpectrum, ritzSpectrum, type SpectrumPoints } from './spectrum-points.ts'
import { progressSummary, resultSummary } from './spectrum-words.ts'
import { spreadBars, spreadName } from './spread.ts'
import { withMoments } from './spread-table.ts'
import { figureSizes } from './template.ts'
import { scaledTitle, valueScale, type ValueScale } from './value-scale.ts'

export interface SpectrumInput {
  readonly result: SpectrumResult | null
  /** The same spectrum of further seeds: with any, means are drawn with their spread. */
  readonly others?: readonly SpectrumResult[]
  /** Ritz values while Lanczos runs; drawn instead of an earlier result. */
  readonly progress: SpectrumProgress | null
  /** Settings of the running analysis: how many Ritz values of each end to draw, and when one counts as settled. */
  readonly settings: HessianAnalysis | null
  /** Classes C of the data, for the mark after the first C − 1 eigenvalues. */
  readonly classes: number | null
}

export interface SpectrumOptions extends FigureOptions {
  readonly scale: 'linear' | 'log'
}

const AXES: FigureAxes = { x: 'i, index (1 is the largest)', y: 'hᵢ, eigenvalue', colour: null }
const COLUMNS = ['index', 'eigenvalue', 'residual', 'converged']

/**
 * Top and bottom eigenvalues of a Hessian in descending order, with residuals; Ritz values while it runs. With several
 * seeds means by index, with bars of one standard deviation instead of the residuals, which are far smaller; with one,
 * also the spread over batches and the values at another checkpoint, where the result has them.
 */
export function spectrumFigure(input: SpectrumInput, options: SpectrumOptions): FigureSpec {
  const points = spectrumPoints(input)
  if (points === null || points.values.length === 0) {
    return emptyFigure('spectrum', 'No eigenvalues computed yet', { columns: COLUMNS, rows: [] }, AXES, options)
  }
  const extras = input.progress === null && points.spread === null ? input.result : null
  const places = indexAxis(points.ends, points.dimension)
  const scale = valueScale(options.scale, [...points.values, ...(extras === null ? [] : extraValues(extras))], options.theme)
  const y = AXES.y + scale.note
  const layout: Partial<Layout> = {
    xaxis: { title: { text: AXES.x }, ...places.axis },
    yaxis: { title: { text: scaledTitle(AXES.y, scale) }, ...scale.axis },
    ...marks(input, points, places, scale, options),
    uirevision: `spectrum ${scale.kind}`,
  }
  const summary = input.progress === null && input.result !== null ? resultSummary(input.result, input.classes, input.others) : progressSummary(points, input.progress)
  const data = [...traces(points, places, scale, options), ...(extras === null ? [] : extraTraces(extras, places, scale, options))]
  const own = spectrumTable(input, points, places)
  const table = extras === null ? own : withExtras(own, extras)
  return buildFigure({ id: 'spectrum', data, layout, table, summary: summary + (extras === null ? '' : extraWords(extras)), axes: { ...AXES, y } }, options)
}

function spectrumPoints({ result, others = [], progress, settings }: SpectrumInput): SpectrumPoints | null {
  if (progress !== null) return ritzSpectrum(progress, settings)
  if (result === null) return null
  return others.length === 0 ? finishedSpectrum(result) : meanSpectrum([result, ...others])
}

/** Settled and unsettled values are two traces, so that symbol, colour and legend all tell them apart. */
function traces(points: SpectrumPoints, places: IndexAxis, scale: ValueScale, options: SpectrumOptions): Trace[] {
  const colours = palette(options.theme)
  const settled = variantColour(options.theme, options.variant ?? 0)
  const [yes, no] = traceNames(points)
  return [
    statusTrace(true, { name: yes, symbol: 'circle', color: settled }),
    statusTrace(false, { name: no, symbol: 'diamond-open', color: colours.outlier }),
  ].filter((trace): trace is Trace => trace !== null)

  function statusTrace(converged: boolean, look: { name: string; symbol: string; color: string }): Trace | null {
    const at = points.values.map((_, i) => i).filter((i) => points.converged[i] === converged && Number.isFinite(points.values[i]))
    if (at.length === 0) return null
    const sizes = figureSizes(options.presenting)
    return {
      type: 'scatter',
      mode: 'markers',
      name: look.name,
      x: at.map((i) => places.positions[i]),
      y: at.map((i) => scale.forward(points.values[i])),
      error_y: errorBars(at, points, scale, look.color),
      marker: { color: look.color, symbol: look.symbol, size: sizes.marker, line: { color: look.color, width: 1.5 } },
      customdata: at.map((i) => [places.labels[i], ...hoverParts(points, i)]),
      hovertemplate: `i = %{customdata[0]}<br>hᵢ = %{customdata[1]}<br>%{customdata[2]}${points.spread === null ? `, ${look.name}` : ''}<extra></extra>`,
    }
  }
}

function traceNames({ estimated, spread }: SpectrumPoints): readonly [yes: string, no: string] {
  if (estimated) return ['settled', 'still moving']
  if (spread === null) return ['converged', 'not converged']
  const name = spreadName(spread)
  return [name, 'not converged in some']
}

/** The value and what is known of its error. */
function hoverParts({ values, residuals, spread }: SpectrumPoints, i: number): readonly [string, string] {
  if (spread === null) return [formatNumber(values[i]), `residual ${formatNumber(residuals[i])}`]
  return [formatSpread(spread[i]), `mean ± s.d. of n = ${String(spread[i].n)}`]
}

function errorBars(at: readonly number[], points: SpectrumPoints, scale: ValueScale, color: string): NonNullable<Trace['error_y']> {
  const { spread } = points
  if (spread === null) return residualBars(at, points, scale, color)
  return spreadBars(at.map((i) => spread[i]), color, scale.kind === 'log' ? 'log' : 'linear', scale.forward)
}

/** An eigenvalue lies within ‖Hh − hh‖ of the value drawn, H being symmetric. */
function residualBars(at: readonly number[], { values, residuals }: SpectrumPoints, { forward }: ValueScale, color: string): NonNullable<Trace['error_y']> {
  const bar = (i: number, sign: 1 | -1): Datum => {
    const length = Math.abs(forward(values[i] + sign * residuals[i]) - forward(values[i]))
    return Number.isFinite(length) ? length : null
  }
  return {
    type: 'data',
    symmetric: false,
    array: at.map((i) => bar(i, 1)),
    arrayminus: at.map((i) => bar(i, -1)),
    color,
    thickness: 1,
    width: 3,
  }
}

function marks({ result, progress, classes }: SpectrumInput, points: SpectrumPoints, places: IndexAxis, scale: ValueScale, options: SpectrumOptions) {
  const { axis, theory } = palette(options.theme)
  const step = classesMark(classes, points.ends.filter((end) => end === 'largest').length, options)
  const shapes: Partial<Shape>[] = [...step.shapes]
  const annotations: Partial<Annotations>[] = [...step.annotations]
  if (places.gap !== null) shapes.push(verticalLine({ at: places.gap, colour: axis, dash: 'dot' }))
  const shift = progress === null ? (result?.twiceWeightDecay ?? 0) : 0
  if (shift > 0) {
    shapes.push(horizontalLine({ at: scale.forward(shift), colour: theory, dash: 'dash' }))
    const y = scale.kind === 'log' ? Math.log10(shift) : scale.forward(shift)
    annotations.push(lineLabel(`2λ = ${formatSetting(shift)}`, { x: 1, xref: 'paper', y, yref: 'y', xanchor: 'right', yanchor: 'bottom' }, options))
  }
  return { shapes, annotations }
}

/** Values of the main seed; means and spread in columns of their own. */
function spectrumTable({ result }: SpectrumInput, points: SpectrumPoints, { indices, labels }: IndexAxis): FigureTable {
  const { spread } = points
  const { values, residuals, converged } = spread === null || result === null ? points : finishedSpectrum(result)
  const [finiteValues, finiteResiduals] = [finiteOrNull(values), finiteOrNull(residuals)]
  const rows = values.map((_, i) => [indices[i] ?? labels[i], finiteValues[i], finiteResiduals[i], converged[i] ? 'yes' : 'no'])
  return spread === null ? { columns: COLUMNS, rows } : withMoments({ columns: COLUMNS, rows }, [{ name: 'eigenvalue', places: spread }])
}
