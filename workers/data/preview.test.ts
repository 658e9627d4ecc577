import { describe, expect, it } from 'vitest'
import { ndArray, type NdArray } from './nd-array.ts'
import { datasetFromArrays } from './own-data.ts'
import { previewOf } from './preview.ts'

const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 83 + (i >> 2)) % 256)
const of = (x: NdArray, labels: readonly number[]) => datasetFromArrays({ x, y: ndArray(Uint8Array.from(labels)), classNames: ['u', 'v', 'w'] }, { name: 'mine' })
const labels = [0, 0, 0, 0, 0, 0, 2, 1, 1, 2]

describe('previewOf', () => {
  const colour = of(ndArray(bytes(120), [10, 2, 2, 3]), labels)

  it('shows the stored pixels as opaque RGBA, as many samples of each class as there are, by class', () => {
    const { samples, shape, classNames } = previewOf(colour, { samples: 7 })
    expect(samples.map(({ label }) => label)).toEqual([0, 0, 0, 1, 1, 2, 2])
    const [first] = samples
    const [r, g, b] = bytes(3)
    expect([...(first.pixels ?? [])].slice(0, 4)).toEqual([r, g, b, 255])
    expect(samples.every(({ pixels, values }) => pixels?.length === 16 && values === null)).toBe(true)
    expect([shape, classNames]).toEqual([{ height: 2, width: 2, channels: 3 }, ['u', 'v', 'w']])
  })

  it('counts classes and constant images of both splits', () => {
    const x = bytes(40)
    x.fill(9, 4, 8)
    const preview = previewOf(of(ndArray(x, [10, 2, 2]), labels))
    expect(preview.trainCounts).toEqual([6, 2, 2])
    expect(preview.testCounts).toEqual([6, 2, 2])
    expect(preview.constantImages).toBe(2)
  })

  it('gives mean and population deviation of the stored values', () => {
    const preview = previewOf(of(ndArray(Uint8Array.of(...new Array<number>(10).fill(0).flatMap(() => [10, 30])), [10, 1, 2]), labels))
    expect([preview.mean, preview.deviation]).toEqual([20, 10])
    expect(preview.preprocessing).toContain('standard deviation')
  })

  it('stretches floating-point images and shows rows as numbers', () => {
    const images = previewOf(of(ndArray(Float32Array.from({ length: 40 }, (_, i) => (i % 4) / 3 - 5), [10, 2, 2]), labels))
    const grey = images.samples[0].pixels
    expect([grey?.[0], grey?.[4], grey?.[12], grey?.[15]]).toEqual([0, 85, 255, 255])
    expect(images.preprocessing).toContain('without standardisation')
    const [row] = previewOf(of(ndArray(Float32Array.from({ length: 20 }, (_, i) => i), [10, 2]), labels)).samples
    expect(row).toEqual({ label: 0, pixels: null, values: [0, 1] })
  })

  it('shows classes evenly spaced when there are more of them than samples', () => {
    const many = datasetFromArrays({ x: ndArray(bytes(400), [100, 2, 2]), y: ndArray(Uint8Array.from({ length: 100 }, (_, i) => i)) })
    expect(previewOf(many, { samples: 4 }).samples.map(({ label }) => label)).toEqual([0, 25, 50, 75])
  })

  it('crosses to the page as it is', () => {
    const preview = previewOf(colour)
    expect(structuredClone(preview)).toEqual(preview)
    expect(preview.samples).toHaveLength(10)
  })
})
