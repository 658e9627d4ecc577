import type { Datum } from 'plotly.js'
import type { Trace } from './figure-spec.ts'
import { mostSeeds, type Moments } from './statistics.ts'

const BAND_ALPHA = 0.22

type Scale = 'linear' | 'log'

/** What the legend calls a curve or mark with its spread. */
export function spreadName(places: readonly Moments[]): string {
  return `mean ± s.d. of ${String(mostSeeds(places))} seeds`
}

export interface BandParts {
  readonly x: readonly number[]
  readonly places: readonly Moments[]
  readonly colour: string
  readonly scale?: Scale
  /** Axes and legend. */
  readonly look?: Trace
}

/** A band by its edges. */
interface BandEdges {
  readonly x: readonly number[]
  /** Heights on the axis; where one is not finite the band is interrupted. */
  readonly low: readonly number[]
  readonly high: readonly number[]
  readonly colour: string
  /** Axes and legend. */
  readonly look?: Trace
}

/** Translucent band between two curves, as closed polygons: one for every stretch without a gap. */
export function bandBetween({ x, low, high, colour, look = {} }: BandEdges): Trace {
  const outline: { x: Datum[]; y: Datum[] } = { x: [], y: [] }
  for (const stretch of stretches(low.map((edge, i) => Number.isFinite(edge) && Number.isFinite(high[i])))) {
    if (outline.x.length > 0) push(outline, null, null)
    for (const i of stretch) push(outline, x[i], high[i])
    for (const i of [...stretch].reverse()) push(outline, x[i], low[i])
  }
  return {
    type: 'scatter',
    mode: 'lines',
    ...outline,
    fill: 'toself',
    fillcolor: translucent(colour, BAND_ALPHA),
    line: { color: colour, width: 0 },
    hoverinfo: 'skip',
    showlegend: false,
    ...look,
  }
}

/**
 * {@link bandBetween} one standard deviation below and above the mean, where there are at least two seeds. On a
 * logarithmic axis it ends at `mean / 10` where it would reach zero.
 */
export function bandTrace({ x, places, colour, scale = 'linear', look = {} }: BandParts): Trace {
  return bandBetween({ x, low: places.map((place) => lowerEdge(place, scale)), high: places.map(({ mean, deviation }) => mean + deviation), colour, look })
}

/** Error bars of one standard deviation; none downwards where a logarithmic axis has no place for their end. */
export function spreadBars(places: readonly Moments[], color: string, scale: Scale = 'linear', forward: (value: number) => number = (value) => value): NonNullable<Trace['error_y']> {
  const bar = ({ mean, deviation }: Moments, sign: 1 | -1): Datum => {
    const end = mean + sign * deviation
    if (scale === 'log' && end <= 0) return null
    const length = Math.abs(forward(end) - forward(mean))
    return Number.isFinite(length) ? length : null
  }
  return {
    type: 'data',
    symmetric: false,
    array: places.map((place) => bar(place, 1)),
    arrayminus: places.map((place) => bar(place, -1)),
    color,
    thickness: 1.25,
    width: 3,
  }
}

/** `#0072b2` as `rgba(0, 114, 178, 0.22)`. */
export function translucent(hex: string, alpha: number): string {
  const channels = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16))
  return `rgba(${channels.join(', ')}, ${String(alpha)})`
}

function push(outline: { x: Datum[]; y: Datum[] }, x: Datum, y: Datum): void {
  outline.x.push(x)
  outline.y.push(y)
}

function lowerEdge({ mean, deviation }: Moments, scale: Scale): number {
  return scale === 'log' ? Math.max(mean - deviation, mean / 10) : mean - deviation
}

/** Runs of neighbouring places that are drawn. */
function stretches(drawn: readonly boolean[]): number[][] {
  const found: number[][] = []
  drawn.forEach((yes, i) => {
    if (!yes) return
    const last = found.at(-1)
    if (last?.at(-1) === i - 1) last.push(i)
    else found.push([i])
  })
  return found
}
