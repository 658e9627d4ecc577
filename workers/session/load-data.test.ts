import { describe, expect, test } from 'vitest'
import { datasetSchema, type DatasetSettings } from '../../src/contracts/experiment.ts'
import { loadData } from './load-data.ts'
import { miniSource } from './test-lab.ts'

const load = (settings: Partial<DatasetSettings>) =>
  loadData(datasetSchema.parse({ name: 'mnist', trainSamples: 200, testSamples: 60, ...settings }), null, miniSource(), () => undefined, new AbortController().signal)

describe('data of an experiment', () => {
  test('is the same from the same seed, and other data from another', async () => {
    for (const name of ['clusters', 'teacher', 'spirals'] as const) {
      const [first, again, other] = [await load({ name }), await load({ name }), await load({ name, seed: 2 })]
      expect(again.train.images).toEqual(first.train.images)
      expect(again.hash).toBe(first.hash)
      expect(other.train.images).not.toEqual(first.train.images)
      expect(other.hash).not.toBe(first.hash)
    }
  })

  test('of chosen classes holds the wanted number of their samples, renumbered', async () => {
    const { train, test: held, classes } = await load({ classes: [1, 3], trainSamples: 50, testSamples: 10 })
    expect([train.count, held.count, classes]).toEqual([50, 10, 2])
    expect(new Set(train.labels)).toEqual(new Set([0, 1]))
  })

  test('with label noise differs from the clean one in exactly that share of training labels', async () => {
    const [clean, noisy, again] = [await load({}), await load({ labelNoise: 0.25 }), await load({ labelNoise: 0.25 })]
    expect(noisy.train.labels.filter((label, i) => label !== clean.train.labels[i])).toHaveLength(50)
    expect(noisy.test.labels).toEqual(clean.test.labels)
    expect(again.train.labels).toEqual(noisy.train.labels)
    expect(noisy.hash).not.toBe(clean.hash)
  })

  test('of one class alone is refused', async () => {
    await expect(load({ classes: [2, 9] })).rejects.toThrow(/class 9/)
  })
})
