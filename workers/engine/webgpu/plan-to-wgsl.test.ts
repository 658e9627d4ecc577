import { describe, expect, test } from 'vitest'
import { makePlan } from '../plan.ts'
import { Recorder } from '../recorder.ts'
import type { Recording } from '../recording.ts'
import type { Tensor } from '../tensor.ts'
import { largestCursor } from './addressing.ts'
import { framesOf } from './frame-table.ts'
import { gridOf } from './grid.ts'
import { layOut } from './kernels/product.ts'
import { sketcher } from './program.ts'
import { schedule } from './schedule.ts'
import { buffer, everywhere, operandOf, programsIn, unitsIn } from './test-plans.ts'
import type { Unit } from './units.ts'
import { fitTile, formatTuning, shapeClass, type Tuning } from './variant.ts'
import { divided, f32, modulo, over, plus, times } from './wgsl.ts'

/** SGD step of a dense ReLU network, gradients before updates. */
function trainingStep(widths: readonly number[], batch: number): Recording {
  const ops = new Recorder('step', batch)
  const order = buffer(640, 'order', 'index')
  const weights = buffer(100_000, 'weights')
  let offset = 0
  const take = (shape: readonly number[]): Tensor => {
    const tensor = ops.fixed(weights, offset, shape)
    offset += shape.reduce((product, size) => product * size, 1)
    return tensor
  }
  const layers = widths.slice(1).map((width, i) => ({ kernel: take([widths[i], width]), bias: take([width]) }))
  let x = ops.gatheredRows(buffer(1000 * widths[0], 'inputs'), order, widths[0])
  const inputs = layers.map(({ kernel, bias }, i) => {
    const input = x
    const z = ops.addBias(ops.matmul(x, kernel), bias)
    x = i < layers.length - 1 ? ops.relu(z) : z
    return input
  })
  const labels = ops.gatheredRows(buffer(1000, 'labels', 'index'), order, 1)
  const readings = { rowLoss: ops.sampleRows(buffer(640, 'losses'), [1]), rowCorrect: null }
  let gradient = ops.softmaxCrossEntropy(x, labels, 1 / batch, readings).gradient
  const updates: (() => void)[] = []
  for (let i = layers.length - 1; i >= 0; i--) {
    const { kernel, bias } = layers[i]
    const [dKernel, dBias] = [ops.matmul(inputs[i], gradient, { transposeA: true }), ops.columnSum(gradient)]
    updates.push(() => ops.sgdUpdate(dKernel, kernel, null, true), () => ops.sgdUpdate(dBias, bias, null, false))
    if (i > 0) gradient = ops.maskPositive(ops.matmul(gradient, kernel, { transposeB: true }), inputs[i])
  }
  for (const update of updates) update()
  return ops.finish()
}

describe('scheduling', () => {
  test('a training step of 784-50-50-10 is six dispatches', () => {
    const labels = programsIn(trainingStep([784, 50, 50, 10], 32)).map(({ label }) => label)
    expect(labels).toEqual([
      'gemm 32×784×50',
      'gemm 32×50×50',
      'gemm 32×50×10 + softmaxCrossEntropy',
      expect.stringContaining('gemm 32×10×50'),
      expect.stringContaining('gemm 32×50×50'),
      expect.stringContaining('gemm 784×32×50'),
    ])
  })

  test('weights are updated only in dispatches after every kernel that reads them', () => {
    const groups = schedule(unitsIn(trainingStep([20, 7, 6, 5], 4)), { maxBuffers: 8, sketchOf: sketcher(everywhere(4, 5)) })
    const readers = (offset: number): number[] =>
      groups.flatMap((group, i) => (group.some(({ access }) => access.reads.some((read) => read.buffer.label === 'weights' && read.offset === offset)) ? [i] : []))
    const writers = (offset: number): number[] =>
      groups.flatMap((group, i) => (group.some(({ access }) => access.writes.some((write) => write.buffer.label === 'weights' && write.offset === offset)) ? [i] : []))
    for (const offset of [0, 140, 147, 189, 195, 225]) {
      const [writer] = writers(offset)
      expect(writers(offset)).toHaveLength(1)
      expect(Math.max(...readers(offset))).toBe(writer)
      expect(readers(offset).filter((reader) => reader < writer).length).toBeGreaterThan(0)
    }
  })

  test('within a dispatch no kernel touches what another one writes', () => {
    for (const group of schedule(unitsIn(trainingStep([20, 7, 6, 5], 4)), { maxBuffers: 8, sketchOf: sketcher(everywhere(4, 5)) })) {
      group.forEach((unit, i) =>
        group.slice(i + 1).forEach((other) => {
          const places = [...other.access.reads, ...other.access.writes]
          const overlapping = unit.access.writes.filter((write) =>
            places.some((place) => place.buffer.id === write.buffer.id && place.offset < write.offset + write.rows * write.cols && write.offset < place.offset + place.rows * place.cols),
          )
          expect(overlapping).toEqual([])
        }),
      )
    }
  })

  test('independent kernels share a dispatch until its bindings are used up', () => {
    const ops = new Recorder('copies', 1)
    for (let i = 0; i < 6; i++) ops.store(ops.fixed(buffer(4, `from ${i}`), 0, [4]), ops.fixed(buffer(4, `to ${i}`), 0, [4]), 'assign')
    const programs = programsIn(ops.finish(), everywhere(4, 5), 8)
    expect(programs.map(({ bindings }) => bindings.length)).toEqual([8, 4])
  })

  test('a kernel with more buffers than the device binds is refused', () => {
    const ops = new Recorder('wide', 2)
    const fixed = (): Tensor => ops.fixed(buffer(4, 'x'), 0, [2, 2])
    ops.store(ops.add(ops.matmul(fixed(), fixed()), ops.matmul(fixed(), fixed())), fixed(), 'assign')
    expect(() => programsIn(ops.finish(), everywhere(4, 5), 4)).toThrow('uses 5 buffers, the device binds 4')
  })

  test('accumulating twice into one place takes two dispatches', () => {
    const ops = new Recorder('twice', 1)
    const to = ops.fixed(buffer(4, 'to'), 0, [4])
    for (let i = 0; i < 2; i++) ops.store(ops.fixed(buffer(4, 'from'), 0, [4]), to, 'accumulate')
    expect(programsIn(ops.finish())).toHaveLength(2)
  })
})

describe('logits and their softmax', () => {
  function logits(classes: number, readAgain: boolean): readonly Unit[] {
    const ops = new Recorder('head', 4)
    const z = ops.matmul(ops.fixed(buffer(12, 'x'), 0, [4, 3]), ops.fixed(buffer(3 * classes, 'w'), 0, [3, classes]))
    const labels = ops.fixed(buffer(4, 'labels', 'index'), 0, [4, 1])
    const { gradient } = ops.softmaxCrossEntropy(z, labels, 1, { rowLoss: null, rowCorrect: null })
    ops.store(gradient, ops.fixed(buffer(4 * classes, 'g'), 0, [4, classes]), 'assign')
    if (readAgain) ops.store(z, ops.fixed(buffer(4 * classes, 'z'), 0, [4, classes]), 'assign')
    return unitsIn(ops.finish())
  }

  test('sixteen classes are finished in the thread that sums the logits', () => {
    expect(logits(16, false)[0]).toMatchObject({ kind: 'headed', storesValues: false })
  })

  test('logits are stored when something reads them later', () => {
    expect(logits(16, true)[0]).toMatchObject({ kind: 'headed', storesValues: true })
  })

  test('seventeen classes get a dispatch of their own', () => {
    expect(logits(17, false).map(({ kind }) => kind)).toEqual(['kernel', 'kernel', 'kernel'])
  })
})

describe('programs', () => {
  test('a product of one number by one number', () => {
    const ops = new Recorder('tiny', 1)
    const [a, b, c] = ['a', 'b', 'c'].map((label) => ops.fixed(buffer(1, label), 0, [1, 1]))
    ops.store(ops.matmul(a, b), c, 'assign')
    const [program] = programsIn(ops.finish())
    expect(program.wgsl).toMatchInlineSnapshot(`
      "struct Frame { cursor : u32, learningRate : f32, momentum : f32, weightDecay : f32, secondMomentum : f32, epsilon : f32, momentumRest : f32, secondMomentumRest : f32, keptShare : f32 }
      @group(0) @binding(0) var<uniform> frame : Frame;
      @group(1) @binding(0) var<uniform> places : array<vec4u, 64>;
      @group(1) @binding(1) var<storage, read_write> mem0 : array<f32, 1>;
      @group(1) @binding(2) var<storage, read> mem1 : array<f32, 1>;
      @group(1) @binding(3) var<storage, read> mem2 : array<f32, 1>;
      fn segment0(group : u32, lane : u32, base : u32) {
      let at0 = places[base].x;
      let at1 = places[base].y;
      let at2 = places[base].z;
      let index = group * 8u + lane;
      if (index < 1u) {
      let r0 = index;
      let q0 = 0u;
      var s0_0 = 0.0;
      {
      let ar0 = at0 + r0;
      for (var k = 0u; k < 1u; k += 1u) {
      let a0 = mem1[ar0 + k];
      let bk = at1 + k;
      let b0 = mem2[bk + q0];
      s0_0 = fma(a0, b0, s0_0);
      }
      }
      {
      let to0 = at2 + r0;
      mem0[to0 + q0] = (s0_0);
      }
      }
      }
      @compute @workgroup_size(8)
      fn main(@builtin(workgroup_id) id : vec3u, @builtin(local_invocation_index) lane : u32) {
      let group = id.x;
      segment0(0u, lane, group);
      }"
    `)
  })

  test('a buffer that several kernels use is bound once, writable when one of them writes', () => {
    const programs = programsIn(trainingStep([784, 50, 50, 10], 32))
    for (const { bindings } of programs) {
      expect(new Set(bindings.map(({ buffer: bound }) => bound.id)).size).toBe(bindings.length)
    }
    const update = programs[programs.length - 1]
    expect(update.bindings.find(({ buffer: bound }) => bound.label === 'weights')?.access).toBe('read_write')
    expect(update.bindings.find(({ buffer: bound }) => bound.label === 'inputs')?.access).toBe('read')
  })

  test('equal recordings give equal text, another tile or split gives another', () => {
    const text = (tuning: Tuning): string => programsIn(trainingStep([30, 10, 4], 8), tuning).map(({ wgsl }) => wgsl).join('\n')
    expect(text(everywhere(4, 5))).toBe(text(everywhere(4, 5)))
    expect(new Set([everywhere(4, 5), everywhere(2, 4), everywhere(4, 5, 4)].map(text)).size).toBe(3)
  })

  test('only split sums use workgroup memory', () => {
    const text = (splitK: number): string => programsIn(trainingStep([784, 50, 10], 32), everywhere(2, 4, splitK))[0].wgsl
    expect(text(1)).not.toContain('workgroup>')
    expect(text(4)).toContain('var<workgroup> shared_sums : array<f32, 64>')
    expect(text(4)).toContain('workgroupBarrier()')
  })
})

describe('layout of tiles and grids', () => {
  const product = (m: number, n: number, k: number) => ({ m, n, terms: [{ a: null, b: operandOf(m, n), transposeA: false, transposeB: false, k, patches: null }] })

  test('tiles shrink to the least overhang', () => {
    expect(fitTile({ m: 8, n: 10 }, 32, 50)).toEqual({ m: 8, n: 10 })
    expect(fitTile({ m: 8, n: 10 }, 9, 12)).toEqual({ m: 5, n: 6 })
    expect(fitTile({ m: 8, n: 10 }, 1, 3)).toEqual({ m: 1, n: 3 })
  })

  test('workgroups cover every tile', () => {
    expect(layOut(product(32, 50, 784), { tile: { m: 4, n: 5 }, splitK: 1 }, 16)).toMatchObject({ tilesM: 8, tilesN: 10, workgroups: 5 })
    expect(layOut(product(32, 50, 784), { tile: { m: 4, n: 5 }, splitK: 4 }, 16)).toMatchObject({ splitK: 4, workgroups: 20 })
  })

  test('short sums and large tiles are not split', () => {
    expect(layOut(product(32, 50, 7), { tile: { m: 4, n: 5 }, splitK: 8 }, 16).splitK).toBe(1)
    expect(layOut(product(32, 50, 784), { tile: { m: 8, n: 10 }, splitK: 8 }, 64).splitK).toBe(1)
  })

  test('grids beyond one dimension spread over two and beyond both are refused', () => {
    expect(gridOf(5, 65535)).toEqual({ x: 5, y: 1 })
    expect(gridOf(65536, 65535)).toEqual({ x: 32768, y: 2 })
    expect(() => gridOf(10, 3)).toThrow('10 workgroups exceed the device\'s 3×3')
  })

  test('classes of shapes', () => {
    expect([shapeClass(32, 50, 50), shapeClass(32, 50, 784), shapeClass(784, 50, 32), shapeClass(784, 50, 2000)]).toEqual(['smallShort', 'smallLong', 'largeShort', 'largeLong'])
    expect(formatTuning(everywhere(4, 5, 8))).toBe('8:4x5/8,4x5/8,4x5/8,4x5/8:16/512')
  })
})

describe('addresses and frames', () => {
  test('terms that are zero vanish', () => {
    expect(plus('0u', times('row', 1), times('k', 0), times('c', 7))).toBe('row + (c) * 7u')
    expect(plus('0u')).toBe('0u')
  })

  test('powers of two are shifted and masked, other divisors divide once for both parts', () => {
    expect([over('row', 1), over('row', 8), over('row', 6)]).toEqual(['row', '((row) >> 3u)', '((row) / 6u)'])
    expect([modulo('row', 1), modulo('row', 8), modulo('row', 6)]).toEqual(['0u', '((row) & 7u)', '((row) % 6u)'])
    expect(divided('e', 6, 'row', 'col')).toBe('let row = ((e) / 6u);\nlet col = e - (row) * 6u;')
  })

  test('constants read back to the same float32, others are refused', () => {
    expect(f32(0.1)).toBe(`f32(${Math.fround(0.1)})`)
    expect(() => f32(NaN)).toThrow('not a finite float32')
    expect(() => f32(1e300)).toThrow('not a finite float32')
  })

  test('the largest cursor keeps the last row inside', () => {
    const ops = new Recorder('rows', 4)
    const plan = makePlan(
      (() => {
        ops.store(ops.relu(ops.sampleRows(buffer(30, 'x'), [3])), ops.fixed(buffer(12, 'to'), 0, [4, 3]), 'assign')
        return ops.finish()
      })(),
      (length) => buffer(length, 'temporaries'),
    )
    const [kernel] = plan.kernels
    expect(kernel.kind === 'pointwise' ? largestCursor(kernel.inputs[0]) : NaN).toBe(6)
  })

  test('slots of the frame table advance the cursor', () => {
    const rates = { learningRate: 0.5, momentum: 0.25, weightDecay: 0.125, secondMomentum: 0.999, epsilon: 2 ** -20, decoupledDecay: 1e-8 }
    const table = framesOf((replay) => ({ ...rates, learningRate: replay, cursor: 5 + replay * 32 }), 4, 3, 256)
    expect([0, 1, 2].map((i) => new Uint32Array(table, i * 256, 1)[0])).toEqual([133, 165, 197])
    expect([...new Float32Array(table, 256 + 4, 8)]).toEqual([5, 0.25, 0.125, 0.999, 2 ** -20, 0.75, 1 - 0.999, 1 - 1e-8].map(Math.fround))
  })
})
