/** Seconds as a person says them: 0.4 → "under a second", 75 → "1 min 15 s". */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return 'an unknown time'
  if (seconds < 1) return 'under a second'
  if (seconds < 60) return `${Math.round(seconds)} s`
  if (seconds < 3600) return pair(seconds, 60, 'min', 's')
  return pair(seconds / 60, 60, 'h', 'min')
}

/** An estimate of seconds: "about 9 s", "under a second". */
export function formatEstimate(seconds: number): string {
  return Number.isFinite(seconds) && seconds < 1 && seconds >= 0 ? 'under a second' : `about ${formatDuration(seconds)}`
}

/** Measured seconds with their digits: 0.0421 → "0.04 s", 12.34 → "12.3 s"; what would read zero is "under 0.01 s". */
export function formatSeconds(seconds: number): string {
  if (seconds >= 60) return formatDuration(seconds)
  if (seconds >= 0 && seconds < 0.005) return 'under 0.01 s'
  return `${seconds.toFixed(seconds < 1 ? 2 : 1)} s`
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

/** Bytes in powers of a thousand: 12_300_000 → "12 MB". */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes)
  let unit = 0
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`
}

/** Milliseconds of a training step: 0.312 → "0.31 ms". */
export function formatMilliseconds(milliseconds: number): string {
  const decimals = milliseconds < 1 ? 2 : milliseconds < 10 ? 1 : 0
  return `${milliseconds.toFixed(decimals)} ms`
}

/** "1 epoch", "12 epochs". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`
}

function pair(value: number, base: number, large: string, small: string): string {
  const whole = Math.round(value)
  const rest = whole % base
  const first = `${Math.floor(whole / base)} ${large}`
  return rest === 0 ? first : `${first} ${rest} ${small}`
}
