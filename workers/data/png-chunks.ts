/** Chunks of a PNG file (ISO/IEC 15948), each with its checksum verified. */
import { crc32 } from './crc32.ts'
import { DataError } from './data-error.ts'

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** Length, type and checksum. */
const OVERHEAD = 12
const REMEDY = 'export the image again'

export interface Chunk {
  readonly type: string
  readonly data: Uint8Array
  /** The chunk as it stands in the file, length and checksum included. */
  readonly whole: Uint8Array
}

export const PNG_SIGNATURE = Uint8Array.from(SIGNATURE)

export const isPng = (bytes: Uint8Array): boolean => SIGNATURE.every((byte, at) => bytes[at] === byte)

/**
 * Chunks up to and including IEND; what follows is not looked at.
 * @param name file name, for messages
 * @throws DataError `truncated` or `corrupt`
 */
export function pngChunks(file: Uint8Array, name: string): Chunk[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const chunks: Chunk[] = []
  for (let at = SIGNATURE.length; chunks.at(-1)?.type !== 'IEND'; ) {
    const size = at + OVERHEAD <= file.length ? view.getUint32(at) : Infinity
    const end = at + OVERHEAD + size
    if (end > file.length) throw new DataError('truncated', `${name}: the PNG ends within chunk ${chunks.length} (${file.length} bytes); ${REMEDY}`)
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8))
    if (crc32(file.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) {
      throw new DataError('corrupt', `${name}: PNG chunk ${chunks.length} does not have its checksum; ${REMEDY}`)
    }
    chunks.push({ type, data: file.subarray(at + 8, end - 4), whole: file.subarray(at, end) })
    at = end
  }
  return chunks
}
