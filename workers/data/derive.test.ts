import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../numerics/random.ts'
import type { Dataset } from './dataset.ts'
import { deriveDataset, type Derivation, type Draws } from './derive.ts'
import { ndArray } from './nd-array.ts'
import { datasetFromArrays } from './own-data.ts'
import { samplesNeeded } from './samples-needed.ts'
import { dataErrorOf } from './test-bytes.ts'
import { mini } from './test-prepared.ts'

const CLASSES = 5
const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 83 + (i >> 2)) % 256)
const labels = (count: number) => Uint8Array.from({ length: count }, (_, i) => (i * 3) % CLASSES)
const dataset: Dataset = {
  ...datasetFromArrays({ x: ndArray(bytes(200 * 6), [200, 2, 3]), y: ndArray(labels(200)), test: { x: ndArray(bytes(50 * 6), [50, 2, 3]), y: ndArray(labels(50)) } }),
  classNames: ['a', 'b', 'c', 'd', 'e'],
}
const plain: Derivation = { classes: null, trainSamples: 200, testSamples: 50, labelNoise: 0, noiseSeed: 1 }
const draws = (seed = 1): Draws => {
  const random = createRandom(seed, 'label noise')
  return { permutation: (n) => random.permutation(n), below: (n) => random.integer(n) }
}
const derive = (change: Partial<Derivation>, seed = 1) => deriveDataset(dataset, { ...plain, ...change }, draws(seed))
const row = (data: Dataset, at: number) => [...data.train.images.subarray(at * 6, at * 6 + 6)]

describe('deriveDataset', () => {
  it('without changes is the same data in the same memory', () => {
    const same = derive({})
    expect(same).toEqual(dataset)
    expect(same.train.images).toBe(dataset.train.images)
    expect(derive({ classes: [4, 3, 2, 1, 0] })).toEqual(dataset)
  })

  it('takes the first samples as views, without changing the hash', () => {
    const part = derive({ trainSamples: 30, testSamples: 7 })
    expect([part.train.count, part.test.count, part.hash]).toEqual([30, 7, dataset.hash])
    expect(part.train.images.buffer).toBe(dataset.train.images.buffer)
    expect(part.train.raw).toEqual(dataset.train.raw?.slice(0, 180))
  })

  it('keeps the samples of the chosen classes in order, renumbered ascending, with their pixels', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { minLength: 2, maxLength: 4 }), fc.integer({ min: 1, max: 200 }), (classes, trainSamples) => {
        const data = derive({ classes, trainSamples })
        const kept = [...classes].sort((a, b) => a - b)
        const rows = [...dataset.train.labels.keys()].filter((at) => kept.includes(dataset.train.labels[at])).slice(0, trainSamples)
        expect(data.classes).toBe(kept.length)
        expect(data.classNames).toEqual(kept.map((label) => 'abcde'[label]))
        expect([...data.train.labels]).toEqual(rows.map((at) => kept.indexOf(dataset.train.labels[at])))
        rows.forEach((at, k) => expect(row(data, k)).toEqual(row(dataset, at)))
        expect([...(data.train.raw ?? [])]).toEqual(rows.flatMap((at) => [...(dataset.train.raw ?? []).slice(at * 6, at * 6 + 6)]))
      }),
    )
  })

  it('gives each class filter a hash of its own, whatever its order', () => {
    const hashes = [[0, 1], [0, 2], [0, 1, 2]].map((classes) => derive({ classes }).hash)
    expect(new Set([dataset.hash, ...hashes]).size).toBe(4)
    expect(derive({ classes: [1, 0, 1] }).hash).toBe(hashes[0])
  })

  it('says when fewer samples remain than were asked for', () => {
    const data = derive({ classes: [0, 1], trainSamples: 100 })
    expect(data.train.count).toBe(80)
    expect(data.notes).toEqual(['Classes a, b of 5, numbered from 0 in this order.', 'There are 80 train samples, 100 were asked for.', 'There are 20 test samples, 50 were asked for.'])
  })

  it.each([0, 0.1, 0.333, 1])('changes exactly the asked share of the training labels to other classes: %s', (labelNoise) => {
    const data = derive({ labelNoise })
    const wrong = [...data.train.labels.keys()].filter((at) => data.train.labels[at] !== dataset.train.labels[at])
    expect(wrong).toHaveLength(Math.round(labelNoise * 200))
    expect(data.train.labels.every((label) => label < CLASSES)).toBe(true)
    expect(data.test.labels).toEqual(dataset.test.labels)
    expect(data.train.images).toBe(dataset.train.images)
  })

  it('replaces labels by each other class about equally often', () => {
    const x = ndArray(bytes(20_000 * 2), [20_000, 2])
    const many = datasetFromArrays({ x, y: ndArray(labels(20_000)) })
    const noisy = deriveDataset(many, { ...plain, trainSamples: 20_000, testSamples: 1, labelNoise: 1 }, draws())
    const shifts = new Array<number>(CLASSES).fill(0)
    noisy.train.labels.forEach((label, at) => shifts[(label - many.train.labels[at] + CLASSES) % CLASSES]++)
    expect(shifts[0]).toBe(0)
    // 5 standard deviations of a binomial count with p = 1/4.
    for (const count of shifts.slice(1)) expect(Math.abs(count - 5000)).toBeLessThan(5 * Math.sqrt(20_000 * 0.25 * 0.75))
    // The stand-in test split shares its labels with training until the noise.
    expect(noisy.test.labels[0]).toBe(many.train.labels[0])
  })

  it('repeats with its seed and changes with another', () => {
    expect(derive({ labelNoise: 0.3 })).toEqual(derive({ labelNoise: 0.3 }))
    const other = derive({ labelNoise: 0.3, noiseSeed: 2 }, 2)
    expect(other.train.labels).not.toEqual(derive({ labelNoise: 0.3 }).train.labels)
    expect(other.hash).not.toBe(derive({ labelNoise: 0.3 }).hash)
  })

  it.each<[Partial<Derivation>, string]>([
    [{ classes: [1] }, 'own data: the class filter keeps only class 1; choose at least 2'],
    [{ classes: [] }, 'keeps no class'],
    [{ classes: [1, 5] }, 'class 5 in the class filter; choose from 0 to 4'],
    [{ classes: [1, 0.5] }, 'class 0.5 in the class filter'],
    [{ labelNoise: 1.5 }, 'labelNoise=1.5; choose a number from 0 to 1'],
    [{ labelNoise: Number.NaN }, 'labelNoise=NaN'],
    [{ trainSamples: 0 }, 'trainSamples=0; choose an integer from 1 to 200'],
    [{ testSamples: 2.5 }, 'testSamples=2.5'],
  ])('refuses %j', (change, message) => {
    expect(dataErrorOf(() => derive(change)).message).toContain(message)
  })

  it('refuses classes without training samples or without any test sample', () => {
    const start = derive({ trainSamples: 2, testSamples: 1 })
    const filter = (classes: readonly number[]) => dataErrorOf(() => deriveDataset(start, { ...plain, classes }, draws())).message
    expect(filter([0, 1])).toContain('none of the 2 training samples is of class 1')
    const noTest = { ...dataset, test: start.test }
    expect(dataErrorOf(() => deriveDataset(noTest, { ...plain, classes: [1, 2] }, draws())).message).toContain('none of the 1 test samples is of class 1, 2')
  })
})

describe('samplesNeeded', () => {
  it('is the shortest beginning that leaves enough samples, from the labels alone', async () => {
    const { source, fetched } = mini()
    // Labels 0 1 2 3 0 1 2 | 0 1 2 3.
    expect(await samplesNeeded(source, 'mnist', [1, 3], { trainSamples: 2, testSamples: 1 })).toEqual({ trainSamples: 4, testSamples: 2 })
    expect(fetched.filter((file) => file.includes('images'))).toEqual([])
    expect(await samplesNeeded(source, 'mnist', [1, 3], { trainSamples: 6, testSamples: 2 })).toEqual({ trainSamples: 7, testSamples: 4 })
    const wanted = { trainSamples: 5, testSamples: 3 }
    expect(await samplesNeeded(source, 'mnist', null, wanted)).toEqual(wanted)
    expect(await samplesNeeded(source, 'mnist', [0, 1, 2, 3], wanted)).toEqual(wanted)
  })
})
