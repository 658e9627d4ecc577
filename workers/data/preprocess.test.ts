import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ImageShape } from './dataset.ts'
import { standardize, standardizeInto } from './preprocess.ts'
import { dataErrorOf } from './test-bytes.ts'

/** The definition term by term: x/255, mean, population deviation, in float64. */
function twoPass(pixels: Uint8Array, { height, width, channels }: ImageShape): Float32Array {
  const n = height * width
  const out = new Float32Array(pixels.length)
  for (let start = 0; start < pixels.length; start += n * channels)
    for (let c = 0; c < channels; c++) {
      const at = (k: number) => start + k * channels + c
      let mean = 0
      for (let k = 0; k < n; k++) mean += pixels[at(k)] / 255
      mean /= n
      let variance = 0
      for (let k = 0; k < n; k++) variance += (pixels[at(k)] / 255 - mean) ** 2
      const std = Math.sqrt(variance / n)
      for (let k = 0; k < n; k++) out[at(k)] = (pixels[at(k)] / 255 - mean) / std
    }
  return out
}

/** The documented closed form without table, (n v - S1) / sqrt(n S2 - S1^2), with integer sums. */
function closedForm(pixels: Uint8Array): Float32Array {
  const n = BigInt(pixels.length)
  const values = Array.from(pixels, BigInt)
  const s1 = values.reduce((a, b) => a + b, 0n)
  const s2 = values.reduce((a, b) => a + b * b, 0n)
  const root = Math.sqrt(Number(n * s2 - s1 * s1))
  return Float32Array.from(values, (v) => Number(n * v - s1) / root)
}

const varied = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).filter((p) => p.some((v) => v !== p[0]))

describe('standardize', () => {
  it('equals the closed form with exact integer sums, to the bit', () => {
    const shape = { height: 28, width: 28, channels: 1 }
    fc.assert(fc.property(varied(784), (pixels) => {
      expect(standardize(pixels, shape)).toEqual(closedForm(pixels))
    }))
  })

  it('is the definition in float64 up to its summation error', () => {
    const shape = { height: 6, width: 5, channels: 3 }
    fc.assert(
      fc.property(varied(90), (pixels) => {
        const split = [0, 1, 2].every((c) => new Set(pixels.filter((_, i) => i % 3 === c)).size > 1)
        fc.pre(split)
        const expected = twoPass(pixels, shape)
        // One float32 spacing: the two float64 results may fall on different sides of a rounding boundary.
        standardize(pixels, shape).forEach((z, i) => expect(Math.abs(z - expected[i])).toBeLessThanOrEqual(Math.abs(z) * 2 ** -23 + 1e-14))
      }),
    )
  })

  it('gives (-1, 1) for a two-pixel image', () => {
    expect([...standardize(Uint8Array.of(3, 250), { height: 1, width: 2, channels: 1 })]).toEqual([-1, 1])
  })

  it('gives each channel mean 0 and population variance 1', () => {
    const pixels = Uint8Array.from({ length: 2 * 300 }, (_, i) => (i * i * 7 + i * 13) % 251)
    const z = standardize(pixels, { height: 10, width: 10, channels: 3 })
    for (const image of [0, 1])
      for (const c of [0, 1, 2]) {
        const values = Array.from({ length: 100 }, (_, k) => z[image * 300 + k * 3 + c])
        expect(values.reduce((a, b) => a + b) / 100).toBeCloseTo(0, 6)
        expect(values.reduce((a, b) => a + b * b, 0) / 100).toBeCloseTo(1, 6)
      }
  })

  it('does not change when every pixel is scaled, as 255 cancels', () => {
    const dim = Uint8Array.from({ length: 64 }, (_, i) => (i * 11) % 120)
    const shape = { height: 8, width: 8, channels: 1 }
    expect(standardize(dim.map((v) => 2 * v), shape)).toEqual(standardize(dim, shape))
  })

  it('turns a constant channel into zeros and counts the images that have one', () => {
    const pixels = Uint8Array.of(1, 2, 9, 9, 3, 4, 0, 0)
    const out = new Float32Array(8)
    expect(standardizeInto(out, pixels, { height: 1, width: 2, channels: 1 })).toBe(2)
    expect([...out]).toEqual([-1, 1, 0, 0, -1, 1, 0, 0])
  })

  it('leaves the other channels of an image with a constant channel as they are', () => {
    expect([...standardize(Uint8Array.of(7, 1, 7, 5), { height: 2, width: 1, channels: 2 })]).toEqual([0, -1, 0, 1])
  })

  it('refuses pixels that are no whole number of images', () => {
    expect(dataErrorOf(() => standardize(new Uint8Array(5), { height: 1, width: 2, channels: 1 })).code).toBe('shape')
  })
})
