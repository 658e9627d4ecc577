/**
 * The central directory of a zip archive (PKWARE APPNOTE 4.3.12). fflate inflates but
 * does not check CRC-32, so a flipped bit in a stored array would pass unseen.
 */
import { DataError } from './data-error.ts'

const END_SIGNATURE = 0x06054b50
const ENTRY_SIGNATURE = 0x02014b50
const END_BYTES = 22
const ENTRY_BYTES = 46
const MAX_COMMENT = 0xffff

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})

/** CRC-32 (ISO 3309) of bytes, unsigned. */
export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff
  for (const byte of bytes) c = CRC_TABLE[(c ^ byte) & 0xff] ^ (c >>> 8)
  return ~c >>> 0
}

function findEnd(view: DataView): number {
  const lowest = Math.max(0, view.byteLength - END_BYTES - MAX_COMMENT)
  for (let at = view.byteLength - END_BYTES; at >= lowest; at--) {
    if (view.getUint32(at, true) === END_SIGNATURE) return at
  }
  return -1
}

/**
 * CRC-32 of each member as the directory states it, by member name.
 * @throws DataError `corrupt` when the bytes are no complete zip archive, or a name occurs twice
 */
export function zipChecksums(archive: Uint8Array, name: string): Map<string, number> {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength)
  const end = findEnd(view)
  if (end < 0) {
    throw new DataError('corrupt', `${name}: ${archive.length} bytes without a zip directory; not a zip archive, or cut short`)
  }
  const checksums = new Map<string, number>()
  const entries = view.getUint16(end + 10, true)
  let at = view.getUint32(end + 16, true)
  for (let entry = 0; entry < entries; entry++) {
    if (at + ENTRY_BYTES > end || view.getUint32(at, true) !== ENTRY_SIGNATURE) {
      throw new DataError('corrupt', `${name}: directory entry ${entry} of ${entries} is damaged; export the file again`)
    }
    const nameLength = view.getUint16(at + 28, true)
    const member = new TextDecoder().decode(archive.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength))
    if (checksums.has(member)) throw new DataError('corrupt', `${name}: member ${member} occurs twice`)
    checksums.set(member, view.getUint32(at + 16, true))
    at += ENTRY_BYTES + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return checksums
}
