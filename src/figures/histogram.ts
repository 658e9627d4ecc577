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
  const finite = Array.from(values).filter(Number.isFinite)
  const low = Math.min(within.from, ...finite)
  const high = Math.max(within.to, ...finite)
  const wanted = (within.to - within.from) / Math.ceil(2 * Math.cbrt(Math.max(1, finite.length)))
  const width = Math.max(wanted, (high - low) / MAX_BARS) || 1
  const start = within.from - Math.ceil((within.from - low) / width) * width
  const counts = new Array<number>(Math.max(1, Math.ceil((high - start) / width))).fill(0)
  for (const value of finite) counts[Math.min(counts.length - 1, Math.floor((value - start) / width))] += 1
  return {
    centres: counts.map((_, i) => start + (i + 0.5) * width),
    counts,
    densities: counts.map((count) => count / (Math.max(1, finite.length) * width)),
    width,
  }
}
