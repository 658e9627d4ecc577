import type { LayoutAxis } from 'plotly.js'
import type { Theme } from './figure-spec.ts'
import { formatNumber } from './numbers.ts'
import { extent } from './statistics.ts'
import { logAxis } from './template.ts'

/** How values of a spectrum are laid out on an axis; `forward` maps a value to its place. */
export interface ValueScale {
  readonly kind: 'linear' | 'log' | 'symlog'
  readonly forward: (value: number) => number
  readonly axis: Partial<LayoutAxis>
  /** What to add to the axis title; empty for a linear axis. */
  readonly note: string
}

/** Title of an axis with its scale: a long note takes the place of the words after the symbol. */
export function scaledTitle(title: string, { kind, note }: ValueScale): string {
  return kind === 'symlog' ? title.split(',')[0] + note : title + note
}

/** Decades below the largest magnitude at which a symmetric logarithmic axis turns linear. */
const SYMLOG_DECADES = 4

/**
 * A linear or a logarithmic axis for these values. Where some are not positive the logarithmic axis is symmetric about
 * zero: sign(y)·log₁₀(1 + |y|/c), with c stated on the axis, because Plotly has no such axis type.
 */
export function valueScale(wanted: 'linear' | 'log', values: readonly number[], theme: Theme): ValueScale {
  const finite = values.filter(Number.isFinite)
  if (wanted === 'linear' || finite.length === 0) return { kind: 'linear', forward: (value) => value, axis: {}, note: '' }
  if (finite.every((value) => value > 0)) return { kind: 'log', forward: (value) => value, axis: logAxis(theme), note: ' (log)' }
  return symlog(finite)
}

function symlog(values: readonly number[]): ValueScale {
  const largest = extent(values.map(Math.abs))[1]
  const top = largest > 0 ? Math.floor(Math.log10(largest)) : 0
  const linearBelow = 10 ** (top - SYMLOG_DECADES)
  const forward = (value: number) => Math.sign(value) * Math.log10(1 + Math.abs(value) / linearBelow)
  const powers = Array.from({ length: SYMLOG_DECADES }, (_, i) => 10 ** (top - i)).reverse()
  const negative = values.some((value) => value < 0) ? powers.map((power) => -power).reverse() : []
  const ticks = [...negative, 0, ...powers]
  return {
    kind: 'symlog',
    forward,
    axis: { tickmode: 'array', tickvals: ticks.map(forward), ticktext: ticks.map((tick) => formatNumber(tick, 1)) },
    note: ` (log, linear below ${formatNumber(linearBelow, 1)})`,
  }
}
