/** Data sets that a script of this project prepares: where they lie and how their index is read. */
import { CIFAR10_CLASSES } from './cifar10-classes.ts'
import { DataError, isDataError } from './data-error.ts'
import { parseIndex, type DatasetIndex } from './dataset-index.ts'
import { fetchOrThrow } from './shard.ts'
import type { ByteSource } from './source.ts'

export type PreparedName = 'mnist' | 'cifar10'

interface Words {
  readonly title: string
  readonly classNames?: readonly string[]
  readonly remedy: string
}

const WORDS: Readonly<Record<PreparedName, Words>> = {
  mnist: { title: 'MNIST', remedy: 'run `node scripts/prepare-mnist.mjs --force` and reload' },
  cifar10: {
    title: 'CIFAR-10',
    classNames: CIFAR10_CLASSES,
    remedy: 'run `npm run data -- cifar10 --force` on the host and reload, or drop the official archive cifar-10-binary.tar.gz on the page',
  },
}

export interface PreparedSet {
  readonly index: DatasetIndex
  readonly classNames?: readonly string[]
  /** Address of the folder that holds the shards, ending in a slash. */
  readonly folder: string
  /** What helps when a file is absent or damaged, for messages. */
  readonly remedy: string
}

/** Address of a prepared data set's folder, ending in a slash. */
export const folderOf = (source: ByteSource, name: PreparedName): string => `${source.baseUrl}data/${name}/`

function absent(error: unknown, title: string): unknown {
  return isDataError(error, 'missing') ? new DataError('missing', `${title} is not prepared on this host: ${error.message}`, { cause: error }) : error
}

async function indexFrom(source: ByteSource, url: string, { title, remedy }: Words, signal?: AbortSignal): Promise<DatasetIndex> {
  try {
    const bytes = await fetchOrThrow(source, url, remedy, signal)
    const index = parseIndex(bytes, url, remedy)
    await source.cache?.put(url, bytes).catch(() => undefined)
    return index
  } catch (error) {
    // Shards are named by content, so the last good index still fits them when the host cannot be reached.
    const cached = isDataError(error, 'network') ? await source.cache?.get(url) : null
    if (!cached) throw absent(error, title)
    return parseIndex(cached, url, remedy)
  }
}

/**
 * The index of a prepared data set, from the host, or from the cache when the host cannot be reached.
 * @throws DataError `missing` when it is not prepared, `network` when offline and never loaded, `corrupt`
 */
export async function openPrepared(source: ByteSource, name: PreparedName, signal?: AbortSignal): Promise<PreparedSet> {
  signal?.throwIfAborted()
  const folder = folderOf(source, name)
  const index = await indexFrom(source, `${folder}index.json`, WORDS[name], signal)
  const { remedy, classNames } = WORDS[name]
  return { index, folder, remedy, ...(classNames && { classNames }) }
}

/** A prepared data set's name for people. */
export const preparedTitle = (name: PreparedName): string => WORDS[name].title
