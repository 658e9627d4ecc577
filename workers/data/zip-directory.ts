/** The central directory of a zip archive (PKWARE APPNOTE 4.3.12). */
import { DataError } from './data-error.ts'

const END_SIGNATURE = 0x06054b50
const ENTRY_SIGNATURE = 0x02014b50
const END_BYTES = 22
const ENTRY_BYTES = 46
const MAX_COMMENT = 0xffff
const ENCRYPTED = 1
/** Stored and deflated; anything else is rare and not read here. */
const METHODS = new Set([0, 8])
/** In these fields, that the value stands elsewhere (zip64). */
const ELSEWHERE_16 = 0xffff
const ELSEWHERE_32 = 0xffffffff

export interface ZipEntry {
  readonly checksum: number
  readonly deflated: boolean
  /** Where its local header starts. */
  readonly offset: number
  readonly compressedBytes: number
  readonly bytes: number
}

function findEnd(view: DataView): number {
  const lowest = Math.max(0, view.byteLength - END_BYTES - MAX_COMMENT)
  for (let at = view.byteLength - END_BYTES; at >= lowest; at--) {
    if (view.getUint32(at, true) === END_SIGNATURE) return at
  }
  return -1
}

/** Names are UTF-8 today, whatever the flag says; older programs wrote a code page. */
function nameOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('latin1').decode(bytes)
  }
}

/**
 * Checksum and sizes of each member as the directory states them, by member name.
 * @throws DataError `corrupt` when the bytes are no complete zip archive or a name occurs twice, `shape` for kinds
 * that are not read here
 */
export function zipDirectory(archive: Uint8Array, name: string): Map<string, ZipEntry> {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength)
  const end = findEnd(view)
  if (end < 0) {
    throw new DataError('corrupt', `${name}: ${archive.length} bytes without a zip directory; not a zip archive, or cut short`)
  }
  const members = new Map<string, ZipEntry>()
  const entries = view.getUint16(end + 10, true)
  let at = view.getUint32(end + 16, true)
  if (entries === ELSEWHERE_16 || at === ELSEWHERE_32) {
    throw new DataError('shape', `${name}: a zip64 archive (above 4 GB or 65,534 members), expected a plain one; pack fewer files`)
  }
  for (let entry = 0; entry < entries; entry++) {
    if (at + ENTRY_BYTES > end || view.getUint32(at, true) !== ENTRY_SIGNATURE) {
      throw new DataError('corrupt', `${name}: directory entry ${entry} of ${entries} is damaged; export the file again`)
    }
    const nameLength = view.getUint16(at + 28, true)
    const member = nameOf(archive.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength))
    if (members.has(member)) throw new DataError('corrupt', `${name}: member ${member} occurs twice`)
    if (view.getUint16(at + 8, true) & ENCRYPTED) throw new DataError('shape', `${name}: member ${member} is encrypted; pack it without a password`)
    const method = view.getUint16(at + 10, true)
    if (!METHODS.has(method)) throw new DataError('shape', `${name}: member ${member} has compression method ${method}, expected 0 (stored) or 8 (deflate); pack it with deflate`)
    members.set(member, {
      checksum: view.getUint32(at + 16, true),
      compressedBytes: view.getUint32(at + 20, true),
      bytes: view.getUint32(at + 24, true),
      deflated: method === 8,
      offset: view.getUint32(at + 42, true),
    })
    at += ENTRY_BYTES + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return members
}
