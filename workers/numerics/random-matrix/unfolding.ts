/**
 * Unfolding: levels are mapped by a smooth count of levels, so that their spacing is one on average everywhere.
 *
 * Every level aᵢ is spread into a normal law of width σᵢ = (aᵢ₋w − aᵢ₊w)/2, w neighbours to each side, and
 * ξ(x) = Σᵢ Φ((aᵢ − x)/σᵢ) over i = w … n − w − 1 counts levels above x. It is read at the levels 2w … n − 2w − 1, those
 * with a complete neighbourhood of complete neighbours: the procedure of the code released with the thesis.
 */
import { unitScale } from '../binary-scale.ts'
import { normalCdf } from './normal-distribution.ts'

export const DEFAULT_WINDOW = 15

export interface NullLevels {
  /** Where a null space lies: 0, or 2λ under weight decay. 0 by default. */
  readonly at?: number
  /** Levels this close to it belong to it: n · 2⁻⁵² · the largest |level| by default, the rounding of an eigensolver. */
  readonly within?: number
}

export interface UnfoldedSpectrum {
  /** (levels − 4w) ξ of the levels read, ascending. */
  readonly unfolded: Float64Array
  readonly window: number
  /** Levels that took part. */
  readonly levels: number
  /** Levels of the null space, dropped: their spacings would be rounding. */
  readonly droppedNull: number
  /** Further levels dropped because more than 2w of them are equal, which leaves their neighbourhood without a width. */
  readonly droppedRepeated: number
}

/** 1 − Φ(8.3) is below half the last digit of one. */
const CERTAIN = 8.3

/** Levels that unfolding with a window needs for one spacing. */
export function levelsNeeded(window: number): number {
  return 4 * window + 2
}

/**
 * Unfolds a spectrum, (n) in any order. Throws when, the null space taken out, fewer than 4w + 2 levels are left.
 *
 * @param window neighbours w to each side
 */
export function unfold(levels: ArrayLike<number>, window = DEFAULT_WINDOW, nullLevels: NullLevels = {}): UnfoldedSpectrum {
  if (!Number.isInteger(window) || window < 1) throw new RangeError(`unfold: window=${window} is not a whole number from 1 on`)
  const all = descending(levels)
  const apart = withoutNullSpace(all, nullLevels)
  const kept = withoutRepeats(apart, 2 * window)
  if (kept.length < levelsNeeded(window)) throw tooFew(all.length, kept.length, window)
  return Object.freeze({
    unfolded: smoothCounts(scaled(kept), window),
    window,
    levels: kept.length,
    droppedNull: all.length - apart.length,
    droppedRepeated: apart.length - kept.length,
  })
}

/** (m − 1) differences of unfolded levels in their order, as they come out. */
export function rawSpacings(unfolded: Float64Array): Float64Array {
  return Float64Array.from({ length: Math.max(0, unfolded.length - 1) }, (_, i) => unfolded[i + 1] - unfolded[i])
}

/** (m − 1) spacings of unfolded levels (m), ascending, divided by their mean. */
export function spacings(unfolded: Float64Array): Float64Array {
  if (unfolded.length < 2) throw new RangeError(`spacings: ${unfolded.length} unfolded levels have no spacing; give at least 2`)
  return normalisedSpacings(rawSpacings(unfolded))
}

/** Ascending copy, divided by its mean. */
export function normalisedSpacings(raw: Float64Array): Float64Array {
  const mean = raw.reduce((sum, value) => sum + value, 0) / raw.length
  if (!(mean > 0 && mean < Infinity)) throw new RangeError(`spacings: the mean spacing is ${mean}; give finite levels that are not all equal`)
  return raw.map((value) => value / mean).sort()
}

function descending(levels: ArrayLike<number>): Float64Array {
  return Float64Array.from(levels, (value, i) => {
    if (!Number.isFinite(value)) throw new RangeError(`unfold: level ${i} is ${value}; every level must be finite`)
    return value
  })
    .sort()
    .reverse()
}

/** Widths of huge levels could overflow; ξ does not depend on their unit. */
function scaled(levels: Float64Array): Float64Array {
  const scale = unitScale(levels, 'unfold')
  return levels.map((value) => value * scale)
}

function withoutNullSpace(levels: Float64Array, { at = 0, within }: NullLevels): Float64Array {
  const largest = levels.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const width = within ?? levels.length * 2 ** -52 * largest
  if (!(Number.isFinite(at) && width >= 0)) throw new RangeError(`unfold: null levels at ${at} within ${width}; give a finite place and a width from 0 on`)
  return levels.filter((value) => Math.abs(value - at) > width)
}

/** Drops whole runs of more than `most` equal levels. */
function withoutRepeats(levels: Float64Array, most: number): Float64Array {
  const keep = new Uint8Array(levels.length)
  for (let start = 0, end = 0; start < levels.length; start = end) {
    while (end < levels.length && levels[end] === levels[start]) end++
    if (end - start <= most) keep.fill(1, start, end)
  }
  return levels.filter((_, i) => keep[i] === 1)
}

function smoothCounts(levels: Float64Array, window: number): Float64Array {
  const n = levels.length
  const first = 2 * window
  const counts = new Float64Array(n - 4 * window)
  /** Levels that are certainly above the ones from an index on: a running sum adds them up. */
  const certain = new Float64Array(counts.length + 1)
  for (let i = window; i < n - window; i++) {
    const width = (levels[i - window] - levels[i + window]) / 2
    const end = firstBelow(levels, levels[i] - CERTAIN * width)
    for (let j = Math.max(first, firstBelow(levels, levels[i] + CERTAIN * width)); j < Math.min(end, n - first); j++) {
      counts[j - first] += normalCdf((levels[i] - levels[j]) / width)
    }
    certain[Math.min(Math.max(end - first, 0), counts.length)]++
  }
  let above = 0
  return counts.map((count, j) => count + (above += certain[j]))
}

/** First index whose level lies below a bound, in descending levels. */
function firstBelow(levels: Float64Array, bound: number): number {
  let [low, high] = [0, levels.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (levels[middle] >= bound) low = middle + 1
    else high = middle
  }
  return low
}

function tooFew(given: number, left: number, window: number): RangeError {
  const remedy = left < levelsNeeded(1) ? 'give more levels' : `give more levels or a window of at most ${Math.floor((left - 2) / 4)}`
  return new RangeError(
    `unfold: ${left} of ${given} levels lie outside the null space, but a window of ${window} needs at least ${levelsNeeded(window)}; ${remedy}`,
  )
}
