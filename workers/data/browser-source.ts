import type { ByteCache, ByteSource } from './source.ts'

const CACHE_NAME = 'prepared-data-1'

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

/**
 * Byte cache over the browser's Cache API. Failures (private mode, full disk) count as
 * a miss: everything can be fetched again.
 */
export function cacheApi(storage: CacheStorage, name = CACHE_NAME): ByteCache {
  return {
    async get(url) {
      try {
        const hit = await (await storage.open(name)).match(url)
        return hit ? new Uint8Array(await hit.arrayBuffer()) : null
      } catch {
        return null
      }
    },
    async put(url, bytes) {
      try {
        await (await storage.open(name)).put(url, new Response(new Uint8Array(bytes)))
      } catch {
        // Nothing is lost but the next start's speed.
      }
    },
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
