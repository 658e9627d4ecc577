import type { ColorBar } from 'plotly.js'
import { formatNumber, formatSetting } from './numbers.ts'

/** Upper colour limit in multiples of the null level, as in the thesis's Fig. 7.1 (0.04 at n = 8,192). */
const NULL_LEVELS = 4
const QUANTILE = 0.98

/** Root mean square of ⟨a, b⟩ for unrelated unit vectors of n entries: 1/√n. */
export function nullLevel(dimension: number): number {
  return 1 / Math.sqrt(dimension)
}

/**
 * Upper colour limit: the user's clip, else the larger of four null levels and the 98th percentile of the values, so
 * that a few bright cells do not hide the rest and noise does not fill the scale. Never above 1.
 */
export function colourLimit(values: ArrayLike<number>, dimension: number, clip: number | null): number {
  if (clip !== null) return clip
  return Math.min(1, Math.max(NULL_LEVELS * nullLevel(dimension), quantile(values, QUANTILE)))
}

/** Colour bar from 0 to `limit` with the null level 1/√n as a labelled tick of its own. */
export function overlapColourBar(limit: number, dimension: number, clipped: boolean): Partial<ColorBar> {
  const level = nullLevel(dimension)
  // Round labels that would touch the label of the null level give way to it.
  const round = [0, limit / 2, limit].filter((tick) => Math.abs(tick - level) > 0.08 * limit)
  const ticks = level < limit ? [...round, level].sort((a, b) => a - b) : round
  const label = (tick: number) => {
    if (tick === level) return `1/√n = ${formatNumber(level, 2)}`
    return tick === limit && clipped ? `≥ ${formatSetting(tick, 2)}` : formatSetting(tick, 2)
  }
  return {
    title: { text: '|⟨aᵢ, bⱼ⟩|<br>&nbsp;', side: 'top' },
    tickmode: 'array',
    tickvals: ticks,
    ticktext: ticks.map(label),
    ticks: 'outside',
    thickness: 12,
    outlinewidth: 0,
  }
}

/** The smallest value that at least a share `q` of the finite values do not exceed; 0 when there are none. */
function quantile(values: ArrayLike<number>, q: number): number {
  const sorted = Float64Array.from(Array.from(values).filter(Number.isFinite)).sort()
  return sorted.length === 0 ? 0 : sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))]
}
