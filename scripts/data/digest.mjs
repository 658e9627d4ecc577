import { createHash } from 'node:crypto'

/** Lower-case hexadecimal SHA-256 of bytes or text. */
export const sha256 = (data) => createHash('sha256').update(data).digest('hex')

/**
 * Identity of a data set, independent of how its shards are compressed: SHA-256 of
 * one line for the shape, then per split one line for the labels and one per image shard.
 * `workers/data/dataset-index.ts` recomputes it, so an altered index is noticed too.
 */
export function datasetHash(index) {
  const lines = [`${index.name} ${index.height}x${index.width}x${index.channels} classes ${index.classes}`]
  for (const split of ['train', 'test']) {
    const { count, labels, images } = index.splits[split]
    lines.push(`${split} labels ${count} ${labels.sha256}`)
    for (const shard of images) lines.push(`${split} images ${shard.first} ${shard.count} ${shard.sha256}`)
  }
  return sha256(lines.join('\n'))
}
