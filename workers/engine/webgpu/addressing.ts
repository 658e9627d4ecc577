import type { Operand } from '../tensor.ts'
import type { Bindings } from './bindings.ts'
import { plus, times } from './wgsl.ts'

/** WGSL expression for the element where a row of an operand starts. */
export function rowStart(bindings: Bindings, operand: Operand, row: string): string {
  const { addressing, rowStride } = operand
  const place = bindings.place(operand)
  if (addressing.kind !== 'gathered') return plus(place, times(row, rowStride))
  return plus(place, times(`${bindings.read(addressing.index)}[${plus('frame.cursor', row)}]`, rowStride))
}

/** WGSL expression for an element that is read. */
export function elementOf(bindings: Bindings, operand: Operand, row: string, col: string): string {
  return `${bindings.read(operand.buffer)}[${plus(rowStart(bindings, operand, row), col)}]`
}

/** Whether element (r, c) lies r·cols + c behind the first one in every replay, so that a flat index addresses it. */
export function isFlat(operand: Operand): boolean {
  return operand.addressing.kind !== 'gathered' && (operand.rowStride === operand.cols || operand.rows === 1)
}

/** The largest cursor at which an operand stays inside its buffers; infinite where the cursor does not matter. */
export function largestCursor(operand: Operand): number {
  const { addressing, buffer, offset, rows, cols, rowStride } = operand
  switch (addressing.kind) {
    case 'fixed':
      return Infinity
    case 'cursor':
      return Math.floor((buffer.length - offset - (rows - 1) * rowStride - cols) / addressing.cursorStride)
    case 'gathered':
      return addressing.index.length - rows
  }
}
