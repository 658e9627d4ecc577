import type { DensityResult, WholeSpectrumResult } from '../contracts/results.ts'
import { gaussianDensity, probeMeasures, smoothDensity, valuesMeasure, type Measure, type SmoothDensity } from './density.ts'
import { settledFromTop } from './density-sticks.ts'
import { formatShareSpread, formatSpread } from './numbers.ts'
import { moments, momentsAt, type Moments } from './statistics.ts'

/** What a density is drawn from. */
export interface DensityResults {
  readonly density: DensityResult | null
  /** All eigenvalues of the same matrix: drawn beside the estimate, or alone. */
  readonly whole: WholeSpectrumResult | null
  /** The same of further seeds: with any, curves are means over seeds. */
  readonly otherDensities?: readonly DensityResult[]
  readonly otherWholes?: readonly WholeSpectrumResult[]
}

/** What one curve stands for, one entry per seed, the main one first. */
interface CurveMeasures {
  readonly role: 'estimate' | 'whole' | 'compared'
  readonly name: string
  /** [seed][measure] */
  readonly seeds: readonly (readonly Measure[])[]
}

export interface DensityCurve {
  readonly role: CurveMeasures['role']
  readonly name: string
  /** Of the main seed. */
  readonly own: SmoothDensity
  /** Mean and spread over seeds at every place; null for one seed. */
  readonly spread: readonly Moments[] | null
}

/** Estimate, whole spectrum and the other checkpoint, as far as they are there. */
export function curveMeasures({ density, whole, otherDensities = [], otherWholes = [] }: DensityResults): CurveMeasures[] {
  const found: CurveMeasures[] = []
  const densities = density === null ? [] : [density, ...otherDensities]
  const wholes = whole === null ? [] : [whole, ...otherWholes]
  if (density !== null) found.push({ role: 'estimate', name: 'estimate', seeds: densities.map(({ quadrature }) => probeMeasures(quadrature)) })
  if (whole !== null) found.push({ role: 'whole', name: 'whole spectrum', seeds: wholes.map(({ eigenvalues }) => [valuesMeasure(eigenvalues)]) })
  const compare = (epoch: number, seeds: CurveMeasures['seeds']) => found.push({ role: 'compared', name: `epoch ${String(epoch)}`, seeds })
  const [estimated, exact] = [density?.compared ?? null, whole?.compared ?? null]
  if (estimated !== null) compare(estimated.epoch, densities.flatMap(({ compared }) => (compared === null ? [] : [probeMeasures(compared.quadrature)])))
  else if (exact !== null) compare(exact.epoch, wholes.flatMap(({ compared }) => (compared === null ? [] : [[valuesMeasure(compared.eigenvalues)]])))
  return found.filter(({ seeds }) => seeds[0].some(({ nodes }) => nodes.length > 0))
}

/** The same width and the same places for all seeds. */
export function densityCurve({ role, name, seeds }: CurveMeasures, width: number, grid: readonly number[]): DensityCurve {
  const own = smoothDensity(seeds[0], width, grid)
  if (seeds.length === 1) return { role, name, own, spread: null }
  const means = [own.mean, ...seeds.slice(1).map((measures) => meanDensity(measures, width, grid))]
  return { role, name, own, spread: momentsAt(grid.length, (i) => means.map((mean) => mean[i])) }
}

function meanDensity(measures: readonly Measure[], width: number, grid: readonly number[]): Float64Array {
  const sum = new Float64Array(grid.length)
  for (const measure of measures) gaussianDensity(measure, width, grid).forEach((value, i) => (sum[i] += value / measures.length))
  return sum
}

/** Between the C − 1 largest eigenvalues and the rest, as the mean over seeds; null where they are not known well enough. */
export function classesPlace({ density, whole, otherDensities = [], otherWholes = [] }: DensityResults, classes: number | null): number | null {
  if (classes === null || classes < 2) return null
  const between = (nth: (k: number) => number | null): number => {
    const [last, next] = [nth(classes - 1), nth(classes)]
    return last === null ? NaN : next === null ? last : (last + next) / 2
  }
  const places =
    whole !== null
      ? [whole, ...otherWholes].map(({ eigenvalues }) => between((k) => eigenvalues[k - 1] ?? null))
      : density === null
        ? []
        : [density, ...otherDensities].map(({ quadrature }) => between((k) => settledFromTop(quadrature, k)))
  const { mean } = moments(places)
  return Number.isFinite(mean) ? mean : null
}

/** Trace and negative mass over the seeds. */
export function densitySeedsWords({ density, whole, otherDensities = [], otherWholes = [] }: DensityResults): string {
  const parts: string[] = []
  if (density !== null && otherDensities.length > 0) {
    const over = (of: (result: DensityResult) => number) => moments([density, ...otherDensities].map(of))
    const trace = formatSpread(over((result) => result.moments.trace.value))
    const mass = formatShareSpread(over((result) => result.moments.negativeMass.value))
    parts.push(` Over ${String(otherDensities.length + 1)} seeds the estimated trace is ${trace} and the negative mass ${mass} (mean ± s.d.).`)
  }
  if (whole !== null && otherWholes.length > 0) {
    const over = (of: (result: WholeSpectrumResult) => number) => formatSpread(moments([whole, ...otherWholes].map(of)))
    const [trace, largest] = [over((result) => result.trace), over(({ eigenvalues }) => eigenvalues[0])]
    parts.push(` Over ${String(otherWholes.length + 1)} seeds the trace of whole spectra is ${trace} and their largest eigenvalue ${largest} (mean ± s.d.).`)
  }
  return parts.join('')
}
