/** Level spacings of a spectrum against the Wigner surmise and the Poisson law (thesis Sec. 7.5, Fig. 7.16). */
import type { NullQuantiles } from './kolmogorov-smirnov.ts'
import { exceedance, kolmogorovDistance, nullQuantiles } from './kolmogorov-smirnov.ts'
import { poissonCdf, wignerCdf } from './spacing-laws.ts'
import type { SpacingNullOptions } from './spacing-null.ts'
import { spacingNull } from './spacing-null.ts'
import type { NullLevels, UnfoldedSpectrum } from './unfolding.ts'
import { DEFAULT_WINDOW, spacings, unfold } from './unfolding.ts'

export interface SpacingOptions extends SpacingNullOptions {
  /** Neighbours to each side that unfolding uses; 15 by default. */
  readonly window?: number
  readonly nullLevels?: NullLevels
}

export interface LawComparison {
  /** Kolmogorov distance of the spacings to the law. */
  readonly distance: number
  /** Distances of spectra that have the law, of the same number of levels and processed in the same way. */
  readonly null: NullQuantiles
  /** Share of such spectra at least as far from the law; small means that the spacings do not follow it. */
  readonly pValue: number
}

export interface SpacingStatistics {
  readonly spectrum: UnfoldedSpectrum
  /** Ascending, mean one. */
  readonly spacings: Float64Array
  /** Against the surmise, as random symmetric matrices. */
  readonly wigner: LawComparison
  /** Against exp(−s), as independent levels. */
  readonly poisson: LawComparison
  /** Simulated spectra behind each null, and how many levels each had. */
  readonly replicates: number
  readonly simulatedLevels: number
}

/** Unfolds (n) levels and compares their spacings with both laws; null when asked to stop. Throws as `unfold` does. */
export async function spacingStatistics(levels: ArrayLike<number>, options: SpacingOptions = {}): Promise<SpacingStatistics | null> {
  const { window = DEFAULT_WINDOW, nullLevels } = options
  const spectrum = unfold(levels, window, nullLevels)
  const sorted = spacings(spectrum.unfolded)
  const goe = await spacingNull('goe', spectrum.levels, window, options)
  const poisson = goe && (await spacingNull('poisson', spectrum.levels, window, options))
  if (!poisson) return null
  return Object.freeze({
    spectrum,
    spacings: sorted,
    wigner: comparison(kolmogorovDistance(sorted, wignerCdf), goe.toWigner),
    poisson: comparison(kolmogorovDistance(sorted, poissonCdf), poisson.toPoisson),
    replicates: goe.replicates,
    simulatedLevels: goe.simulatedLevels,
  })
}

function comparison(distance: number, sortedNull: Float64Array): LawComparison {
  return Object.freeze({ distance, null: nullQuantiles(sortedNull), pValue: exceedance(sortedNull, distance) })
}
