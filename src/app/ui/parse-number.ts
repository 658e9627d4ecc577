import { formatCount, formatSetting } from '../format/number.ts'

/** What a number box accepts. */
export interface NumberRange {
  readonly min: number
  readonly max: number
  readonly integer?: boolean
}

export type ParsedNumber = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly problem: string }

/** A number as people type it: "0.05", "5e-4", "10,000", "10 000". */
export function parseNumber(text: string, { min, max, integer = false }: NumberRange): ParsedNumber {
  const clean = text.trim().replace(/[\s,](?=\d{3}(\D|$))/g, '').replace('−', '-')
  const value = Number(clean)
  if (clean === '') return { ok: false, problem: 'Type a number.' }
  if (!Number.isFinite(value)) return { ok: false, problem: `"${text}" is no number.` }
  if (integer && !Number.isInteger(value)) return { ok: false, problem: 'Whole numbers only.' }
  if (value < min) return { ok: false, problem: `At least ${limit(min)}.` }
  if (value > max) return { ok: false, problem: `At most ${limit(max)}.` }
  return { ok: true, value }
}

/** A bound as people read it: 60000 → "60,000", 1e-12 as it is. */
function limit(bound: number): string {
  return Math.abs(bound) >= 1000 ? formatCount(bound) : formatSetting(bound)
}

/** Next value for an arrow key: steps of one for counts, of a 1–2–5 series for scales. */
export function nudge(value: number, direction: 1 | -1, scale: 'linear' | 'log'): number {
  if (scale === 'linear') return value + direction
  return nextRound(value, direction)
}

const SERIES = [1, 2, 5, 10]

function nextRound(value: number, direction: 1 | -1): number {
  if (value <= 0) return direction > 0 ? 1e-4 : 0
  const exponent = Math.floor(Math.log10(value) + 1e-9)
  const mantissa = value / 10 ** exponent
  const up = SERIES.find((m) => m > mantissa * 1.0001) ?? 10
  const down = [...SERIES].reverse().find((m) => m < mantissa * 0.9999) ?? 0.5
  return Number(((direction > 0 ? up : down) * 10 ** exponent).toPrecision(3))
}
