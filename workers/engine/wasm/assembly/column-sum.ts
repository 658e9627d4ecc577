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

/** Bytes of scratch: the sums of all columns, or of eight in double precision. */
export function columnScratch(descriptor: usize): usize {
  return <usize>(changetype<ColumnSum>(descriptor).columns << 2) + 64
}

/** Row r of x: rows that are not gathered lie `stride` bytes apart from `start` on. */
// @ts-ignore: decorator
@inline
function placeOf(gathered: bool, x: Operand, start: usize, stride: usize, r: u32): usize {
  return gathered ? rowOf(x, r) : start + r * stride
}

/** Sums rows [from, to) of x + shift, times y where there is one, of eight columns, and adds them to the sums at `totals`. */
// @ts-ignore: decorator
@inline
function addBlock(gathered: bool, times: bool, x: Operand, y: Operand, left: v128, right: v128, from: u32, to: u32, skip: usize, totals: usize): void {
  const startX = gathered ? 0 : rowOf(x, 0) + skip
  const startY = gathered || !times ? 0 : rowOf(y, 0) + skip
  const strideX: usize = x.rowStride
  const strideY: usize = y.rowStride
  const more: usize = gathered ? skip : 0
  let s0 = f32x4.splat(0)
  let s1 = s0
  for (let r = from; r < to; r++) {
    const placeX = placeOf(gathered, x, startX, strideX, r) + more
    let v0 = f32x4.add(v128.load(placeX), left)
    let v1 = f32x4.add(v128.load(placeX, 16), right)
    if (times) {
      const placeY = placeOf(gathered, y, startY, strideY, r) + more
      v0 = f32x4.mul(v0, v128.load(placeY))
      v1 = f32x4.mul(v1, v128.load(placeY, 16))
    }
    s0 = f32x4.add(s0, v0)
    s1 = f32x4.add(s1, v1)
  }
  addDoubles(totals, s0)
  addDoubles(totals + 32, s1)
}

/** Adds four numbers to four sums in double precision. */
// @ts-ignore: decorator
@inline
function addDoubles(totals: usize, sum: v128): void {
  v128.store(totals, f64x2.add(v128.load(totals), f64x2.promote_low_f32x4(sum)))
  v128.store(totals, f64x2.add(v128.load(totals, 16), f64x2.promote_low_f32x4(v128.shuffle<u64>(sum, sum, 1, 1))), 16)
}

function addAnyBlock(x: Operand, y: Operand, left: v128, right: v128, from: u32, to: u32, skip: usize, totals: usize): void {
  const gathered = x.index != 0 || y.index != 0
  const times = y.base != 0
  if (gathered && times) addBlock(true, true, x, y, left, right, from, to, skip, totals)
  else if (gathered) addBlock(true, false, x, y, left, right, from, to, skip, totals)
  else if (times) addBlock(false, true, x, y, left, right, from, to, skip, totals)
  else addBlock(false, false, x, y, left, right, from, to, skip, totals)
}

/** factor·Σ (x + shift) ⊙ y of eight columns: sums of 64 rows in order, then those sums in order. */
function sumProducts(descriptor: usize, j: u32, totals: usize): void {
  const head = changetype<ColumnSum>(descriptor)
  const shift = operandAt(descriptor, 22)
  const skip: usize = j << 2
  const shiftAt = shift.base != 0 ? firstRow(shift) + skip : 0
  const left = shiftAt != 0 ? v128.load(shiftAt) : f32x4.splat(0)
  const right = shiftAt != 0 ? v128.load(shiftAt, 16) : f32x4.splat(0)
  memory.fill(totals, 0, 64)
  for (let r: u32 = 0; r < head.rows; r += BLOCK_ROWS) {
    addAnyBlock(operandAt(descriptor, 4), operandAt(descriptor, 18), left, right, r, min(r + BLOCK_ROWS, head.rows), skip, totals)
  }
  const factor = f32x4.splat(head.factor)
  for (let i: u32 = 0; i < 2 && j + 4 * i < head.columns; i++) {
    const low = f32x4.demote_f64x2_zero(v128.load(totals + 32 * i))
    const high = f32x4.demote_f64x2_zero(v128.load(totals + 32 * i, 16))
    putColumns(0, j + 4 * i, head.columns - j - 4 * i, f32x4.mul(factor, v128.shuffle<u64>(low, high, 0, 2)))
  }
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
    for (let j: u32 = 0; j < head.columns; j += 8) sumProducts(descriptor, j, scratch)
  }
}
