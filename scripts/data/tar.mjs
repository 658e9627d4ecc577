const BLOCK = 512
const REGULAR_FILE = new Set(['0', '\0'])

const text = (bytes) => {
  const end = bytes.indexOf(0)
  return bytes.toString('utf8', 0, end === -1 ? bytes.length : end)
}

/**
 * Regular files of a POSIX ustar archive.
 * Long-name extensions (GNU `L`, pax `x`) are skipped, not applied: names beyond
 * 255 characters do not occur in the archives read here.
 * @param {Buffer} archive uncompressed bytes
 * @returns {Map<string, Buffer>} path to content, views into `archive`
 */
export function readTar(archive) {
  const files = new Map()
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK)
    if (header[0] === 0) break
    const name = text(header.subarray(0, 100))
    const prefix = text(header.subarray(257, 262)) === 'ustar' ? text(header.subarray(345, 500)) : ''
    const size = Number.parseInt(text(header.subarray(124, 136)).trim() || '0', 8)
    const start = at + BLOCK
    if (!Number.isInteger(size) || start + size > archive.length) {
      throw new Error(`tar: member "${name}" claims ${size} bytes, ${archive.length - start} are left; the archive is truncated or not a tar file`)
    }
    const path = prefix ? `${prefix}/${name}` : name
    if (REGULAR_FILE.has(String.fromCharCode(header[156]))) files.set(path, archive.subarray(start, start + size))
    at = start + Math.ceil(size / BLOCK) * BLOCK
  }
  return files
}
