import { describe, expect, test } from 'vitest'
import { EngineError } from '../engine.ts'
import type { Tensor } from '../tensor.ts'
import { imageSize, patchSize, pixelAt, windowCount, windowsBack, windowsOn, type Padding, type WindowGeometry } from '../windows.ts'
import { encodeKernel } from './encode.ts'
import { numbers, TestBench } from './test-bench.ts'

const { fround } = Math

interface Layout {
  readonly rows: number
  readonly image: readonly [number, number, number]
  readonly kernel: readonly [number, number]
  readonly stride: number
  readonly padding: Padding
}

/** Rows of windows around the strip (64), images smaller and larger than it, rows of a window around the block of k (192). */
const LAYOUTS: readonly Layout[] = [
  { rows: 1, image: [1, 1, 1], kernel: [1, 1], stride: 1, padding: 'valid' },
  { rows: 3, image: [5, 6, 2], kernel: [3, 2], stride: 1, padding: 'valid' },
  { rows: 2, image: [9, 11, 3], kernel: [5, 5], stride: 1, padding: 'same' },
  { rows: 7, image: [3, 3, 5], kernel: [3, 3], stride: 1, padding: 'same' },
  { rows: 2, image: [7, 10, 4], kernel: [3, 3], stride: 2, padding: 'same' },
  { rows: 3, image: [6, 5, 6], kernel: [1, 1], stride: 2, padding: 'same' },
  { rows: 2, image: [8, 7, 3], kernel: [2, 3], stride: 3, padding: 'valid' },
  { rows: 2, image: [4, 4, 70], kernel: [3, 3], stride: 1, padding: 'same' },
  { rows: 1, image: [2, 1, 3], kernel: [5, 5], stride: 1, padding: 'same' },
]

/** Counts of columns on both sides of the two kinds of tiles. */
const FILTERS = [1, 3, 4, 6, 7, 8, 13]

function windowsOf({ image, kernel: [kernelHeight, kernelWidth], stride, padding }: Layout): WindowGeometry {
  return windowsOn(image, { kernelHeight, kernelWidth, stride, padding })
}

/** The matrix of all windows, spelled out: what a product of patches stands for. */
function patchesOf(images: Float32Array, rows: number, windows: WindowGeometry): Float32Array {
  const { height, width, channels, kernelHeight, kernelWidth, outHeight, outWidth, padTop, padLeft } = windows
  const values: number[] = []
  for (let image = 0; image < rows; image++) {
    for (let place = 0; place < outHeight * outWidth; place++) {
      for (let tap = 0; tap < kernelHeight * kernelWidth; tap++) {
        const y = pixelAt(Math.floor(place / outWidth), Math.floor(tap / kernelWidth), windows, padTop, height)
        const x = pixelAt(place % outWidth, tap % kernelWidth, windows, padLeft, width)
        const start = ((image * height + y) * width + x) * channels
        for (let c = 0; c < channels; c++) values.push(y < 0 || x < 0 ? 0 : images[start + c])
      }
    }
  }
  return Float32Array.from(values)
}

/** a [m, k] · b [k, n], the sequential float32 sum of rounded products. */
function product(a: Float32Array, b: Float32Array, m: number, n: number): Float32Array {
  const k = a.length / m
  return Float32Array.from({ length: m * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n]
    let sum = 0
    for (let l = 0; l < k; l++) sum = fround(sum + fround(a[i * k + l] * b[l * n + j]))
    return sum
  })
}

/** Relative L2 distance of aᵀ·b from its value in float64, a [k, m], b [k, n]. */
function gradientError(actual: Float32Array, a: Float32Array, b: Float32Array, m: number, n: number): number {
  const exact = new Float64Array(m * n)
  for (let l = 0; l < a.length / m; l++) {
    for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) exact[i * n + j] += a[l * m + i] * b[l * n + j]
  }
  const difference = exact.reduce((sum, value, at) => sum + (value - actual[at]) ** 2, 0)
  return Math.sqrt(difference / exact.reduce((sum, value) => sum + value ** 2, 0))
}

function nameOf({ rows, image, kernel, stride, padding }: Layout): string {
  return `${rows} images ${image.join('×')}, kernel ${kernel.join('×')}, ${padding}, stride ${stride}`
}

describe.each(LAYOUTS.map((layout) => [nameOf(layout), layout] as const))('%s', (_, layout) => {
  const windows = windowsOf(layout)
  const { rows } = layout
  const images = numbers(rows * imageSize(windows), 1)

  test('the product with windows equals the sequential float32 sum to the bit, plain and transposed kernel', async () => {
    for (const filters of FILTERS) {
      const bench = await TestBench.open()
      const [k, m] = [patchSize(windows), rows * windowCount(windows)]
      const kernel = numbers(k * filters, 2)
      const turned = Float32Array.from({ length: k * filters }, (_value, at) => kernel[(at % k) * filters + Math.floor(at / k)])
      const x = bench.fixed([rows, imageSize(windows)], images)
      const [plain, transposed] = [bench.empty([m, filters]), bench.empty([m, filters])]
      bench.ops.store(bench.ops.matmul(x, bench.fixed([k, filters], kernel), { patches: windows }), plain, 'assign')
      bench.ops.store(bench.ops.matmul(x, bench.fixed([filters, k], turned), { patches: windows, transposeB: true }), transposed, 'assign')
      await bench.run()
      const expected = product(patchesOf(images, rows, windows), kernel, m, filters)
      expect(await bench.values(plain)).toEqual(expected)
      expect(await bench.values(transposed)).toEqual(expected)
    }
  })

  test('the gradient by the image, whose windows slide over spread pixels, equals it as well', async () => {
    for (const filters of [2, 8]) {
      const back = windowsBack(windows, filters)
      const bench = await TestBench.open()
      const [m, n] = [rows * windowCount(back), windows.channels]
      const gradient = numbers(rows * imageSize(back), 3)
      const kernel = numbers(patchSize(back) * n, 4)
      const out = bench.empty([m, n])
      bench.ops.store(bench.ops.matmul(bench.fixed([rows, imageSize(back)], gradient), bench.fixed([patchSize(back), n], kernel), { patches: back }), out, 'assign')
      await bench.run()
      expect(await bench.values(out)).toEqual(product(patchesOf(gradient, rows, back), kernel, m, n))
    }
  })

  test('the kernel gradient is the transposed product', async () => {
    for (const filters of FILTERS) {
      const bench = await TestBench.open()
      const [m, places] = [patchSize(windows), rows * windowCount(windows)]
      const gradient = numbers(places * filters, 5)
      const out = bench.empty([m, filters])
      const x = bench.fixed([rows, imageSize(windows)], images)
      bench.ops.store(bench.ops.matmul(x, bench.fixed([places, filters], gradient), { patches: windows, transposeA: true }), out, 'assign')
      await bench.run()
      expect(gradientError(await bench.values(out), patchesOf(images, rows, windows), gradient, m, filters)).toBeLessThan(1e-6)
    }
  })
})

test.each([6, 8])('a kernel gradient over 200,000 places keeps six digits, %i filters', async (filters) => {
  const windows = windowsOn([24, 24, 2], { kernelHeight: 3, kernelWidth: 3, stride: 1, padding: 'same' })
  const [rows, m] = [350, 18]
  const bench = await TestBench.open()
  const images = numbers(rows * imageSize(windows), 1).map((value) => value + 1)
  const gradient = numbers(rows * 576 * filters, 2).map((value) => value + 1)
  const out = bench.empty([m, filters])
  const x = bench.fixed([rows, imageSize(windows)], images)
  bench.ops.store(bench.ops.matmul(x, bench.fixed([rows * 576, filters], gradient), { patches: windows, transposeA: true }), out, 'assign')
  await bench.run()
  expect(gradientError(await bench.values(out), patchesOf(images, rows, windows), gradient, m, filters)).toBeLessThan(1e-6)
})

test.each([3, 8])('windows that lie in the padding, partly or altogether, see zeros, %i filters', async (filters) => {
  const wide = { height: 2, width: 3, channels: 2, kernelHeight: 2, kernelWidth: 2, outHeight: 9, outWidth: 8, stride: 1, spread: 1, padTop: 4, padLeft: 3 }
  for (const windows of [wide, { ...wide, outHeight: 2 }, { ...wide, outWidth: 1 }, { ...wide, padTop: 0, outHeight: 1 }, { ...wide, stride: 3, outHeight: 3, outWidth: 2 }]) {
    const bench = await TestBench.open()
    const places = 2 * windowCount(windows)
    const [images, kernel, gradient] = [numbers(24, 1), numbers(8 * filters, 2), numbers(places * filters, 3)]
    const x = bench.fixed([2, 12], images)
    const [out, back] = [bench.empty([places, filters]), bench.fixed([8, filters], new Float32Array(8 * filters).fill(9))]
    bench.ops.store(bench.ops.matmul(x, bench.fixed([8, filters], kernel), { patches: windows }), out, 'assign')
    bench.ops.store(bench.ops.matmul(x, bench.fixed([places, filters], gradient), { patches: windows, transposeA: true }), back, 'assign')
    await bench.run()
    const patches = patchesOf(images, 2, windows)
    expect(await bench.values(out)).toEqual(product(patches, kernel, places, filters))
    const transposed = Float32Array.from({ length: 8 * places }, (_, at) => patches[(at % places) * 8 + Math.floor(at / places)])
    expect(await bench.values(back)).toEqual(product(transposed, gradient, 8, filters))
  }
})

test('windows on spread pixels may enter transposed', async () => {
  const windows = windowsBack(windowsOn([5, 6, 2], { kernelHeight: 3, kernelWidth: 3, stride: 2, padding: 'same' }), 3)
  const bench = await TestBench.open()
  const [images, gradient] = [numbers(2 * imageSize(windows), 1), numbers(2 * 30 * 9, 2)]
  const out = bench.empty([27, 9])
  bench.ops.store(bench.ops.matmul(bench.fixed([2, imageSize(windows)], images), bench.fixed([60, 9], gradient), { patches: windows, transposeA: true }), out, 'assign')
  await bench.run()
  expect(gradientError(await bench.values(out), patchesOf(images, 2, windows), gradient, 27, 9)).toBeLessThan(1e-6)
})

describe.each([5, 9])('with %i filters', (filters) => {
  const windows = windowsOn([6, 7, 3], { kernelHeight: 3, kernelWidth: 3, stride: 1, padding: 'same' })
  const [rows, m, k] = [2, 84, 27]
  const [first, second] = [numbers(rows * 126, 1), numbers(rows * 126, 2)]
  const [kernel, other, bias, mask] = [numbers(k * filters, 3), numbers(k * filters, 4), numbers(filters, 5), numbers(m * filters, 6)]

  function sums(bench: TestBench): Tensor {
    const { ops } = bench
    const a = ops.matmul(bench.fixed([rows, 126], first), bench.fixed([k, filters], kernel), { patches: windows })
    const b = ops.matmul(bench.fixed([rows, 126], second), bench.fixed([k, filters], other), { patches: windows })
    return ops.add(a, b)
  }

  test.each(['assign', 'accumulate'] as const)('two products, bias, ReLU and mask: %s, neighbours untouched', async (mode) => {
    const bench = await TestBench.open()
    const { ops } = bench
    const before = numbers(m * filters + 8, 7)
    const buffer = bench.buffer(before)
    const shaped = ops.maskPositive(ops.relu(ops.addBias(sums(bench), bench.fixed([filters], bias))), bench.fixed([m, filters], mask))
    ops.store(shaped, ops.fixed(buffer, 4, [m, filters]), mode)
    await bench.run()
    const [a, b] = [product(patchesOf(first, rows, windows), kernel, m, filters), product(patchesOf(second, rows, windows), other, m, filters)]
    const after = await bench.engine.read(buffer)
    after.forEach((value, at) => {
      const i = at - 4
      if (i < 0 || i >= m * filters) return expect(value).toBe(before[at])
      const result = mask[i] > 0 ? Math.max(a[i] + b[i] + bias[i % filters], 0) : 0
      expect(value).toBeCloseTo(mode === 'assign' ? result : before[at] + result, 5)
    })
  })

  test('a kernel gradient joins a plain product, and takes an SGD step', async () => {
    const bench = await TestBench.open()
    const { ops } = bench
    const [left, right, start] = [numbers(k * 5, 8), numbers(5 * filters, 9), numbers(k * filters, 10)]
    const gradient = ops.matmul(bench.fixed([rows, 126], first), bench.fixed([m, filters], mask), { patches: windows, transposeA: true })
    const plain = ops.matmul(bench.fixed([k, 5], left), bench.fixed([5, filters], right))
    const weights = bench.fixed([k, filters], start)
    ops.sgdUpdate(ops.reshape(ops.add(plain, ops.reshape(gradient, [k, filters])), [k, filters]), weights, null, false)
    await bench.run({ learningRate: 0.5 })
    const patches = patchesOf(first, rows, windows)
    const stepped = await bench.values(weights)
    stepped.forEach((value, at) => {
      const [i, j] = [Math.floor(at / filters), at % filters]
      let sum = 0
      for (let l = 0; l < m; l++) sum += patches[l * k + i] * mask[l * filters + j]
      for (let l = 0; l < 5; l++) sum += left[i * 5 + l] * right[l * filters + j]
      expect(value).toBeCloseTo(start[at] - 0.5 * sum, 4)
    })
  })
})

describe('impossible windows are refused when a plan is compiled', () => {
  const good = windowsOn([4, 4, 2], { kernelHeight: 3, kernelWidth: 3, stride: 1, padding: 'same' })
  const changes: Partial<WindowGeometry>[] = [{ stride: 0 }, { kernelHeight: 0 }, { outWidth: 1.5 }, { padTop: -1 }, { stride: 2, spread: 2 }, { height: -4 }]

  test.each(changes)('%o', async (change) => {
    const bench = await TestBench.open()
    const x = bench.fixed([2, 32], numbers(64, 1))
    const product = bench.ops.matmul(x, bench.fixed([18, 3], numbers(54, 2)), { patches: good })
    bench.ops.store(product, bench.empty([32, 3]), 'assign')
    const { nodes, ...recording } = bench.ops.finish()
    const changed = nodes.map((node) => (node.op === 'matmul' && node.patches ? { ...node, patches: { ...node.patches, ...change } } : node))
    await expect(bench.engine.compile({ ...recording, nodes: changed })).rejects.toThrow(EngineError)
  })

  test('images of another size, and images too large for an address', () => {
    const buffer = { id: 0, kind: 'float', length: 1, label: 'images' } as const
    const operand = (rows: number, cols: number) => ({ buffer, offset: 0, rowStride: cols, addressing: { kind: 'fixed' }, rows, cols }) as const
    const encode = (patches: WindowGeometry, cols: number): number[] => {
      const term = { a: operand(2, cols), b: operand(18, 3), transposeA: false, transposeB: false, k: 18, patches, hasZeros: false }
      const kernel = { kind: 'gemm', m: 2 * windowCount(patches), n: 3, terms: [term], bias: null, relu: false, mask: null } as const
      return encodeKernel({ ...kernel, write: { mode: 'assign', to: operand(32, 3) } }, () => 0)
    }
    expect(() => encode(good, 32)).not.toThrow()
    expect(() => encode(good, 31)).toThrow('images is 2×31, but 2 images of 32 numbers are expected')
    const huge = windowsOn([20000, 20000, 2], { kernelHeight: 3, kernelWidth: 3, stride: 1, padding: 'same' })
    expect(() => encode(huge, imageSize(huge))).toThrow('too large; use smaller images')
  })
})
