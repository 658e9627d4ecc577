/**
 * The .npy format, versions 1 to 3 (NEP 1): magic, version, header length, a Python
 * dict literal padded so that the elements start at a multiple of 64, elements.
 */
import { DataError } from './data-error.ts'
import { decodeElements, ELEMENT_BYTES, encodeElements, type StoredDtype } from './elements.ts'
import { shapeText, sizeOf, type NdArray } from './nd-array.ts'

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] // \x93NUMPY
const ALIGNMENT = 64
/** NumPy leaves room for the growing axis to reach this many digits. */
const GROWTH_DIGITS = 21

interface Header {
  readonly descr: string
  readonly fortranOrder: boolean
  readonly shape: readonly number[]
  /** Offset of the first element. */
  readonly start: number
}

function headerText(bytes: Uint8Array, name: string): { text: string; start: number } {
  if (bytes.length < 10 || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new DataError('corrupt', `${name}: no .npy magic at the start of ${bytes.length} bytes; save the array with numpy.savez`)
  }
  const major = bytes[6]
  if (major < 1 || major > 3) throw new DataError('corrupt', `${name}: .npy version ${major}, expected 1, 2 or 3`)
  const lengthBytes = major === 1 ? 2 : 4
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const begin = 8 + lengthBytes
  const length = bytes.length < begin ? 0 : lengthBytes === 2 ? view.getUint16(8, true) : view.getUint32(8, true)
  const start = begin + length
  if (bytes.length < start) {
    throw new DataError('truncated', `${name}: ${bytes.length} bytes, expected a header of ${start}; export the file again`)
  }
  return { text: new TextDecoder().decode(bytes.subarray(begin, start)), start }
}

function parseHeader(bytes: Uint8Array, name: string): Header {
  const { text, start } = headerText(bytes, name)
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1]
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1]
  const dims = /'shape':\s*\(([\d,\sL]*)\)/.exec(text)?.[1]
  if (/'descr':\s*\[/.test(text)) {
    throw new DataError('shape', `${name}: a structured array, expected one numeric type; save each field on its own`)
  }
  if (descr === undefined || order === undefined || dims === undefined) {
    throw new DataError('corrupt', `${name}: header ${JSON.stringify(text.trim().slice(0, 80))} lacks descr, fortran_order or shape`)
  }
  const shape = (dims.match(/\d+/g) ?? []).map(Number)
  if (!Number.isSafeInteger(sizeOf(shape))) throw new DataError('corrupt', `${name}: impossible shape ${shapeText(shape)}`)
  return { descr, fortranOrder: order === 'True', shape, start }
}

function storedDtype(descr: string, name: string): StoredDtype {
  const code = descr.slice(1)
  if (/^[<>|=]$/.test(descr.charAt(0)) && Object.hasOwn(ELEMENT_BYTES, code) && code !== 'bf16') return code as StoredDtype
  const remedy = code.startsWith('O') ? "convert it to numbers, e.g. numpy.array(x, 'float32')" : "convert it with x.astype('float32')"
  throw new DataError('shape', `${name}: element type ${descr}, expected f2, f4, f8, i1 to i8, u1 to u8 or b1; ${remedy}`)
}

/** Reorders elements from Fortran (first axis fastest) to C order. */
function toRowMajor(bytes: Uint8Array, shape: readonly number[], width: number): Uint8Array {
  const out = new Uint8Array(bytes.length)
  const strides = shape.map((_, axis) => sizeOf(shape.slice(0, axis)) * width)
  const index = shape.map(() => 0)
  let from = 0
  for (let to = 0; to < out.length; to += width) {
    for (let b = 0; b < width; b++) out[to + b] = bytes[from + b]
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]
      if (++index[axis] < shape[axis]) break
      from -= strides[axis] * shape[axis]
      index[axis] = 0
    }
  }
  return out
}

/**
 * Parses one .npy array; Fortran order is transposed to C order.
 * @param name the array's name, for messages
 * @throws DataError `corrupt`, `truncated`, `shape` (element type) or `value` (integers beyond 2^53)
 */
export function readNpy(bytes: Uint8Array, name = 'array'): NdArray {
  const { descr, fortranOrder, shape, start } = parseHeader(bytes, name)
  const dtype = storedDtype(descr, name)
  const width = ELEMENT_BYTES[dtype]
  const expected = sizeOf(shape) * width
  const stored = bytes.subarray(start)
  if (stored.length !== expected) {
    throw new DataError(
      'truncated',
      `${name}: ${stored.length} bytes of elements, expected ${expected} for shape ${shapeText(shape)} of ${descr}; export the file again`,
    )
  }
  const elements = fortranOrder && shape.length > 1 ? toRowMajor(stored, shape, width) : stored
  return decodeElements(elements, dtype, shape, name, descr.startsWith('>'))
}

/** The bytes numpy.save writes for this array (version 1.0, little-endian, C order). */
export function writeNpy(array: NdArray): Uint8Array {
  const { dtype, shape } = array
  const descr = (ELEMENT_BYTES[dtype] === 1 ? '|' : '<') + dtype
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shapeText(shape)}, }`
  const room = shape.length > 0 ? Math.max(0, GROWTH_DIGITS - String(shape[0]).length) : 0
  const unpadded = 10 + dict.length + room + 1
  const start = Math.ceil(unpadded / ALIGNMENT) * ALIGNMENT
  const text = `${dict.padEnd(start - 11)}\n`
  const elements = encodeElements(array)
  const bytes = new Uint8Array(start + elements.length)
  bytes.set([...MAGIC, 1, 0, text.length & 0xff, text.length >> 8])
  bytes.set(new TextEncoder().encode(text), 10)
  bytes.set(elements, start)
  return bytes
}
