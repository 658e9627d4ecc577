import type { SpectrumResult } from '../contracts/results.ts'
import { palette, variantColour } from './colours.ts'
import type { FigureOptions, FigureTable, Trace } from './figure-spec.ts'
import type { IndexAxis } from './index-axis.ts'
import { finiteOrNull, formatNumber, formatSpread } from './numbers.ts'
import { convergedEverywhere, pairMoments, pairValues } from './spectrum-spread.ts'
import { spreadBars, spreadName } from './spread.ts'
import { withMoments } from './spread-table.ts'
import { rootMeanSquare, type Moments } from './statistics.ts'
import { figureSizes } from './template.ts'

/** Weight products of several seeds by index. All arrays have one entry per pair of the main seed. */
export interface ProductSpread {
  readonly seeds: number
  /** Root mean square over the seeds. */
  readonly rms: readonly number[]
  /** |hᵢ·w|/‖w‖ of every seed, NaN where it has no such pair. */
  readonly magnitudes: readonly (readonly number[])[]
  readonly participation: readonly Moments[]
  readonly converged: readonly boolean[]
}

export function productSpread(results: readonly SpectrumResult[]): ProductSpread {
  const magnitudes = results[0].end.map((_, place) => pairValues(results, place, ({ weightProduct }) => weightProduct).map(Math.abs))
  return {
    seeds: results.length,
    rms: magnitudes.map(rootMeanSquare),
    magnitudes,
    participation: pairMoments(results, ({ participation }) => participation),
    converged: convergedEverywhere(results),
  }
}

/** Root mean squares over the magnitudes of single seeds, and below them the participation ratio with its spread. */
export function spreadTraces(spread: ProductSpread, { positions, labels }: IndexAxis, options: FigureOptions): Trace[] {
  const { marker } = figureSizes(options.presenting)
  const color = variantColour(options.theme, options.variant ?? 0)
  const symbol = spread.converged.map((done) => (done ? 'circle' : 'diamond-open'))
  const single = spread.magnitudes.flatMap((values, place) => values.map((value) => ({ x: positions[place], y: value }))).filter(({ y }) => Number.isFinite(y))
  return [
    {
      type: 'scatter',
      mode: 'markers',
      name: 'single seeds',
      x: single.map(({ x }) => x),
      y: single.map(({ y }) => y),
      marker: { color: palette(options.theme).muted, symbol: 'line-ew-open', size: marker },
      opacity: 0.6,
      hoverinfo: 'skip',
    },
    {
      type: 'scatter',
      mode: 'markers',
      name: `r.m.s. of ${String(spread.seeds)} seeds`,
      x: positions,
      y: finiteOrNull(spread.rms),
      marker: { color, symbol, size: marker },
      customdata: labels.map((label, i) => [label, formatNumber(spread.rms[i])]),
      hovertemplate: 'i = %{customdata[0]}<br>r.m.s. %{customdata[1]}<extra></extra>',
    },
    {
      type: 'scatter',
      mode: 'markers',
      name: `IPR, ${spreadName(spread.participation)}`,
      x: positions,
      y: spread.participation.map(({ mean }) => (mean > 0 ? mean : null)),
      yaxis: 'y2',
      showlegend: false,
      error_y: spreadBars(spread.participation, color, 'log'),
      marker: { color, symbol, size: marker },
      customdata: labels.map((label, i) => [label, formatSpread(spread.participation[i])]),
      hovertemplate: 'i = %{customdata[0]}<br>IPR = %{customdata[1]}<extra></extra>',
    },
  ]
}

/** The table of the main seed with root mean square, mean, standard deviation and number of seeds beside it. */
export function withProductSpread(table: FigureTable, { rms, participation }: ProductSpread): FigureTable {
  const columns = [...table.columns, 'r.m.s. of weight product']
  const rows = table.rows.map((row, i) => [...row, Number.isFinite(rms[i]) ? rms[i] : null])
  return withMoments({ columns, rows }, [{ name: 'inverse participation ratio', places: participation }])
}

export function spreadWords({ seeds, magnitudes }: ProductSpread, dimension: number): string {
  const rms = rootMeanSquare(magnitudes.flat())
  return ` Over ${String(seeds)} seeds the root mean square is ${formatNumber(rms)}, ${formatNumber(rms * Math.sqrt(dimension), 2)} times that of unrelated directions.`
}
