import { describe, expect, test } from 'vitest'
import { EngineError } from '../engine.ts'
import type { Recorder } from '../recorder.ts'
import type { Tensor } from '../tensor.ts'
import { imageSize, pixelAt, windowCount, windowsOn, type WindowGeometry, type WindowOptions } from '../windows.ts'
import { numbers, TestBench } from './test-bench.ts'

const { fround } = Math

const POOLS: readonly (WindowOptions & { readonly height: number; readonly width: number })[] = [
  { height: 4, width: 6, kernelHeight: 2, kernelWidth: 2, stride: 2, padding: 'valid' },
  { height: 5, width: 7, kernelHeight: 2, kernelWidth: 2, stride: 2, padding: 'same' },
  { height: 5, width: 7, kernelHeight: 2, kernelWidth: 2, stride: 2, padding: 'valid' },
  { height: 7, width: 6, kernelHeight: 3, kernelWidth: 3, stride: 2, padding: 'same' },
  { height: 5, width: 5, kernelHeight: 3, kernelWidth: 2, stride: 2, padding: 'same' },
  { height: 4, width: 5, kernelHeight: 2, kernelWidth: 2, stride: 1, padding: 'valid' },
  { height: 7, width: 7, kernelHeight: 2, kernelWidth: 2, stride: 3, padding: 'valid' },
  { height: 3, width: 3, kernelHeight: 3, kernelWidth: 3, stride: 3, padding: 'valid' },
]

const CHANNELS = [1, 2, 3, 4, 5, 6, 8, 11]
const ROWS = 3

type Pooled = 'output' | 'argmax' | 'taken' | 'put' | 'average' | 'back'

/** What every map of pooling must give, by loops over windows and pixels in order, in float32. */
function poolByLoops(windows: WindowGeometry, images: Float32Array, tangent: Float32Array, values: Float32Array): Record<Pooled, Float32Array> {
  const { height, width, channels, kernelHeight, kernelWidth, outHeight, outWidth, padTop, padLeft } = windows
  const [pixels, places] = [ROWS * imageSize(windows), ROWS * windowCount(windows) * channels]
  const [output, argmax, taken, average] = [0, 0, 0, 0].map(() => new Float32Array(places))
  const [put, back] = [new Float32Array(pixels), new Float32Array(pixels)]
  for (let at = 0; at < places; at++) {
    const c = at % channels
    const place = Math.floor(at / channels) % (outHeight * outWidth)
    const image = Math.floor(at / channels / (outHeight * outWidth)) * height * width
    const seen: number[] = []
    for (let tap = 0; tap < kernelHeight * kernelWidth; tap++) {
      const y = pixelAt(Math.floor(place / outWidth), Math.floor(tap / kernelWidth), windows, padTop, height)
      const x = pixelAt(place % outWidth, tap % kernelWidth, windows, padLeft, width)
      if (y >= 0 && x >= 0) seen.push(y * width + x)
    }
    const valueAt = (pixel: number): number => images[(image + pixel) * channels + c]
    const nan = seen.find((pixel) => Number.isNaN(valueAt(pixel)))
    const best = nan ?? seen.reduce((first, pixel) => (valueAt(pixel) > valueAt(first) ? pixel : first))
    output[at] = valueAt(best)
    argmax[at] = best
    taken[at] = tangent[(image + best) * channels + c]
    put[(image + best) * channels + c] += values[at]
    let sum = 0
    for (const pixel of seen) sum = fround(sum + valueAt(pixel))
    average[at] = sum / seen.length
    for (const pixel of seen) back[(image + pixel) * channels + c] += fround(values[at] / seen.length)
  }
  return { output, argmax, taken, put, average, back }
}

function record(ops: Recorder, windows: WindowGeometry, x: Tensor, tangent: Tensor, values: Tensor): Record<Pooled, Tensor> {
  const { output, argmax } = ops.maxPool(x, windows)
  return {
    ...{ output, argmax },
    taken: ops.takeAt(tangent, argmax, windows),
    put: ops.putAt(values, argmax, windows),
    average: ops.averagePool(x, windows),
    back: ops.averageBack(values, windows),
  }
}

/** Every map on given images, each result stored in a buffer of its own. */
async function poolBy(windows: WindowGeometry, images: Float32Array): Promise<{ actual: Record<string, Float32Array>; expected: Record<string, Float32Array> }> {
  const bench = await TestBench.open()
  const [pixels, places] = [imageSize(windows), windowCount(windows) * windows.channels]
  const [tangent, values] = [numbers(ROWS * pixels, 2), numbers(ROWS * places, 3)]
  const recorded = record(bench.ops, windows, bench.fixed([ROWS, pixels], images), bench.fixed([ROWS, pixels], tangent), bench.fixed([ROWS, places], values))
  const stored = Object.entries(recorded).map(([name, tensor]) => {
    const to = bench.empty(tensor.shape)
    bench.ops.store(tensor, to, 'assign')
    return [name, to] as const
  })
  await bench.run()
  const actual: Record<string, Float32Array> = {}
  for (const [name, to] of stored) actual[name] = await bench.values(to)
  return { actual, expected: poolByLoops(windows, images, tangent, values) }
}

describe.each(POOLS)('$kernelHeight×$kernelWidth windows, stride $stride, $padding, on $height×$width pixels', ({ height, width, ...options }) => {
  test.each(CHANNELS)('%i channels: every map equals loops over windows and pixels to the bit', async (channels) => {
    const windows = windowsOn([height, width, channels], options)
    const images = numbers(ROWS * imageSize(windows), 1)
    const { actual, expected } = await poolBy(windows, images)
    expect(actual).toEqual(expected)
  })

  test('the first in row-major order wins among equals, also where all are negative or infinite', async () => {
    const windows = windowsOn([height, width, 3], options)
    const images = numbers(ROWS * imageSize(windows), 1).map((value, i) => (i % 7 === 0 ? -Infinity : Math.floor(value * 2) - 2))
    const { actual, expected } = await poolBy(windows, images)
    expect([actual.output, actual.argmax, actual.put]).toEqual([expected.output, expected.argmax, expected.put])
    const lowest = await poolBy(windows, images.fill(-Infinity))
    expect(lowest.actual.argmax).toEqual(lowest.expected.argmax)
  })

  test('the first NaN wins', async () => {
    const windows = windowsOn([height, width, 5], options)
    const images = numbers(ROWS * imageSize(windows), 1).map((value, i) => (i % 4 === 1 ? NaN : value))
    const { actual, expected } = await poolBy(windows, images)
    expect([actual.output, actual.argmax]).toEqual([expected.output, expected.argmax])
  })
})

describe('pooling', () => {
  const windows = windowsOn([4, 4, 3], { kernelHeight: 2, kernelWidth: 2, stride: 2, padding: 'valid' })

  test('writes nothing around its results', async () => {
    const bench = await TestBench.open()
    const { ops } = bench
    const kept = bench.buffer(numbers(60, 5))
    const before = Float32Array.from(await bench.engine.read(kept))
    const pooled = ops.keep(ops.maxPool(bench.fixed([1, 48], numbers(48, 1)), windows).output, ops.fixed(kept, 4, [1, 2, 2, 3]))
    ops.store(ops.columnSum(pooled), bench.empty([1, 3]), 'assign')
    await bench.run()
    const after = await bench.engine.read(kept)
    expect([...after.slice(0, 4), ...after.slice(16)]).toEqual([...before.slice(0, 4), ...before.slice(16)])
  })

  test('reads no pixel outside the image, whatever argmax holds', async () => {
    const bench = await TestBench.open()
    const images = numbers(48, 1)
    const out = bench.empty([1, 2, 2, 3])
    const places = Float32Array.of(1e30, -3, NaN, 16, 15, 0, Infinity, 2.5, -0, 1, 2, 3)
    bench.ops.store(bench.ops.takeAt(bench.fixed([1, 48], images), bench.fixed([1, 12], places), windows), out, 'assign')
    await bench.run()
    const pixels = [15, 0, 0, 15, 15, 0, 15, 2, 0, 1, 2, 3]
    expect(await bench.values(out)).toEqual(Float32Array.from(pixels, (pixel, at) => images[3 * pixel + (at % 3)]))
  })

  test.each([{ padTop: 2 }, { outHeight: 4 }, { spread: 2, stride: 1 }])('windows without a pixel or between pixels are refused: %o', async (change) => {
    const bench = await TestBench.open()
    bench.ops.store(bench.ops.maxPool(bench.fixed([1, 48], numbers(48, 1)), windows).output, bench.empty([1, 2, 2, 3]), 'assign')
    const { nodes, ...recording } = bench.ops.finish()
    const changed = nodes.map((node) => (node.op === 'maxPool' ? { ...node, windows: { ...windows, ...change } } : node))
    await expect(bench.engine.compile({ ...recording, nodes: changed })).rejects.toThrow(EngineError)
  })
})
