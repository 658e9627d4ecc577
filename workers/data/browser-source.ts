import type { ByteCache, ByteSource } from './source.ts'

const CACHE_NAME = 'prepared-data-1'
/** Saves reading an entry to learn its size. */
const SIZE_HEADER = 'x-bytes'

async function readBody(response: Response, onBytes?: (received: number) => void): Promise<Uint8Array> {
  if (!response.body || !onBytes) return new Uint8Array(await response.arrayBuffer())
  const chunks: Uint8Array[] = []
  let received = 0
  const reader = response.body.getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    chunks.push(part.value)
    received += part.value.length
    onBytes(received)
  }
  const bytes = new Uint8Array(received)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

/** Fetches over HTTP; 404 and 410 count as absent, other failures reject. */
async function fetchBytes(url: string, signal?: AbortSignal, onBytes?: (received: number) => void): Promise<Uint8Array | null> {
  const response = await fetch(url, signal ? { signal } : {})
  if (response.status === 404 || response.status === 410) return null
  if (!response.ok) throw new Error(`HTTP ${response.status} ${response.statusText}`.trim())
  return readBody(response, onBytes)
}

async function estimatedRoom(): Promise<number | null> {
  // `storage` is absent on pages without a secure context.
  const manager: StorageManager | undefined = globalThis.navigator?.storage
  const { quota, usage } = (await manager?.estimate?.()) ?? {}
  return quota === undefined || usage === undefined ? null : Math.max(0, quota - usage)
}

/** Byte cache over the browser's Cache API, whose failures in private mode and the like count as a miss. */
export function cacheApi(storage: CacheStorage, name = CACHE_NAME): ByteCache {
  const open = () => storage.open(name)
  const match = async (url: string) => (await open()).match(url)
  const orNull = <T>(promise: Promise<T | null>): Promise<T | null> => promise.catch(() => null)
  return {
    get: (url) => orNull(match(url).then(async (hit) => (hit ? new Uint8Array(await hit.arrayBuffer()) : null))),
    size: (url) =>
      orNull(
        match(url).then(async (hit) => {
          if (!hit) return null
          const stated = hit.headers.get(SIZE_HEADER)
          return stated === null ? (await hit.blob()).size : Number(stated)
        }),
      ),
    async put(url, bytes) {
      const response = new Response(new Uint8Array(bytes), { headers: { [SIZE_HEADER]: String(bytes.length) } })
      await (await open()).put(url, response)
    },
    async remove(prefix) {
      const cache = await open()
      const keys = await cache.keys()
      await Promise.all(keys.filter(({ url }) => url.startsWith(new Request(prefix).url)).map((key) => cache.delete(key)))
    },
    room: () => orNull(estimatedRoom()),
  }
}

/**
 * Data files of the page's own host, cached where the browser allows it.
 * @param baseUrl the page's base, absolute or relative to the caller. A worker resolves
 * relative addresses against its own script, so hand it `new URL(import.meta.env.BASE_URL, document.baseURI).href`.
 */
export function browserSource(baseUrl: string): ByteSource {
  const base = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`
  // `caches` is undefined on pages without a secure context.
  const storage: CacheStorage | undefined = globalThis.caches
  return storage ? { baseUrl: base, fetchBytes, cache: cacheApi(storage) } : { baseUrl: base, fetchBytes }
}
