import { checkClassCounts, member } from './member.mjs'

const IMAGES_MAGIC = 0x00000803
const LABELS_MAGIC = 0x00000801

function payload(bytes, path, magic, dims) {
  const headerBytes = 4 + 4 * dims.length
  if (bytes.length < headerBytes) throw new Error(`${path}: ${bytes.length} bytes, expected a header of ${headerBytes}`)
  const got = bytes.readUInt32BE(0)
  if (got !== magic) throw new Error(`${path}: magic number ${got}, expected ${magic}`)
  dims.forEach((expected, axis) => {
    const size = bytes.readUInt32BE(4 + 4 * axis)
    if (size !== expected) throw new Error(`${path}: axis ${axis} has length ${size}, expected ${expected}`)
  })
  const size = dims.reduce((a, b) => a * b, 1)
  if (bytes.length !== headerBytes + size) {
    throw new Error(`${path}: ${bytes.length} bytes, expected ${headerBytes + size}`)
  }
  return bytes.subarray(headerBytes)
}

/**
 * Pixels (one batch of count × height × width, row-major) and labels of one split, after checking
 * digest, magic number, dimensions, byte count and number of images per class.
 * @param {Map<string, Buffer>} files IDX files by path
 * @param {{height: number, width: number}} shape
 * @param {object} facts one entry of `splits` as in `mnist-facts.mjs`
 */
export function readSplit(files, shape, facts) {
  const { count, images, labels } = facts
  const pixels = payload(member(files, images), images.path, IMAGES_MAGIC, [count, shape.height, shape.width])
  const classes = payload(member(files, labels), labels.path, LABELS_MAGIC, [count])
  checkClassCounts(classes, facts.classCounts, labels.path)
  return { count, batches: [pixels], labels: classes }
}
