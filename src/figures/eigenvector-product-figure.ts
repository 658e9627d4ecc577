import type { Layout } from 'plotly.js'
import type { EigenvectorResult } from '../contracts/results.ts'
import { buildFigure, emptyFigure, horizontalBand, horizontalLine, lineLabel } from './build-figure.ts'
import { palette, variantColour } from './colours.ts'
import { MAX_POINTS, thinnedIndices } from './decimate.ts'
import { gapMark, VECTOR_AXIS, vectorAxis, vectorDots, vectorsWords } from './eigenvector-axis.ts'
import { vectorValues } from './eigenvector-spread.ts'
import type { FigureAxes, FigureOptions, FigureSpec, FigureTable, Trace } from './figure-spec.ts'
import type { IndexAxis } from './index-axis.ts'
import { counted, finiteOrNull, formatCount, formatNumber } from './numbers.ts'
import { withMoments } from './spread-table.ts'
import { momentsAt, rootMeanSquare } from './statistics.ts'
import { epochWords } from './words.ts'

const AXES: FigureAxes = { x: VECTOR_AXIS, y: 'hᵢ·w/‖w‖, weight product', colour: null }

/**
 * hᵢ·w/‖w‖ (Eq. 7.2) of many eigenvectors, with the weights of their own and of another checkpoint. With several seeds the
 * root mean square by index over the magnitudes of single seeds, because signs mean nothing from one seed to the next.
 */
export function eigenvectorProductFigure(result: EigenvectorResult, others: readonly EigenvectorResult[], options: FigureOptions): FigureSpec {
  const { weightProduct, otherWeightProduct, dimension, provenance } = result
  if (others.length > 0 && weightProduct.length > 0) return severalSeedsFigure([result, ...others], options)
  const table = productsTable(result)
  if (weightProduct.length === 0) return emptyFigure('weightProduct', 'No eigenvectors computed yet', table, AXES, options)
  const places = vectorAxis(result)
  const level = 1 / Math.sqrt(dimension)
  const layout: Partial<Layout> = {
    xaxis: { title: { text: AXES.x }, ...places.axis },
    yaxis: { title: { text: AXES.y } },
    shapes: [horizontalBand(-level, level, options), ...gapMark(places, options).shapes],
    annotations: [lineLabel('±1/√n', { x: 1, xref: 'paper', y: level, yref: 'y', xanchor: 'right', yanchor: 'bottom' }, options)],
    showlegend: otherWeightProduct !== null,
  }
  const colour = variantColour(options.theme, options.variant ?? 0)
  const own = vectorDots({ name: `w of epoch ${String(provenance.epoch)}`, values: weightProduct, colour, says: 'hᵢ·w/‖w‖' }, places, options)
  const other = otherWeightProduct === null ? [] : [otherDots(otherWeightProduct, places, options)]
  return buildFigure({ id: 'weightProduct', data: [...other, own], layout, table, summary: summary(result, level), axes: AXES }, options)
}

/** [vector][seed] */
function magnitudesOf(results: readonly EigenvectorResult[]): number[][] {
  return vectorValues(results, ({ weightProduct }) => weightProduct).map((values) => values.map(Math.abs))
}

function severalSeedsFigure(results: readonly EigenvectorResult[], options: FigureOptions): FigureSpec {
  const [main] = results
  const seeds = `${String(results.length)} seeds`
  const { muted } = palette(options.theme)
  const places = vectorAxis(main)
  const level = 1 / Math.sqrt(main.dimension)
  const magnitudes = magnitudesOf(results)
  const rms = magnitudes.map(rootMeanSquare)
  const layout: Partial<Layout> = {
    xaxis: { title: { text: AXES.x }, ...places.axis },
    yaxis: { title: { text: 'r.m.s. of hᵢ·w/‖w‖' }, rangemode: 'tozero' },
    shapes: [horizontalLine({ at: level, colour: muted, dash: 'dash' }), ...gapMark(places, options).shapes],
    annotations: [lineLabel('unrelated: 1/√n', { x: 0, xref: 'paper', y: level, yref: 'y', xanchor: 'left', yanchor: 'bottom' }, options)],
  }
  const colour = variantColour(options.theme, options.variant ?? 0)
  const kept = thinnedIndices(rms.length, Math.floor(MAX_POINTS / results.length))
  const single = results.map((_, seed): Trace => {
    const values = magnitudes.map((of) => of[seed])
    const dots = vectorDots({ name: 'single seeds', values, colour: muted, symbol: 'line-ew-open', kept, says: '|hᵢ·w|/‖w‖' }, places, options)
    return { ...dots, opacity: 0.35, hoverinfo: 'skip', showlegend: seed === 0, legendgroup: 'single' }
  })
  const data = [...single, vectorDots({ name: `r.m.s. of ${seeds}`, values: rms, colour, says: 'r.m.s.' }, places, options)]
  const own = productsTable(main)
  const withRms = { columns: [...own.columns, 'r.m.s. of weight product'], rows: own.rows.map((row, i) => [...row, Number.isFinite(rms[i]) ? rms[i] : null]) }
  const table = withMoments(withRms, [{ name: 'magnitude of weight product', places: momentsAt(rms.length, (i) => magnitudes[i]) }])
  const all = rootMeanSquare(magnitudes.flat())
  const words = ` Over ${seeds} the root mean square is ${formatNumber(all)}, ${formatNumber(all / level, 2)} times that of unrelated directions.`
  return buildFigure({ id: 'weightProduct', data, layout, table, summary: summary(main, level) + words, axes: AXES }, options)
}

function otherDots({ epoch, values }: NonNullable<EigenvectorResult['otherWeightProduct']>, places: IndexAxis, options: FigureOptions): Trace {
  const colour = palette(options.theme).outlier
  return { ...vectorDots({ name: `w of epoch ${String(epoch)}`, values, colour, symbol: 'circle-open', says: 'hᵢ·w/‖w‖' }, places, options), opacity: 0.6 }
}

function productsTable({ index, weightProduct, otherWeightProduct }: EigenvectorResult): FigureTable {
  const [own, other] = [finiteOrNull(weightProduct), otherWeightProduct === null ? null : finiteOrNull(otherWeightProduct.values)]
  const columns = ['index', 'weight product', ...(otherWeightProduct === null ? [] : [`weight product, weights of epoch ${String(otherWeightProduct.epoch)}`])]
  return { columns, rows: own.map((value, i) => [index[i], value, ...(other === null ? [] : [other[i]])]) }
}

function summary(result: EigenvectorResult, level: number): string {
  const { weightProduct, otherWeightProduct, index } = result
  const outside = weightProduct.filter((product) => Math.abs(product) > level).length
  const at = weightProduct.reduce((best, value, i) => (Math.abs(value) > Math.abs(weightProduct[best]) ? i : best), 0)
  const other =
    otherWeightProduct === null
      ? ''
      : `; with the weights of ${epochWords(otherWeightProduct.epoch)} the root mean square is ${formatNumber(rootMeanSquare(otherWeightProduct.values))}`
  return (
    `Of ${counted(weightProduct.length, 'weight product')} with ${vectorsWords(result)}, ${formatCount(outside)} leave the random band ±${formatNumber(level)}; ` +
    `their root mean square is ${formatNumber(rootMeanSquare(weightProduct))}, and the largest magnitude, ` +
    `${formatNumber(Math.abs(weightProduct[at]))}, is at i = ${formatCount(index[at])}${other}.`
  )
}
