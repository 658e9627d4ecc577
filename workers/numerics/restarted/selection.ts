/** What a cycle of the restarted iteration does with its Ritz pairs. */
import type { LockedPairs, SpectrumEnd } from './locked-pairs.ts'
import type { RitzPairs } from './thick-basis.ts'

export interface Lock {
  readonly place: number
  readonly end: SpectrumEnd
}

export interface Selection {
  /** Pairs to lock, the outermost of each end first. */
  readonly locks: readonly Lock[]
  /** Places of the Ritz pairs that stay, descending. */
  readonly remaining: readonly number[]
  /** Every wanted pair is locked after this. */
  readonly complete: boolean
  /** The space that remains holds nothing beyond the locked pairs of either end, as far as these Ritz pairs say. */
  readonly nothingBeyond: boolean
}

/** Residuals that are small enough. */
export interface Allowance {
  /** To lock a pair: below `converged`, because what one pair leaves open burdens those after it. */
  readonly lock: number
  /** To call it converged. */
  readonly converged: number
}

/**
 * Pairs are locked from the ends inwards and without gaps, so that no pair is locked before one outside of it.
 * Once both ends are complete, only pairs beyond the innermost one of an end are.
 */
export function select(ritz: RitzPairs, locked: LockedPairs, allowance: Allowance): Selection {
  const m = ritz.values.length
  const upper = locksFrom('largest', ritz, locked, allowance, 0, m)
  const lower = locksFrom('smallest', ritz, locked, allowance, 0, m - upper.count)
  const remaining = Array.from({ length: m - upper.count - lower.count }, (_, i) => upper.count + i)
  return {
    locks: [
      ...Array.from({ length: upper.count }, (_, i) => ({ place: i, end: 'largest' as const })),
      ...Array.from({ length: lower.count }, (_, i) => ({ place: m - 1 - i, end: 'smallest' as const })),
    ],
    remaining,
    complete: upper.missing + lower.missing === 0,
    nothingBeyond: upper.nothingBeyond && lower.nothingBeyond,
  }
}

interface EndState {
  readonly count: number
  readonly missing: number
  readonly nothingBeyond: boolean
}

function locksFrom(end: SpectrumEnd, ritz: RitzPairs, locked: LockedPairs, allowance: Allowance, first: number, available: number): EndState {
  const m = ritz.values.length
  // Seen from the lower end the spectrum is that of −A.
  const sign = end === 'largest' ? 1 : -1
  const place = (i: number): number => (end === 'largest' ? i : m - 1 - i)
  const inner = locked.values(end).map((value) => sign * value)
  const wanted = inner.length + locked.missing(end)
  let count = first
  while (count < available && ritz.residuals[place(count)] <= allowance.lock) {
    const value = sign * ritz.values[place(count)]
    if (inner.length === wanted) {
      if (wanted === 0 || !locked.isComplete || value <= inner[wanted - 1] + allowance.converged) break
      inner.pop()
    }
    inner.push(value)
    inner.sort((a, b) => b - a)
    count++
  }
  const missing = wanted - inner.length
  return { count, missing, nothingBeyond: missing === 0 && (count === available || wanted === 0 || isInside(place(count))) }

  function isInside(at: number): boolean {
    const value = sign * ritz.values[at]
    const limit = inner[wanted - 1] + allowance.converged
    return value <= limit && (ritz.residuals[at] <= allowance.converged || value + ritz.residuals[at] <= limit)
  }
}

/** Whether one of the values lies outside the innermost locked pair of either end by more than `margin`. */
export function anyBeyond(values: readonly number[], locked: LockedPairs, margin: number): boolean {
  const upper = locked.values('largest').at(-1) ?? Infinity
  const lower = locked.values('smallest').at(-1) ?? -Infinity
  return values.some((value) => value > upper + margin || value < lower - margin)
}

/** Places that a restart keeps, at most `room`: from the ends that still matter. */
export function placesToKeep(remaining: readonly number[], ends: readonly SpectrumEnd[], room: number): number[] {
  const count = Math.min(remaining.length, room)
  const upper = ends.length === 2 ? Math.ceil(count / 2) : ends[0] === 'largest' ? count : 0
  return [...remaining.slice(0, upper), ...remaining.slice(remaining.length - (count - upper))]
}
