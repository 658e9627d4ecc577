import { firstRow, Operand, operandAt, rowOf } from './operand'
import { ASSIGN, bindWrite, put, putColumns, targetAt, writeMode } from './write'

/** Head of a descriptor; the write block lies at byte 24, shift at word 16, the pairs of x and factor from word 20 on. */
@unmanaged
class ColumnAffine {
  kind: u32
  rows: u32
  columns: u32
  terms: u32
  relu: u32
  /** Whether the rows of all matrices lie one behind the other. */
  dense: u32
}

const WRITE: usize = 24
const MOST_TERMS: u32 = 3

/** Columns up to which rows are taken together, so that few vectors are not full. */
const MOST_COLUMNS: u32 = 256

/** Rows taken as one: as many as fit, their length a multiple of four. */
// @ts-ignore: decorator
@inline
function rowsAtATime(head: ColumnAffine): u32 {
  const columns = head.columns
  const fit = MOST_COLUMNS / columns & ~3
  return head.dense != 0 && fit > 0 ? min(fit, max<u32>(1, head.rows & ~3)) : 1
}

/** Bytes of scratch: shift and factors, repeated for all rows that are taken as one. */
export function affineScratch(descriptor: usize): usize {
  const head = changetype<ColumnAffine>(descriptor)
  return (MOST_TERMS + 1) * rowBytes(head)
}

/** Bytes of a repeated row and room for a last vector. */
// @ts-ignore: decorator
@inline
function rowBytes(head: ColumnAffine): usize {
  return (<usize>(rowsAtATime(head) * head.columns) << 2) + 16
}

/** Copies a row of one number per column, or `absent` for every column, `times` times. */
function repeatRow(row: Operand, absent: f32, columns: u32, times: u32, to: usize): void {
  for (let i: u32 = 0; i < times; i++) {
    for (let j: u32 = 0; j < columns; j++, to += 4) store<f32>(to, row.base != 0 ? load<f32>(firstRow(row) + (j << 2)) : absent)
  }
}

/** Row r of every term, or as many rows from r on as make up `columns` numbers. The table holds shift and factors, `step` bytes apart. */
// @ts-ignore: decorator
@inline
function applyToRow(terms: u32, how: u32, r: u32, columns: u32, x: usize, y: usize, z: usize, table: usize, step: usize, floor: v128): void {
  for (let j: u32 = 0; j < columns; j += 4) {
    const at: usize = j << 2
    let value = f32x4.mul(v128.load(x + at), v128.load(table + step + at))
    if (terms > 1) value = f32x4.add(value, f32x4.mul(v128.load(y + at), v128.load(table + 2 * step + at)))
    if (terms > 2) value = f32x4.add(value, f32x4.mul(v128.load(z + at), v128.load(table + 3 * step + at)))
    value = f32x4.pmax(f32x4.add(value, v128.load(table + at)), floor)
    if (how == ASSIGN && j + 4 <= columns) put(ASSIGN, targetAt(r, at), 0, value)
    else putColumns(r, j, columns - j, value)
  }
}

// @ts-ignore: decorator
@inline
function applyTo(terms: u32, descriptor: usize, r: u32, columns: u32, table: usize, step: usize, floor: v128): void {
  const x = rowOf(operandAt(descriptor, 20), r)
  const y = terms > 1 ? rowOf(operandAt(descriptor, 28), r) : 0
  const z = terms > 2 ? rowOf(operandAt(descriptor, 36), r) : 0
  if (writeMode() == ASSIGN) applyToRow(terms, ASSIGN, r, columns, x, y, z, table, step, floor)
  else applyToRow(terms, writeMode(), r, columns, x, y, z, table, step, floor)
}

/** write ← relu(Σ x ⊙ factor + shift). */
export function columnAffine(descriptor: usize, scratch: usize): void {
  const head = changetype<ColumnAffine>(descriptor)
  const columns = head.columns
  const times = rowsAtATime(head)
  const step = rowBytes(head)
  const floor = f32x4.splat(head.relu != 0 ? 0 : -Infinity)
  bindWrite(descriptor + WRITE)
  repeatRow(operandAt(descriptor, 16), -0.0, columns, times, scratch)
  for (let t: u32 = 0; t < head.terms; t++) repeatRow(operandAt(descriptor, 24 + 8 * t), 1, columns, times, scratch + (t + 1) * step)
  const together = head.rows - head.rows % times
  for (let r: u32 = 0; r < head.rows; r += r < together ? times : 1) {
    const count = r < together ? times * columns : columns
    if (head.terms == 1) applyTo(1, descriptor, r, count, scratch, step, floor)
    else if (head.terms == 2) applyTo(2, descriptor, r, count, scratch, step, floor)
    else applyTo(3, descriptor, r, count, scratch, step, floor)
  }
}
