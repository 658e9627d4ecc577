import { firstRow, operandAt } from './operand'
import { learningRate, momentum, twiceDecay } from './rates'

/** Write modes, in the numbering of the encoder. */
export const ASSIGN: u32 = 0
export const ACCUMULATE: u32 = 1
export const SGD: u32 = 2
export const MOMENTUM: u32 = 3

/** Where the kernel in progress writes. */
let mode: u32 = ASSIGN
let to: usize = 0
let toStride: u32 = 0
let velocity: usize = 0
let velocityStride: u32 = 0
let decay: v128 = f32x4.splat(0)

/** Binds the write block at a descriptor address: mode, decayed, target operand, velocity operand. */
export function bindWrite(block: usize): void {
  mode = load<u32>(block)
  decay = load<u32>(block, 4) != 0 ? twiceDecay : f32x4.splat(0)
  const target = operandAt(block, 2)
  to = firstRow(target)
  toStride = target.rowStride
  const second = operandAt(block, 6)
  velocity = firstRow(second)
  velocityStride = second.rowStride
}

// @ts-ignore: decorator
@inline
export function writeMode(): u32 {
  return mode
}

/** Whether the rows of the target, n columns each, lie one behind the other. */
// @ts-ignore: decorator
@inline
export function targetIsDense(n: u32): bool {
  return toStride == n << 2
}

/** Address of column `column` (in bytes) of row r of the target. */
// @ts-ignore: decorator
@inline
export function targetAt(r: u32, column: usize): usize {
  return to + r * toStride + column
}

/** The same place in the velocity, whose rows may be spaced differently. */
// @ts-ignore: decorator
@inline
export function velocityAt(r: u32, column: usize): usize {
  return velocity + r * velocityStride + column
}

/** The lanes below `count`, all bits set. */
// @ts-ignore: decorator
@inline
export function lanesBelow(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count))
}

// @ts-ignore: decorator
@inline
function weightStep(gradient: v128, weights: v128): v128 {
  return f32x4.mul(learningRate, f32x4.add(gradient, f32x4.mul(decay, weights)))
}

/** Puts four values at a place of the target in a mode that is a constant at the call. */
// @ts-ignore: decorator
@inline
export function put(how: u32, place: usize, velocityPlace: usize, value: v128): void {
  if (how == ASSIGN) {
    v128.store(place, value)
  } else if (how == ACCUMULATE) {
    v128.store(place, f32x4.add(v128.load(place), value))
  } else if (how == SGD) {
    const weights = v128.load(place)
    v128.store(place, f32x4.sub(weights, weightStep(value, weights)))
  } else {
    const weights = v128.load(place)
    const next = f32x4.sub(f32x4.mul(momentum, v128.load(velocityPlace)), weightStep(value, weights))
    v128.store(velocityPlace, next)
    v128.store(place, f32x4.add(weights, next))
  }
}

/**
 * `put` for the lanes selected; the others keep their bits. Whole vectors are loaded and stored, so up to three
 * elements behind the last are rewritten unchanged: buffers end with padding for this.
 */
export function putLanes(place: usize, velocityPlace: usize, value: v128, lanes: v128): void {
  const old = v128.load(place)
  let next = value
  if (mode == ACCUMULATE) {
    next = f32x4.add(old, value)
  } else if (mode == SGD) {
    next = f32x4.sub(old, weightStep(value, old))
  } else if (mode == MOMENTUM) {
    const oldVelocity = v128.load(velocityPlace)
    const step = f32x4.sub(f32x4.mul(momentum, oldVelocity), weightStep(value, old))
    v128.store(velocityPlace, v128.bitselect(step, oldVelocity, lanes))
    next = f32x4.add(old, step)
  }
  v128.store(place, v128.bitselect(next, old, lanes))
}

/** Writes columns [column, column + 4) of row r, of which the first `count` exist. `column` counts elements. */
// @ts-ignore: decorator
@inline
export function putColumns(r: u32, column: u32, count: i32, value: v128): void {
  const offset: usize = column << 2
  putLanes(targetAt(r, offset), velocityAt(r, offset), value, lanesBelow(count))
}
