import { sha256 } from './digest.mjs'

/**
 * A file of an archive, after checking its digest.
 * @param {Map<string, Buffer>} files content by path
 * @param {{path: string, sha256: string}} facts
 */
export function member(files, { path, sha256: expected }) {
  const bytes = files.get(path)
  if (!bytes) throw new Error(`the archive has no ${path}; it holds ${[...files.keys()].join(', ')}`)
  const got = sha256(bytes)
  if (got !== expected) throw new Error(`${path}: SHA-256 ${got}, expected ${expected}`)
  return bytes
}

/** Throws unless the labels are 0 to classes − 1 and each class has its known number of images. */
export function checkClassCounts(labels, expected, path) {
  const counts = new Array(expected.length).fill(0)
  for (const label of labels) {
    if (!(label in counts)) throw new Error(`${path}: label ${label}, expected 0 to ${counts.length - 1}`)
    counts[label]++
  }
  if (counts.join() !== expected.join()) throw new Error(`${path}: class counts ${counts}, expected ${expected}`)
}
