import type { SpectrumResult } from '../contracts/results.ts'
import { palette } from './colours.ts'
import type { FigureOptions, FigureTable, Trace } from './figure-spec.ts'
import type { IndexAxis } from './index-axis.ts'
import { finiteOrNull, formatCount, formatNumber, formatSpread } from './numbers.ts'
import { spreadBars } from './spread.ts'
import { momentsAt, type Moments } from './statistics.ts'
import { figureSizes } from './template.ts'
import type { ValueScale } from './value-scale.ts'
import { epochWords } from './words.ts'

/** The same eigenvalues on each of the equal batches that make up the samples, over the batches; null without. */
export function batchMoments({ batches, eigenvalues }: SpectrumResult): Moments[] | null {
  if (batches === null || batches.count < 2) return null
  const k = eigenvalues.length
  return momentsAt(k, (i) => Array.from({ length: batches.count }, (_, batch) => batches.eigenvalues[batch * k + i]))
}

/** All further values that the figure draws: what the axis must hold. */
export function extraValues(result: SpectrumResult): number[] {
  const spread = (batchMoments(result) ?? []).flatMap(({ mean, deviation }) => (Number.isFinite(deviation) ? [mean - deviation, mean + deviation] : [mean]))
  return [...spread, ...(result.compared?.eigenvalues ?? [])]
}

/** Mean over batches with one standard deviation, and the values at another checkpoint, hollow. */
export function extraTraces(result: SpectrumResult, places: IndexAxis, scale: ValueScale, options: FigureOptions): Trace[] {
  const { text, muted } = palette(options.theme)
  const { marker } = figureSizes(options.presenting)
  const traces: Trace[] = []
  const batches = batchMoments(result)
  if (batches !== null) {
    traces.push({
      type: 'scatter',
      mode: 'markers',
      name: `mean ± s.d. of ${String(result.batches?.count ?? 0)} batches`,
      x: places.positions,
      y: batches.map(({ mean }) => scale.forward(mean)),
      error_y: spreadBars(batches, muted, scale.kind === 'log' ? 'log' : 'linear', scale.forward),
      marker: { color: muted, symbol: 'line-ew-open', size: marker + 2 },
      customdata: batches.map((place, i) => [places.labels[i], formatSpread(place)]),
      hovertemplate: 'i = %{customdata[0]}<br>%{customdata[1]} over batches<extra></extra>',
    })
  }
  const { compared } = result
  if (compared !== null) {
    traces.push({
      type: 'scatter',
      mode: 'markers',
      name: `epoch ${String(compared.epoch)}`,
      x: places.positions,
      y: Array.from(compared.eigenvalues, (value) => scale.forward(value)),
      marker: { color: text, symbol: 'circle-open', size: marker },
      customdata: Array.from(compared.eigenvalues, (value, i) => [places.labels[i] ?? '', formatNumber(value)]),
      hovertemplate: `i = %{customdata[0]}<br>hᵢ = %{customdata[1]} at ${epochWords(compared.epoch)}<extra></extra>`,
    })
  }
  return traces
}

/** The table with mean and standard deviation over batches and the values at the other checkpoint beside it. */
export function withExtras(table: FigureTable, result: SpectrumResult): FigureTable {
  const batches = batchMoments(result)
  const { compared } = result
  const extra: (readonly [string, readonly (number | null)[]])[] = []
  if (batches !== null) {
    extra.push(['mean over batches', finiteOrNull(batches.map(({ mean }) => mean))])
    extra.push(['s.d. over batches', finiteOrNull(batches.map(({ deviation }) => deviation))])
  }
  if (compared !== null) extra.push([`eigenvalue at epoch ${String(compared.epoch)}`, finiteOrNull(compared.eigenvalues)])
  return { columns: [...table.columns, ...extra.map(([name]) => name)], rows: table.rows.map((row, i) => [...row, ...extra.map(([, values]) => values[i] ?? null)]) }
}

export function extraWords(result: SpectrumResult): string {
  const batches = batchMoments(result)
  const { compared, batches: settings } = result
  const spread =
    batches === null || settings === null
      ? ''
      : ` Over ${formatCount(settings.count)} batches of ${formatCount(settings.samples)} samples the largest is ${formatSpread(batches[0])} (mean ± s.d.).`
  return compared === null ? spread : `${spread} At ${epochWords(compared.epoch)} the largest was ${formatNumber(compared.eigenvalues[0])}.`
}
