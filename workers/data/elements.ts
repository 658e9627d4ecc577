import { DataError } from './data-error.ts'
import { halfToNumber } from './half.ts'
import type { Dtype, NdArray } from './nd-array.ts'

/** Element types found in files; the 16-bit floats are widened to f4 on reading, which is exact. */
export type StoredDtype = Dtype | 'f2' | 'bf16'

export const ELEMENT_BYTES: Readonly<Record<StoredDtype, number>> = {
  f2: 2, bf16: 2, f4: 4, f8: 8, i1: 1, i2: 2, i4: 4, i8: 8, u1: 1, u2: 2, u4: 4, u8: 8, b1: 1,
}

function swapped(bytes: Uint8Array, width: number): Uint8Array {
  const out = new Uint8Array(bytes.length)
  for (let i = 0; i < bytes.length; i++) out[i] = bytes[i - (i % width) + (width - 1 - (i % width))]
  return out
}

function safeIntegers(values: BigInt64Array | BigUint64Array, subject: string): Float64Array {
  const out = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) {
    out[i] = Number(values[i])
    if (!Number.isSafeInteger(out[i])) {
      throw new DataError('value', `${subject}: element ${i} is ${values[i]}, expected a magnitude below 2^53; store it as float64 or int32`)
    }
  }
  return out
}

/** bfloat16 is the upper half of a binary32 pattern. */
function fromBfloat16(bits: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(bits, (b) => b << 16).buffer)
}

/**
 * Copies stored elements into an array of shape `shape`.
 * @param bytes exactly the elements, row-major
 * @param subject the array's name, for messages
 */
export function decodeElements(
  bytes: Uint8Array,
  stored: StoredDtype,
  shape: readonly number[],
  subject: string,
  bigEndian = false,
): NdArray {
  // The copy also aligns: a view needs an offset divisible by the element size.
  // A copy of its own: Node's Buffer.slice would share memory, at another offset.
  const buffer = (bigEndian ? swapped(bytes, ELEMENT_BYTES[stored]) : Uint8Array.from(bytes)).buffer
  switch (stored) {
    case 'f2': return { dtype: 'f4', shape, data: Float32Array.from(new Uint16Array(buffer), halfToNumber) }
    case 'bf16': return { dtype: 'f4', shape, data: fromBfloat16(new Uint16Array(buffer)) }
    case 'f4': return { dtype: stored, shape, data: new Float32Array(buffer) }
    case 'f8': return { dtype: stored, shape, data: new Float64Array(buffer) }
    case 'i1': return { dtype: stored, shape, data: new Int8Array(buffer) }
    case 'i2': return { dtype: stored, shape, data: new Int16Array(buffer) }
    case 'i4': return { dtype: stored, shape, data: new Int32Array(buffer) }
    case 'i8': return { dtype: stored, shape, data: safeIntegers(new BigInt64Array(buffer), subject) }
    case 'u1': return { dtype: stored, shape, data: new Uint8Array(buffer) }
    case 'u2': return { dtype: stored, shape, data: new Uint16Array(buffer) }
    case 'u4': return { dtype: stored, shape, data: new Uint32Array(buffer) }
    case 'u8': return { dtype: stored, shape, data: safeIntegers(new BigUint64Array(buffer), subject) }
    case 'b1': return { dtype: stored, shape, data: new Uint8Array(buffer) }
  }
}

function toBigInts(array: NdArray): BigInt64Array {
  return BigInt64Array.from(array.data, BigInt)
}

/** The elements as little-endian bytes; shares memory with the array except for 64-bit integers. */
export function encodeElements(array: NdArray): Uint8Array {
  const data = array.dtype === 'i8' || array.dtype === 'u8' ? toBigInts(array) : array.data
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}
