/** How plain values read in a link. */

/** How a value reads in a link. `parse` is lenient and leaves it to the schema to refuse; it never throws. */
export interface Codec<T> {
  readonly parse: (text: string) => unknown
  readonly format: (value: T) => string
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
export const NONE = 'none'

export function toNumber(text: string | undefined): number {
  return text !== undefined && DECIMAL.test(text) ? Number(text) : NaN
}

/** Decimal; the shortest text that reads back as the same number. */
export const decimal: Codec<number> = { parse: toNumber, format: String }

export const word: Codec<string> = { parse: (text) => text, format: (value) => value }

export const flag: Codec<boolean> = {
  parse: (text) => (text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text),
  format: String,
}

/** `2.kernel+2.bias`; some programs turn the plus of a link into a space. */
export const selection: Codec<string> = { parse: (text) => text.replaceAll(' ', '+'), format: (value) => value }

/** A value that may be null, for which a word stands. */
export function orNull<T>(codec: Codec<T>, nullWord: string): Codec<T | null> {
  return {
    parse: (text) => (text === nullWord ? null : codec.parse(text)),
    format: (value) => (value === null ? nullWord : codec.format(value)),
  }
}

/** Several values with a separator between; `none` for an empty list. */
export function list<T>(codec: Codec<T>, separator: string): Codec<readonly T[]> {
  return {
    parse: (text) => (text === NONE ? [] : text.split(separator).map((part) => codec.parse(part))),
    format: (values) => (values.length === 0 ? NONE : values.map((value) => codec.format(value)).join(separator)),
  }
}
