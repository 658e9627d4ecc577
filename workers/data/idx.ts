/**
 * IDX, the format of MNIST and Fashion-MNIST: two zero bytes, a type code, the number
 * of axes, one big-endian uint32 per axis, then the elements in row-major order.
 */
import { DataError } from './data-error.ts'
import { gunzip, isGzip } from './gzip.ts'

export interface IdxArray {
  readonly shape: readonly number[]
  /** Elements in row-major order; a view into the parsed bytes unless these were compressed. */
  readonly data: Uint8Array
}

const UNSIGNED_BYTE = 0x08
const TYPE_NAMES: Readonly<Record<number, string>> = {
  0x08: 'uint8',
  0x09: 'int8',
  0x0b: 'int16',
  0x0c: 'int32',
  0x0d: 'float32',
  0x0e: 'float64',
}

function checkMagic(bytes: Uint8Array, name: string): void {
  if (bytes.length < 4) {
    throw new DataError('truncated', `${name}: ${bytes.length} bytes, expected an IDX header of at least 8; fetch the file again`)
  }
  const type = TYPE_NAMES[bytes[2]]
  if (bytes[0] !== 0 || bytes[1] !== 0 || type === undefined || bytes[3] === 0) {
    const magic = Array.from(bytes.subarray(0, 4), (b) => b.toString(16).padStart(2, '0')).join(' ')
    throw new DataError('corrupt', `${name}: magic number ${magic}, expected 00 00 08 nn; this is not an IDX file of bytes`)
  }
  if (bytes[2] !== UNSIGNED_BYTE) {
    throw new DataError('shape', `${name}: elements are ${type}, expected uint8; convert the array to bytes first`)
  }
}

/**
 * Parses an IDX file of unsigned bytes, plain or gzip-compressed.
 * @param name file name for messages
 * @throws DataError `corrupt` (magic), `truncated` (byte count), `shape` (element type)
 */
export function parseIdx(file: Uint8Array, name = 'IDX file'): IdxArray {
  const bytes = isGzip(file) ? gunzip(file, name) : file
  checkMagic(bytes, name)
  const axes = bytes[3]
  const header = 4 + 4 * axes
  if (bytes.length < header) {
    throw new DataError('truncated', `${name}: ${bytes.length} bytes, expected a header of ${header}; fetch the file again`)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, header)
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis))
  const expected = header + shape.reduce((product, size) => product * size, 1)
  if (bytes.length !== expected) {
    throw new DataError(
      'truncated',
      `${name}: ${bytes.length} bytes, expected ${expected} for shape (${shape.join(', ')}); fetch the file again`,
    )
  }
  return { shape, data: bytes.subarray(header) }
}
