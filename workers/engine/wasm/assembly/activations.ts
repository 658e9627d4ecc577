import { exp, log1p, normalCumulative, normalDensity, tanhFrom } from './math'

/** Functions with their first and second derivatives. Differences of nearly equal numbers are avoided, so that tails keep their digits. */

// @ts-ignore: decorator
@inline
function decayOf(x: v128): v128 {
  return exp(f32x4.neg(f32x4.abs(x)))
}

/** e/(1 + e)² of e = e^(−|x|): σ(x)·σ(−x). */
// @ts-ignore: decorator
@inline
function bell(decay: v128): v128 {
  const sum = f32x4.add(f32x4.splat(1), decay)
  return f32x4.div(decay, f32x4.mul(sum, sum))
}

// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  return tanhFrom(decayOf(f32x4.add(x, x)), x)
}

// @ts-ignore: decorator
@inline
export function tanhSlope(x: v128): v128 {
  return f32x4.mul(f32x4.splat(4), bell(decayOf(f32x4.add(x, x))))
}

// @ts-ignore: decorator
@inline
export function tanhCurvature(x: v128): v128 {
  const decay = decayOf(f32x4.add(x, x))
  return f32x4.mul(f32x4.splat(-8), f32x4.mul(tanhFrom(decay, x), bell(decay)))
}

// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1)
  const decay = decayOf(x)
  return f32x4.div(v128.bitselect(decay, one, f32x4.lt(x, f32x4.splat(0))), f32x4.add(one, decay))
}

// @ts-ignore: decorator
@inline
export function sigmoidSlope(x: v128): v128 {
  return bell(decayOf(x))
}

// @ts-ignore: decorator
@inline
export function sigmoidCurvature(x: v128): v128 {
  const decay = decayOf(x)
  return f32x4.neg(f32x4.mul(bell(decay), tanhFrom(decay, f32x4.mul(f32x4.splat(0.5), x))))
}

// @ts-ignore: decorator
@inline
export function softplus(x: v128): v128 {
  return f32x4.add(f32x4.pmax(x, f32x4.splat(0)), log1p(decayOf(x)))
}

// @ts-ignore: decorator
@inline
export function gelu(x: v128): v128 {
  return f32x4.mul(x, normalCumulative(normalDensity(x), x))
}

// @ts-ignore: decorator
@inline
export function geluSlope(x: v128): v128 {
  const density = normalDensity(x)
  return f32x4.add(normalCumulative(density, x), f32x4.mul(x, density))
}

// @ts-ignore: decorator
@inline
export function geluCurvature(x: v128): v128 {
  return f32x4.mul(f32x4.sub(f32x4.splat(2), f32x4.mul(x, x)), normalDensity(x))
}
