import { deflateSync } from 'fflate'
import { indexHash, type DatasetIndex } from './dataset-index.ts'
import type { PreparedName } from './prepared.ts'
import { sha256Hex } from './sha256.ts'
import type { ByteCache, ByteSource } from './source.ts'

export const SHAPE = { height: 2, width: 3, channels: 1 }
const PER_SHARD = 3
export const pixelsOf = (count: number) => Uint8Array.from({ length: count * 6 }, (_, i) => (i * 37 + (i >> 3)) % 256)
export const labelsOf = (count: number) => Uint8Array.from({ length: count }, (_, i) => i % 4)

/** A prepared data set in memory: 7 training and 4 test images of 2 x 3 pixels. */
export function mini(name: PreparedName = 'mnist') {
  const files = new Map<string, Uint8Array>()
  const shard = (stem: string, bytes: Uint8Array) => {
    const sha256 = sha256Hex(bytes)
    const file = `${stem}.${sha256.slice(0, 12)}.shard`
    const compressed = deflateSync(bytes)
    files.set(file, compressed)
    return { file, bytes: bytes.length, compressedBytes: compressed.length, sha256 }
  }
  const split = (part: string, count: number) => ({
    count,
    labels: shard(`${part}-labels`, labelsOf(count)),
    images: Array.from({ length: Math.ceil(count / PER_SHARD) }, (_, k) => {
      const first = k * PER_SHARD
      const n = Math.min(PER_SHARD, count - first)
      return { first, count: n, ...shard(`${part}-images-0${k}`, pixelsOf(count).slice(first * 6, (first + n) * 6)) }
    }),
  })
  const content = { name, version: 'mini@1', format: 'uint8-deflate-raw-1' as const, ...SHAPE, classes: 4, splits: { train: split('train', 7), test: split('test', 4) } }
  const index: DatasetIndex = { ...content, sha256: indexHash(content) }
  const put = (changed: unknown) => files.set('index.json', new TextEncoder().encode(JSON.stringify(changed)))
  put(index)
  const fetched: string[] = []
  const source: ByteSource = {
    baseUrl: './',
    fetchBytes(url) {
      const file = url.replace(`./data/${name}/`, '')
      fetched.push(file)
      return Promise.resolve(files.get(file) ?? null)
    },
  }
  return { files, index, put, fetched, source }
}

/** A cache in memory that can run out of room. */
export function memoryCache(capacity = Infinity): ByteCache & { readonly entries: Map<string, Uint8Array> } {
  const entries = new Map<string, Uint8Array>()
  const used = () => [...entries.values()].reduce((sum, bytes) => sum + bytes.length, 0)
  return {
    entries,
    get: (url) => Promise.resolve(entries.get(url) ?? null),
    size: (url) => Promise.resolve(entries.get(url)?.length ?? null),
    put(url, bytes) {
      if (used() + bytes.length > capacity) return Promise.reject(new DOMException('no room', 'QuotaExceededError'))
      return Promise.resolve(void entries.set(url, bytes))
    },
    remove(prefix) {
      for (const url of [...entries.keys()]) if (url.startsWith(prefix)) entries.delete(url)
      return Promise.resolve()
    },
    room: () => Promise.resolve(null),
  }
}
