const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹'
const MINUS = '−'

/** Numbers outside these limits are written with a power of ten. */
const PLAIN_FROM = 1e-3
const PLAIN_BELOW = 1e5

/** A number for people: three significant digits, `1.23 × 10⁻⁵` when very large or small, "–" when there is none. */
export function formatNumber(value: number, digits = 3): string {
  if (Number.isNaN(value)) return '–'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`
  if (value === 0) return '0'
  const [mantissa, exponent] = Math.abs(value).toExponential(digits - 1).split('e')
  const size = Number(`${mantissa}e${exponent}`)
  const sign = value < 0 ? MINUS : ''
  if (size >= PLAIN_FROM && size < PLAIN_BELOW) return sign + grouped(plain(size, Number(exponent), digits))
  return `${sign}${mantissa} × 10${superscript(Number(exponent))}`
}

/** A number that someone chose, in full: no zeros after its last digit. */
export function formatSetting(value: number, digits = 6): string {
  return formatNumber(value, digits).replace(/(\.\d*?)0+(?=\D|$)/, '$1').replace(/\.(?=\D|$)/, '')
}

/**
 * Mean and standard deviation with digits that mean something: `0.9989 ± 0.0003`, `(1.23 ± 0.04) × 10⁻⁵`. The mean
 * alone where there is no deviation.
 */
export function formatSpread({ mean, deviation }: { readonly mean: number; readonly deviation: number }): string {
  if (!Number.isFinite(mean) || !Number.isFinite(deviation)) return formatNumber(mean)
  if (deviation <= ROUNDING * Math.abs(mean)) return `${formatNumber(mean)} ± 0`
  const size = Math.max(Math.abs(mean), deviation)
  if (size >= PLAIN_FROM && size < PLAIN_BELOW) return `${fixed(mean, deviation)} ± ${fixed(deviation, deviation)}`
  const exponent = Math.floor(Math.log10(size))
  const [scaledMean, scaled] = [mean / 10 ** exponent, deviation / 10 ** exponent]
  return `(${fixed(scaledMean, scaled)} ± ${fixed(scaled, scaled)}) × 10${superscript(exponent)}`
}

/** An estimate with its standard error, `12.3 ± 0.4`; alone where there is none. */
export function formatEstimate({ value, standardError }: { readonly value: number; readonly standardError: number | null }): string {
  return standardError === null ? formatNumber(value) : formatSpread({ mean: value, deviation: standardError })
}

/** As {@link formatEstimate}, of a share: `2.1 ± 0.3 %`. */
export function formatShareEstimate({ value, standardError }: { readonly value: number; readonly standardError: number | null }): string {
  return standardError === null ? formatShare(value) : formatShareSpread({ mean: value, deviation: standardError })
}

/** Mean and standard deviation of a share: `96.1 ± 0.2 %`. */
export function formatShareSpread({ mean, deviation }: { readonly mean: number; readonly deviation: number }): string {
  if (!Number.isFinite(mean) || !Number.isFinite(deviation)) return formatShare(mean)
  return `${formatSpread({ mean: 100 * mean, deviation: 100 * deviation })} %`
}

/** A count, with a comma every three digits: `42,310`. */
export function formatCount(value: number): string {
  return Number.isFinite(value) ? grouped(String(Math.round(value))).replace('-', MINUS) : '–'
}

/** A share as a percentage: 0.982 is `98.2 %`. */
export function formatShare(value: number): string {
  return Number.isFinite(value) ? `${(100 * value).toFixed(1)} %` : '–'
}

/** R² keeps the digits that tell 0.9998 from 1. */
export function formatR2(value: number): string {
  return Number.isFinite(value) ? value.toFixed(4).replace('-', MINUS) : '–'
}

/** Values with null, which Plotly draws as a gap and a table leaves blank, for those that are not finite. */
export function finiteOrNull(values: ArrayLike<number>): (number | null)[] {
  return Array.from(values, (value) => (Number.isFinite(value) ? value : null))
}

/** "1 singular value", "3 singular values". */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`
}

function plain(size: number, exponent: number, digits: number): string {
  return size.toFixed(Math.max(0, digits - 1 - exponent))
}

function grouped(text: string): string {
  const [whole, fraction] = text.split('.')
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? separated : `${separated}.${fraction}`
}

/** Deviations of this share of the mean come from rounding. */
const ROUNDING = 1e-14

/** Most decimals that a spread is written with. */
const MOST_DECIMALS = 6

/** A number with the decimals that its deviation is known to: one digit of it, two when that is a 1. */
function fixed(value: number, deviation: number): string {
  const [mantissa, exponent] = deviation.toExponential(1).split('e')
  const decimals = Math.min(MOST_DECIMALS, Math.max(0, (mantissa.startsWith('1') ? 1 : 0) - Number(exponent)))
  return grouped(value.toFixed(decimals)).replace('-', MINUS)
}

function superscript(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]).join('')
  return exponent < 0 ? `⁻${digits}` : digits
}
