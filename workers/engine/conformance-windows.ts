import { define, numbers, type Bench, type ConformanceCase } from './conformance-bench.ts'
import { sizeOf, type Tensor } from './tensor.ts'
import { imageSize, windowsBack, windowsOn, type Padding, type WindowGeometry } from './windows.ts'

interface Layout {
  readonly rows: number
  readonly image: readonly [number, number, number]
  readonly kernel: readonly [number, number]
  readonly stride: number
  readonly padding: Padding
  readonly filters: number
}

const LAYOUTS: readonly Layout[] = [
  { rows: 1, image: [1, 1, 1], kernel: [1, 1], stride: 1, padding: 'valid', filters: 1 },
  { rows: 2, image: [5, 6, 2], kernel: [3, 3], stride: 1, padding: 'valid', filters: 3 },
  { rows: 3, image: [9, 9, 3], kernel: [5, 5], stride: 1, padding: 'same', filters: 6 },
  { rows: 2, image: [8, 7, 6], kernel: [5, 5], stride: 1, padding: 'same', filters: 16 },
  { rows: 2, image: [7, 9, 4], kernel: [3, 3], stride: 2, padding: 'same', filters: 8 },
  { rows: 2, image: [8, 8, 5], kernel: [3, 3], stride: 2, padding: 'valid', filters: 11 },
  { rows: 3, image: [6, 6, 8], kernel: [1, 1], stride: 2, padding: 'same', filters: 9 },
  { rows: 2, image: [10, 4, 3], kernel: [3, 2], stride: 3, padding: 'same', filters: 4 },
  { rows: 2, image: [6, 6, 17], kernel: [3, 3], stride: 1, padding: 'same', filters: 33 },
  { rows: 9, image: [32, 32, 3], kernel: [5, 5], stride: 1, padding: 'same', filters: 6 },
  { rows: 3, image: [16, 16, 16], kernel: [3, 3], stride: 1, padding: 'same', filters: 16 },
]

function windowsOf({ image, kernel: [kernelHeight, kernelWidth], stride, padding }: Layout): WindowGeometry {
  return windowsOn(image, { kernelHeight, kernelWidth, stride, padding })
}

function describe({ rows, image, kernel, stride, padding, filters }: Layout): string {
  return `${rows} images ${image.join('×')}, ${filters} filters ${kernel.join('×')}, ${padding}${stride > 1 ? `, stride ${stride}` : ''}`
}

/** All three products of a convolution and its fused forms. */
function convolutionCase(layout: Layout): ConformanceCase {
  return define(`convolution of ${describe(layout)}`, layout.rows, (bench) => {
    const { ops } = bench
    const { rows, filters } = layout
    const windows = windowsOf(layout)
    const { kernelHeight, kernelWidth, channels, outHeight, outWidth, height, width } = windows
    const x = bench.fixed([rows, imageSize(windows)], 1)
    const kernel = bench.fixed([kernelHeight, kernelWidth, channels, filters], 2)
    const dy = bench.fixed([rows, outHeight, outWidth, filters], 3)
    const [y, dx, dk, masked] = [
      bench.empty([rows, outHeight, outWidth, filters]),
      bench.empty([rows, height, width, channels]),
      bench.empty([kernelHeight, kernelWidth, channels, filters]),
      bench.empty([rows, height, width, channels]),
    ]
    const back = windowsBack(windows, filters)
    ops.store(ops.relu(ops.addBias(ops.matmul(x, kernel, { patches: windows }), bench.fixed([filters], 4))), y, 'assign')
    ops.store(ops.matmul(dy, ops.flipKernel(kernel), { patches: back }), dx, 'assign')
    ops.store(ops.matmul(x, dy, { patches: windows, transposeA: true }), dk, 'assign')
    const twice = ops.add(ops.matmul(dy, ops.flipKernel(kernel), { patches: back }), ops.matmul(dy, ops.flipKernel(kernel), { patches: back }))
    ops.store(ops.maskPositive(twice, ops.reshape(x, [rows, height, width, channels])), masked, 'accumulate')
    return bench.result([y, dx, dk, masked])
  })
}

/** Numbers with many ties and whole windows below zero. */
function coarse(bench: Bench, shape: readonly number[], seed: number): Tensor {
  const buffer = bench.engine.allocate('float', sizeOf(shape), 'coarse')
  bench.engine.write(buffer, numbers(sizeOf(shape), seed).map((value, i) => Math.round(4 * value) - (i % 5 === 0 ? 0 : 3)))
  return bench.ops.fixed(buffer, 0, shape)
}

const POOLS: readonly Omit<Layout, 'filters'>[] = [
  { rows: 2, image: [4, 6, 1], kernel: [2, 2], stride: 2, padding: 'valid' },
  { rows: 3, image: [7, 7, 5], kernel: [3, 3], stride: 3, padding: 'same' },
  { rows: 2, image: [8, 8, 6], kernel: [2, 2], stride: 2, padding: 'same' },
  { rows: 2, image: [9, 5, 4], kernel: [3, 3], stride: 2, padding: 'same' },
  { rows: 2, image: [6, 6, 3], kernel: [3, 2], stride: 1, padding: 'valid' },
  { rows: 5, image: [4, 4, 16], kernel: [4, 4], stride: 4, padding: 'valid' },
]

function poolCase(pool: Omit<Layout, 'filters'>): ConformanceCase {
  const layout = { ...pool, filters: pool.image[2] }
  return define(`pooling, ${describe(layout)}`, layout.rows, (bench) => {
    const { ops } = bench
    const windows = windowsOf(layout)
    const { rows } = layout
    const images = [rows, windows.height, windows.width, windows.channels]
    const places = [rows, windows.outHeight, windows.outWidth, windows.channels]
    const results = [places, places, places, images, places, images].map((shape) => bench.empty(shape))
    const { output, argmax } = ops.maxPool(coarse(bench, images, 1), windows)
    const values = [
      output,
      argmax,
      ops.takeAt(bench.fixed(images, 2), argmax, windows),
      ops.putAt(bench.fixed(places, 3), argmax, windows),
      ops.averagePool(bench.fixed(images, 4), windows),
      ops.averageBack(bench.fixed(places, 5), windows),
    ]
    values.forEach((value, i) => {
      ops.store(value, results[i], 'assign')
    })
    return bench.result(results)
  })
}

function gatheredCase(): ConformanceCase {
  return define('convolution, pooling and augmentation of gathered images, two replays', 3, (bench) => {
    const { ops } = bench
    const image = [6, 5, 3] as const
    const order = bench.indices([5, 0, 7, 7, 2, 1])
    const codes = bench.indices([[0, 0, 0], [2, -1, 1], [-3, 4, 0], [0, -2, 1], [1, 1, 1], [-6, 0, 0]].map(([dy, dx, flip]) => dy + 128 + 256 * (dx + 128) + 65536 * flip))
    const x = ops.gatheredRows(bench.filled(8 * 90, 1), order, 90)
    const windows = windowsOn(image, { kernelHeight: 3, kernelWidth: 3, stride: 1, padding: 'same' })
    const pool = windowsOn(image, { kernelHeight: 2, kernelWidth: 2, stride: 2, padding: 'same' })
    const moved = ops.augment(x, ops.sampleRows(codes, [1]), image)
    const [y, dk, pooled, augmented] = [bench.empty([3, 6, 5, 4]), bench.empty([3, 3, 3, 4]), bench.empty([3, 3, 3, 3]), bench.empty([3, 6, 5, 3])]
    const kernel = bench.fixed([3, 3, 3, 4], 2)
    const product = ops.matmul(x, kernel, { patches: windows })
    ops.store(product, y, 'accumulate')
    ops.store(ops.matmul(moved, product, { patches: windows, transposeA: true }), dk, 'accumulate')
    ops.store(ops.maxPool(x, pool).output, pooled, 'accumulate')
    ops.store(moved, augmented, 'accumulate')
    return bench.result([y, dk, pooled, augmented], 2)
  })
}

function reshapedCase(): ConformanceCase {
  return define('values in two shapes: a dense layer behind images, and back', 4, (bench) => {
    const { ops } = bench
    const kept = bench.engine.allocate('float', 8 * 24, 'kept')
    const windows = windowsOn([3, 4, 2], { kernelHeight: 3, kernelWidth: 3, stride: 1, padding: 'same' })
    const x = ops.sampleRows(bench.filled(8 * 24, 1), [24])
    const images = ops.keep(ops.relu(ops.matmul(x, bench.fixed([3, 3, 2, 2], 2), { patches: windows })), ops.sampleRows(kept, [3, 4, 2]))
    const flat = ops.reshape(images, [4, 24])
    const kernel = bench.fixed([24, 5], 3)
    const dense = ops.matmul(flat, kernel)
    const back = ops.reshape(ops.matmul(dense, kernel, { transposeB: true }), [4, 3, 4, 2])
    const [y, gradient, sums] = [bench.empty([4, 5]), bench.empty([4, 24]), bench.empty([1, 2])]
    ops.store(dense, y, 'accumulate')
    ops.store(ops.reshape(ops.maskPositive(back, images), [4, 24]), gradient, 'accumulate')
    ops.store(ops.columnSum(back), sums, 'accumulate')
    return bench.result([y, gradient, sums, ops.fixed(kept, 0, [8, 24])], 2)
  })
}

/** Convolution, pooling, augmentation. */
export const windowCases: readonly ConformanceCase[] = [...LAYOUTS.map(convolutionCase), ...POOLS.map(poolCase), gatheredCase(), reshapedCase()]
