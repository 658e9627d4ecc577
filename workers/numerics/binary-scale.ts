import { binaryExponent, powerOfTwo } from './deterministic-math.ts'

/** Keeps both the scale and its inverse normal doubles. */
const LARGEST_EXPONENT = 1000

/**
 * Power of two that brings the largest |entry| near one: multiplying by it is exact, and squares of the
 * scaled entries cannot overflow. One for a zero matrix. Throws at the first entry that is not finite.
 *
 * @param subject what the values belong to, for the error text
 */
export function unitScale(values: Float64Array, subject: string): number {
  let largest = 0
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i])
    if (!(size < Infinity)) throw new RangeError(`${subject}: entry ${i} is ${values[i]}; every entry must be finite`)
    if (size > largest) largest = size
  }
  if (largest === 0) return 1
  const exponent = Math.min(LARGEST_EXPONENT, Math.max(-LARGEST_EXPONENT, binaryExponent(largest)))
  return powerOfTwo(-exponent)
}
