import { decode } from 'fast-png'
import { sha256 } from './digest.mjs'
import { checkClassCounts, member } from './member.mjs'

/**
 * Bytes of a PNG whose rows are images, in H,W,C order. No colour management: what the file stores is what comes out.
 * @param {Uint8Array} file
 * @param {{height: number, width: number, channels: number}} shape of one image
 * @param {{path: string, count: number, pixels: string}} facts number of images and SHA-256 of their bytes
 */
export function decodeRows(file, { height, width, channels }, { path, count, pixels }) {
  const png = decode(file, { checkCrc: true })
  const got = `${png.width} x ${png.height} pixels, ${png.channels} channels of ${png.depth} bits`
  const expected = `${height * width} x ${count} pixels, ${channels} channels of 8 bits`
  if (got !== expected) throw new Error(`${path}: ${got}, expected ${expected}`)
  if (png.palette || png.transparency) throw new Error(`${path}: has a ${png.palette ? 'palette' : 'transparent colour'}, expected plain colours`)
  const digest = sha256(png.data)
  if (digest !== pixels) throw new Error(`${path}: decoded pixels have SHA-256 ${digest}, expected ${pixels}`)
  return png.data
}

function* batchesOf(batches, shape, limit) {
  let left = limit
  for (const { file, facts } of batches) {
    if (left <= 0) return
    const pixels = decodeRows(file, shape, facts)
    yield pixels.subarray(0, left * shape.height * shape.width * shape.channels)
    left -= facts.count
  }
}

/**
 * Labels and pixels of one split, after checking digests, sizes and the number of images per class. Batches are
 * decoded when they are asked for, one at a time.
 * @param {Map<string, Buffer>} files PNG and JSON files by path
 * @param {object} shape height, width and channels of an image
 * @param {object} facts one entry of `splits` as in `cifar10-facts.mjs`
 * @param {number} limit the first so many images only
 */
export function readPngSplit(files, shape, facts, limit = facts.count) {
  const labels = JSON.parse(member(files, facts.labels).toString('utf8'))
  if (labels.length !== facts.count) throw new Error(`${facts.labels.path}: ${labels.length} labels, expected ${facts.count}`)
  checkClassCounts(labels, facts.classCounts, facts.labels.path)
  const batches = facts.batches.map((batch) => ({ file: member(files, batch), facts: batch }))
  const count = Math.min(limit, facts.count)
  return { count, labels: Uint8Array.from(labels.slice(0, count)), batches: batchesOf(batches, shape, count) }
}
