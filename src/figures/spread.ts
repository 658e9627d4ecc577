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

/**
 * Translucent band of one standard deviation about the mean, as closed polygons: one for every stretch of places that
 * have at least two seeds. On a logarithmic axis it ends at `mean / 10` where it would reach zero.
 */
export function bandTrace({ x, places, colour, scale = 'linear', look = {} }: BandParts): Trace {
  const outline: { x: Datum[]; y: Datum[] } = { x: [], y: [] }
  for (const stretch of stretches(places)) {
    if (outline.x.length > 0) push(outline, null, null)
    for (const i of stretch) push(outline, x[i], places[i].mean + places[i].deviation)
    for (const i of [...stretch].reverse()) push(outline, x[i], lowerEdge(places[i], scale))
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

/** Runs of neighbouring places with a standard deviation. */
function stretches(places: readonly Moments[]): number[][] {
  const found: number[][] = []
  places.forEach(({ deviation }, i) => {
    if (!Number.isFinite(deviation)) return
    const last = found.at(-1)
    if (last?.at(-1) === i - 1) last.push(i)
    else found.push([i])
  })
  return found
}
