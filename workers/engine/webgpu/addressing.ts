import type { Operand } from '../tensor.ts'
import type { Bindings } from './bindings.ts'

/** WGSL literal of a non-negative integer. */
export function u32(value: number): string {
  return `${value}u`
}

/** WGSL literal of an integer. */
export function i32(value: number): string {
  return value < 0 ? `(${value}i)` : `${value}i`
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

/** index / divisor and index % divisor in WGSL, folded where the divisor is 1. */
export function over(index: string, divisor: number): string {
  return divisor === 1 ? index : `(${index}) / ${u32(divisor)}`
}

export function modulo(index: string, divisor: number): string {
  return divisor === 1 ? '0u' : `(${index}) % ${u32(divisor)}`
}

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
