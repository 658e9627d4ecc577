import type { PrincipalComponentsResult } from '../contracts/results.ts'
import { palette, variantColour } from './colours.ts'
import { decimatedIndices, pick } from './decimate.ts'
import type { FigureOptions, FigureTable, Trace } from './figure-spec.ts'
import { finiteOrNull, formatSpread } from './numbers.ts'
import { bandTrace, spreadName } from './spread.ts'
import { withMoments } from './spread-table.ts'
import { moments, momentsAt, type Moments } from './statistics.ts'
import { figureSizes } from './template.ts'

/**
 * θ₁(t) − θ₁(0) of several seeds. A component is defined up to its sign: that of every further seed is chosen so that
 * its fitted slope has the sign of the main seed's. All arrays of places have one entry per kept t of the main seed.
 */
export interface DriftSpread {
  readonly times: Float64Array
  /** One row per seed, the main one first; NaN where a seed has no snapshot. */
  readonly shifts: readonly (readonly number[])[]
  readonly places: readonly Moments[]
  readonly slope: Moments
  readonly r2: Moments
  readonly secondR2: Moments
}

export function driftSpread(results: readonly PrincipalComponentsResult[]): DriftSpread {
  const [main] = results
  const times = main.thetaTime
  const signs = results.map(({ drift }) => (drift.slope * main.drift.slope < 0 ? -1 : 1))
  const shifts = results.map((result, k) => shiftAt(times, result, signs[k]))
  return {
    times,
    shifts,
    places: momentsAt(times.length, (i) => shifts.map((shift) => shift[i])),
    slope: moments(results.map(({ drift }, k) => signs[k] * drift.slope)),
    r2: moments(results.map(({ drift }) => drift.r2)),
    secondR2: moments(results.map((result) => result.secondR2)),
  }
}

/** Signed θ₁(t) − θ₁(first t) of a seed at the times of the main one. */
function shiftAt(times: Float64Array, { theta, thetaTime }: PrincipalComponentsResult, sign: number): number[] {
  const places = new Map(Array.from(thetaTime, (time, i) => [time, i]))
  const first = theta.subarray(0, thetaTime.length)
  return Array.from(times, (time) => sign * ((first[places.get(time) ?? -1] ?? NaN) - first[0]))
}

/** Thin lines for the seeds, the mean in its band, and the line of mean slope. */
export function driftSpreadTraces({ times, shifts, places, slope, r2 }: DriftSpread, options: FigureOptions): Trace[] {
  const { line } = figureSizes(options.presenting)
  const colour = variantColour(options.theme, options.variant ?? 0)
  const kept = decimatedIndices(places.map(({ mean }) => mean))
  const x = pick(times, kept)
  const keptPlaces = kept.map((i) => places[i])
  const singles = shifts.map((shift): Trace => ({
    type: 'scatter',
    mode: 'lines',
    name: 'single seeds',
    x,
    y: finiteOrNull(pick(shift, kept)),
    line: { color: colour, width: 1 },
    opacity: 0.55,
    showlegend: false,
    hoverinfo: 'skip',
  }))
  const ends = [times[0], times[times.length - 1]]
  // Least squares through a mean curve has the mean slope; the line stands where it fits that curve best.
  const start = moments(places.map(({ mean }, i) => mean - slope.mean * (times[i] - times[0]))).mean
  return [
    bandTrace({ x, places: keptPlaces, colour }),
    ...singles,
    {
      type: 'scatter',
      mode: 'lines',
      name: spreadName(places),
      x,
      y: finiteOrNull(keptPlaces.map(({ mean }) => mean)),
      line: { color: colour, width: line },
      customdata: keptPlaces.map((place) => `${formatSpread(place)}, n = ${String(place.n)}`),
      hovertemplate: 'θ₁(t) − θ₁(0) = %{customdata}<extra></extra>',
    },
    {
      type: 'scatter',
      mode: 'lines',
      name: `mean slope, R² ${formatSpread(r2)}`,
      x: ends,
      y: finiteOrNull(ends.map((t) => start + slope.mean * (t - times[0]))),
      line: { color: palette(options.theme).theory, width: line, dash: 'dash' },
      hoverinfo: 'skip',
    },
  ]
}

/** The table of the main seed with mean, standard deviation and number of seeds of the shift beside it. */
export function withDriftSpread(table: FigureTable, { places }: DriftSpread): FigureTable {
  return withMoments(table, [{ name: 'theta 1 minus its start, signs aligned', places }])
}

export function driftSpreadWords({ shifts, slope, r2, secondR2 }: DriftSpread, unit: string): string {
  return (
    ` Over ${String(shifts.length)} seeds (mean ± s.d.) R² is ${formatSpread(r2)}, of the second component ${formatSpread(secondR2)}, and the slope ` +
    `${formatSpread(slope)} per ${unit}; the sign of every seed's component is chosen so that its slope has that of the main seed.`
  )
}
