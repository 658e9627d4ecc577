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

/** index / divisor and index % divisor in WGSL, folded where the divisor is 1. */
export function over(index: string, divisor: number): string {
  return divisor === 1 ? index : `(${index}) / ${u32(divisor)}`
}

export function modulo(index: string, divisor: number): string {
  return divisor === 1 ? '0u' : `(${index}) % ${u32(divisor)}`
}

/** Conditions that all hold. `&&` branches instead, and a shader full of branches takes software adapters minutes to compile. */
export function all(...conditions: readonly string[]): string {
  return conditions.length === 1 ? conditions[0] : conditions.map((condition) => `(${condition})`).join(' & ')
}
