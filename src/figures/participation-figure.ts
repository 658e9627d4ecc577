import type { Layout } from 'plotly.js'
import type { EigenvectorResult } from '../contracts/results.ts'
import { buildFigure, emptyFigure, horizontalLine, lineLabel } from './build-figure.ts'
import { palette, variantColour } from './colours.ts'
import { decimatedIndices } from './decimate.ts'
import { gapMark, VECTOR_AXIS, vectorAxis, vectorDots, vectorsWords } from './eigenvector-axis.ts'
import { vectorBand, vectorMoments } from './eigenvector-spread.ts'
import type { FigureAxes, FigureOptions, FigureSpec, FigureTable, Trace } from './figure-spec.ts'
import type { IndexAxis } from './index-axis.ts'
import { finiteOrNull, formatCount, formatNumber, formatSpread } from './numbers.ts'
import { spreadName } from './spread.ts'
import { withMoments } from './spread-table.ts'
import { moments, type Moments } from './statistics.ts'
import { fittedLogAxis } from './template.ts'

export interface ParticipationInput {
  readonly result: EigenvectorResult | null
  /** The same of further seeds: with any, means by index are drawn with their spread. */
  readonly others?: readonly EigenvectorResult[]
}

const AXES: FigureAxes = { x: VECTOR_AXIS, y: 'Σⱼh⁴ᵢⱼ, inverse participation ratio', colour: null }
const COLUMNS = ['index', 'eigenvalue', 'inverse participation ratio']

/** Σⱼ h⁴ᵢⱼ of every eigenvector with its mean for random vectors, about 3/n (the thesis's text has 1/n). */
export function participationFigure({ result, others = [] }: ParticipationInput, options: FigureOptions): FigureSpec {
  if (result === null || result.participation.length === 0) {
    return emptyFigure('participation', 'No eigenvectors computed yet', { columns: COLUMNS, rows: [] }, AXES, options)
  }
  const { participation, randomParticipation } = result
  const results = [result, ...others]
  const spread = others.length === 0 ? null : vectorMoments(results, (of) => of.participation)
  const places = vectorAxis(result)
  const layout: Partial<Layout> = {
    xaxis: { title: { text: AXES.x }, ...places.axis },
    yaxis: { title: { text: AXES.y }, ...fittedLogAxis(options.theme, [randomParticipation, ...participation]) },
    shapes: [horizontalLine({ at: randomParticipation, colour: palette(options.theme).muted, dash: 'dash' }), ...gapMark(places, options).shapes],
    annotations: [lineLabel('random: 3/n', { x: 0.5, xref: 'paper', y: Math.log10(randomParticipation), yref: 'y', xanchor: 'center', yanchor: 'top' }, options)],
    showlegend: spread !== null,
  }
  const colour = variantColour(options.theme, options.variant ?? 0)
  const single = () => vectorDots({ name: 'IPR', values: drawable(participation), colour, says: 'IPR' }, places, options)
  const data = spread === null ? [single()] : meanTraces(spread, colour, places, options)
  const own = ratioTable(result)
  const table = spread === null ? own : withMoments(own, [{ name: 'inverse participation ratio', places: spread }])
  return buildFigure({ id: 'participation', data, layout, table, summary: summary(result) + seedsWords(results), axes: AXES }, options)
}

/** Values that a logarithmic axis has a place for. */
function drawable(values: ArrayLike<number>): number[] {
  return Array.from(values, (value) => (value > 0 ? value : NaN))
}

function meanTraces(spread: readonly Moments[], colour: string, places: IndexAxis, options: FigureOptions): Trace[] {
  const means = drawable(spread.map(({ mean }) => mean))
  const kept = decimatedIndices(means)
  const dots = vectorDots({ name: spreadName(spread), values: means, kept, colour, says: 'IPR', words: (i) => formatSpread(spread[i]), small: true }, places, options)
  return [vectorBand({ spread, kept, colour, scale: 'log' }, places), dots]
}

function ratioTable({ index, eigenvalues, participation }: EigenvectorResult): FigureTable {
  const [values, ratios] = [finiteOrNull(eigenvalues), finiteOrNull(participation)]
  return { columns: COLUMNS, rows: ratios.map((ratio, i) => [index[i], values[i] ?? null, ratio]) }
}

function summary(result: EigenvectorResult): string {
  const { participation, randomParticipation, index } = result
  const last = participation.length - 1
  const extreme = (better: (a: number, b: number) => boolean) => participation.reduce((best, value, i) => (better(value, participation[best]) ? i : best), 0)
  const [high, low] = [extreme((a, b) => a > b), extreme((a, b) => a < b)]
  const times = (i: number) => `${formatNumber(participation[i] / randomParticipation, 2)} times`
  return (
    `Of ${formatCount(participation.length)} ${vectorsWords(result)} the first has an inverse participation ratio of ${formatNumber(participation[0])}, ${times(0)} the random ` +
    `${formatNumber(randomParticipation)}, and the last ${times(last)}; it is largest at i = ${formatCount(index[high])} (${times(high)}) ` +
    `and smallest at i = ${formatCount(index[low])} (${times(low)}).`
  )
}

function seedsWords(results: readonly EigenvectorResult[]): string {
  if (results.length === 1) return ''
  const first = moments(results.map(({ participation }) => participation[0]))
  const last = moments(results.map(({ participation }) => participation[participation.length - 1]))
  return ` Over ${String(results.length)} seeds the ratio of the first is ${formatSpread(first)} and that of the last ${formatSpread(last)} (mean ± s.d.).`
}
