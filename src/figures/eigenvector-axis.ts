import type { Datum } from 'plotly.js'
import type { EigenvectorResult } from '../contracts/results.ts'
import { verticalLine, type FigureMarks } from './build-figure.ts'
import { palette } from './colours.ts'
import { decimatedIndices, pick } from './decimate.ts'
import type { FigureOptions, Trace } from './figure-spec.ts'
import { placesAxis, type IndexAxis } from './index-axis.ts'
import { finiteOrNull, formatNumber } from './numbers.ts'
import { figureSizes } from './template.ts'
import { matrixWords, selectionWords } from './words.ts'

/** What the figures of eigenvector statistics share: one dot per vector against its place in the spectrum. */

export const VECTOR_AXIS = 'i, eigenvector (1 has the largest eigenvalue)'

export function vectorAxis({ index, dimension }: EigenvectorResult): IndexAxis {
  return placesAxis(index, dimension)
}

/** The line between the top and the bottom end, where what lies between was not computed. */
export function gapMark({ gap }: IndexAxis, options: FigureOptions): FigureMarks {
  const { axis } = palette(options.theme)
  return { shapes: gap === null ? [] : [verticalLine({ at: gap, colour: axis, dash: 'dot' })], annotations: [] }
}

export interface DotParts {
  readonly name: string
  readonly values: ArrayLike<number>
  readonly colour: string
  readonly symbol?: string
  /** Which vectors to draw; by default the extremes of equal stretches. */
  readonly kept?: readonly number[]
  /** How a value is called in the hover. */
  readonly says: string
  /** A value in words; as a number by default. */
  readonly words?: (vector: number) => string
  /** Small dots, so that a band behind them can be seen. */
  readonly small?: boolean
}

/** Dots without lines, as in the thesis's figures. */
export function vectorDots(parts: DotParts, places: IndexAxis, options: FigureOptions): Trace {
  const { name, values, colour, symbol = 'circle', kept = decimatedIndices(values), says, words = (i) => formatNumber(values[i]), small = false } = parts
  const { marker } = figureSizes(options.presenting)
  const crowded = small || kept.length > 1000
  return {
    type: 'scatter',
    mode: 'markers',
    name,
    x: kept.map((i) => places.positions[i]),
    y: finiteOrNull(pick(values, kept)),
    marker: { color: colour, symbol, size: crowded ? marker / 2 : marker },
    customdata: kept.map((i): Datum[] => [places.labels[i], words(i)]),
    hovertemplate: `i = %{customdata[0]}<br>${says} = %{customdata[1]}<extra></extra>`,
  }
}

/** "400 eigenvectors of the Hessian of the kernel of layer 2" */
export function vectorsWords({ source }: EigenvectorResult): string {
  return `eigenvectors of the ${matrixWords(source.matrix)} of ${selectionWords(source.selection)}`
}
