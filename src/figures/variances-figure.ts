import type { Layout } from 'plotly.js'
import type { ComponentSet, PrincipalComponentsResult } from '../contracts/results.ts'
import { buildFigure, emptyFigure } from './build-figure.ts'
import { palette, variantColour } from './colours.ts'
import type { FigureAxes, FigureOptions, FigureSpec, FigureTable, Trace } from './figure-spec.ts'
import { formatNumber, formatShare } from './numbers.ts'
import { figureSizes, hoverTitle, logAxis } from './template.ts'
import { cumulativeShares, setSpread, setWords, spreadTraces, withSetSpread } from './variances-spread.ts'

export interface VariancesOptions extends FigureOptions {
  /** The same result of further seeds. */
  readonly others?: readonly PrincipalComponentsResult[]
}

const AXES: FigureAxes = { x: 'i, component (1 has the largest variance)', y: 'σᵢ², variance; cumulative share', colour: null }
const COLUMNS = ['component', 'variance of weights', 'cumulative share of weights', 'variance of velocities', 'cumulative share of velocities']

/**
 * σᵢ² of weights and velocities, logarithmic, above; below it the share of all variance in the first i components. With
 * several seeds both are means with their spread.
 */
export function variancesFigure(result: PrincipalComponentsResult, options: VariancesOptions): FigureSpec {
  const { weights, velocities } = result
  const { others = [] } = options
  const all = [result, ...others]
  const shares = [cumulativeShares(weights), cumulativeShares(velocities)]
  const own = variancesTable(weights, velocities, shares)
  const spreads = others.length === 0 ? null : { weights: setSpread(all.map((one) => one.weights)), velocities: setSpread(all.map((one) => one.velocities)) }
  const table = spreads === null ? own : withSetSpread(own, spreads)
  if (table.rows.length === 0) return emptyFigure('variances', 'No principal components computed yet', table, AXES, options)
  const layout: Partial<Layout> = {
    hovermode: 'x unified',
    hoversubplots: 'axis',
    xaxis: { title: { text: AXES.x }, anchor: 'y2', ...hoverTitle('component %{x}') },
    yaxis: { title: { text: 'σᵢ², variance' }, domain: [0.44, 1], ...logAxis(options.theme) },
    yaxis2: { title: { text: 'share' }, domain: [0, 0.36], range: [0, 1.02], tickformat: '.0%' },
  }
  const main = { color: variantColour(options.theme, options.variant ?? 0), symbol: 'circle' }
  const other = { color: palette(options.theme).text, symbol: 'diamond-open' }
  const parts = { id: 'variances', layout, table, axes: AXES }
  const words = summary(weights, velocities, shares)
  if (spreads !== null) {
    const data = [...spreadTraces('weights', spreads.weights, main, options), ...spreadTraces('velocities', spreads.velocities, other, options)]
    return buildFigure({ ...parts, data, summary: `${words} ${setWords(spreads, all.length)}` }, options)
  }
  const data = [...setTraces('weights', weights, shares[0], main, options), ...setTraces('velocities', velocities, shares[1], other, options)]
  return buildFigure({ ...parts, data, summary: words }, options)
}

function setTraces(name: string, { variances }: ComponentSet, shares: readonly number[], look: { color: string; symbol: string }, options: FigureOptions): Trace[] {
  const { marker, line } = figureSizes(options.presenting)
  const x = Array.from(variances, (_, i) => i + 1)
  const shared: Trace = { type: 'scatter', name, x, legendgroup: name, line: { color: look.color, width: line } }
  return [
    {
      ...shared,
      mode: 'markers',
      // A logarithmic axis has no place for what rounding made zero or negative.
      y: Array.from(variances, (variance) => (variance > 0 ? variance : null)),
      marker: { color: look.color, symbol: look.symbol, size: marker },
      hovertemplate: `${name}: σ² = %{y:.3~g}<extra></extra>`,
    },
    {
      ...shared,
      mode: 'lines',
      y: shares.map((share) => (Number.isFinite(share) ? share : null)),
      yaxis: 'y2',
      line: { color: look.color, width: line, dash: name === 'weights' ? 'solid' : 'dash' },
      showlegend: false,
      hovertemplate: `${name}: %{y:.1%} in the first components<extra></extra>`,
    },
  ]
}

function variancesTable(weights: ComponentSet, velocities: ComponentSet, [weightShares, velocityShares]: readonly number[][]): FigureTable {
  const length = Math.max(weights.variances.length, velocities.variances.length)
  const cell = (values: ArrayLike<number>, i: number) => (i < values.length && Number.isFinite(values[i]) ? values[i] : null)
  const row = (i: number) => [i + 1, cell(weights.variances, i), cell(weightShares, i), cell(velocities.variances, i), cell(velocityShares, i)]
  return { columns: COLUMNS, rows: Array.from({ length }, (_, i) => row(i)) }
}

function summary(weights: ComponentSet, velocities: ComponentSet, [weightShares, velocityShares]: readonly number[][]): string {
  const first = (shares: readonly number[]) => formatShare(shares[0] ?? NaN)
  return (
    `The first component holds ${first(weightShares)} of the variance of the weights (σ₁² = ${formatNumber(weights.variances[0] ?? NaN)}) ` +
    `and ${first(velocityShares)} of that of the velocities (σ₁² = ${formatNumber(velocities.variances[0] ?? NaN)}).`
  )
}
