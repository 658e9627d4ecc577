import { describe, expect, it } from 'vitest'
import { createRandom } from '../../numerics/random.ts'
import { dataErrorOf } from '../test-bytes.ts'
import type { Deviates } from './draw.ts'
import { syntheticDataset, syntheticShape, SYNTHETIC_NAMES, type Streams, type SyntheticName } from './synthetic.ts'

const streams = (seed: number): Streams => (stream) => createRandom(seed, `data ${stream}`)
const make = (name: SyntheticName, { trainSamples = 300, testSamples = 100, seed = 3 } = {}) => syntheticDataset({ name, trainSamples, testSamples, seed }, streams(seed))
const rows = (images: Float32Array, features: number) => Array.from({ length: images.length / features }, (_, k) => images.subarray(k * features, (k + 1) * features))
const distance = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a, (value, i) => (value - b[i]) ** 2).reduce((sum, value) => sum + value, 0)

describe.each(SYNTHETIC_NAMES)('%s', (name) => {
  const { features, classes } = syntheticShape(name)

  it('has rows of finite features and every class', () => {
    const data = make(name)
    expect(data).toMatchObject({ name, height: 1, width: features, channels: 1, classes, train: { count: 300 }, test: { count: 100 } })
    expect(data.train.images).toHaveLength(300 * features)
    expect(data.train.images.every(Number.isFinite)).toBe(true)
    expect(new Set(data.train.labels).size).toBe(classes)
    expect(Object.isFrozen(data)).toBe(true)
  })

  it('repeats with its seed and changes with another, hash included', () => {
    expect(make(name)).toEqual(make(name))
    const other = make(name, { seed: 4 })
    expect(other.train.images).not.toEqual(make(name).train.images)
    expect(other.hash).not.toBe(make(name).hash)
  })

  it('has the same first samples and the same test samples however many are drawn', () => {
    const few = make(name, { trainSamples: 50 })
    const many = make(name)
    expect(few.train.images).toEqual(many.train.images.slice(0, 50 * features))
    expect(few.test).toEqual(many.test)
    expect(few.hash).toBe(many.hash)
  })

  it('has test samples of their own', () => {
    const { train, test } = make(name)
    expect(test.images).not.toEqual(train.images.slice(0, test.images.length))
  })

  it.each([0, 1.5, 2e6])('refuses %s samples', (trainSamples) => {
    expect(dataErrorOf(() => make(name, { trainSamples })).message).toBe(`${name}: ${trainSamples} samples; choose an integer from 1 to 1000000`)
  })
})

describe('clusters', () => {
  it('are told apart by the nearest mean in about 90 of 100 test samples, averaged over seeds', () => {
    let right = 0
    for (let seed = 0; seed < 10; seed++) {
      const { train, test, classes, width } = make('clusters', { seed, trainSamples: 2000, testSamples: 1000 })
      const means = Array.from({ length: classes }, () => new Float64Array(width))
      rows(train.images, width).forEach((row, k) => row.forEach((value, i) => (means[train.labels[k]][i] += value / (2000 / classes))))
      rows(test.images, width).forEach((row, k) => {
        const distances = means.map((mean) => distance(row, mean))
        if (distances.indexOf(Math.min(...distances)) === test.labels[k]) right++
      })
    }
    expect(right / 10_000).toBeGreaterThan(0.88)
    expect(right / 10_000).toBeLessThan(0.93)
  })

  it('spread by one unit in every coordinate around their means', () => {
    const { train, width } = make('clusters', { trainSamples: 10_000 })
    const members = rows(train.images, width).filter((_, k) => train.labels[k] === 7)
    const mean = members.reduce((sum, row) => sum + row[4], 0) / members.length
    const variance = members.reduce((sum, row) => sum + (row[4] - mean) ** 2, 0) / members.length
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / members.length))
  })
})

describe('teacher', () => {
  it('keeps its rule: a sample and its doubled copy have the same class, as in any network without biases', () => {
    const values = Array.from({ length: 30 }, (_, i) => ((i * 7) % 11) - 5)
    const fixed = (scale: number): Deviates => {
      let at = 0
      return { normal: () => scale * values[at++ % 30], uniform: () => 0 }
    }
    const labelOf = (scale: number) => syntheticDataset({ name: 'teacher', trainSamples: 1, testSamples: 1, seed: 1 }, (stream) => (stream === 'rule' ? createRandom(1, 'rule') : fixed(scale))).train.labels[0]
    expect([labelOf(2), labelOf(0.5)]).toEqual([labelOf(1), labelOf(1)])
  })

  it('gives no class more than 30 of 100 samples, on ten seeds', () => {
    for (let seed = 0; seed < 10; seed++) {
      const { train, classes } = make('teacher', { seed, trainSamples: 2000 })
      const counts = Array.from({ length: classes }, (_, label) => train.labels.filter((value) => value === label).length)
      expect(Math.max(...counts)).toBeLessThan(600)
    }
  })
})

describe('spirals', () => {
  it('without noise lie at the angle of their arm plus one turn per unit of radius', () => {
    const quiet: Streams = (stream) => {
      const random = createRandom(1, stream)
      return { normal: () => 0, uniform: () => random.uniform() }
    }
    const { train } = syntheticDataset({ name: 'spirals', trainSamples: 3000, testSamples: 1, seed: 1 }, quiet)
    rows(train.images, 2).forEach(([x, y], k) => {
      const radius = Math.hypot(x, y)
      const angle = 2 * Math.PI * (radius / 2 + train.labels[k] / 3)
      // One step of the table, and float32.
      expect(distance([x, y], [radius * Math.cos(angle), radius * Math.sin(angle)])).toBeLessThan((radius * ((2 * Math.PI) / 3072) + 1e-6) ** 2)
    })
  })
})
