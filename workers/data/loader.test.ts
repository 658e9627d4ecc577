import { existsSync } from 'node:fs'
import { deflateSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { datasetHash } from '../../scripts/data/digest.mjs'
import { nodeSource } from '../cli/node-source.ts'
import { isDataError, type DataError } from './data-error.ts'
import { indexHash, type DatasetIndex, type Shard } from './dataset-index.ts'
import { loadDataset, type DataProgress } from './loader.ts'
import { openPrepared } from './prepared.ts'
import { standardize } from './preprocess.ts'
import { readShard } from './shard.ts'
import type { ByteSource } from './source.ts'
import { labelsOf, memoryCache, mini, pixelsOf, SHAPE } from './test-prepared.ts'

const all = { name: 'mnist', trainSamples: 7, testSamples: 4 } as const
const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => null, (error: unknown) => error)

describe('loadDataset', () => {
  it('gives the standardised images, labels and pixels of both splits', async () => {
    const { source, index } = mini()
    const data = await loadDataset(all, source)
    expect(data).toMatchObject({ name: 'mnist', hash: index.sha256, ...SHAPE, classes: 4, notes: [] })
    expect(data.train).toEqual({ count: 7, images: standardize(pixelsOf(7), SHAPE), labels: labelsOf(7), raw: pixelsOf(7) })
    expect(data.test.images).toEqual(standardize(pixelsOf(4), SHAPE))
  })

  it('fetches only the shards that hold the first samples', async () => {
    const { source, fetched } = mini()
    const data = await loadDataset({ ...all, trainSamples: 4, testSamples: 2 }, source)
    expect(data.train.raw).toEqual(pixelsOf(7).slice(0, 24))
    expect(fetched.map((file) => file.split('.')[0]).sort()).toEqual(
      ['index', 'test-images-00', 'test-labels', 'train-images-00', 'train-images-01', 'train-labels'],
    )
  })

  it('reports progress that never falls and ends complete', async () => {
    const { source } = mini()
    const seen: DataProgress[] = []
    await loadDataset(all, source, (progress) => seen.push(progress))
    seen.slice(1).forEach((now, i) => expect(now.bytes >= seen[i].bytes && now.step >= seen[i].step).toBe(true))
    const last = seen.at(-1)
    expect(last).toEqual({ step: 7, of: 7, bytes: last?.totalBytes, totalBytes: last?.totalBytes })
  })

  it.each([0, 8, 2.5])('refuses trainSamples=%s', async (trainSamples) => {
    const error = await failure(loadDataset({ ...all, trainSamples }, mini().source))
    expect(error).toMatchObject({ code: 'shape', message: `mnist: trainSamples=${trainSamples}; choose an integer from 1 to 7` })
  })

  it('tells damaged, truncated and absent shards apart', async () => {
    const codes = await Promise.all(
      [(b: Uint8Array) => b.map((v) => v ^ 255), (b: Uint8Array) => b.subarray(1), () => null].map(async (damage) => {
        const { source, files, index } = mini()
        const { file } = index.splits.train.images[1]
        const bytes = damage(files.get(file) ?? new Uint8Array())
        if (bytes) files.set(file, bytes)
        else files.delete(file)
        const error = await failure(loadDataset(all, source))
        expect((error as DataError).message).toContain('prepare-mnist.mjs')
        return (error as DataError).code
      }),
    )
    expect(codes).toEqual(['corrupt', 'truncated', 'missing'])
  })

  it('refuses a shard whose content inflates to more than announced', async () => {
    const { source, put, index, files } = mini()
    const long = deflateSync(new Uint8Array(100_000))
    const images = index.splits.test.images.map((shard, k) => (k === 0 ? { ...shard, compressedBytes: long.length } : shard))
    files.set(images[0].file, long)
    put({ ...index, splits: { ...index.splits, test: { ...index.splits.test, images } } })
    expect(await failure(loadDataset(all, source))).toMatchObject({ code: 'corrupt' })
  })

  it('wraps a failing transport, keeping the cause', async () => {
    const cause = new TypeError('Failed to fetch')
    const error = await failure(loadDataset(all, { baseUrl: '/', fetchBytes: () => Promise.reject(cause) }))
    expect(error).toMatchObject({ code: 'network', cause })
  })

  it('rejects with the reason of an abort and stops fetching', async () => {
    const { source, fetched } = mini()
    const controller = new AbortController()
    const reason = new Error('changed my mind')
    const error = await failure(loadDataset(all, source, ({ step }) => step === 1 && controller.abort(reason), controller.signal))
    expect(error).toBe(reason)
    expect(fetched.length).toBeLessThan(8)
  })

  it('hands the signal to the source', async () => {
    const { source } = mini()
    const controller = new AbortController()
    const waiting: ByteSource = {
      baseUrl: './',
      fetchBytes: (url, signal) =>
        url.endsWith('json')
          ? source.fetchBytes(url)
          : new Promise((_, reject) => {
              signal?.addEventListener('abort', () => reject(new DOMException('stopped', 'AbortError')))
              controller.abort(new Error('cancelled'))
            }),
    }
    expect(await failure(loadDataset(all, waiting, undefined, controller.signal))).toMatchObject({ message: 'cancelled' })
  })
})

describe('the index', () => {
  const codeFor = async (change: (index: DatasetIndex) => unknown) => {
    const { source, put, index } = mini()
    put(change(index))
    const error = await failure(loadDataset(all, source))
    return isDataError(error) ? error : null
  }

  it('has the hash that the preparation script gives', () => {
    const { index } = mini()
    expect(indexHash(index)).toBe(datasetHash(index))
  })

  it.each<[string, (index: DatasetIndex) => unknown, string]>([
    ['a missing field', ({ height: _height, ...rest }) => rest, 'height'],
    ['another format', (index) => ({ ...index, format: 'x' }), 'format'],
    ['a count that the shards contradict', (index) => ({ ...index, splits: { ...index.splits, train: { ...index.splits.train, count: 8 } } }), 'the shards hold 7 images, expected 8'],
    ['an altered field', (index) => ({ ...index, classes: 5 }), 'expected'],
    ['a path out of its folder', (index) => ({ ...index, splits: { ...index.splits, train: { ...index.splits.train, labels: { ...index.splits.train.labels, file: '../x' } } } }), 'splits.train.labels.file'],
  ])('is refused with %s', async (_, change, message) => {
    const error = await codeFor(change)
    expect(error?.code).toBe('corrupt')
    expect(error?.message).toContain(message)
  })

  it('counts as missing when the host answers with a page', async () => {
    const { source, files } = mini()
    files.set('index.json', new TextEncoder().encode('<!doctype html><title>app</title>'))
    expect(await failure(loadDataset(all, source))).toMatchObject({ code: 'missing' })
  })

  it('is refused when cut at any eighth', async () => {
    const { source, files } = mini()
    const bytes = files.get('index.json') ?? new Uint8Array()
    for (let k = 0; k < 8; k++) {
      files.set('index.json', bytes.subarray(0, (k * bytes.length) >> 3))
      expect(await failure(loadDataset(all, source))).toMatchObject({ code: 'corrupt' })
    }
  })
})

describe('the cache', () => {
  it('serves the second load, even offline', async () => {
    const { source, fetched } = mini()
    const cache = memoryCache()
    const first = await loadDataset(all, { ...source, cache })
    const before = fetched.length
    const offline: ByteSource = { baseUrl: './', cache, fetchBytes: () => Promise.reject(new TypeError('offline')) }
    expect(await loadDataset(all, offline)).toEqual(first)
    expect(fetched.length).toBe(before)
  })

  it('changes nothing but speed when it is full', async () => {
    const { source } = mini()
    expect(await loadDataset(all, { ...source, cache: memoryCache(10) })).toEqual(await loadDataset(all, source))
  })

  it('is bypassed where an entry is damaged, and repaired', async () => {
    const { source, index } = mini()
    const cache = memoryCache()
    const first = await loadDataset(all, { ...source, cache })
    const url = `./data/mnist/${index.splits.train.images[0].file}`
    cache.entries.set(url, new Uint8Array(5))
    expect(await loadDataset(all, { ...source, cache })).toEqual(first)
    expect(cache.entries.get(url)?.length).toBe(index.splits.train.images[0].compressedBytes)
  })
})

describe.runIf(existsSync('public/data/mnist/index.json'))('prepared MNIST', () => {
  it('has the known classes, the 145 pixels black in the first 2000 images, and standardised rows', async () => {
    const data = await loadDataset({ name: 'mnist', trainSamples: 2000, testSamples: 10 }, nodeSource())
    const { raw = new Uint8Array(), images, labels } = data.train
    expect([...labels.slice(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
    expect([...data.test.labels]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
    const brightest = new Uint8Array(784)
    for (let i = 0; i < raw.length; i++) brightest[i % 784] = Math.max(brightest[i % 784], raw[i])
    expect(brightest.filter((v) => v === 0).length).toBe(145)
    for (const n of [0, 1999]) {
      const row = images.subarray(n * 784, (n + 1) * 784)
      expect(row.reduce((a, b) => a + b, 0) / 784).toBeCloseTo(0, 5)
      expect(row.reduce((a, b) => a + b * b, 0) / 784).toBeCloseTo(1, 5)
    }
  })
})

describe.runIf(existsSync('public/data/cifar10/index.json'))('prepared CIFAR-10', () => {
  it('has the known first labels, train means, and number of images a class', async () => {
    const source = nodeSource()
    const { index, folder } = await openPrepared(source, 'cifar10')
    const read = (shard: Shard) => readShard(source, folder + shard.file, shard, '')
    const counts = (labels: Uint8Array) => labels.reduce((sum, label) => (sum[label]++, sum), new Array<number>(10).fill(0))
    const train = await read(index.splits.train.labels)
    const test = await read(index.splits.test.labels)
    expect([[...train.subarray(0, 10)], [...test.subarray(0, 10)]]).toEqual([[6, 9, 9, 4, 1, 1, 2, 7, 8, 3], [3, 8, 8, 0, 6, 6, 1, 6, 3, 1]])
    expect([counts(train), counts(test)]).toEqual([new Array(10).fill(5000), new Array(10).fill(1000)])
    const sums = [0, 0, 0]
    for (const shard of index.splits.train.images) (await read(shard)).forEach((value, i) => (sums[i % 3] += value))
    expect(sums.map((sum) => (sum / (50000 * 1024)).toFixed(4))).toEqual(['125.3069', '122.9504', '113.8654'])
  })

  it('has no constant channel in the test images', async () => {
    expect((await loadDataset({ name: 'cifar10', trainSamples: 1, testSamples: 10000 }, nodeSource())).notes).toEqual([])
  })

  it('is fetched in part for a quick run', async () => {
    const source = nodeSource()
    const fetched: string[] = []
    const counting: ByteSource = { ...source, fetchBytes: (url, ...rest) => (fetched.push(url), source.fetchBytes(url, ...rest)) }
    const data = await loadDataset({ name: 'cifar10', trainSamples: 1500, testSamples: 500 }, counting)
    expect(data).toMatchObject({ height: 32, width: 32, channels: 3, classes: 10, train: { count: 1500 }, test: { count: 500 } })
    expect(fetched).toHaveLength(1 + 2 + 2 + 1)
  })
})
