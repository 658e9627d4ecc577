import { gunzipSync } from 'fflate'
import { crc32 } from './crc32.ts'
import { DataError, decoding } from './data-error.ts'
import { checkInflatedSize } from './inflation.ts'

const REMEDY = 'fetch or compress the file again'
/** Header of 10 bytes, trailer of checksum and size. */
const SMALLEST = 18

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

/**
 * Content of a gzip file (RFC 1952) of one member.
 * @param name file name, for messages
 * @throws DataError `truncated`, `corrupt`, or `shape` above the size limit
 */
export function gunzip(file: Uint8Array, name: string): Uint8Array {
  if (file.length < SMALLEST) throw new DataError('truncated', `${name}: ${file.length} bytes, expected a gzip file of at least ${SMALLEST}; ${REMEDY}`)
  const trailer = new DataView(file.buffer, file.byteOffset + file.length - 8, 8)
  const size = trailer.getUint32(4, true)
  checkInflatedSize(name, size, file.length, REMEDY)
  const bytes = decoding(name, REMEDY, () => gunzipSync(file, { out: new Uint8Array(size) }))
  if (bytes.length !== size || crc32(bytes) !== trailer.getUint32(0, true)) {
    throw new DataError('corrupt', `${name}: the content does not have the gzip checksum (damaged, cut short, or several members in one file); ${REMEDY}`)
  }
  return bytes
}
