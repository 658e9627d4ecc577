import { firstRow, operandAt, rowOf } from './operand'
import * as rates from './rates'
import { lanesBelow } from './write'

/** Head of a descriptor; gradient, its scale, weights, first and second moment lie from word 5 on. */
@unmanaged
class Update {
  kind: u32
  rule: u32
  decayed: u32
  rows: u32
  columns: u32
}

/** Rules, in the numbering of the encoder. */
const SGD: u32 = 0
const NESTEROV: u32 = 1
const ADAM: u32 = 2
const RMSPROP: u32 = 3

/** What the update in progress multiplies gradients and weights by. */
let gradientScale: v128 = f32x4.splat(1)
let decay: v128 = f32x4.splat(0)
let shrink: v128 = f32x4.splat(1)

// @ts-ignore: decorator
@inline
function signOf(x: v128): v128 {
  const zero = f32x4.splat(0)
  const one = f32x4.splat(1)
  const sign = f32x4.sub(v128.and(one, f32x4.gt(x, zero)), v128.and(one, f32x4.lt(x, zero)))
  return v128.bitselect(sign, x, f32x4.eq(x, x))
}

/** β·old + (1 − β)·new. */
// @ts-ignore: decorator
@inline
function average(beta: v128, rest: v128, old: v128, next: v128): v128 {
  return f32x4.add(f32x4.mul(beta, old), f32x4.mul(rest, next))
}

// @ts-ignore: decorator
@inline
function store4(place: usize, old: v128, value: v128, lanes: v128): void {
  v128.store(place, v128.bitselect(value, old, lanes))
}

/** Four weights; lanes that do not exist keep their bits. Moments at address 0 do not exist. */
// @ts-ignore: decorator
@inline
function updateFour(rule: u32, gradient: usize, weights: usize, first: usize, second: usize, lanes: v128): void {
  const w = v128.load(weights)
  const g = f32x4.add(f32x4.mul(gradientScale, v128.load(gradient)), f32x4.mul(decay, w))
  const m = first != 0 ? v128.load(first) : f32x4.splat(0)
  const s = second != 0 ? v128.load(second) : f32x4.splat(0)
  const eta = rates.learningRate
  let step: v128
  let nextFirst: v128
  let nextSecond = s
  if (rule == ADAM || rule == RMSPROP) nextSecond = average(rates.secondMomentum, rates.restOfSecond, s, f32x4.mul(g, g))
  const root = f32x4.add(f32x4.sqrt(nextSecond), rates.epsilon)
  if (rule == SGD) {
    nextFirst = step = f32x4.sub(f32x4.mul(rates.momentum, m), f32x4.mul(eta, g))
  } else if (rule == NESTEROV) {
    nextFirst = f32x4.sub(f32x4.mul(rates.momentum, m), f32x4.mul(eta, g))
    step = f32x4.sub(f32x4.mul(rates.momentum, nextFirst), f32x4.mul(eta, g))
  } else if (rule == ADAM) {
    nextFirst = average(rates.momentum, rates.restOfMomentum, m, g)
    step = f32x4.neg(f32x4.div(f32x4.mul(eta, nextFirst), root))
  } else if (rule == RMSPROP) {
    nextFirst = step = f32x4.sub(f32x4.mul(rates.momentum, m), f32x4.div(f32x4.mul(eta, g), root))
  } else {
    step = f32x4.neg(f32x4.mul(eta, signOf(average(rates.momentum, rates.restOfMomentum, m, g))))
    nextFirst = average(rates.secondMomentum, rates.restOfSecond, m, g)
  }
  store4(weights, w, f32x4.add(f32x4.mul(shrink, w), step), lanes)
  if (first != 0) store4(first, m, nextFirst, lanes)
  if (second != 0) store4(second, s, nextSecond, lanes)
}

// @ts-ignore: decorator
@inline
function updateRow(rule: u32, columns: u32, gradient: usize, weights: usize, first: usize, second: usize): void {
  for (let j: u32 = 0; j < columns; j += 4, gradient += 16, weights += 16) {
    updateFour(rule, gradient, weights, first, second, lanesBelow(columns - j))
    if (first != 0) first += 16
    if (second != 0) second += 16
  }
}

/** One optimiser step on a parameter. */
export function update(descriptor: usize): void {
  const head = changetype<Update>(descriptor)
  const gradient = operandAt(descriptor, 5)
  const scale = operandAt(descriptor, 9)
  const weights = operandAt(descriptor, 13)
  const first = operandAt(descriptor, 17)
  const second = operandAt(descriptor, 21)
  const columns = head.columns
  gradientScale = scale.base != 0 ? v128.load_splat<f32>(firstRow(scale)) : f32x4.splat(1)
  decay = head.decayed != 0 ? rates.twiceDecay : f32x4.splat(0)
  shrink = head.decayed != 0 ? rates.restOfWeights : f32x4.splat(1)
  for (let r: u32 = 0; r < head.rows; r++) {
    const g = rowOf(gradient, r)
    const w = rowOf(weights, r)
    const m = first.base != 0 ? rowOf(first, r) : 0
    const s = second.base != 0 ? rowOf(second, r) : 0
    switch (head.rule) {
      case SGD: updateRow(SGD, columns, g, w, m, s); break
      case NESTEROV: updateRow(NESTEROV, columns, g, w, m, s); break
      case ADAM: updateRow(ADAM, columns, g, w, m, s); break
      case RMSPROP: updateRow(RMSPROP, columns, g, w, m, s); break
      default: updateRow(4, columns, g, w, m, s)
    }
  }
}
