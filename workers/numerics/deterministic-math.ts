/**
 * Natural logarithm and exponential with the same bits on every machine.
 *
 * `Math.log` and `Math.exp` may differ between JavaScript engines in the last bit; these use only
 * + − × ÷ and the bit pattern of a double, which IEEE 754 defines exactly. Both split ln 2 into two
 * parts (Cody and Waite 1980) and sum the Taylor series on the short interval that remains.
 * The error stays below one unit in the last place.
 */

/** Leading 33 bits of ln 2: a product with any exponent (11 bits) is exact. */
const LN2_HIGH = 6.9314718036912382e-1
/** ln 2 − LN2_HIGH. */
const LN2_LOW = 1.9082149292705877e-10
const INVERSE_LN2 = 1.4426950408889634
const SQRT2 = 1.4142135623730951
const TWO_POW_54 = 18014398509481984
const SMALLEST_NORMAL = 2.2250738585072014e-308
const TWO_POW_52 = 4503599627370496

/** exp(x) overflows above and is zero below (ln of the largest and half the smallest double). */
const EXP_OVERFLOW = 709.782712893384
const EXP_UNDERFLOW = -745.1332191019412

/** |s| ≤ 0.1716 in the logarithm: s²ᵏ/(2k+1) is below 2⁻⁵⁶ from k = 11 on. */
const LOG_TERMS = 11
/** |r| ≤ 0.3466 in the exponential: rᵏ/k! is below 2⁻⁵⁷ from k = 14 on. */
const EXP_COEFFICIENTS = inverseFactorials(13)

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)
const HIGH_WORD = littleEndian() ? 1 : 0

/** Natural logarithm; NaN below zero, −∞ at zero. */
export function log(x: number): number {
  if (x !== x || x < 0) return NaN
  if (x === 0) return -Infinity
  if (x === Infinity) return x
  let exponent = binaryExponent(x)
  words[HIGH_WORD] = (words[HIGH_WORD] & 0x000fffff) | 0x3ff00000
  let mantissa = double[0]
  if (mantissa > SQRT2) {
    mantissa /= 2
    exponent += 1
  }
  return logNearOne(mantissa - 1, exponent)
}

/** exponent · ln 2 + log(1 + f) for |f| < 0.42, as f − f²/2 + s (f²/2 + R) with s = f/(2+f). */
function logNearOne(f: number, exponent: number): number {
  const s = f / (2 + f)
  const z = s * s
  let series = 0
  for (let k = LOG_TERMS; k >= 1; k--) series = z * (series + 2 / (2 * k + 1))
  const halfSquare = 0.5 * f * f
  const correction = s * (halfSquare + series) + exponent * LN2_LOW
  return exponent * LN2_HIGH - (halfSquare - correction - f)
}

/** Exponential function; Infinity above 709.78, zero below −745.13. */
export function exp(x: number): number {
  if (x !== x) return NaN
  if (x > EXP_OVERFLOW) return Infinity
  if (x < EXP_UNDERFLOW) return 0
  const exponent = Math.round(x * INVERSE_LN2)
  const high = x - exponent * LN2_HIGH
  const low = exponent * LN2_LOW
  const r = high - low
  let series = 0
  for (let k = EXP_COEFFICIENTS.length - 1; k >= 2; k--) series = EXP_COEFFICIENTS[k] + r * series
  return scaleByPowerOfTwo(1 - (low - r * r * series - high), exponent)
}

function scaleByPowerOfTwo(value: number, exponent: number): number {
  // Two factors, since 2^exponent itself may be out of range while the product is not.
  const half = exponent >> 1
  return value * powerOfTwo(half) * powerOfTwo(exponent - half)
}

/** ⌊log₂ x⌋ for a finite x > 0. */
export function binaryExponent(x: number): number {
  const subnormal = x < SMALLEST_NORMAL
  double[0] = subnormal ? x * TWO_POW_54 : x
  return (words[HIGH_WORD] >>> 20) - 1023 - (subnormal ? 54 : 0)
}

/** 2^exponent, exactly; −1022 ≤ exponent ≤ 1023. */
export function powerOfTwo(exponent: number): number {
  double[0] = 0
  words[HIGH_WORD] = (exponent + 1023) << 20
  return double[0]
}

function inverseFactorials(last: number): Float64Array {
  const table = new Float64Array(last + 1)
  let factorial = 1
  for (let k = 0; k <= last; k++) {
    if (k > 1) factorial *= k
    table[k] = 1 / factorial
  }
  return table
}

function littleEndian(): boolean {
  double[0] = TWO_POW_52
  return words[1] !== 0
}

/** baseⁿ for a whole n ≥ 0, by repeated squaring: products only, so the same bits everywhere. */
export function powerOf(base: number, n: number): number {
  let [result, square] = [1, base]
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= square
    square *= square
  }
  return result
}

/** cos(x) for |x| ≤ π/2, by its series: to about 1e-16. */
export function cosine(x: number): number {
  let [sum, term] = [1, 1]
  for (let k = 2; k <= 24; k += 2) {
    term *= (-x * x) / (k * (k - 1))
    sum += term
  }
  return sum
}
