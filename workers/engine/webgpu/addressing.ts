import type { Operand } from '../tensor.ts'
import type { Bindings } from './bindings.ts'

/** WGSL literal of a non-negative integer. */
export function u32(value: number): string {
  return `${value}u`
}

/** WGSL literal of a finite float; the shortest text that reads back to the same float32. */
export function f32(value: number): string {
  const rounded = Math.fround(value)
  if (!Number.isFinite(rounded)) throw new RangeError(`wgsl: constant ${value} is not a finite float32`)
  return `f32(${rounded})`
}

/** Sum of WGSL terms, without zeros. */
export function plus(...terms: readonly string[]): string {
  const used = terms.filter((term) => term !== '0u')
  return used.length === 0 ? '0u' : used.join(' + ')
}

/** index · factor in WGSL, folded where the factor is 0 or 1. */
export function times(index: string, factor: number): string {
  if (factor === 0 || index === '0u') return '0u'
  return factor === 1 ? index : `(${index}) * ${u32(factor)}`
}

/** WGSL expression for the element where a row of an operand starts. */
export function rowStart(bindings: Bindings, operand: Operand, row: string): string {
  const { addressing, offset, rowStride } = operand
  switch (addressing.kind) {
    case 'fixed':
      return plus(u32(offset), times(row, rowStride))
    case 'cursor':
      return plus(u32(offset), times('frame.cursor', addressing.cursorStride), times(row, rowStride))
    case 'gathered':
      return plus(u32(offset), times(`${bindings.read(addressing.index)}[${plus('frame.cursor', row)}]`, rowStride))
  }
}

/** Whether element (r, c) is at offset + r·cols + c in every replay, so that a flat index addresses it. */
export function isFlat(operand: Operand): boolean {
  return operand.addressing.kind === 'fixed' && (operand.rowStride === operand.cols || operand.rows === 1)
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
