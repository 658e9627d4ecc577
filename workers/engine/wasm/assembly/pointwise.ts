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
  reserved: u32
}

const WRITE: usize = 56

/** What to apply, in the numbering of the encoder. */
const COPY: u32 = 0
const SCALE: u32 = 1
const RELU: u32 = 2
const ADD: u32 = 3
const MULTIPLY: u32 = 4
const MASK_POSITIVE: u32 = 5

// @ts-ignore: decorator
@inline
function valueOf(apply: u32, x: usize, y: usize, factor: v128): v128 {
  const left = v128.load(x)
  if (apply == COPY) return left
  if (apply == SCALE) return f32x4.mul(factor, left)
  if (apply == RELU) return f32x4.max(left, f32x4.splat(0))
  const right = v128.load(y)
  if (apply == ADD) return f32x4.add(left, right)
  if (apply == MULTIPLY) return f32x4.mul(left, right)
  return v128.and(left, f32x4.gt(right, f32x4.splat(0)))
}

// @ts-ignore: decorator
@inline
function applyToRow(apply: u32, r: u32, x: usize, y: usize, columns: u32, factor: v128): void {
  const how = writeMode()
  let j: u32 = 0
  if (how == ASSIGN) {
    for (; j + 4 <= columns; j += 4, x += 16, y += 16) put(ASSIGN, targetAt(r, j << 2), 0, valueOf(apply, x, y, factor))
  } else if (how == ACCUMULATE) {
    for (; j + 4 <= columns; j += 4, x += 16, y += 16) put(ACCUMULATE, targetAt(r, j << 2), 0, valueOf(apply, x, y, factor))
  }
  for (; j < columns; j += 4, x += 16, y += 16) putColumns(r, j, columns - j, valueOf(apply, x, y, factor))
}

/** write ← f(inputs), element by element. */
export function pointwise(descriptor: usize): void {
  const head = changetype<Pointwise>(descriptor)
  const apply = head.apply
  const columns = head.columns
  const factor = f32x4.splat(head.factor)
  const left = operandAt(descriptor, 6)
  const right = operandAt(descriptor, 10)
  bindWrite(descriptor + WRITE)
  for (let r: u32 = 0; r < head.rows; r++) {
    const x = rowOf(left, r)
    const y = rowOf(right, r)
    switch (apply) {
      case COPY: applyToRow(COPY, r, x, y, columns, factor); break
      case SCALE: applyToRow(SCALE, r, x, y, columns, factor); break
      case RELU: applyToRow(RELU, r, x, y, columns, factor); break
      case ADD: applyToRow(ADD, r, x, y, columns, factor); break
      case MULTIPLY: applyToRow(MULTIPLY, r, x, y, columns, factor); break
      default: applyToRow(MASK_POSITIVE, r, x, y, columns, factor)
    }
  }
}
