import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { datasetHash, sha256 } from './digest.mjs'

/** Layout of index.json and the shards; raise it when either changes. */
export const FORMAT = 'uint8-deflate-raw-1'

/** zlib level: on MNIST, 7 is 0.5 % larger than 9 and fifteen times faster. */
const LEVEL = 7

async function writeShard(folder, stem, bytes) {
  const digest = sha256(bytes)
  const file = `${stem}.${digest.slice(0, 12)}.shard`
  const compressed = deflateRawSync(bytes, { level: LEVEL })
  await writeFile(join(folder, file), compressed)
  return { file, bytes: bytes.length, compressedBytes: compressed.length, sha256: digest }
}

async function writeSplit(folder, name, { count, batches, labels }, imageBytes, perShard) {
  const images = []
  let first = 0
  for await (const pixels of batches) {
    const end = first + pixels.length / imageBytes
    for (let at = 0; first < end; at += perShard * imageBytes) {
      const n = Math.min(perShard, end - first)
      const stem = `${name}-images-${String(images.length).padStart(2, '0')}`
      const shard = await writeShard(folder, stem, pixels.subarray(at, at + n * imageBytes))
      images.push({ first, count: n, ...shard })
      first += n
    }
  }
  if (first !== count) throw new Error(`${name}: ${first} images, expected ${count}`)
  return { count, labels: await writeShard(folder, `${name}-labels`, labels), images }
}

/**
 * Writes the shards and index.json into a folder beside `target`, then puts it in
 * place, so that an interrupted run never leaves half a data set behind.
 * @param {string} target folder to create or replace
 * @param {object} facts name, version and shape as in `mnist-facts.mjs`
 * @param {{train: object, test: object}} splits each with count, labels and batches of pixels: an iterable, so that one
 * batch need not wait in memory for the next; a shard never spans two batches
 * @returns the index written
 */
export async function writeDataset(target, facts, splits, perShard) {
  const { name, version, height, width, channels, classes } = facts
  const folder = `${target}.partial-${process.pid}`
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  try {
    const imageBytes = height * width * channels
    const written = {
      train: await writeSplit(folder, 'train', splits.train, imageBytes, perShard),
      test: await writeSplit(folder, 'test', splits.test, imageBytes, perShard),
    }
    const content = { name, version, format: FORMAT, height, width, channels, classes, splits: written }
    const index = { ...content, sha256: datasetHash(content) }
    await writeFile(join(folder, 'index.json'), `${JSON.stringify(index, null, 1)}\n`)
    await rm(target, { recursive: true, force: true })
    await rename(folder, target)
    return index
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The index in `target` when it has the current format and version and every shard has its size, else null. */
export async function readPrepared(target, version) {
  try {
    const index = JSON.parse(await readFile(join(target, 'index.json'), 'utf8'))
    if (index.format !== FORMAT || index.version !== version || index.sha256 !== datasetHash(index)) return null
    for (const { file, compressedBytes } of shardsOf(index)) {
      if ((await stat(join(target, file))).size !== compressedBytes) return null
    }
    return index
  } catch {
    // An unreadable, foreign or incomplete folder means the same as none: prepare it again.
    return null
  }
}

/** Every file entry of an index: labels and image shards of both splits. */
export function shardsOf(index) {
  return ['train', 'test'].flatMap((split) => [index.splits[split].labels, ...index.splits[split].images])
}
