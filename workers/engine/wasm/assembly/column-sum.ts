import { firstRow, Operand, operandAt, rowOf } from './operand'
import { bindWrite, putColumns } from './write'

/** Head of a descriptor; the operand x lies at word 4, the write block at byte 32, y at word 18 and shift at word 22. */
@unmanaged
class ColumnSum {
  kind: u32
  rows: u32
  columns: u32
  factor: f32
}

const WRITE: usize = 32

/** Rows that are summed before their sum joins the others: of a plain sum in single precision, else in double precision. */
const PLAIN_ROWS: u32 = 8192
const BLOCK_ROWS: u32 = 64

/** Sums rows [from, to) of up to eight columns, `count` of which exist, and adds them to `partial`, unless they are the first. */
function sumColumns(x: Operand, from: u32, to: u32, j: u32, count: i32, partial: usize): void {
  const skip: usize = j << 2
  let s0 = f32x4.splat(0)
  let s1 = s0
  if (count <= 4) {
    for (let r = from; r < to; r++) s0 = f32x4.add(s0, v128.load(rowOf(x, r) + skip))
  } else {
    for (let r = from; r < to; r++) {
      const row = rowOf(x, r) + skip
      s0 = f32x4.add(s0, v128.load(row))
      s1 = f32x4.add(s1, v128.load(row, 16))
    }
    join(from, partial + 16, s1)
  }
  join(from, partial, s0)
}

/** The same for sixteen columns. */
function sumWideColumns(x: Operand, from: u32, to: u32, j: u32, partial: usize): void {
  let s0 = f32x4.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  for (let r = from; r < to; r++) {
    const row = rowOf(x, r) + (j << 2)
    s0 = f32x4.add(s0, v128.load(row))
    s1 = f32x4.add(s1, v128.load(row, 16))
    s2 = f32x4.add(s2, v128.load(row, 32))
    s3 = f32x4.add(s3, v128.load(row, 48))
  }
  join(from, partial, s0)
  join(from, partial + 16, s1)
  join(from, partial + 32, s2)
  join(from, partial + 48, s3)
}

// @ts-ignore: decorator
@inline
function join(from: u32, partial: usize, sum: v128): void {
  v128.store(partial, from == 0 ? sum : f32x4.add(v128.load(partial), sum))
}

/** Σ of all rows: 8192 of them in order, then those sums in order. */
function sumRows(x: Operand, rows: u32, columns: u32, scratch: usize): void {
  for (let from: u32 = 0; from < rows; from += PLAIN_ROWS) {
    const to = min(from + PLAIN_ROWS, rows)
    let j: u32 = 0
    for (; j + 16 <= columns; j += 16) sumWideColumns(x, from, to, j, scratch + (j << 2))
    for (; j < columns; j += 8) sumColumns(x, from, to, j, columns - j, scratch + (j << 2))
  }
  for (let j: u32 = 0; j < columns; j += 4) putColumns(0, j, columns - j, v128.load(scratch + (j << 2)))
}

/** Bytes of scratch for the sums of all columns. */
export function columnScratch(descriptor: usize): usize {
  return <usize>(changetype<ColumnSum>(descriptor).columns << 2) + 32
}

/** Sum of rows [from, to) of x + shift, times y where there is one. */
// @ts-ignore: decorator
@inline
function sumBlock(x: Operand, y: Operand, shift: v128, from: u32, to: u32, j: u32): v128 {
  const skip: usize = j << 2
  let sum = f32x4.splat(0)
  if (y.base != 0) {
    for (let r = from; r < to; r++) sum = f32x4.add(sum, f32x4.mul(f32x4.add(v128.load(rowOf(x, r) + skip), shift), v128.load(rowOf(y, r) + skip)))
  } else {
    for (let r = from; r < to; r++) sum = f32x4.add(sum, f32x4.add(v128.load(rowOf(x, r) + skip), shift))
  }
  return sum
}

/** factor·Σ (x + shift) ⊙ y: sums of 64 rows in order, then those sums in order. */
function sumProducts(descriptor: usize, j: u32): void {
  const head = changetype<ColumnSum>(descriptor)
  const shift = operandAt(descriptor, 22)
  const shiftBy = shift.base != 0 ? v128.load(firstRow(shift) + (j << 2)) : f32x4.splat(0)
  let low = f64x2.splat(0)
  let high = f64x2.splat(0)
  for (let r: u32 = 0; r < head.rows; r += BLOCK_ROWS) {
    const sum = sumBlock(operandAt(descriptor, 4), operandAt(descriptor, 18), shiftBy, r, min(r + BLOCK_ROWS, head.rows), j)
    low = f64x2.add(low, f64x2.promote_low_f32x4(sum))
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<u64>(sum, sum, 1, 1)))
  }
  const total = v128.shuffle<u64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2)
  putColumns(0, j, head.columns - j, f32x4.mul(f32x4.splat(head.factor), total))
}

// @ts-ignore: decorator
@inline
function isPlain(descriptor: usize): bool {
  return operandAt(descriptor, 18).base == 0 && operandAt(descriptor, 22).base == 0 && changetype<ColumnSum>(descriptor).factor == 1
}

/** write [1, n] ← factor·Σ over the rows of (x + shift) ⊙ y. */
export function columnSum(descriptor: usize, scratch: usize): void {
  const head = changetype<ColumnSum>(descriptor)
  bindWrite(descriptor + WRITE)
  if (isPlain(descriptor)) {
    sumRows(operandAt(descriptor, 4), head.rows, head.columns, scratch)
  } else {
    for (let j: u32 = 0; j < head.columns; j += 4) sumProducts(descriptor, j)
  }
}
