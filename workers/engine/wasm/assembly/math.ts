/**
 * Elementary functions on four lanes to about 2e-7 of their value, from additions, products, divisions and square
 * roots alone, so that every machine gives the same bits. The polynomials are minimax fits of the stated remainders.
 */

// @ts-ignore: decorator
@inline
function multiplyAdd(sum: f32, x: v128, factor: v128): v128 {
  return f32x4.add(f32x4.splat(sum), f32x4.mul(x, factor))
}

/** 2ⁿ for whole n of −126 to 127. */
// @ts-ignore: decorator
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23)
}

/** 1.5·2²³: the sum with a number of moderate size is that number rounded, in the last bits. */
const ROUNDER: f32 = 12582912

/** eˣ; infinite from 89 on and 0 below −104. Remainder: (eʳ − 1 − r)/r² on |r| ≤ ln 2/2. */
// @ts-ignore: decorator
@inline
export function exp(value: v128): v128 {
  // In this order of operands a NaN stays.
  const x = f32x4.pmax(f32x4.pmin(value, f32x4.splat(89)), f32x4.splat(-104))
  const rounded = f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504)), f32x4.splat(ROUNDER))
  const n = f32x4.sub(rounded, f32x4.splat(ROUNDER))
  // ln 2 in two parts: the first has so few digits that its product with n is exact.
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375))), f32x4.mul(n, f32x4.splat(-2.12194440e-4)))
  let p = multiplyAdd(0.008368715412, r, f32x4.splat(0.001381459986))
  p = multiplyAdd(0.04166838793, r, p)
  p = multiplyAdd(0.1666652064, r, p)
  p = multiplyAdd(0.4999999345, r, p)
  p = f32x4.add(f32x4.splat(1), f32x4.add(r, f32x4.mul(f32x4.mul(r, r), p)))
  const whole = i32x4.sub(rounded, f32x4.splat(ROUNDER))
  const half = i32x4.shr_s(whole, 1)
  return f32x4.mul(f32x4.mul(p, powerOfTwo(half)), powerOfTwo(i32x4.sub(whole, half)))
}

/** log(1 + x) for x in [0, 1] as 2·artanh(x/(2 + x)). Remainder: (artanh(s)/s − 1)/s² on s² ≤ 1/9. */
// @ts-ignore: decorator
@inline
export function log1p(x: v128): v128 {
  const s = f32x4.div(x, f32x4.add(f32x4.splat(2), x))
  const z = f32x4.mul(s, s)
  let p = multiplyAdd(0.107138284, z, f32x4.splat(0.121504691))
  p = multiplyAdd(0.143084424, z, p)
  p = multiplyAdd(0.199994389, z, p)
  p = multiplyAdd(0.333333378, z, p)
  const twice = f32x4.add(s, s)
  return f32x4.add(twice, f32x4.mul(twice, f32x4.mul(z, p)))
}

/** tanh(x), where `decay` is e^(−2|x|). Remainder: (tanh(x)/x − 1)/x² on |x| ≤ 0.625. */
// @ts-ignore: decorator
@inline
export function tanhFrom(decay: v128, x: v128): v128 {
  const z = f32x4.mul(x, x)
  let p = multiplyAdd(0.020650579, z, f32x4.splat(-0.0057170366))
  p = multiplyAdd(-0.0537434953, z, p)
  p = multiplyAdd(0.1333149125, z, p)
  p = multiplyAdd(-0.3333328392, z, p)
  const near = f32x4.add(x, f32x4.mul(x, f32x4.mul(z, p)))
  const one = f32x4.splat(1)
  const far = f32x4.div(f32x4.sub(one, decay), f32x4.add(one, decay))
  const sign = v128.and(x, f32x4.splat(-0.0))
  return v128.bitselect(near, v128.or(far, sign), f32x4.lt(f32x4.abs(x), f32x4.splat(0.625)))
}

/** From here on the density of the normal distribution is 0 in single precision. */
const FAR: f32 = 15

/** φ(x), the density of the normal distribution. x² is split, because its rounding would show in the exponential. */
// @ts-ignore: decorator
@inline
export function normalDensity(x: v128): v128 {
  const a = f32x4.pmin(f32x4.abs(x), f32x4.splat(FAR))
  const high = v128.and(a, i32x4.splat(0xfffff000))
  const half = f32x4.splat(0.5)
  const low = f32x4.mul(half, f32x4.mul(f32x4.sub(high, a), f32x4.add(high, a)))
  let p = multiplyAdd(0.1666666667, low, f32x4.splat(0.0416666667))
  p = multiplyAdd(0.5, low, p)
  p = multiplyAdd(1, low, p)
  p = multiplyAdd(1, low, p)
  const main = exp(f32x4.neg(f32x4.mul(half, f32x4.mul(high, high))))
  return f32x4.mul(f32x4.splat(0.3989422804), f32x4.mul(main, p))
}

/** Φ(x), where `density` is φ(x). Fit: Mills' ratio (1 − Φ(a))/φ(a) divided by t = 1/(1 + 0.3a) on 0 ≤ a ≤ 16. */
// @ts-ignore: decorator
@inline
export function normalCumulative(density: v128, x: v128): v128 {
  const one = f32x4.splat(1)
  const a = f32x4.pmin(f32x4.abs(x), f32x4.splat(FAR))
  const t = f32x4.div(one, multiplyAdd(1, a, f32x4.splat(0.3)))
  let p = multiplyAdd(0.281927918, t, f32x4.splat(-0.0517120569))
  p = multiplyAdd(-0.572274850, t, p)
  p = multiplyAdd(0.481048633, t, p)
  p = multiplyAdd(-0.199358959, t, p)
  p = multiplyAdd(0.241182868, t, p)
  p = multiplyAdd(0.196438208, t, p)
  p = multiplyAdd(0.276331702, t, p)
  p = multiplyAdd(0.299720515, t, p)
  p = multiplyAdd(0.300010126, t, p)
  const tail = f32x4.mul(density, f32x4.mul(t, p))
  return v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(x, f32x4.splat(0)))
}
