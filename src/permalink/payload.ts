import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate'
import type { Parameters } from './parameters.ts'

/**
 * Long links: `z=1.<base64url(deflate-raw(JSON))>`. The JSON is an object of the keys and texts of a readable link,
 * and `check`, so that a link damaged on its way is refused instead of read as another experiment.
 */
const FORMAT = '1.'
const CHECK = 'check'

/** Longest payload taken; a full experiment needs a fifth of it. Deflate expands at most a thousandfold. */
const MAX_PAYLOAD = 60_000

export function packParameters(parameters: Parameters): string {
  const content = JSON.stringify(Object.fromEntries([...parameters, [CHECK, checksum(parameters)]]))
  return FORMAT + toBase64Url(deflateSync(strToU8(content), { level: 9 }))
}

/** The parameters of a payload, or null for one that is damaged, cut off or of another kind. */
export function unpackParameters(payload: string): Parameters | null {
  if (!payload.startsWith(FORMAT) || payload.length > MAX_PAYLOAD) return null
  try {
    const json: unknown = JSON.parse(strFromU8(inflateSync(fromBase64Url(payload.slice(FORMAT.length)))))
    return toParameters(json)
  } catch {
    return null
  }
}

function toParameters(json: unknown): Parameters | null {
  if (typeof json !== 'object' || json === null) return null
  const parameters: Parameters = new Map()
  for (const [key, text] of Object.entries(json)) {
    if (typeof text !== 'string') return null
    parameters.set(key, text)
  }
  const check = parameters.get(CHECK)
  parameters.delete(CHECK)
  return check === checksum(parameters) ? parameters : null
}

/** 32-bit FNV-1a of keys and texts, hexadecimal. */
function checksum(parameters: Parameters): string {
  let hash = 0x811c9dc5
  for (const byte of strToU8([...parameters].flat().join('\n'))) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0).toString(16)
}

function toBase64Url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function fromBase64Url(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
}
