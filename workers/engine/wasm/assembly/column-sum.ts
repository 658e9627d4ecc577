import { Operand, operandAt, rowOf } from './operand'
import { bindWrite, putColumns } from './write'

/** Head of a descriptor; the operand x lies at word 4, the write block at byte 32. */
@unmanaged
class ColumnSum {
  kind: u32
  rows: u32
  columns: u32
  reserved: u32
}

const WRITE: usize = 32

function sumColumns(x: Operand, rows: u32, j: u32, count: i32): void {
  let sum = f32x4.splat(0)
  for (let r: u32 = 0; r < rows; r++) sum = f32x4.add(sum, v128.load(rowOf(x, r) + (j << 2)))
  putColumns(0, j, count, sum)
}

function sumWideColumns(x: Operand, rows: u32, j: u32): void {
  let s0 = f32x4.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  for (let r: u32 = 0; r < rows; r++) {
    const from = rowOf(x, r) + (j << 2)
    s0 = f32x4.add(s0, v128.load(from))
    s1 = f32x4.add(s1, v128.load(from, 16))
    s2 = f32x4.add(s2, v128.load(from, 32))
    s3 = f32x4.add(s3, v128.load(from, 48))
  }
  putColumns(0, j, 4, s0)
  putColumns(0, j + 4, 4, s1)
  putColumns(0, j + 8, 4, s2)
  putColumns(0, j + 12, 4, s3)
}

/** write [1, n] ← Σ rows of x, rows in order. */
export function columnSum(descriptor: usize): void {
  const head = changetype<ColumnSum>(descriptor)
  const x = operandAt(descriptor, 4)
  const columns = head.columns
  bindWrite(descriptor + WRITE)
  let j: u32 = 0
  for (; j + 16 <= columns; j += 16) sumWideColumns(x, head.rows, j)
  for (; j < columns; j += 4) sumColumns(x, head.rows, j, columns - j)
}
