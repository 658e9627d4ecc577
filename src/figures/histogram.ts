import { extent } from './statistics.ts'

/** Bars of equal width whose areas sum to 1. `centres`, `counts` and `densities` are equally long. */
export interface Histogram {
  readonly centres: number[]
  readonly counts: number[]
  /** Share of the values per unit of the axis. */
  readonly densities: number[]
  readonly width: number
}

const MAX_BARS = 200

/**
 * Histogram with about 2·n^⅓ bars (Rice's rule) inside the stretch given, and as many of the same width beyond it as
 * the values need. Values that are not finite are left out.
 */
export function histogram(values: ArrayLike<number>, within: { readonly from: number; readonly to: number }): Histogram {
  return histograms([values], within)[0]
}

/** As {@link histogram}, for several samples on the same bars: as wide as the largest sample alone would have them. */
export function histograms(samples: readonly ArrayLike<number>[], within: { readonly from: number; readonly to: number }): Histogram[] {
  const finite = samples.map((values) => Array.from(values).filter(Number.isFinite))
  const [least, greatest] = extent(finite.flat())
  const low = Math.min(within.from, least)
  const high = Math.max(within.to, greatest)
  const most = Math.max(1, ...finite.map(({ length }) => length))
  const wanted = (within.to - within.from) / Math.ceil(2 * Math.cbrt(most))
  const width = Math.max(wanted, (high - low) / MAX_BARS) || 1
  const start = within.from - Math.ceil((within.from - low) / width) * width
  const bars = Math.max(1, Math.ceil((high - start) / width))
  const centres = Array.from({ length: bars }, (_, i) => start + (i + 0.5) * width)
  return finite.map((values) => {
    const counts = new Array<number>(bars).fill(0)
    for (const value of values) counts[Math.min(bars - 1, Math.floor((value - start) / width))] += 1
    return { centres, counts, densities: counts.map((count) => count / (Math.max(1, values.length) * width)), width }
  })
}
