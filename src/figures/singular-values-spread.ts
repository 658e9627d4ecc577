import type { KernelSpectrum, SingularValuesResult } from '../contracts/results.ts'
import { palette, variantColour } from './colours.ts'
import type { FigureOptions, FigureTable, Trace } from './figure-spec.ts'
import { histograms } from './histogram.ts'
import { formatNumber, formatSpread } from './numbers.ts'
import type { SingularAxis } from './singular-axis.ts'
import { outlines } from './singular-values-traces.ts'
import { spreadBars, spreadName } from './spread.ts'
import { withMoments } from './spread-table.ts'
import { moments, momentsAt, type Moments } from './statistics.ts'
import { figureSizes } from './template.ts'

/** Singular values of one kernel over seeds: the main one first in every list of kernels here. */
type Kernels = readonly KernelSpectrum[]

/** The kernel of the same layer and shape in the results of further seeds. */
export function sameKernels({ layer, rows, cols }: KernelSpectrum, others: readonly SingularValuesResult[]): KernelSpectrum[] {
  return others.flatMap(({ kernels }) => kernels.filter((kernel) => kernel.layer === layer && kernel.rows === rows && kernel.cols === cols))
}

/** The i-th largest singular value over the seeds, or of what else kernels have by rank. */
function rankMoments(kernels: Kernels, of: (kernel: KernelSpectrum) => Float64Array = ({ singularValues }) => singularValues): Moments[] {
  return momentsAt(kernels[0].singularValues.length, (i) => kernels.map((kernel) => of(kernel)[i] ?? NaN))
}

/** Mean density of every bar, all seeds counted on the same bars. */
export function meanBars(kernels: Kernels, axis: SingularAxis, options: FigureOptions): Trace {
  const counted = histograms(kernels.map(({ singularValues }) => Array.from(singularValues, axis.place)), axis.bulk(kernels[0]))
  const [{ centres, width }] = counted
  const densities = momentsAt(centres.length, (i) => counted.map((histogram) => histogram.densities[i]))
  const counts = momentsAt(centres.length, (i) => counted.map((histogram) => histogram.counts[i]))
  return {
    type: 'bar',
    name: spreadName(densities),
    x: centres,
    y: densities.map(({ mean }) => mean),
    width,
    error_y: spreadBars(densities, palette(options.theme).muted),
    customdata: centres.map((centre, i) => [formatNumber(axis.value(centre - width / 2)), formatNumber(axis.value(centre + width / 2)), formatSpread(counts[i])]),
    marker: { color: variantColour(options.theme, options.variant ?? 0) },
    opacity: 0.45,
    hovertemplate: '%{customdata[2]} between %{customdata[0]} and %{customdata[1]}<extra></extra>',
  }
}

/** Outlines of means over seeds: what the kernels were before training, and what chance makes of their entries. */
export function meanOverlays(kernels: Kernels, axis: SingularAxis, options: FigureOptions): Trace[] {
  const values = (of: (kernel: KernelSpectrum) => Float64Array) => kernels.map((kernel) => Array.from(of(kernel), axis.place))
  const all = [values(({ singularValues }) => singularValues), values(({ initial }) => initial), values(({ permuted }) => permuted)]
  const counted = histograms(all.flat(), axis.bulk(kernels[0]))
  const mean = (from: number) => {
    const own = counted.slice(from, from + kernels.length).filter(({ counts }) => counts.some((count) => count > 0))
    if (own.length === 0) return null
    const places = momentsAt(own[0].centres.length, (i) => own.map(({ densities }) => densities[i]))
    return { ...own[0], densities: places.map((place) => place.mean) }
  }
  return outlines(mean(kernels.length), mean(2 * kernels.length), options)
}

/** Mean of every singular value by rank; those whose mean lies above the edge with bars of one standard deviation. */
export function meanSticks(kernels: Kernels, axis: SingularAxis, options: FigureOptions): Trace[] {
  const [{ upperEdge }] = kernels
  const { text, outlier } = palette(options.theme)
  const { marker } = figureSizes(options.presenting)
  const entries = rankMoments(kernels).map((place, i) => ({ place, index: i + 1 })).filter(({ place }) => Number.isFinite(axis.place(place.mean)))
  const trace = (name: string, above: boolean, symbol: string, color: string, size: number): Trace[] => {
    const shown = entries.filter(({ place }) => place.mean > upperEdge === above)
    if (shown.length === 0) return []
    return [{
      type: 'scatter',
      mode: 'markers',
      name,
      x: shown.map(({ place }) => axis.place(place.mean)),
      y: shown.map(() => 0),
      ...(above ? { error_x: spreadBars(shown.map(({ place }) => place), color, 'linear', axis.place) } : {}),
      cliponaxis: false,
      showlegend: above,
      marker: { symbol, color, size, line: { color, width: 1 } },
      customdata: shown.map(({ place, index }) => [index, formatSpread(place)]),
      hovertemplate: `ν<sub>%{customdata[0]}</sub> = %{customdata[1]}, mean ${above ? 'above the bulk edge' : 'not above the bulk edge'}<extra></extra>`,
    }]
  }
  return [...trace('in the bulk', false, 'line-ns-open', text, marker + 4), ...trace('mean above ν₊', true, 'diamond', outlier, marker + 3)]
}

/** The table of the main seed with mean, standard deviation and number of seeds beside it. */
export function withSeeds(table: FigureTable, kernels: Kernels): FigureTable {
  return withMoments(table, [
    { name: 'singular value', places: rankMoments(kernels) },
    { name: 'before training', places: rankMoments(kernels, ({ initial }) => initial) },
    { name: 'entries permuted', places: rankMoments(kernels, ({ permuted }) => permuted) },
  ])
}

export function seedsReading(kernels: Kernels): string {
  const outliers = moments(kernels.map((kernel) => kernel.outliers))
  const largest = moments(kernels.map(({ singularValues }) => Math.max(...singularValues)))
  return `Over ${String(kernels.length)} seeds ${formatSpread(outliers)} lie above it and the largest is ${formatSpread(largest)} (mean ± s.d.).`
}
