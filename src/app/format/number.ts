const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  '-': '⁻', '0': '⁰', '1': '¹', '2': '²', '3': '³', '4': '⁴', '5': '⁵', '6': '⁶', '7': '⁷', '8': '⁸', '9': '⁹',
}

/** Whole numbers with thousands separators: 42310 → "42,310". */
export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** Significant digits, with a power of ten outside 0.001 … 99999: 0.0000123 → "1.23 × 10⁻⁵". */
export function formatNumber(value: number, digits = 3): string {
  if (Number.isNaN(value)) return 'not a number'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  if (value === 0) return '0'
  const magnitude = Math.abs(value)
  if (magnitude >= 1e-3 && magnitude < 1e5) return minus(plain(value, digits))
  return power(value, digits)
}

/** A setting as it was typed, without rounding: 0.0001 → "0.0001", 5e-7 → "5e-7". */
export function formatSetting(value: number): string {
  return Math.abs(value) >= 1e-4 || value === 0 ? String(value) : value.toExponential().replace('e+', 'e')
}

/** A share between 0 and 1 as per cent: 0.9712 → "97.1 %". */
export function formatShare(share: number, decimals = 1): string {
  return Number.isFinite(share) ? `${minus((100 * share).toFixed(decimals))} %` : 'not a number'
}

function plain(value: number, digits: number): string {
  const magnitude = Math.abs(value)
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(magnitude)))
  return value.toLocaleString('en-US', { maximumFractionDigits: Math.min(decimals, 20) })
}

function power(value: number, digits: number): string {
  const [mantissa, exponent] = value.toExponential(digits - 1).split('e')
  const raised = [...String(Number(exponent))].map((sign) => SUPERSCRIPTS[sign] ?? sign).join('')
  return minus(`${mantissa} × 10${raised}`)
}

function minus(text: string): string {
  return text.replace('-', '−')
}
