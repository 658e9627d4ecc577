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
    }
    return { open: () => Promise.resolve(cache) } as unknown as CacheStorage
  }

  it('returns what was put and null otherwise', async () => {
    const cache = cacheApi(storage())
    await cache.put('a', body)
    expect(await cache.get('a')).toEqual(body)
    expect(await cache.get('b')).toBeNull()
  })

  it('counts a refusing browser as a miss', async () => {
    const refusing = { open: () => Promise.reject(new DOMException('full', 'QuotaExceededError')) } as unknown as CacheStorage
    const cache = cacheApi(refusing)
    await expect(cache.put('a', body)).resolves.toBeUndefined()
    expect(await cache.get('a')).toBeNull()
  })
})

describe('nodeSource', () => {
  it('reads files below its folder and gives null for absent ones', async () => {
    const source = nodeSource('fixtures')
    expect((await source.fetchBytes(`${source.baseUrl}npz/matrix.npy`))?.length).toBe(152)
    expect(await source.fetchBytes(`${source.baseUrl}npz/absent`)).toBeNull()
  })
})
