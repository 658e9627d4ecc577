import { describe, expect, test } from 'vitest'
import { Recorder } from '../recorder.ts'
import type { Recording } from '../recording.ts'
import type { Tensor } from '../tensor.ts'
import { windowsBack, windowsOn, type Padding, type WindowGeometry } from '../windows.ts'
import { layOut } from './kernels/product.ts'
import type { Program } from './program.ts'
import { buffer, everywhere, loweredPlan, operandOf, programsIn } from './test-plans.ts'
import { fitTile } from './variant.ts'

interface Convolution {
  readonly rows: number
  readonly image: readonly [number, number, number]
  readonly kernel: number
  readonly stride?: number
  readonly padding: Padding
  readonly filters: number
}

function windowsOf({ image, kernel, stride = 1, padding }: Convolution): WindowGeometry {
  return windowsOn(image, { kernelHeight: kernel, kernelWidth: kernel, stride, padding })
}

/** Forward product, kernel gradient or input gradient of a convolution, all operands in buffers of their own. */
function product(convolution: Convolution, which: 'forward' | 'kernel' | 'input'): Recording {
  const ops = new Recorder(which, convolution.rows)
  const { rows, kernel: size, filters, image } = convolution
  const windows = windowsOf(convolution)
  const fixed = (...shape: number[]): Tensor => ops.fixed(buffer(shape.reduce((a, b) => a * b, 1), 'x'), 0, shape)
  const [x, kernel, y] = [fixed(rows, ...image), fixed(size, size, image[2], filters), fixed(rows, windows.outHeight, windows.outWidth, filters)]
  if (which === 'forward') ops.store(ops.matmul(x, kernel, { patches: windows }), y, 'assign')
  else if (which === 'kernel') ops.store(ops.matmul(x, y, { patches: windows, transposeA: true }), kernel, 'assign')
  else ops.store(ops.matmul(y, ops.flipKernel(kernel), { patches: windowsBack(windows, filters) }), x, 'assign')
  return ops.finish()
}

const SAME: Convolution = { rows: 2, image: [8, 8, 4], kernel: 3, padding: 'same', filters: 6 }
const STRIDED: Convolution = { ...SAME, stride: 2 }

/** The text of the program that holds the product. */
function productText(convolution: Convolution, which: 'forward' | 'kernel' | 'input', tuning = everywhere(4, 5)): string {
  const program = programsIn(product(convolution, which), tuning).find(({ label }) => label.includes('windows'))
  return program?.wgsl ?? ''
}

describe('products with windows', () => {
  test.each(['forward', 'kernel', 'input'] as const)('the %s product of a strided convolution uses no workgroup memory and no barrier, even where dense products split', (which) => {
    const text = productText(STRIDED, which, everywhere(4, 5, 8))
    expect(text).toContain('fma(')
    expect(text).not.toContain('workgroup>')
    expect(text).not.toContain('workgroupBarrier')
  })

  test('no condition is a branch: short-circuits compile for minutes on software adapters', () => {
    for (const convolution of [SAME, STRIDED, { ...STRIDED, image: [7, 9, 4] as const }]) {
      for (const which of ['forward', 'kernel', 'input'] as const) expect(productText(convolution, which)).not.toMatch(/&&|\|\|/)
    }
  })

  test('windows that stay inside their images are read without a test, padded ones with one per pixel', () => {
    expect(productText({ ...SAME, padding: 'valid' }, 'forward')).not.toContain('select')
    expect(productText(SAME, 'forward')).toContain('let a0 = select(0.0, ')
  })

  test('where the rows of a tile are channels of one pixel, the inner loop of a kernel gradient tests nothing', () => {
    const [, inner] = productText({ ...SAME, image: [8, 8, 8] }, 'kernel').split('for (var ox')
    expect(inner).not.toContain('select')
    const [, mixed] = productText({ ...SAME, image: [8, 8, 5] }, 'kernel').split('for (var ox')
    expect(mixed).toContain('select')
  })

  test('the gradient of a strided convolution skips pixels of the window that no row of the tile reaches', () => {
    const wide = { ...STRIDED, image: [16, 16, 4] as const }
    expect(productText(wide, 'input', everywhere(8, 4))).toContain('if ((inY) & (((u32(x0 + i32(kx) + 2i)) & 1u) == 0u)) {')
    const terms = [{ a: operandOf(2, 8 * 8 * 6), b: operandOf(54, 4), transposeA: false, transposeB: false, k: 54, patches: windowsBack(windowsOf(wide), 6) }]
    expect(layOut({ m: 512, n: 4, terms }, { tile: { m: 8, n: 4 }, splitK: 1 }, 8).rowStep).toBe(2)
  })

  test('tiles are as high as divides a line of places', () => {
    expect(fitTile({ m: 8, n: 10 }, 1000, 10, 28).m).toBe(7)
    expect(fitTile({ m: 8, n: 10 }, 1000, 10, 32).m).toBe(8)
    expect(fitTile({ m: 8, n: 10 }, 1000, 10, 13).m).toBe(8)
  })
})

/** Convolutions of one shape one after the other, weights in one buffer and images in another. */
function tower(depth: number): Recording {
  const ops = new Recorder('tower', 2)
  const windows = windowsOf({ ...SAME, filters: 4 })
  const [weights, images] = [buffer(depth * 144, 'weights'), buffer(2 * 256, 'images')]
  let x = ops.fixed(images, 0, [2, 8, 8, 4])
  for (let i = 0; i < depth; i++) {
    x = ops.matmul(ops.relu(ops.scale(x, 0.5)), ops.fixed(weights, i * 144, [3, 3, 4, 4]), { patches: windows })
  }
  ops.store(x, ops.fixed(images, 0, [2, 8, 8, 4]), 'accumulate')
  return ops.finish()
}

describe('dispatches of deep networks', () => {
  const texts = (programs: readonly Program[]): number => new Set(programs.map(({ wgsl }) => wgsl)).size

  test('layers of one shape share their pipelines', () => {
    expect(texts(programsIn(tower(20)))).toBe(texts(programsIn(tower(4))))
    expect(programsIn(tower(20)).length).toBe(60)
  })

  test('units of equal text share a dispatch and a function', () => {
    const ops = new Recorder('flips', 1)
    const [weights, flipped] = [buffer(5 * 36, 'weights'), buffer(5 * 36, 'flipped')]
    for (let i = 0; i < 5; i++) ops.store(ops.flipKernel(ops.fixed(weights, i * 36, [3, 3, 2, 2])), ops.fixed(flipped, i * 36, [3, 3, 2, 2]), 'accumulate')
    const [flips] = programsIn(ops.finish())
    expect(flips.label).toBe('5 × flipKernel 18×2')
    expect(flips.wgsl.match(/fn segment/g)).toHaveLength(1)
    expect(flips.grid.x).toBe(5 * Math.ceil(36 / 8))
    expect(flips.places.filter((_, i) => i % 4 === 0)).toEqual([0, 36, 72, 108, 144])
  })

  test('different kernels share a dispatch in small plans only, products with windows never', () => {
    const pairs = (count: number): readonly Program[] => {
      const ops = new Recorder('pairs', 1)
      const values = buffer(count * 8, 'values')
      const place = (i: number): Tensor => ops.fixed(values, 8 * i, [2, 4])
      for (let i = 0; i < count; i++) ops.store(i % 2 === 0 ? ops.relu(place(i)) : ops.scale(place(i), 2), place(i), 'accumulate')
      return programsIn(ops.finish())
    }
    expect(pairs(48)[0].label).toMatch(/relu.*; .*scale/)
    expect(pairs(49)[0].label).not.toContain(';')
    const both = new Recorder('both', 2)
    const windows = windowsOf(SAME)
    const x = both.fixed(buffer(512, 'x'), 0, [2, 256])
    both.store(both.matmul(x, both.fixed(buffer(216, 'k'), 0, [3, 3, 4, 6]), { patches: windows }), both.fixed(buffer(768, 'y'), 0, [2, 8, 8, 6]), 'assign')
    both.store(both.scale(x, 2), both.fixed(buffer(512, 'z'), 0, [2, 256]), 'assign')
    expect(programsIn(both.finish())).toHaveLength(2)
  })
})

describe('pooling', () => {
  function putBack(kernel: number, stride: number): string {
    const ops = new Recorder('pool', 2)
    const windows = windowsOn([8, 8, 4], { kernelHeight: kernel, kernelWidth: kernel, stride, padding: 'same' })
    const x = ops.fixed(buffer(512, 'x'), 0, [2, 8, 8, 4])
    const { output, argmax } = ops.maxPool(x, windows)
    ops.store(ops.putAt(output, argmax, windows), x, 'accumulate')
    return programsIn(ops.finish()).find(({ label }) => label.includes('putAt'))?.wgsl ?? ''
  }

  test('a pixel looks up the one window that can hold it where windows lie apart, and all of them where they overlap', () => {
    expect(putBack(2, 2)).not.toContain('for (var o')
    expect(putBack(2, 3)).not.toContain('for (var o')
    expect(putBack(3, 2)).toContain('for (var oy = oyFrom; oy < oyTo; oy++)')
  })
})

describe('long sums', () => {
  const gradient = (rows: number): Recording => product({ rows, image: [16, 16, 2], kernel: 3, padding: 'same', filters: 4 }, 'kernel')

  test('a short kernel gradient is one kernel, a long one becomes parts and their sum', () => {
    expect(loweredPlan(gradient(1), everywhere(4, 5)).kernels.map(({ kind }) => kind)).toEqual(['gemm'])
    const { kernels, parts } = loweredPlan(gradient(64), everywhere(4, 5))
    expect(kernels.map(({ kind }) => kind)).toEqual(['partialProduct', 'sumOfParts'])
    expect(parts?.length).toBe(4 * 18 * 4)
  })

  test('no register adds more than 4096 terms, however many tiles keep the device busy', () => {
    const { kernels } = loweredPlan(gradient(640), { ...everywhere(4, 5), longSums: { threads: 1, shortest: 2 ** 20 } })
    expect(kernels[0]).toMatchObject({ kind: 'partialProduct', to: { rows: (640 * 256) / 4096 } })
  })

  test('bias, ReLU, mask and updates wait for the sum of the parts', () => {
    const ops = new Recorder('update', 64)
    const windows = windowsOn([16, 16, 2], { kernelHeight: 3, kernelWidth: 3, stride: 1, padding: 'same' })
    const [weights, velocity] = ['weights', 'velocity'].map((label) => ops.fixed(buffer(72, label), 0, [3, 3, 2, 4]))
    const [x, dy] = [ops.fixed(buffer(64 * 512, 'x'), 0, [64, 512]), ops.fixed(buffer(64 * 1024, 'dy'), 0, [64, 16, 16, 4])]
    ops.sgdUpdate(ops.matmul(x, dy, { patches: windows, transposeA: true }), weights, velocity, true)
    const [parts, sum] = programsIn(ops.finish())
    expect(parts.wgsl).not.toContain('frame.learningRate')
    expect(sum.wgsl).toContain('let momentum = frame.momentum;')
  })

  test('long column sums and norms are cut, short ones are not', () => {
    const kinds = (rows: number): readonly string[] => {
      const ops = new Recorder('columns', rows)
      const x = ops.fixed(buffer(rows * 2, 'x'), 0, [rows, 2])
      ops.store(ops.scale(ops.columnDot(x, x, null), 0.5), ops.fixed(buffer(2, 'dot'), 0, [1, 2]), 'assign')
      ops.store(ops.squaredNorm(x), ops.fixed(buffer(1, 'norm'), 0, [1, 1]), 'assign')
      return loweredPlan(ops.finish(), everywhere(4, 5)).kernels.map(({ kind }) => kind)
    }
    expect(kinds(100)).toEqual(['columnSum', 'partialSquares', 'pointwise'])
    expect(kinds(100_000)).toEqual(['partialProduct', 'sumOfParts', 'partialSquares', 'sumOfParts', 'pointwise'])
  })
})
