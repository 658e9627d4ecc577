import { DataError } from './data-error.ts'

/** Element types under their NumPy codes (kind and bytes). */
interface DataOf {
  f4: Float32Array
  f8: Float64Array
  i1: Int8Array
  i2: Int16Array
  i4: Int32Array
  /** 64-bit integers are held as float64 and refused beyond 2^53, where that would round. */
  i8: Float64Array
  u1: Uint8Array
  u2: Uint16Array
  u4: Uint32Array
  u8: Float64Array
  /** Booleans as 0 and 1. */
  b1: Uint8Array
}

export type Dtype = keyof DataOf

/** An array in C (row-major) order; a scalar has shape []. */
export type NdArray = {
  [D in Dtype]: { readonly dtype: D; readonly shape: readonly number[]; readonly data: DataOf[D] }
}[Dtype]

/** Number of elements of a shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

/** A shape as NumPy writes it: (), (3,), (3, 4). */
export const shapeText = (shape: readonly number[]): string => (shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`)

type Plain = Float32Array | Float64Array | Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array

function withDtype(data: Plain, shape: readonly number[]): NdArray {
  if (data instanceof Float32Array) return { dtype: 'f4', shape, data }
  if (data instanceof Float64Array) return { dtype: 'f8', shape, data }
  if (data instanceof Int8Array) return { dtype: 'i1', shape, data }
  if (data instanceof Int16Array) return { dtype: 'i2', shape, data }
  if (data instanceof Int32Array) return { dtype: 'i4', shape, data }
  if (data instanceof Uint8Array) return { dtype: 'u1', shape, data }
  if (data instanceof Uint16Array) return { dtype: 'u2', shape, data }
  return { dtype: 'u4', shape, data }
}

/**
 * Wraps a typed array, which decides the element type; no copy.
 * @param shape defaults to one axis
 * @throws DataError `shape` when the sizes differ
 */
export function ndArray(data: Plain, shape: readonly number[] = [data.length]): NdArray {
  if (sizeOf(shape) !== data.length) {
    throw new DataError('shape', `array: ${data.length} elements, expected ${sizeOf(shape)} for shape ${shapeText(shape)}`)
  }
  return withDtype(data, shape)
}
