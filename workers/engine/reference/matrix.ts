import type { Frame } from '../engine.ts'
import { colsOf, rowsOf, type BufferHandle, type Location, type Tensor } from '../tensor.ts'

/** How the evaluator reaches storage. */
export interface Memory {
  floats(tensor: Tensor): Float64Array
  indices(buffer: BufferHandle): Uint32Array
  /** Null for temporaries, which are dense from element 0. */
  location(tensor: Tensor): Location | null
}

/** A tensor as a matrix whose rows can be anywhere: element (r, c) is values[start(r) + c]. */
export interface Matrix {
  readonly values: Float64Array
  readonly rows: number
  readonly cols: number
  readonly start: (row: number) => number
}

/** A tensor as a matrix. */
export function matrixOf(tensor: Tensor, memory: Memory, frame: Frame): Matrix {
  const location = memory.location(tensor)
  const size = { values: memory.floats(tensor), rows: rowsOf(tensor.shape), cols: colsOf(tensor.shape) }
  if (location === null) return { ...size, start: (row) => row * size.cols }
  return { ...size, start: rowStarts(location, memory, frame) }
}

/** Where the rows of a location begin. */
export function rowStarts(location: Location, memory: Memory, frame: Frame): (row: number) => number {
  const { offset, rowStride, addressing } = location
  switch (addressing.kind) {
    case 'fixed':
      return (row) => offset + row * rowStride
    case 'cursor':
      return (row) => offset + frame.cursor * addressing.cursorStride + row * rowStride
    case 'gathered': {
      const index = memory.indices(addressing.index)
      return (row) => offset + index[frame.cursor + row] * rowStride
    }
  }
}

/** Element (row, col). */
export function at(matrix: Matrix, row: number, col: number): number {
  return matrix.values[matrix.start(row) + col]
}

/** Every element from its row and column. */
export function fill(out: Matrix, value: (row: number, col: number) => number): void {
  for (let r = 0; r < out.rows; r++) {
    const start = out.start(r)
    for (let c = 0; c < out.cols; c++) out.values[start + c] = value(r, c)
  }
}

/** Σ term(i), in order. */
export function sum(count: number, term: (index: number) => number): number {
  let total = 0
  for (let i = 0; i < count; i++) total += term(i)
  return total
}
