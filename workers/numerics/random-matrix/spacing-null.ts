/**
 * Kolmogorov distances of the spacings of random spectra to the Wigner surmise and to the Poisson law, for a number of
 * levels and an unfolding window: what a measured distance must be compared with. Spacings of one spectrum are correlated,
 * unfolding moves them, and the surmise is not quite the law of a large matrix, so no table of the Kolmogorov law applies.
 *
 * Spectra of up to 400 levels (24 windows, if more) are simulated as they are. Larger ones are put together from the inner
 * spacings of spectra of that size, drawn with replacement: spacings far apart in a spectrum hardly know of each other, while
 * the systematic part of the distance, which does not fall as 1/√n, stays in. The outer spacings of each part stay out,
 * because unfolding makes spacings near the ends of a spectrum too small, and a large spectrum has two ends only.
 */
import type { Pacing } from '../pacing.ts'
import { Pacer } from '../pacing.ts'
import type { Random } from '../random.ts'
import { createRandom } from '../random.ts'
import { kolmogorovDistance } from './kolmogorov-smirnov.ts'
import { gaussianOrthogonalLevels, independentLevels } from './random-spectra.ts'
import { poissonCdf, wignerCdf } from './spacing-laws.ts'
import { levelsNeeded, normalisedSpacings, rawSpacings, unfold } from './unfolding.ts'

/** `goe`: random symmetric matrices; `poisson`: levels independent of each other. */
export type LevelEnsemble = 'goe' | 'poisson'

export interface SpacingNullOptions {
  /** Simulated spectra; 200 by default. */
  readonly replicates?: number
  /** 1 by default. */
  readonly seed?: number
  readonly pacing?: Pacing
}

export interface SpacingNull {
  readonly ensemble: LevelEnsemble
  readonly levels: number
  readonly window: number
  readonly replicates: number
  /** Levels of each simulated spectrum: fewer than `levels` where larger ones were put together. */
  readonly simulatedLevels: number
  /** (replicates) distances to the Wigner surmise, ascending. */
  readonly toWigner: Float64Array
  /** (replicates) distances to the Poisson law, ascending. */
  readonly toPoisson: Float64Array
}

const DEFAULT_REPLICATES = 200
const LARGEST_SIMULATED = 400
const LARGEST_SIMULATED_WINDOWS = 24
/** ξ misses levels beyond 1 + 2 widths from the places this many windows away from its ends: 0.1 % of its slope. */
const OUTER_WINDOWS = 2
/** Multiply-adds per squared level of the eigenvalues and the unfolding of one spectrum, and per pooled spacing. */
const SPECTRUM_WORK = 40
const POOLING_WORK = 100
/** Simulated sets of spacings kept for further sizes: some 700 KB each. */
const KEPT_SETS = 8
const keptSets = new Map<string, readonly Float64Array[]>()

/**
 * Distances of `replicates` random spectra of `levels` levels, unfolded with `window`; null when asked to stop.
 * Throws when the window needs more levels.
 */
export async function spacingNull(
  ensemble: LevelEnsemble,
  levels: number,
  window: number,
  { replicates = DEFAULT_REPLICATES, seed = 1, pacing = {} }: SpacingNullOptions = {},
): Promise<SpacingNull | null> {
  if (!(Number.isInteger(levels) && Number.isInteger(window) && window >= 1 && levels >= levelsNeeded(window))) {
    throw new RangeError(`spacingNull: ${levels} levels cannot be unfolded with a window of ${window}; give at least ${levelsNeeded(window)} levels`)
  }
  if (!(Number.isInteger(replicates) && replicates >= 1)) throw new RangeError(`spacingNull: replicates=${replicates} is not a whole number from 1 on`)
  const pacer = new Pacer(pacing)
  const simulatedLevels = Math.min(levels, Math.max(LARGEST_SIMULATED, LARGEST_SIMULATED_WINDOWS * window))
  const set = await spacingSet({ ensemble, levels: simulatedLevels, window, replicates, seed }, pacer)
  if (set === null) return null
  const random = createRandom(seed, `spacing null/${ensemble}/pool`)
  const [toWigner, toPoisson] = [new Float64Array(replicates), new Float64Array(replicates)]
  for (let replicate = 0; replicate < replicates; replicate++) {
    const raw = simulatedLevels === levels ? set[replicate] : pooled(set, levels - levelsNeeded(window) + 1, OUTER_WINDOWS * window, random)
    const sorted = normalisedSpacings(raw)
    toWigner[replicate] = kolmogorovDistance(sorted, wignerCdf)
    toPoisson[replicate] = kolmogorovDistance(sorted, poissonCdf)
    if (await pacer.shouldStopAfter(POOLING_WORK * sorted.length)) return null
  }
  return Object.freeze({ ensemble, levels, window, replicates, simulatedLevels, toWigner: toWigner.sort(), toPoisson: toPoisson.sort() })
}

interface SetRequest {
  readonly ensemble: LevelEnsemble
  readonly levels: number
  readonly window: number
  readonly replicates: number
  readonly seed: number
}

/** (replicates) raw spacings of simulated spectra, in the order of their levels. */
async function spacingSet(request: SetRequest, pacer: Pacer): Promise<readonly Float64Array[] | null> {
  const { ensemble, levels, window, replicates, seed } = request
  const key = [ensemble, levels, window, replicates, seed].join('/')
  const kept = keptSets.get(key)
  if (kept) return kept
  const random = createRandom(seed, `spacing null/${ensemble}`)
  const draw = ensemble === 'goe' ? gaussianOrthogonalLevels : independentLevels
  const set: Float64Array[] = []
  while (set.length < replicates) {
    set.push(rawSpacings(unfold(draw(levels, random), window, { within: 0 }).unfolded))
    if (await pacer.shouldStopAfter(SPECTRUM_WORK * levels * levels)) return null
  }
  for (const oldest of [...keptSets.keys()].slice(0, Math.max(0, keptSets.size + 1 - KEPT_SETS))) keptSets.delete(oldest)
  keptSets.set(key, set)
  return set
}

/** `count` spacings from spectra drawn with replacement, without `outer` spacings at both ends of each. */
function pooled(set: readonly Float64Array[], count: number, outer: number, random: Random): Float64Array {
  const spacings = new Float64Array(count)
  for (let filled = 0; filled < count; ) {
    const whole = set[random.integer(set.length)]
    const piece = whole.subarray(outer, whole.length - outer)
    spacings.set(piece.subarray(0, Math.min(piece.length, count - filled)), filled)
    filled += piece.length
  }
  return spacings
}
