import type { ComponentSet } from '../contracts/results.ts'
import type { FigureOptions, FigureTable, Trace } from './figure-spec.ts'
import { formatShareSpread, formatSpread } from './numbers.ts'
import { bandTrace, spreadBars, spreadName } from './spread.ts'
import { withMoments } from './spread-table.ts'
import { momentsAt, type Moments } from './statistics.ts'
import { figureSizes } from './template.ts'

/** (σ₁² + … + σᵢ²) over the total variance, which includes components that were not computed. */
export function cumulativeShares({ variances, totalVariance }: ComponentSet): number[] {
  let sum = 0
  return Array.from(variances, (variance) => (sum += variance) / totalVariance)
}

/** Variances and cumulative shares by component over seeds. */
export interface SetSpread {
  readonly variances: readonly Moments[]
  readonly shares: readonly Moments[]
}

export function setSpread(sets: readonly ComponentSet[]): SetSpread {
  const count = Math.max(...sets.map(({ variances }) => variances.length))
  const shares = sets.map(cumulativeShares)
  return {
    variances: momentsAt(count, (i) => sets.map(({ variances }) => variances[i] ?? NaN)),
    shares: momentsAt(count, (i) => shares.map((share) => share[i] ?? NaN)),
  }
}

/** Mean variances with bars of one standard deviation, mean cumulative shares in a band of it. */
export function spreadTraces(name: 'weights' | 'velocities', { variances, shares }: SetSpread, look: { color: string; symbol: string }, options: FigureOptions): Trace[] {
  const { marker, line } = figureSizes(options.presenting)
  const x = variances.map((_, i) => i + 1)
  return [
    {
      type: 'scatter',
      mode: 'markers',
      // Once in the legend is enough.
      name: name === 'weights' ? `weights, ${spreadName(variances)}` : name,
      x,
      y: variances.map(({ mean }) => (mean > 0 ? mean : null)),
      error_y: spreadBars(variances, look.color, 'log'),
      legendgroup: name,
      marker: { color: look.color, symbol: look.symbol, size: marker },
      customdata: variances.map((place) => `${formatSpread(place)}, n = ${String(place.n)}`),
      hovertemplate: `${name}: σ² = %{customdata}<extra></extra>`,
    },
    bandTrace({ x, places: shares, colour: look.color, look: { yaxis: 'y2', legendgroup: name } }),
    {
      type: 'scatter',
      mode: 'lines',
      name,
      x,
      y: shares.map(({ mean }) => (Number.isFinite(mean) ? mean : null)),
      yaxis: 'y2',
      legendgroup: name,
      line: { color: look.color, width: line, dash: name === 'weights' ? 'solid' : 'dash' },
      showlegend: false,
      customdata: shares.map(formatShareSpread),
      hovertemplate: `${name}: %{customdata} in the first components<extra></extra>`,
    },
  ]
}

export interface BothSpreads {
  readonly weights: SetSpread
  readonly velocities: SetSpread
}

/** The table of the main seed with mean, standard deviation and number of seeds beside it. */
export function withSetSpread(table: FigureTable, { weights, velocities }: BothSpreads): FigureTable {
  return withMoments(table, [
    { name: 'variance of weights', places: weights.variances },
    { name: 'cumulative share of weights', places: weights.shares },
    { name: 'variance of velocities', places: velocities.variances },
    { name: 'cumulative share of velocities', places: velocities.shares },
  ])
}

export function setWords({ weights, velocities }: BothSpreads, seeds: number): string {
  return `Over ${String(seeds)} seeds these shares are ${formatShareSpread(weights.shares[0])} and ${formatShareSpread(velocities.shares[0])} (mean ± s.d.).`
}
