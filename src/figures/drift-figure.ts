import type { Layout } from 'plotly.js'
import type { PrincipalComponentsResult } from '../contracts/results.ts'
import { buildFigure, emptyFigure } from './build-figure.ts'
import { palette, variantColour } from './colours.ts'
import { decimatedIndices, pick } from './decimate.ts'
import type { FigureAxes, FigureOptions, FigureSpec, FigureTable, Trace } from './figure-spec.ts'
import { finiteOrNull, formatCount, formatNumber, formatR2 } from './numbers.ts'
import { driftSpread, driftSpreadTraces, driftSpreadWords, withDriftSpread } from './drift-spread.ts'
import { figureSizes, hoverTitle } from './template.ts'

export interface DriftOptions extends FigureOptions {
  /** Components drawn, θ₁ included; three by default. */
  readonly components?: number
  /** The same result of further seeds: with any, θ₁ is drawn from its start on as a mean with its spread. */
  readonly others?: readonly PrincipalComponentsResult[]
}

const DASHES = ['solid', 'dash', 'dot'] as const

/** θ₁(t) with its linear fit (Eq. 6.4) above; below it the next projections, about their means. */
export function driftFigure(result: PrincipalComponentsResult, options: DriftOptions): FigureSpec {
  const shown = Math.min(options.components ?? 3, result.thetaComponents)
  const unit = result.measurement.unit === 'batch' ? 'mini-batches' : 'epochs'
  const spread = options.others === undefined || options.others.length === 0 ? null : driftSpread([result, ...options.others])
  const y = spread === null ? 'θ₁(t), projection of w on p₁' : 'θ₁(t) − θ₁(0), projection of w on p₁ from its start on, signs aligned'
  const axes: FigureAxes = { x: `t, ${unit} measured`, y, colour: null }
  const own = driftTable(result, shown)
  const table = spread === null ? own : withDriftSpread(own, spread)
  if (shown === 0 || result.thetaTime.length === 0) return emptyFigure('drift', 'No trajectory measured yet', table, axes, options)
  const split = shown > 1
  const layout: Partial<Layout> = {
    hovermode: 'x unified',
    hoversubplots: 'axis',
    xaxis: { title: { text: axes.x }, anchor: split ? 'y2' : 'y', ...hoverTitle('t = %{x}') },
    yaxis: { title: { text: spread === null ? 'θ₁(t)' : 'θ₁(t) − θ₁(0)' }, domain: [split ? 0.46 : 0, 1] },
    ...(split ? { yaxis2: { title: { text: 'θᵢ − mean' }, domain: [0, 0.36] } } : {}),
  }
  const main = spread === null ? driftTraces(result, options) : driftSpreadTraces(spread, options)
  const words = spread === null ? '' : driftSpreadWords(spread, result.measurement.unit === 'batch' ? 'mini-batch' : 'epoch')
  const data = [...main, ...otherTraces(result, shown, options, spread !== null)]
  return buildFigure({ id: 'drift', data, layout, table, summary: summary(result) + words, axes }, options)
}

/** θᵢ(t) of component `index` (0 is the drift mode) at the kept times. */
function projection({ theta, thetaTime }: PrincipalComponentsResult, index: number): Float64Array {
  return theta.subarray(index * thetaTime.length, (index + 1) * thetaTime.length)
}

function driftTraces(result: PrincipalComponentsResult, options: FigureOptions): Trace[] {
  const { thetaTime, drift } = result
  const { line } = figureSizes(options.presenting)
  const theta = projection(result, 0)
  const kept = decimatedIndices(theta)
  const times = pick(thetaTime, kept)
  const colour = variantColour(options.theme, options.variant ?? 0)
  const ends = [thetaTime[0], thetaTime[thetaTime.length - 1]]
  return [
    {
      type: 'scatter',
      mode: 'lines',
      name: 'θ₁(t)',
      x: times,
      y: finiteOrNull(pick(theta, kept)),
      line: { color: colour, width: line },
      hovertemplate: 'θ₁ = %{y:.6~g}<extra></extra>',
    },
    {
      type: 'scatter',
      mode: 'lines',
      name: `linear fit, R² = ${formatR2(drift.r2)}`,
      x: ends,
      y: finiteOrNull(ends.map((t) => drift.intercept + drift.slope * t)),
      line: { color: palette(options.theme).theory, width: line, dash: 'dash' },
      hoverinfo: 'skip',
    },
  ]
}

/** The later components, of the main seed alone: from one seed to the next they are other directions. */
function otherTraces(result: PrincipalComponentsResult, shown: number, options: FigureOptions, severalSeeds: boolean): Trace[] {
  const { muted, text } = palette(options.theme)
  return Array.from({ length: Math.max(0, shown - 1) }, (_, k) => {
    const theta = projection(result, k + 1)
    const mean = theta.reduce((sum, value) => sum + value, 0) / theta.length
    const kept = decimatedIndices(theta)
    const symbol = `θ<sub>${String(k + 2)}</sub>`
    return {
      type: 'scatter',
      mode: 'lines',
      name: severalSeeds ? `${symbol}, seed ${String(result.provenance.seed)}` : symbol,
      x: pick(result.thetaTime, kept),
      y: finiteOrNull(pick(theta, kept).map((value) => value - mean)),
      yaxis: 'y2',
      line: { color: k % 2 === 0 ? text : muted, width: 1.25, dash: DASHES[k % DASHES.length] },
      hovertemplate: `${symbol} − mean = %{y:.3~g}<extra></extra>`,
    }
  })
}

function driftTable(result: PrincipalComponentsResult, shown: number): FigureTable {
  const columns = ['t', ...Array.from({ length: shown }, (_, i) => `theta ${String(i + 1)}`), 'linear fit of theta 1']
  const projections = Array.from({ length: shown }, (_, i) => finiteOrNull(projection(result, i)))
  const { slope, intercept } = result.drift
  return { columns, rows: Array.from(result.thetaTime, (t, k) => [t, ...projections.map((theta) => theta[k]), intercept + slope * t]) }
}

function summary({ drift, secondR2, snapshots, measurement, driftWeightCosine, weightNorm }: PrincipalComponentsResult): string {
  const unit = measurement.unit === 'batch' ? 'mini-batch' : 'epoch'
  return (
    `Over ${formatCount(snapshots)} snapshots θ₁ follows a line with R² = ${formatR2(drift.r2)} and slope ${formatNumber(drift.slope)} per ${unit} ` +
    `(second component: R² = ${formatR2(secondR2)}); the norm of the weights went from ${formatNumber(weightNorm.first, 4)} to ` +
    `${formatNumber(weightNorm.last, 4)}, and the drift direction has cosine ${formatNumber(driftWeightCosine)} with the weights.`
  )
}
