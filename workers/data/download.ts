/** A whole prepared data set kept in the browser, so that it works offline. Shards that are stored already are skipped. */
import { DataError } from './data-error.ts'
import type { Shard } from './dataset-index.ts'
import { folderOf, openPrepared, preparedTitle, type PreparedName, type PreparedSet } from './prepared.ts'
import { fetchShard } from './shard.ts'
import type { ByteCache, ByteSource } from './source.ts'
import { runTasks, type DataProgress, type ShardTask } from './transfer.ts'

export interface DownloadState {
  /** Compressed bytes of all shards. */
  readonly totalBytes: number
  readonly storedBytes: number
  readonly complete: boolean
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`

const shardsOf = ({ index: { splits } }: PreparedSet): Shard[] => [splits.train, splits.test].flatMap(({ labels, images }) => [labels, ...images])

const sizeOf = (shards: readonly Shard[]): number => shards.reduce((sum, { compressedBytes }) => sum + compressedBytes, 0)

/** Shards that the cache lacks, or holds with another size. */
async function missingShards(cache: ByteCache | undefined, prepared: PreparedSet): Promise<Shard[]> {
  const shards = shardsOf(prepared)
  const sizes = await Promise.all(shards.map(({ file }) => cache?.size(prepared.folder + file) ?? null))
  return shards.filter(({ compressedBytes }, k) => sizes[k] !== compressedBytes)
}

/**
 * How much of a data set the browser holds.
 * @throws DataError `missing` when the host does not have it, `network` when offline and never loaded
 */
export async function downloadState(source: ByteSource, name: PreparedName, signal?: AbortSignal): Promise<DownloadState> {
  const prepared = await openPrepared(source, name, signal)
  const totalBytes = sizeOf(shardsOf(prepared))
  const lacking = await missingShards(source.cache, prepared)
  return { totalBytes, storedBytes: totalBytes - sizeOf(lacking), complete: lacking.length === 0 }
}

function noRoom(name: PreparedName, needed: number, reason: string, cause?: unknown): DataError {
  const remedy = 'free some disk space or remove another downloaded data set; what is stored stays, and the download goes on from there'
  return new DataError('storage', `${preparedTitle(name)}: ${megabytes(needed)} are still to be stored, ${reason}; ${remedy}`, { cause })
}

async function storeOrThrow(cache: ByteCache, name: PreparedName, url: string, bytes: Uint8Array, needed: number): Promise<void> {
  try {
    await cache.put(url, bytes)
  } catch (cause) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    throw noRoom(name, needed, `the browser refused (${reason})`, cause)
  }
}

/**
 * Fetches, verifies and stores every shard that is not stored yet. Stopping keeps what has arrived.
 * @throws DataError `storage` without room or storage, `network`, `missing`, `truncated` or `corrupt`; or the signal's reason
 */
export async function downloadDataset(
  source: ByteSource,
  name: PreparedName,
  onProgress: (progress: DataProgress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<DownloadState> {
  const { cache } = source
  if (!cache) {
    throw new DataError('storage', `${preparedTitle(name)}: this page cannot store files, which browsers allow on https and localhost only; open the lab there`)
  }
  const prepared = await openPrepared(source, name, signal)
  const shards = shardsOf(prepared)
  const lacking = await missingShards(cache, prepared)
  const needed = sizeOf(lacking)
  const room = await cache.room()
  if (room !== null && room < needed) throw noRoom(name, needed, `the browser has room for ${megabytes(room)}`)
  let left = needed
  const fetched = (shard: Shard): ShardTask['run'] => async (stop, onBytes) => {
    const url = prepared.folder + shard.file
    const { compressed } = await fetchShard(source, url, shard, prepared.remedy, stop, onBytes)
    await storeOrThrow(cache, name, url, compressed, left)
    left -= shard.compressedBytes
  }
  const stored: ShardTask['run'] = () => Promise.resolve()
  const isLacking = new Set(lacking)
  const inOrder = [...shards].sort((a, b) => Number(isLacking.has(a)) - Number(isLacking.has(b)))
  await runTasks(inOrder.map((shard) => ({ shard, run: isLacking.has(shard) ? fetched(shard) : stored })), onProgress, signal)
  const totalBytes = sizeOf(shards)
  return { totalBytes, storedBytes: totalBytes, complete: true }
}

/** Gives the room of a downloaded data set back; its state becomes that of one never loaded. */
export async function removeDownload(source: ByteSource, name: PreparedName): Promise<void> {
  try {
    await source.cache?.remove(folderOf(source, name))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DataError('storage', `${preparedTitle(name)}: the browser could not remove it (${reason}); clear this site's data in the browser's settings`, { cause })
  }
}
