/** WGSL literal of a non-negative integer. */
export function u32(value: number): string {
  return `${value}u`
}

/** WGSL literal of an integer. */
export function i32(value: number): string {
  return value < 0 ? `(${value}i)` : `${value}i`
}

/** WGSL literal of a finite float; the shortest text that reads back to the same float32. */
export function f32(value: number): string {
  const rounded = Math.fround(value)
  if (!Number.isFinite(rounded)) throw new RangeError(`wgsl: constant ${value} is not a finite float32`)
  return `f32(${rounded})`
}

/** Sum of WGSL terms, without zeros. */
export function plus(...terms: readonly string[]): string {
  const used = terms.filter((term) => term !== '0u')
  return used.length === 0 ? '0u' : used.join(' + ')
}

/** index · factor in WGSL, folded where the factor is 0 or 1. */
export function times(index: string, factor: number): string {
  if (factor === 0 || index === '0u') return '0u'
  return factor === 1 ? index : `(${index}) * ${u32(factor)}`
}

/** index / divisor in WGSL. Software adapters divide lane by lane: powers of two are shifted instead. */
export function over(index: string, divisor: number): string {
  if (divisor === 1) return index
  return isPowerOfTwo(divisor) ? `((${index}) >> ${u32(Math.log2(divisor))})` : `((${index}) / ${u32(divisor)})`
}

/** index % divisor in WGSL. */
export function modulo(index: string, divisor: number): string {
  if (divisor === 1) return '0u'
  return isPowerOfTwo(divisor) ? `((${index}) & ${u32(divisor - 1)})` : `((${index}) % ${u32(divisor)})`
}

/** Statements that divide a name once for both parts: `quotient` and `remainder` are the names they get. */
export function divided(index: string, divisor: number, quotient: string, remainder: string): string {
  const rest = isPowerOfTwo(divisor) ? modulo(index, divisor) : `${index} - ${times(quotient, divisor)}`
  return `let ${quotient} = ${over(index, divisor)};\nlet ${remainder} = ${rest};`
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value))
}

/** Conditions that all hold. `&&` branches instead, and a shader full of branches takes software adapters minutes to compile. */
export function all(...conditions: readonly string[]): string {
  return conditions.length === 1 ? conditions[0] : conditions.map((condition) => `(${condition})`).join(' & ')
}
