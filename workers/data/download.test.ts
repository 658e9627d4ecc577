import { describe, expect, it } from 'vitest'
import type { DataError } from './data-error.ts'
import { downloadDataset, downloadState, removeDownload } from './download.ts'
import { loadDataset } from './loader.ts'
import type { ByteSource } from './source.ts'
import { memoryCache, mini } from './test-prepared.ts'
import type { DataProgress } from './transfer.ts'

const failure = (promise: Promise<unknown>): Promise<DataError> => promise.then(() => { throw new Error('expected a rejection') }, (error: DataError) => error)

function setup(capacity?: number) {
  const made = mini('cifar10')
  const cache = memoryCache(capacity)
  return { ...made, cache, source: { ...made.source, cache } }
}

/** The source with its first so many shards reachable, then nothing. */
function failingAfter(source: ByteSource, shards: number, fail: () => Error): ByteSource {
  let left = shards
  return { ...source, fetchBytes: (url, ...rest) => (url.endsWith('.json') || left-- > 0 ? source.fetchBytes(url, ...rest) : Promise.reject(fail())) }
}

describe('downloadDataset', () => {
  it('stores every shard, after which the whole set loads offline', async () => {
    const { source, cache } = setup()
    const before = await downloadState(source, 'cifar10')
    expect(before).toMatchObject({ storedBytes: 0, complete: false })
    const done = await downloadDataset(source, 'cifar10')
    expect(done).toEqual({ totalBytes: before.totalBytes, storedBytes: before.totalBytes, complete: true })
    const offline: ByteSource = { baseUrl: './', cache, fetchBytes: () => Promise.reject(new TypeError('offline')) }
    expect(await downloadState(offline, 'cifar10')).toEqual(done)
    const all = { name: 'cifar10', trainSamples: 7, testSamples: 4 } as const
    expect(await loadDataset(all, offline)).toEqual(await loadDataset(all, source))
  })

  it('goes on where it was cancelled, fetching each shard once', async () => {
    const { source, fetched } = setup()
    const controller = new AbortController()
    const reason = new Error('enough')
    expect(await failure(downloadDataset(source, 'cifar10', ({ step }) => step === 2 && controller.abort(reason), controller.signal))).toBe(reason)
    const half = await downloadState(source, 'cifar10')
    expect(half.storedBytes).toBeGreaterThan(0)
    expect(half.complete).toBe(false)
    const stored = fetched.filter((file) => file.endsWith('.shard')).length
    const seen: DataProgress[] = []
    fetched.length = 0
    await downloadDataset(source, 'cifar10', (progress) => seen.push(progress))
    expect(seen[0].bytes).toBeGreaterThan(0)
    expect(seen.at(-1)).toMatchObject({ step: 7, of: 7, bytes: half.totalBytes, totalBytes: half.totalBytes })
    seen.slice(1).forEach((now, k) => expect(now.bytes).toBeGreaterThanOrEqual(seen[k].bytes))
    expect(fetched.filter((file) => file.endsWith('.shard')).length).toBeLessThanOrEqual(7 - 2)
    expect(stored).toBeGreaterThanOrEqual(2)
  })

  it('keeps what has arrived when the network fails', async () => {
    const { source } = setup()
    const error = await failure(downloadDataset(failingAfter(source, 3, () => new TypeError('Failed to fetch')), 'cifar10'))
    expect(error).toMatchObject({ code: 'network' })
    expect((await downloadState(source, 'cifar10')).storedBytes).toBeGreaterThan(0)
    expect(await downloadDataset(source, 'cifar10')).toMatchObject({ complete: true })
  })

  it('refuses before fetching when the browser estimates too little room', async () => {
    const { source, cache, fetched } = setup()
    const error = await failure(downloadDataset({ ...source, cache: { ...cache, room: () => Promise.resolve(20) } }, 'cifar10'))
    expect(error.code).toBe('storage')
    expect(error.message).toMatch(/^CIFAR-10: 1 MB are still to be stored, the browser has room for 1 MB; free some disk space/)
    expect(fetched).toEqual(['index.json'])
  })

  it('names the browser\'s reason when it refuses a shard', async () => {
    const error = await failure(downloadDataset({ ...setup(60).source }, 'cifar10'))
    expect(error.code).toBe('storage')
    expect(error.message).toContain('QuotaExceededError: no room')
  })

  it('says why a page without storage cannot download', async () => {
    expect(await failure(downloadDataset(mini('cifar10').source, 'cifar10'))).toMatchObject({ code: 'storage', message: expect.stringContaining('https and localhost only') as string })
  })

  it('stores nothing that does not have its digest', async () => {
    const { source, files, index, cache } = setup()
    const { file } = index.splits.train.images[1]
    files.set(file, (files.get(file) ?? new Uint8Array()).map((byte) => byte ^ 255))
    expect(await failure(downloadDataset(source, 'cifar10'))).toMatchObject({ code: 'corrupt' })
    expect(cache.entries.has(`./data/cifar10/${file}`)).toBe(false)
  })
})

describe('downloadState', () => {
  it('tells a host without the data set and a host out of reach apart', async () => {
    const cache = memoryCache()
    const missing = await failure(downloadState({ baseUrl: './', cache, fetchBytes: () => Promise.resolve(null) }, 'cifar10'))
    expect(missing.code).toBe('missing')
    expect(missing.message).toMatch(/^CIFAR-10 is not prepared on this host: .*npm run data -- cifar10.*cifar-10-binary\.tar\.gz/)
    expect(await failure(downloadState({ baseUrl: './', cache, fetchBytes: () => Promise.reject(new TypeError('offline')) }, 'cifar10'))).toMatchObject({ code: 'network' })
  })

  it('does not count an entry of another size', async () => {
    const { source, cache, index } = setup()
    const full = await downloadDataset(source, 'cifar10')
    const { file, compressedBytes } = index.splits.test.images[0]
    cache.entries.set(`./data/cifar10/${file}`, new Uint8Array(1))
    expect(await downloadState(source, 'cifar10')).toEqual({ ...full, storedBytes: full.totalBytes - compressedBytes, complete: false })
  })
})

describe('removeDownload', () => {
  it('leaves nothing of the set and everything of another', async () => {
    const { source, cache } = setup()
    cache.entries.set('./data/mnist/x', new Uint8Array(1))
    await downloadDataset(source, 'cifar10')
    await removeDownload(source, 'cifar10')
    expect([...cache.entries.keys()]).toEqual(['./data/mnist/x'])
  })
})
