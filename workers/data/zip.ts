import { inflateSync } from 'fflate'
import { crc32 } from './crc32.ts'
import { DataError, decoding } from './data-error.ts'
import { checkInflatedSize } from './inflation.ts'
import { zipDirectory, type ZipEntry } from './zip-directory.ts'

const REMEDY = 'pack or export the file again'
const LOCAL_BYTES = 30

/** Whether bytes start as a zip archive does, an empty one included. */
export const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b && ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6))

/** Content of one member, where its local header says that it starts. */
function contentOf(archive: Uint8Array, { offset, bytes, compressedBytes, deflated }: ZipEntry): Uint8Array {
  const header = new DataView(archive.buffer, archive.byteOffset + offset, LOCAL_BYTES)
  const start = offset + LOCAL_BYTES + header.getUint16(26, true) + header.getUint16(28, true)
  const stored = archive.subarray(start, start + compressedBytes)
  return deflated ? inflateSync(stored, { out: new Uint8Array(bytes) }) : stored
}

/**
 * Files of a zip archive by name, in archive order, each with its checksum verified; stored ones are views into it.
 * Folders are left out.
 * @param name file name, for messages
 * @param wanted which members to unpack; all by default
 * @throws DataError `corrupt`, or `shape` above the size limit, before anything is unpacked
 */
export function readZip(archive: Uint8Array, name: string, wanted: (member: string) => boolean = () => true): Map<string, Uint8Array> {
  const directory = zipDirectory(archive, name)
  const chosen = [...directory].filter(([member]) => !member.endsWith('/') && wanted(member))
  let total = 0
  for (const [member, { bytes, compressedBytes }] of chosen) {
    if (compressedBytes > archive.length) {
      throw new DataError('corrupt', `${name}: member ${member} claims ${compressedBytes} of the archive's ${archive.length} bytes; ${REMEDY}`)
    }
    checkInflatedSize(`${name}: member ${member}`, bytes, compressedBytes, REMEDY)
    total += bytes
  }
  checkInflatedSize(name, total, archive.length, REMEDY)
  return new Map(
    chosen.map(([member, entry]) => {
      const content = decoding(`${name}: member ${member}`, REMEDY, () => contentOf(archive, entry))
      if (content.length !== entry.bytes || crc32(content) !== entry.checksum) {
        throw new DataError('corrupt', `${name}: member ${member} does not have its checksum; ${REMEDY}`)
      }
      return [member, content]
    }),
  )
}
