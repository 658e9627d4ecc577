/** POSIX ustar archives: blocks of 512 bytes, a header before each file. */
import { DataError } from './data-error.ts'

const BLOCK = 512
const REMEDY = 'fetch the archive again'
const CHECKSUM_AT = 148
const CHECKSUM_END = 156
const REGULAR = new Set(['0', '\0'])

function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return new TextDecoder().decode(end === -1 ? bytes : bytes.subarray(0, end))
}

const octal = (bytes: Uint8Array): number => Number.parseInt(text(bytes).trim() || '0', 8)

/** Sum of the header's bytes, its checksum field counted as spaces. */
function headerSum(header: Uint8Array): number {
  return header.reduce((sum, byte, at) => sum + (at >= CHECKSUM_AT && at < CHECKSUM_END ? 32 : byte), 0)
}

/** Whether bytes start with a tar header. */
export function isTar(bytes: Uint8Array): boolean {
  if (bytes.length < BLOCK || bytes[0] === 0) return false
  return octal(bytes.subarray(CHECKSUM_AT, CHECKSUM_END)) === headerSum(bytes.subarray(0, BLOCK))
}

/**
 * Regular files of a tar archive by path, views into it. Long-name extensions (GNU `L`, pax `x`) are skipped, not
 * applied: the data archives read here have short names.
 * @param name file name, for messages
 * @throws DataError `corrupt` for a damaged header, `truncated` for a member that is cut
 */
export function readTar(archive: Uint8Array, name: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>()
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0; ) {
    const header = archive.subarray(at, at + BLOCK)
    if (!isTar(header)) throw new DataError('corrupt', `${name}: the tar header at byte ${at} does not have its checksum; ${REMEDY}`)
    const member = text(header.subarray(0, 100))
    const prefix = text(header.subarray(257, 262)) === 'ustar' ? text(header.subarray(345, 500)) : ''
    const size = octal(header.subarray(124, 136))
    const start = at + BLOCK
    if (!(start + size <= archive.length)) {
      throw new DataError('truncated', `${name}: ${member} claims ${size} bytes, ${archive.length - start} are left; ${REMEDY}`)
    }
    if (REGULAR.has(String.fromCharCode(header[156]))) files.set(prefix ? `${prefix}/${member}` : member, archive.subarray(start, start + size))
    at = start + Math.ceil(size / BLOCK) * BLOCK
  }
  return files
}
