/** index.json of a prepared data set: what `scripts/prepare-mnist.mjs` writes. */
import { z } from 'zod'
import { DataError } from './data-error.ts'
import { sha256Hex } from './sha256.ts'

const FORMAT = 'uint8-deflate-raw-1'
const count = z.number().int().positive()
const shard = z.object({
  /** A bare file name, so that an index can only point into its own folder. */
  file: z.string().regex(/^[\w-][\w.-]*$/),
  bytes: count,
  compressedBytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
const imageShard = shard.extend({ first: z.number().int().nonnegative(), count })
const split = z.object({ count, labels: shard, images: z.array(imageShard).min(1) })
const schema = z.object({
  name: z.string(),
  version: z.string(),
  format: z.literal(FORMAT),
  height: count,
  width: count,
  channels: count,
  classes: count.max(256),
  splits: z.object({ train: split, test: split }),
  sha256: z.string(),
})

export type DatasetIndex = z.infer<typeof schema>
export type IndexSplit = DatasetIndex['splits']['train']
export type Shard = z.infer<typeof shard>
export type SplitName = 'train' | 'test'

/** The data set's identity; same definition as `datasetHash` of `scripts/data/digest.mjs`. */
export function indexHash(index: Omit<DatasetIndex, 'sha256'>): string {
  const lines = [`${index.name} ${index.height}x${index.width}x${index.channels} classes ${index.classes}`]
  for (const name of ['train', 'test'] as const) {
    const { count: total, labels, images } = index.splits[name]
    lines.push(`${name} labels ${total} ${labels.sha256}`)
    for (const part of images) lines.push(`${name} images ${part.first} ${part.count} ${part.sha256}`)
  }
  return sha256Hex(lines.join('\n'))
}

/** First contradiction between counts and sizes of a split, or null. */
function inconsistency(part: IndexSplit, features: number): string | null {
  let next = 0
  for (const image of part.images) {
    if (image.first !== next) return `a shard starts at image ${image.first}, expected ${next}`
    if (image.bytes !== image.count * features) return `${image.file} has ${image.bytes} bytes, expected ${image.count * features}`
    next += image.count
  }
  if (next !== part.count) return `the shards hold ${next} images, expected ${part.count}`
  return part.labels.bytes === part.count ? null : `${part.labels.bytes} label bytes, expected ${part.count}`
}

function parseJson(text: string, url: string, remedy: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    // Development servers and single-page hosts answer unknown addresses with a page and status 200.
    if (text.trimStart().startsWith('<')) {
      throw new DataError('missing', `${url}: a web page came instead of the data index; ${remedy}`, { cause })
    }
    throw new DataError('corrupt', `${url}: ${text.length} characters that are not JSON; ${remedy}`, { cause })
  }
}

/**
 * Parses and checks index.json: schema, counts and its own hash.
 * @throws DataError `missing` when a web page came instead, `corrupt` otherwise
 */
export function parseIndex(bytes: Uint8Array, url: string, remedy: string): DatasetIndex {
  const parsed = schema.safeParse(parseJson(new TextDecoder().decode(bytes), url, remedy))
  const fail = (problem: string) => new DataError('corrupt', `${url}: ${problem}; ${remedy}`)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw fail(`${issue?.path.join('.') || 'index'}: ${issue?.message ?? 'unexpected content'}`)
  }
  const index = parsed.data
  const features = index.height * index.width * index.channels
  for (const name of ['train', 'test'] as const) {
    const problem = inconsistency(index.splits[name], features)
    if (problem) throw fail(`${name} split: ${problem}`)
  }
  const hash = indexHash(index)
  if (hash !== index.sha256) throw fail(`hash ${index.sha256}, expected ${hash} from its entries`)
  return index
}
