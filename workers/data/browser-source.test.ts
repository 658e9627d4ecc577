import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { nodeSource } from '../cli/node-source.ts'
import { browserSource, cacheApi } from './browser-source.ts'

const body = Uint8Array.from({ length: 70_000 }, (_, i) => i % 251)
let server: Server
let base = ''

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/app/file') response.end(body)
    else if (request.url === '/app/slow') response.write(body.subarray(0, 10))
    else response.writeHead(request.url === '/app/broken' ? 503 : 404).end()
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/app`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

describe('browserSource', () => {
  it('returns all bytes and counts them as they arrive', async () => {
    const source = browserSource(base)
    const counts: number[] = []
    expect(source.baseUrl).toBe(`${base}/`)
    expect(await source.fetchBytes(`${source.baseUrl}file`, undefined, (received) => counts.push(received))).toEqual(body)
    expect(counts.at(-1)).toBe(body.length)
    expect(counts).toEqual([...counts].sort((a, b) => a - b))
  })

  it('gives null for an absent file and rejects for a failing host', async () => {
    const { fetchBytes } = browserSource(base)
    expect(await fetchBytes(`${base}/absent`)).toBeNull()
    await expect(fetchBytes(`${base}/broken`)).rejects.toThrow('HTTP 503')
  })

  it('stops a transfer in progress when aborted', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const transfer = browserSource(base).fetchBytes(`${base}/slow`, controller.signal, () => controller.abort(reason))
    await expect(transfer).rejects.toBe(reason)
  })

  it('has a cache only where the browser offers one', () => {
    expect(browserSource(base).cache).toBeUndefined()
    vi.stubGlobal('caches', {})
    expect(browserSource(base).cache).toBeDefined()
    vi.unstubAllGlobals()
  })
})

describe('cacheApi', () => {
  function storage(): CacheStorage {
    const entries = new Map<string, Response>()
    const cache = {
      match: (url: string) => Promise.resolve(entries.get(url)?.clone()),
      put: (url: string, response: Response) => Promise.resolve(void entries.set(url, response)),
      keys: () => Promise.resolve([...entries.keys()].map((url) => new Request(url))),
      delete: ({ url }: Request) => Promise.resolve(entries.delete(url)),
    }
    return { open: () => Promise.resolve(cache) } as unknown as CacheStorage
  }
  const at = (name: string) => `http://lab.test/data/${name}`

  it('returns what was put, and null otherwise', async () => {
    const cache = cacheApi(storage())
    await cache.put(at('a'), body)
    expect(await cache.get(at('a'))).toEqual(body)
    expect(await cache.size(at('a'))).toBe(body.length)
    expect(await cache.get(at('b'))).toBeNull()
    expect(await cache.size(at('b'))).toBeNull()
  })

  it('knows the size of entries that an earlier version stored without it', async () => {
    const caches = storage()
    await (await caches.open('')).put(at('a'), new Response(body))
    expect(await cacheApi(caches).size(at('a'))).toBe(body.length)
  })

  it('forgets one folder and keeps the others', async () => {
    const cache = cacheApi(storage())
    for (const name of ['one/a', 'one/b', 'two/a']) await cache.put(at(name), body)
    await cache.remove(at('one/'))
    expect(await Promise.all(['one/a', 'one/b', 'two/a'].map((name) => cache.size(at(name))))).toEqual([null, null, body.length])
  })

  it('says that a browser refused to store, and counts what cannot be read as a miss', async () => {
    const refusing = { open: () => Promise.reject(new DOMException('full', 'QuotaExceededError')) } as unknown as CacheStorage
    const cache = cacheApi(refusing)
    await expect(cache.put(at('a'), body)).rejects.toMatchObject({ name: 'QuotaExceededError' })
    expect(await cache.get(at('a'))).toBeNull()
    expect(await cache.size(at('a'))).toBeNull()
  })

  it('estimates its room where the browser does', async () => {
    vi.stubGlobal('navigator', { storage: { estimate: () => Promise.resolve({ quota: 100, usage: 30 }) } })
    expect(await cacheApi(storage()).room()).toBe(70)
    vi.stubGlobal('navigator', {})
    expect(await cacheApi(storage()).room()).toBeNull()
    vi.unstubAllGlobals()
  })
})

describe('nodeSource', () => {
  it('reads files below its folder and gives null for absent ones', async () => {
    const source = nodeSource('fixtures')
    expect((await source.fetchBytes(`${source.baseUrl}npz/matrix.npy`))?.length).toBe(152)
    expect(await source.fetchBytes(`${source.baseUrl}npz/absent`)).toBeNull()
  })
})
