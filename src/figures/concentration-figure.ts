import type { Layout } from 'plotly.js'
import type { EigenvectorResult } from '../contracts/results.ts'
import { buildFigure, emptyFigure, horizontalLine } from './build-figure.ts'
import { variantColour } from './colours.ts'
import { decimatedIndices, MAX_POINTS } from './decimate.ts'
import { gapMark, VECTOR_AXIS, vectorAxis, vectorDots, vectorsWords } from './eigenvector-axis.ts'
import { vectorBand, vectorMoments } from './eigenvector-spread.ts'
import type { FigureAxes, FigureOptions, FigureSpec, FigureTable, Trace } from './figure-spec.ts'
import type { IndexAxis } from './index-axis.ts'
import { finiteOrNull, formatCount, formatShare, formatShareSpread, formatSpread } from './numbers.ts'
import { withMoments } from './spread-table.ts'
import { extent, moments, type Moments } from './statistics.ts'

export interface ConcentrationInput {
  readonly result: EigenvectorResult | null
  /** The same of further seeds: with any, means by index are drawn with their spread. */
  readonly others?: readonly EigenvectorResult[]
}

const AXES: FigureAxes = { x: VECTOR_AXIS, y: '‖hᵢ‖²ₗ, share of each layer', colour: null }
const SYMBOLS = ['circle', 'square', 'diamond', 'triangle-up', 'cross', 'x'] as const
/** Eigenvectors that the summary averages over. */
const TOP = 20
/** Layers in the legend; all are named on hover. */
const LISTED = 5

/** ‖hᵢ‖²ₗ (Eq. 7.8), one colour and symbol per layer; dashed what a random direction has. */
export function concentrationFigure({ result, others = [] }: ConcentrationInput, options: FigureOptions): FigureSpec {
  if (result === null || result.index.length === 0) {
    return emptyFigure('concentration', 'No eigenvectors computed yet', { columns: ['index'], rows: [] }, AXES, options)
  }
  const { layers, dimension } = result
  const results = [result, ...others.filter((other) => sameLayers(other, result))]
  const spread = results.length === 1 ? null : layers.map((_, l) => vectorMoments(results, (of) => sharesOf(of, l)))
  const places = vectorAxis(result)
  const colour = (l: number) => variantColour(options.theme, l)
  const layout: Partial<Layout> = {
    xaxis: { title: { text: AXES.x }, ...places.axis },
    yaxis: { title: { text: AXES.y }, range: [-0.02, 1.02] },
    shapes: [...layers.map(({ parameters }, l) => horizontalLine({ at: parameters / dimension, colour: colour(l), dash: 'dash' })), ...gapMark(places, options).shapes],
  }
  const listed = largestLayers(result)
  const limit = Math.max(100, Math.floor(MAX_POINTS / Math.max(1, layers.length)))
  const data = layers.flatMap((_, l) => layerTraces(result, l, { spread: spread?.[l] ?? null, colour: colour(l), limit, listed: listed.has(l) }, places, options))
  const own = sharesTable(result)
  const table = spread === null ? own : withMoments(own, layers.map(({ name }, l) => ({ name: `share of ${name}`, places: spread[l] })))
  return buildFigure({ id: 'concentration', data, layout, table, summary: summary(result) + seedsWords(results), axes: AXES }, options)
}

function sameLayers(a: EigenvectorResult, b: EigenvectorResult): boolean {
  return a.layers.length === b.layers.length && a.layers.every(({ name }, l) => name === b.layers[l].name)
}

interface LayerLook {
  readonly spread: readonly Moments[] | null
  readonly colour: string
  readonly limit: number
  readonly listed: boolean
}

/** Dots of one layer; over several seeds their means, with a band where the legend has room for the layer. */
function layerTraces(result: EigenvectorResult, l: number, { spread, colour, limit, listed }: LayerLook, places: IndexAxis, options: FigureOptions): Trace[] {
  const { name } = result.layers[l]
  const values = spread === null ? sharesOf(result, l) : spread.map(({ mean }) => mean)
  const kept = decimatedIndices(values, limit)
  const words = spread === null ? {} : { words: (i: number) => formatSpread(spread[i]), small: true }
  const dots = vectorDots({ name, values, colour, symbol: SYMBOLS[l % SYMBOLS.length], kept, says: `share of ${name}`, ...words }, places, options)
  const band = spread !== null && listed ? [vectorBand({ spread, kept, colour, look: { legendgroup: name } }, places)] : []
  return [...band, { ...dots, showlegend: listed, legendgroup: name }]
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

/** Mean share of layer `l` in the first vectors. */
function topShare(result: EigenvectorResult, l: number): number {
  return moments(sharesOf(result, l).subarray(0, TOP)).mean
}

function seedsWords(results: readonly EigenvectorResult[]): string {
  const [{ layers }] = results
  if (results.length === 1 || layers.length === 1) return ''
  const shares = layers.map(({ name }, l) => `${name} ${formatShareSpread(moments(results.map((result) => topShare(result, l))))}`)
  return ` Over ${String(results.length)} seeds (mean ± s.d.): ${shares.join(', ')}.`
}

function summary(result: EigenvectorResult): string {
  const { layers, dimension, index } = result
  const top = Math.min(TOP, index.length)
  const words = layers.map(({ name, parameters }, l) => {
    return `${name} ${formatShare(topShare(result, l))} (random ${formatShare(parameters / dimension)})`
  })
  const only = layers.length === 1 ? ' The selection has one layer, which holds all of every vector.' : ''
  return `Mean shares of the first ${formatCount(top)} ${vectorsWords(result)}: ${words.join(', ')}.${only}`
}
