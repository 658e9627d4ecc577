import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

const asBytes = (part: ArrayBufferView | string): Uint8Array =>
  typeof part === 'string' ? utf8ToBytes(part) : new Uint8Array(part.buffer, part.byteOffset, part.byteLength)

/**
 * Lower-case hexadecimal SHA-256 of the parts, one after the other: text as UTF-8,
 * typed arrays as their little-endian bytes. Works on pages without a secure
 * context, where `crypto.subtle` is absent.
 */
export function sha256Hex(...parts: readonly (ArrayBufferView | string)[]): string {
  const hash = sha256.create()
  for (const part of parts) hash.update(asBytes(part))
  return bytesToHex(hash.digest())
}
