import type { HessianAnalysis } from '../contracts/experiment.ts'
import type { SpectrumProgress, SpectrumResult } from '../contracts/results.ts'
import type { SpectrumEnd } from './index-axis.ts'
import { convergedEverywhere, pairMoments } from './spectrum-spread.ts'
import type { Moments } from './statistics.ts'

/** Eigenvalues to draw, descending, finished or estimated. All arrays are equally long. */
export interface SpectrumPoints {
  readonly values: readonly number[]
  readonly residuals: readonly number[]
  readonly converged: readonly boolean[]
  readonly ends: readonly SpectrumEnd[]
  /** Parameters in the selection; null when not known yet. */
  readonly dimension: number | null
  /** True for Ritz values of a running iteration. */
  readonly estimated: boolean
  /** Mean and spread over several seeds; values are then the means. Null for one seed. */
  readonly spread: readonly Moments[] | null
}

export function finishedSpectrum(result: SpectrumResult): SpectrumPoints {
  return {
    values: Array.from(result.eigenvalues),
    residuals: Array.from(result.residuals),
    converged: result.converged,
    ends: result.end,
    dimension: result.dimension,
    estimated: false,
    spread: null,
  }
}

/** Means over several seeds, the main one first; a pair has converged where it has in every seed. */
export function meanSpectrum(results: readonly SpectrumResult[]): SpectrumPoints {
  const spread = pairMoments(results, ({ eigenvalues }) => eigenvalues)
  return { ...finishedSpectrum(results[0]), values: spread.map(({ mean }) => mean), converged: convergedEverywhere(results), spread }
}

/**
 * Ritz values in descending order, cut to the ends that the analysis asks for: those inside are no approximation of
 * anything yet. A value is settled when its residual estimate is within the tolerance of the analysis.
 */
export function ritzSpectrum({ ritzValues, residuals }: SpectrumProgress, settings: HessianAnalysis | null): SpectrumPoints {
  const order = Array.from(ritzValues, (_, i) => i).sort((a, b) => ritzValues[b] - ritzValues[a])
  const largest = Math.min(settings?.largest ?? order.length, order.length)
  const smallest = Math.min(settings?.smallest ?? 0, order.length - largest)
  const kept = [...order.slice(0, largest), ...order.slice(order.length - smallest)]
  const tolerance = (settings?.tolerance ?? 0) * ritzValues.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
  return {
    values: kept.map((i) => ritzValues[i]),
    residuals: kept.map((i) => residuals[i]),
    converged: kept.map((i) => residuals[i] <= tolerance),
    ends: kept.map((_, i) => (i < largest ? 'largest' : 'smallest')),
    dimension: null,
    estimated: true,
    spread: null,
  }
}
