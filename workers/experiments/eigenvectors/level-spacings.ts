import type { DistanceTest, SpacingResult } from '../../../src/contracts/results.ts'
import { spacingStatistics, type LawComparison } from '../../numerics/random-matrix/spacing-statistics.ts'
import { levelsNeeded } from '../../numerics/random-matrix/unfolding.ts'
import type { Pacing } from '../deps.ts'

/** What unfolding says of a spectrum. */
export type Spacings = Pick<SpacingResult, 'window' | 'levels' | 'dropped' | 'spacings' | 'wigner' | 'poisson' | 'problem'>

/** A spectrum, and where its null space lies. */
export interface Levels {
  readonly values: Float64Array
  /** 0, or 2λ under weight decay. */
  readonly nullAt: number
  /** Levels this close to it are null to rounding. */
  readonly within: number
}

const NO_TEST: DistanceTest = { distance: NaN, band: [NaN, NaN, NaN], pValue: NaN }

/** Unfolded spacings against the Wigner surmise and the Poisson law; a spectrum with too few levels says so. Null when stopped. */
export async function levelSpacings({ values, nullAt, within }: Levels, window: number, seed: number, pacing: Pacing): Promise<Spacings | null> {
  const kept = values.reduce((count, value) => count + (Math.abs(value - nullAt) > within ? 1 : 0), 0)
  const needed = levelsNeeded(window)
  if (kept < needed) {
    const problem = `${kept} levels are more than rounding away from ${nullAt}; a window of ${window} needs at least ${needed}. Choose a smaller window or a larger matrix.`
    return { window, levels: kept, dropped: values.length - kept, spacings: new Float64Array(0), wigner: NO_TEST, poisson: NO_TEST, problem }
  }
  const control = { yieldControl: pacing.breathe, shouldStop: () => pacing.signal.aborted }
  const found = await spacingStatistics(values, { window, nullLevels: { at: nullAt, within }, seed, pacing: control })
  if (found === null) return null
  const { spectrum, spacings, wigner, poisson } = found
  return { window, levels: spectrum.levels, dropped: values.length - spectrum.levels, spacings, wigner: test(wigner), poisson: test(poisson), problem: null }
}

function test({ distance, null: random, pValue }: LawComparison): DistanceTest {
  return { distance, band: [random.quantile05, random.median, random.quantile95], pValue }
}
