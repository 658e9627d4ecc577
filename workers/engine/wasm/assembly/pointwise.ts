import * as activations from './activations'
import { operandAt, rowOf } from './operand'
import { bindWrite, put, putColumns, ACCUMULATE, ASSIGN, targetAt, writeMode } from './write'

/** Head of a descriptor; the inputs lie at words 6 and 10, the write block at byte 56. */
@unmanaged
class Pointwise {
  kind: u32
  apply: u32
  rows: u32
  columns: u32
  factor: f32
  /** 1 − factor, rounded once. */
  rest: f32
}

const WRITE: usize = 56

/** What to apply, in the numbering of the encoder. */
const COPY: u32 = 0
const SCALE: u32 = 1
const RELU: u32 = 2
const ADD: u32 = 3
const MULTIPLY: u32 = 4
const MASK_POSITIVE: u32 = 5
const MIX: u32 = 6
const INVERSE_SQRT: u32 = 7
const CLIP_FACTOR: u32 = 8
const TANH: u32 = 9
const SIGMOID: u32 = 10
const SOFTPLUS: u32 = 11
const GELU: u32 = 12
const TANH_SLOPE: u32 = 13
const SIGMOID_SLOPE: u32 = 14
const SOFTPLUS_SLOPE: u32 = 15
const GELU_SLOPE: u32 = 16
const TANH_CURVATURE: u32 = 17
const SIGMOID_CURVATURE: u32 = 18
const SOFTPLUS_CURVATURE: u32 = 19

/** What a norm of zero is taken for by `clipFactor`. */
const SMALLEST_NORM: f32 = 1e-6

/** Smooth functions; not inlined, for they are long. */
function smooth(apply: u32, x: v128): v128 {
  switch (apply) {
    case TANH: return activations.tanh(x)
    case SIGMOID: case SOFTPLUS_SLOPE: return activations.sigmoid(x)
    case SOFTPLUS: return activations.softplus(x)
    case GELU: return activations.gelu(x)
    case TANH_SLOPE: return activations.tanhSlope(x)
    case SIGMOID_SLOPE: case SOFTPLUS_CURVATURE: return activations.sigmoidSlope(x)
    case GELU_SLOPE: return activations.geluSlope(x)
    case TANH_CURVATURE: return activations.tanhCurvature(x)
    case SIGMOID_CURVATURE: return activations.sigmoidCurvature(x)
    default: return activations.geluCurvature(x)
  }
}

/** One step towards a norm of at most `limit`: min(1, limit/(√x + 1e-6)). */
// @ts-ignore: decorator
@inline
function clipFactor(x: v128, limit: v128): v128 {
  return f32x4.min(f32x4.splat(1), f32x4.div(limit, f32x4.add(f32x4.sqrt(x), f32x4.splat(SMALLEST_NORM))))
}

// @ts-ignore: decorator
@inline
function valueOf(apply: u32, x: usize, y: usize, factor: v128, rest: v128): v128 {
  const left = v128.load(x)
  if (apply == COPY) return left
  if (apply == SCALE) return f32x4.mul(factor, left)
  if (apply == RELU) return f32x4.max(left, f32x4.splat(0))
  if (apply == INVERSE_SQRT) return f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(left, factor)))
  if (apply == CLIP_FACTOR) return clipFactor(left, factor)
  const right = v128.load(y)
  if (apply == ADD) return f32x4.add(left, right)
  if (apply == MULTIPLY) return f32x4.mul(left, right)
  if (apply == MIX) return f32x4.add(f32x4.mul(factor, left), f32x4.mul(rest, right))
  return v128.and(left, f32x4.gt(right, f32x4.splat(0)))
}

/** f(x), or x·f′(y) and x·f″(y). */
function smoothRow(apply: u32, r: u32, x: usize, y: usize, columns: u32): void {
  for (let j: u32 = 0; j < columns; j += 4, x += 16, y += 16) {
    const value = apply < TANH_SLOPE ? smooth(apply, v128.load(x)) : f32x4.mul(v128.load(x), smooth(apply, v128.load(y)))
    putColumns(r, j, columns - j, value)
  }
}

// @ts-ignore: decorator
@inline
function applyToRow(apply: u32, r: u32, x: usize, y: usize, columns: u32, factor: v128, rest: v128): void {
  const how = writeMode()
  let j: u32 = 0
  if (how == ASSIGN) {
    for (; j + 4 <= columns; j += 4, x += 16, y += 16) put(ASSIGN, targetAt(r, j << 2), 0, valueOf(apply, x, y, factor, rest))
  } else if (how == ACCUMULATE) {
    for (; j + 4 <= columns; j += 4, x += 16, y += 16) put(ACCUMULATE, targetAt(r, j << 2), 0, valueOf(apply, x, y, factor, rest))
  }
  for (; j < columns; j += 4, x += 16, y += 16) putColumns(r, j, columns - j, valueOf(apply, x, y, factor, rest))
}

/** write ← f(inputs), element by element. */
export function pointwise(descriptor: usize): void {
  const head = changetype<Pointwise>(descriptor)
  const apply = head.apply
  const columns = head.columns
  const factor = f32x4.splat(head.factor)
  const rest = f32x4.splat(head.rest)
  const left = operandAt(descriptor, 6)
  const right = operandAt(descriptor, 10)
  bindWrite(descriptor + WRITE)
  for (let r: u32 = 0; r < head.rows; r++) {
    const x = rowOf(left, r)
    const y = rowOf(right, r)
    switch (apply) {
      case COPY: applyToRow(COPY, r, x, y, columns, factor, rest); break
      case SCALE: applyToRow(SCALE, r, x, y, columns, factor, rest); break
      case RELU: applyToRow(RELU, r, x, y, columns, factor, rest); break
      case ADD: applyToRow(ADD, r, x, y, columns, factor, rest); break
      case MULTIPLY: applyToRow(MULTIPLY, r, x, y, columns, factor, rest); break
      case MASK_POSITIVE: applyToRow(MASK_POSITIVE, r, x, y, columns, factor, rest); break
      case MIX: applyToRow(MIX, r, x, y, columns, factor, rest); break
      case INVERSE_SQRT: applyToRow(INVERSE_SQRT, r, x, y, columns, factor, rest); break
      case CLIP_FACTOR: applyToRow(CLIP_FACTOR, r, x, y, columns, factor, rest); break
      default: smoothRow(apply, r, x, y, columns)
    }
  }
}
