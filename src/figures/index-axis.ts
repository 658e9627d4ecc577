import type { LayoutAxis } from 'plotly.js'
import { formatCount } from './numbers.ts'

export type SpectrumEnd = 'largest' | 'smallest'

/** Where the entries of a spectrum stand when only its two ends are known. */
export interface IndexAxis {
  /** Place of every entry on the axis: 1, 2, … and, after a gap, the bottom end. */
  readonly positions: number[]
  /** Index of every entry in the whole spectrum, from 1; null at the bottom of a spectrum of unknown size. */
  readonly indices: (number | null)[]
  /** The same for people; `n − 1` where the size is unknown. */
  readonly labels: string[]
  /** Place of the gap between the two ends; null when there is none. */
  readonly gap: number | null
  readonly axis: Partial<LayoutAxis>
}

const GAP = 2
const TICKS = 6

/**
 * Axis of a spectrum in descending order. `dimension` is the number of all eigenvalues, null when not known.
 * `gapWidth` 0 keeps the places contiguous, as a heatmap needs them.
 */
export function indexAxis(ends: readonly SpectrumEnd[], dimension: number | null, gapWidth = GAP): IndexAxis {
  const top = ends.filter((end) => end === 'largest').length
  const total = ends.length
  const broken = top > 0 && top < total && total !== dimension
  const indices = ends.map((_, i) => indexOf(i, top, total, dimension))
  const labels = indices.map((index, i) => (index === null ? fromEnd(total - 1 - i) : formatCount(index)))
  const positions = ends.map((_, i) => i + 1 + (broken && i >= top ? gapWidth : 0))
  const ticks = tickEntries(broken ? top : total, total)
  return {
    positions,
    indices,
    labels,
    gap: broken ? top + 0.5 + gapWidth / 2 : null,
    axis: { tickmode: 'array', tickangle: 0, tickvals: ticks.map((i) => positions[i]), ticktext: ticks.map((i) => labels[i]) },
  }
}

/** Axis of vectors that know their places in the whole spectrum (from 1, ascending): those after a gap are its bottom end. */
export function placesAxis(places: ArrayLike<number>, dimension: number): IndexAxis {
  return indexAxis(Array.from(places, (place, i) => (place === i + 1 ? 'largest' : 'smallest')), dimension)
}

function indexOf(i: number, top: number, total: number, dimension: number | null): number | null {
  if (i < top) return i + 1
  return dimension === null ? null : dimension - (total - 1 - i)
}

function fromEnd(distance: number): string {
  return distance === 0 ? 'n' : `n − ${String(distance)}`
}

/** Entries that get a label: the first, round numbers after it, and the last; none so near the gap that they touch. */
function tickEntries(top: number, total: number): number[] {
  const step = roundStep(top / TICKS)
  const broken = top < total
  const limit = broken ? top - total / TICKS / 2 : top
  const entries = top > 0 ? [0] : []
  for (let i = step; i <= limit; i += step) if (i > 1) entries.push(i - 1)
  if (total - top > total / 3) entries.push(top)
  if (broken) entries.push(total - 1)
  return entries
}

/** The next of 1, 2, 5, 10, 20, … that is not smaller. */
export function roundStep(atLeast: number): number {
  const decade = 10 ** Math.floor(Math.log10(Math.max(1, atLeast)))
  return [1, 2, 5, 10].map((factor) => factor * decade).find((step) => step >= atLeast) ?? 10 * decade
}
