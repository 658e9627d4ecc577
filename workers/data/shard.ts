import { inflateSync } from 'fflate'
import { DataError, decoding } from './data-error.ts'
import type { Shard } from './dataset-index.ts'
import { sha256Hex } from './sha256.ts'
import type { ByteSource } from './source.ts'

/** A shard's content after checking size and SHA-256. */
function open(compressed: Uint8Array, shard: Shard, url: string, remedy: string): Uint8Array {
  if (compressed.length !== shard.compressedBytes) {
    throw new DataError('truncated', `${url}: ${compressed.length} bytes, expected ${shard.compressedBytes}; ${remedy}`)
  }
  const bytes = decoding(url, remedy, () => inflateSync(compressed, { out: new Uint8Array(shard.bytes) }))
  const got = sha256Hex(bytes)
  if (got !== shard.sha256) throw new DataError('corrupt', `${url}: SHA-256 ${got}, expected ${shard.sha256}; ${remedy}`)
  return bytes
}

/** Bytes at an address; absence and transport failures become tagged errors, an abort stays what it is. */
export async function fetchOrThrow(
  source: ByteSource,
  url: string,
  remedy: string,
  signal?: AbortSignal,
  onBytes?: (received: number) => void,
): Promise<Uint8Array> {
  const bytes = await source.fetchBytes(url, signal, onBytes).catch((cause: unknown) => {
    signal?.throwIfAborted()
    if (cause instanceof DataError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DataError('network', `${url}: could not be fetched (${reason}); check the connection and try again`, { cause })
  })
  signal?.throwIfAborted()
  if (bytes === null) throw new DataError('missing', `${url}: no such file; ${remedy}`)
  return bytes
}

/** Verified content from the cache, or null when it is absent or no longer intact. */
async function fromCache(source: ByteSource, shard: Shard, url: string): Promise<Uint8Array | null> {
  const compressed = await source.cache?.get(url)
  if (!compressed) return null
  try {
    return open(compressed, shard, url, '')
  } catch {
    // A damaged cache entry is as good as none: it is fetched again and overwritten.
    return null
  }
}

/** A shard as it came and what it holds, both verified. */
export interface FetchedShard {
  readonly compressed: Uint8Array
  readonly bytes: Uint8Array
}

/**
 * One shard from the source, past the cache.
 * @throws DataError `network`, `missing`, `truncated` or `corrupt`
 */
export async function fetchShard(
  source: ByteSource,
  url: string,
  shard: Shard,
  remedy: string,
  signal?: AbortSignal,
  onBytes?: (received: number) => void,
): Promise<FetchedShard> {
  const compressed = await fetchOrThrow(source, url, remedy, signal, onBytes)
  return { compressed, bytes: open(compressed, shard, url, remedy) }
}

/**
 * The verified, inflated content of one shard, from the cache where it is intact.
 * @throws DataError `network`, `missing`, `truncated` or `corrupt`
 */
export async function readShard(
  source: ByteSource,
  url: string,
  shard: Shard,
  remedy: string,
  signal?: AbortSignal,
  onBytes?: (received: number) => void,
): Promise<Uint8Array> {
  const cached = await fromCache(source, shard, url)
  signal?.throwIfAborted()
  if (cached) {
    onBytes?.(shard.compressedBytes)
    return cached
  }
  const { compressed, bytes } = await fetchShard(source, url, shard, remedy, signal, onBytes)
  // A full store costs the next start's speed and nothing else.
  await source.cache?.put(url, compressed).catch(() => undefined)
  return bytes
}
