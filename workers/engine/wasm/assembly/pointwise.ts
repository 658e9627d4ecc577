import { operandAt, rowOf } from './operand'
import { smoothRow } from './smooth'
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
/** The functions of smooth.ts have this number and higher ones. */
const SMOOTH: u32 = 9

/** What a norm of zero is taken for by `clipFactor`. */
const SMALLEST_NORM: f32 = 1e-6

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
    if (apply >= SMOOTH) {
      smoothRow(apply - SMOOTH, r, x, y, columns)
      continue
    }
    switch (apply) {
      case COPY: applyToRow(COPY, r, x, y, columns, factor, rest); break
      case SCALE: applyToRow(SCALE, r, x, y, columns, factor, rest); break
      case RELU: applyToRow(RELU, r, x, y, columns, factor, rest); break
      case ADD: applyToRow(ADD, r, x, y, columns, factor, rest); break
      case MULTIPLY: applyToRow(MULTIPLY, r, x, y, columns, factor, rest); break
      case MASK_POSITIVE: applyToRow(MASK_POSITIVE, r, x, y, columns, factor, rest); break
      case MIX: applyToRow(MIX, r, x, y, columns, factor, rest); break
      case INVERSE_SQRT: applyToRow(INVERSE_SQRT, r, x, y, columns, factor, rest); break
      default: applyToRow(CLIP_FACTOR, r, x, y, columns, factor, rest)
    }
  }
}
