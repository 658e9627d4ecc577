import type { Layout } from 'plotly.js'
import type { EigenvectorResult } from '../contracts/results.ts'
import { buildFigure, emptyFigure, horizontalLine, lineLabel } from './build-figure.ts'
import { palette, variantColour } from './colours.ts'
import { gapMark, VECTOR_AXIS, vectorAxis, vectorDots, vectorsWords } from './eigenvector-axis.ts'
import type { FigureAxes, FigureOptions, FigureSpec, FigureTable } from './figure-spec.ts'
import { finiteOrNull, formatCount, formatNumber } from './numbers.ts'
import { fittedLogAxis } from './template.ts'

const AXES: FigureAxes = { x: VECTOR_AXIS, y: 'Σⱼh⁴ᵢⱼ, inverse participation ratio', colour: null }
const COLUMNS = ['index', 'eigenvalue', 'inverse participation ratio']

/** Σⱼ h⁴ᵢⱼ of every eigenvector with its mean for random vectors, about 3/n (the thesis's text has 1/n). */
export function participationFigure({ result }: { readonly result: EigenvectorResult | null }, options: FigureOptions): FigureSpec {
  if (result === null || result.participation.length === 0) {
    return emptyFigure('participation', 'No eigenvectors computed yet', { columns: COLUMNS, rows: [] }, AXES, options)
  }
  const { participation, randomParticipation } = result
  const places = vectorAxis(result)
  const layout: Partial<Layout> = {
    xaxis: { title: { text: AXES.x }, ...places.axis },
    yaxis: { title: { text: AXES.y }, ...fittedLogAxis(options.theme, [randomParticipation, ...participation]) },
    shapes: [horizontalLine({ at: randomParticipation, colour: palette(options.theme).muted, dash: 'dash' }), ...gapMark(places, options).shapes],
    annotations: [lineLabel('random: 3/n', { x: 0.5, xref: 'paper', y: Math.log10(randomParticipation), yref: 'y', xanchor: 'center', yanchor: 'top' }, options)],
    showlegend: false,
  }
  const positive = participation.map((value) => (value > 0 ? value : NaN))
  const data = [vectorDots({ name: 'IPR', values: positive, colour: variantColour(options.theme, options.variant ?? 0), says: 'IPR' }, places, options)]
  return buildFigure({ id: 'participation', data, layout, table: ratioTable(result), summary: summary(result), axes: AXES }, options)
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
