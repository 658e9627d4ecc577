import type { Layout } from 'plotly.js'
import type { EigenvectorResult } from '../contracts/results.ts'
import { buildFigure, emptyFigure, horizontalLine } from './build-figure.ts'
import { variantColour } from './colours.ts'
import { decimatedIndices, MAX_POINTS } from './decimate.ts'
import { gapMark, VECTOR_AXIS, vectorAxis, vectorDots, vectorsWords } from './eigenvector-axis.ts'
import type { FigureAxes, FigureOptions, FigureSpec, FigureTable } from './figure-spec.ts'
import { finiteOrNull, formatCount, formatShare } from './numbers.ts'
import { extent, moments } from './statistics.ts'

const AXES: FigureAxes = { x: VECTOR_AXIS, y: '‖hᵢ‖²ₗ, share of each layer', colour: null }
const SYMBOLS = ['circle', 'square', 'diamond', 'triangle-up', 'cross', 'x'] as const
/** Eigenvectors that the summary averages over. */
const TOP = 20
/** Layers in the legend; all are named on hover. */
const LISTED = 5

/** ‖hᵢ‖²ₗ (Eq. 7.8), one colour and symbol per layer; dashed what a random direction has. */
export function concentrationFigure({ result }: { readonly result: EigenvectorResult | null }, options: FigureOptions): FigureSpec {
  if (result === null || result.index.length === 0) {
    return emptyFigure('concentration', 'No eigenvectors computed yet', { columns: ['index'], rows: [] }, AXES, options)
  }
  const { layers, dimension } = result
  const places = vectorAxis(result)
  const colour = (l: number) => variantColour(options.theme, l)
  const layout: Partial<Layout> = {
    xaxis: { title: { text: AXES.x }, ...places.axis },
    yaxis: { title: { text: AXES.y }, range: [-0.02, 1.02] },
    shapes: [...layers.map(({ parameters }, l) => horizontalLine({ at: parameters / dimension, colour: colour(l), dash: 'dash' })), ...gapMark(places, options).shapes],
  }
  const listed = largestLayers(result)
  const limit = Math.max(100, Math.floor(MAX_POINTS / Math.max(1, layers.length)))
  const data = layers.map(({ name }, l) => {
    const values = sharesOf(result, l)
    const kept = decimatedIndices(values, limit)
    const dots = vectorDots({ name, values, colour: colour(l), symbol: SYMBOLS[l % SYMBOLS.length], kept, says: `share of ${name}` }, places, options)
    return { ...dots, showlegend: listed.has(l) }
  })
  return buildFigure({ id: 'concentration', data, layout, table: sharesTable(result), summary: summary(result), axes: AXES }, options)
}

/** Layers that a legend of one line has room for: those with the largest share of any vector. */
function largestLayers(result: EigenvectorResult): ReadonlySet<number> {
  const largest = result.layers.map((_, l) => ({ l, share: extent(sharesOf(result, l))[1] })).sort((a, b) => b.share - a.share)
  return new Set(largest.slice(0, LISTED).map(({ l }) => l))
}

/** Share of layer `l` (its place in the list) in every vector. */
function sharesOf({ concentration, index }: EigenvectorResult, l: number): Float64Array {
  return concentration.subarray(l * index.length, (l + 1) * index.length)
}

function sharesTable(result: EigenvectorResult): FigureTable {
  const shares = result.layers.map((_, l) => finiteOrNull(sharesOf(result, l)))
  return { columns: ['index', ...result.layers.map(({ name }) => `share of ${name}`)], rows: Array.from(result.index, (index, i) => [index, ...shares.map((of) => of[i])]) }
}

function summary(result: EigenvectorResult): string {
  const { layers, dimension, index } = result
  const top = Math.min(TOP, index.length)
  const words = layers.map(({ name, parameters }, l) => {
    const share = moments(sharesOf(result, l).subarray(0, top)).mean
    return `${name} ${formatShare(share)} (random ${formatShare(parameters / dimension)})`
  })
  const only = layers.length === 1 ? ' The selection has one layer, which holds all of every vector.' : ''
  return `Mean shares of the first ${formatCount(top)} ${vectorsWords(result)}: ${words.join(', ')}.${only}`
}
