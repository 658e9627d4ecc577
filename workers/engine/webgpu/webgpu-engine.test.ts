import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openNodeGpu } from '../../cli/node-gpu.ts'
import { FLOAT32_TOLERANCE, relativeDistance } from '../conformance.ts'
import { frameAt, NO_RATES, type Engine, type Frame } from '../engine.ts'
import { Recorder } from '../recorder.ts'
import { createReferenceEngine } from '../reference/reference-engine.ts'
import { sizeOf, type BufferHandle, type Tensor } from '../tensor.ts'
import { tune } from './autotune.ts'
import { adapterName, openDevice, type OpenedDevice } from './device.ts'
import { Pipelines } from './pipelines.ts'
import { defaultTuning, restoreTuning } from './tuning.ts'
import { formatVariant, type Tuning, type Variant } from './variant.ts'
import { createWebGpuEngine, type WebGpuEngine } from './webgpu-engine.ts'

const gpu = await openNodeGpu()
const adapter = await gpu?.requestAdapter()
console.info(adapter ? `WebGPU adapter of these tests: ${adapterName(adapter.info)}` : 'WebGPU adapter of these tests: none, GPU tests are skipped (REQUIRE_GPU=1 makes this a failure)')

test.runIf(process.env['REQUIRE_GPU'] === '1')('a WebGPU adapter is there, as REQUIRE_GPU=1 asks', () => {
  expect(gpu).not.toBeNull()
})

const STILL: Frame = frameAt(0)

function numbers(length: number, seed: number): Float32Array {
  let state = seed >>> 0
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return ((state >>> 8) - 8388608) / 8388608
  })
}

function everywhere(variant: Variant, workgroup = 16): Tuning {
  return { key: 'test', workgroup, variants: { smallShort: variant, smallLong: variant, largeShort: variant, largeLong: variant }, longSums: { threads: 256, shortest: 64 }, longThreads: false }
}

/** Inputs of a case lie one after the other in one buffer, results in another: cases of any size fit the bindings. */
class Case {
  readonly ops: Recorder
  private readonly inputs: BufferHandle
  private readonly results: BufferHandle
  private used = 0
  private filled = 0

  constructor(
    readonly engine: Engine,
    rows: number,
  ) {
    this.ops = new Recorder('case', rows)
    this.inputs = engine.allocate('float', 60_000, 'inputs')
    this.results = engine.allocate('float', 20_000, 'results')
    engine.write(this.inputs, numbers(60_000, 1))
    engine.write(this.results, numbers(20_000, 2))
  }

  input(...shape: number[]): Tensor {
    const tensor = this.ops.fixed(this.inputs, this.used, shape)
    this.used += sizeOf(shape)
    return tensor
  }

  store(x: Tensor, mode: 'assign' | 'accumulate' = 'assign'): void {
    this.ops.store(x, this.ops.fixed(this.results, this.filled, x.shape), mode)
    this.filled += sizeOf(x.shape)
  }

  async run(frame = STILL, count = 1): Promise<Float64Array> {
    const executable = await this.engine.compile(this.ops.finish())
    await executable.run(frame, count)
    executable.dispose()
    return Float64Array.from(await this.engine.read(this.results))
  }
}

async function expectAgreement(engine: Engine, body: (engine: Engine) => Promise<Float64Array>): Promise<void> {
  const [actual, expected] = [await body(engine), await body(createReferenceEngine())]
  expect(relativeDistance(actual, expected)).toBeLessThan(FLOAT32_TOLERANCE)
}

const VARIANTS: readonly Variant[] = [
  { tile: { m: 8, n: 10 }, splitK: 1 },
  { tile: { m: 4, n: 5 }, splitK: 1 },
  { tile: { m: 2, n: 4 }, splitK: 1 },
  { tile: { m: 1, n: 1 }, splitK: 1 },
  { tile: { m: 4, n: 5 }, splitK: 4 },
  { tile: { m: 1, n: 1 }, splitK: 16 },
]

describe.skipIf(gpu === null)('WebGPU engine', () => {
  let opened: OpenedDevice
  let engine: WebGpuEngine

  const open = async (): Promise<OpenedDevice> => openDevice(gpu ?? undefined)
  const tuned: WebGpuEngine[] = []
  const withTuning = async (tuning: Tuning): Promise<WebGpuEngine> => {
    const made = await createWebGpuEngine(opened, { tuning, keepDevice: true })
    tuned.push(made)
    return made
  }

  beforeAll(async () => {
    opened = await open()
    engine = await createWebGpuEngine(opened, { keepDevice: true })
  })
  afterEach(() => {
    for (const made of tuned.splice(0)) made.dispose()
  })
  afterAll(() => {
    engine.dispose()
    opened.device.destroy()
  })

  describe.each(VARIANTS.map((variant) => ({ variant, name: formatVariant(variant) })))('tile $name', ({ variant }) => {
    const { m: tm, n: tn } = variant.tile
    const sizes = [[1, 1], [tm - 1, tn + 1], [tm, tn], [tm + 1, tn - 1], [13, 17], [1, tn], [tm, 1], [2 * tm + 1, 2 * tn]].filter(([m, n]) => m > 0 && n > 0)

    test('products of sizes around the tile agree with float64', async () => {
      await expectAgreement(await withTuning(everywhere(variant)), (on) => {
        const { ops, ...bench } = spread(new Case(on, 1))
        sizes.forEach(([m, n], i) => {
          const [transposeA, transposeB, k] = [i % 2 === 1, i % 4 > 1, [1, 7, 97][i % 3]]
          const [a, b] = [bench.input(...(transposeA ? [k, m] : [m, k])), bench.input(...(transposeB ? [n, k] : [k, n]))]
          bench.store(ops.matmul(a, b, { transposeA, transposeB }), i % 2 === 0 ? 'assign' : 'accumulate')
        })
        return bench.run()
      })
    })

    test('two products with bias, ReLU and mask agree with float64', async () => {
      await expectAgreement(await withTuning(everywhere(variant)), (on) => {
        const { ops, ...bench } = spread(new Case(on, 1))
        for (const [m, n] of [[1, 1], [9, 11], [16, 20]]) {
          const sum = ops.add(ops.matmul(bench.input(m, 31), bench.input(31, n)), ops.matmul(bench.input(m, 64), bench.input(64, n)))
          bench.store(ops.maskPositive(ops.relu(ops.addBias(sum, bench.input(n))), bench.input(m, n)))
        }
        return bench.run()
      })
    })

    test('column sums, cross entropy behind its logits and softmax tangents agree with float64', async () => {
      await expectAgreement(await withTuning(everywhere(variant)), (on) => {
        const { ops, ...bench } = spread(new Case(on, 1))
        const labels = on.allocate('index', 101, 'labels')
        on.write(labels, Uint32Array.from({ length: 101 }, (_, i) => i % 3))
        for (const [m, c] of [[1, 3], [17, 10], [101, 4]]) {
          bench.store(ops.columnSum(bench.input(m, c)))
          const z = ops.addBias(ops.matmul(bench.input(m, 40), bench.input(40, c)), bench.input(c))
          const { gradient, probabilities } = ops.softmaxCrossEntropy(z, ops.fixed(labels, 0, [m, 1]), 1 / m, { rowLoss: null, rowCorrect: null })
          bench.store(gradient)
          bench.store(ops.softmaxTangent(probabilities, ops.matmul(bench.input(m, 70), bench.input(70, c)), -0.5))
        }
        return bench.run()
      })
    })
  })

  test('row by row softmax of 1, 15, 16, 17 and 131 classes agrees with float64', async () => {
    await expectAgreement(engine, (on) => {
      const { ops, ...bench } = spread(new Case(on, 1))
      const labels = on.allocate('index', 9, 'labels')
      for (const classes of [1, 15, 16, 17, 131]) {
        const readings = { rowLoss: null, rowCorrect: null }
        const { gradient, probabilities } = ops.softmaxCrossEntropy(bench.input(9, classes), ops.fixed(labels, 0, [9, 1]), 2, readings)
        bench.store(gradient)
        bench.store(ops.softmaxTangent(probabilities, bench.input(9, classes), 3))
      }
      return bench.run()
    })
  })

  test('element-wise operations on 1, 15, 16, 17 columns and on 16 000 elements agree with float64', async () => {
    await expectAgreement(engine, (on) => {
      const { ops, ...bench } = spread(new Case(on, 1))
      for (const size of [1, 15, 16, 17]) {
        const [a, b] = [bench.input(3, size), bench.input(3, size)]
        bench.store(ops.multiply(a, b))
        bench.store(ops.add(ops.scale(a, 1 / 3), ops.relu(b)))
        bench.store(ops.maskPositive(a, b), 'accumulate')
        bench.store(ops.addBias(a, bench.input(size)))
      }
      bench.store(ops.scale(bench.input(100, 160), -2))
      return bench.run()
    })
  })

  test('gathered rows and row cursors are followed from replay to replay', async () => {
    await expectAgreement(engine, async (on) => {
      const ops = new Recorder('gather', 3)
      const [inputs, order, labels] = [on.allocate('float', 70, 'inputs'), on.allocate('index', 12, 'order'), on.allocate('index', 10, 'labels')]
      on.write(inputs, numbers(70, 3))
      on.write(order, Uint32Array.from([9, 0, 4, 4, 8, 2, 7, 1, 3, 5, 6, 0]))
      on.write(labels, Uint32Array.from([0, 1, 2, 3, 4, 5, 6, 0, 1, 2]))
      const [losses, correct, copy] = ['losses', 'correct', 'copy'].map((label) => on.allocate('float', label === 'copy' ? 84 : 12, label))
      const rows = ops.gatheredRows(inputs, order, 7)
      const readings = { rowLoss: ops.sampleRows(losses, [1]), rowCorrect: ops.sampleRows(correct, [1]) }
      const { gradient } = ops.softmaxCrossEntropy(rows, ops.gatheredRows(labels, order, 1), 1, readings)
      ops.store(gradient, ops.sampleRows(copy, [7]), 'assign')
      const executable = await on.compile(ops.finish())
      await executable.run({ ...STILL, cursor: 3 }, 3)
      return Float64Array.from([...(await on.read(losses)), ...(await on.read(correct)), ...(await on.read(copy))])
    })
  })

  test('SGD with momentum and decay repeats bit for bit and agrees with float64 over 1100 replays, more than one submit holds', async () => {
    const body = async (on: Engine): Promise<Float64Array> => {
      const ops = new Recorder('sgd', 0)
      const [weights, velocity] = [on.allocate('float', 20, 'weights'), on.allocate('float', 20, 'velocity')]
      on.write(weights, numbers(20, 4))
      const place = ops.fixed(weights, 0, [4, 5])
      ops.sgdUpdate(ops.scale(place, 0.3), place, ops.fixed(velocity, 0, [4, 5]), true)
      const executable = await on.compile(ops.finish())
      await executable.run({ ...NO_RATES, cursor: 0, learningRate: 0.01, momentum: 0.5, weightDecay: 0.001 }, 1100)
      return Float64Array.from([...(await on.read(weights)), ...(await on.read(velocity))])
    }
    await expectAgreement(engine, body)
    expect(await body(engine)).toEqual(await body(engine))
  })

  test('runs that overlap keep their order and their own scalars', async () => {
    const ops = new Recorder('overlap', 1)
    const weights = engine.allocate('float', 1, 'weights')
    const place = ops.fixed(weights, 0, [1])
    const ones = engine.allocate('float', 8, 'ones')
    engine.write(ones, new Float32Array(8).fill(1))
    ops.sgdUpdate(ops.scale(ops.sampleRows(ones, [1]), 1), place, null, false)
    const executable = await engine.compile(ops.finish())
    await Promise.all([executable.run({ ...STILL, learningRate: 1 }, 3), executable.run({ ...STILL, learningRate: 0.125 }, 2)])
    expect(await engine.read(weights)).toEqual(Float32Array.of(-3.25))
  })

  test('captures hold the value after every replay', async () => {
    const ops = new Recorder('capture', 1)
    const [counter, one, seen] = [engine.allocate('float', 3, 'counter'), engine.allocate('float', 1, 'one'), engine.allocate('float', 4, 'seen')]
    engine.write(one, Float32Array.of(1))
    ops.store(ops.fixed(one, 0, [1]), ops.fixed(counter, 2, [1]), 'accumulate')
    const executable = await engine.compile(ops.finish())
    await executable.run(STILL, 4, { from: counter, offset: 2, length: 1, into: seen })
    expect(await engine.read(seen)).toEqual(Float32Array.of(1, 2, 3, 4))
    await expect(executable.run(STILL, 5, { from: counter, offset: 2, length: 1, into: seen })).rejects.toThrow('capture into [0, 5) of seen, which has 4 elements')
  })

  test('numbers written are read back, by parts, in the kind of the buffer', async () => {
    const [floats, indices] = [engine.allocate('float', 300, 'floats'), engine.allocate('index', 3, 'indices')]
    expect(await engine.read(floats)).toEqual(new Float32Array(300))
    engine.write(floats, Float64Array.of(0.1, -2, 3e38), 7)
    engine.write(indices, Uint32Array.of(4_294_967_295, 0, 7))
    expect(await engine.read(floats, 6, 4)).toEqual(Float32Array.of(0, 0.1, -2, 3e38))
    expect(await engine.read(indices, 0, 3)).toEqual(Float64Array.of(4_294_967_295, 0, 7))
    expect(await Promise.all([engine.read(floats, 7, 1), engine.read(floats, 8, 1)])).toEqual([Float32Array.of(0.1), Float32Array.of(-2)])
  })

  test('memory held is what is allocated, and is given back', () => {
    const before = engine.memoryBytes()
    const handle = engine.allocate('float', 1000, 'thousand')
    expect(engine.memoryBytes() - before).toBe(4000)
    engine.free(handle)
    expect(engine.memoryBytes()).toBe(before)
  })

  test('a buffer larger than a binding is refused with need, limit and remedy', () => {
    const elements = opened.device.limits.maxStorageBufferBindingSize / 4 + 1
    expect(() => engine.allocate('float', elements, 'data set')).toThrow(/data set needs \d+ MiB, the adapter binds at most \d+ MiB at once; use fewer samples/)
  })

  test('places outside a buffer, freed buffers and runs beyond the data are refused', async () => {
    const handle = engine.allocate('float', 4, 'four')
    expect(() => engine.write(handle, new Float32Array(3), 2)).toThrow('write [2, 5) of four, which has 4 elements')
    await expect(engine.read(handle, 0, 5)).rejects.toThrow('read [0, 5) of four')
    const ops = new Recorder('beyond', 2)
    ops.store(ops.scale(ops.sampleRows(handle, [1]), 2), ops.fixed(engine.allocate('float', 2, 'to'), 0, [2, 1]), 'assign')
    const executable = await engine.compile(ops.finish())
    await expect(executable.run(STILL, 3)).rejects.toThrow('3 replays of 2 rows from cursor 0 leave the data; the last replay may start at 2')
    engine.free(handle)
    await expect(engine.read(handle)).rejects.toThrow('no buffer four; it was freed')
  })

  test('WGSL that does not compile is refused with the program and the line', async () => {
    const frameLayout = opened.device.createBindGroupLayout({ entries: [] })
    const compiling = new Pipelines(opened.device, frameLayout).compile({ label: 'broken', wgsl: 'fn main( {', bindings: [], places: [], grid: { x: 1, y: 1 } })
    await expect(compiling).rejects.toThrow(/^broken: line 1: /)
  })

  test('an engine says what it is; another tile is another numerical version', async () => {
    expect(engine.info).toMatchObject({ name: 'webgpu', precision: 'float32', bitExact: false })
    expect(engine.info.numericalVersion).not.toBe((await withTuning(everywhere(VARIANTS[3]))).info.numericalVersion)
  })

  test('tuning keeps within the candidates, survives JSON and is refused for another adapter', async () => {
    const tuning = await tune(opened, { software: true, budget: 1 })
    expect(restoreTuning(JSON.parse(JSON.stringify(tuning)), opened)).toEqual(tuning)
    expect(restoreTuning({ ...tuning, key: 'other' }, opened)).toBeNull()
    expect(restoreTuning({ ...tuning, longSums: { threads: 0, shortest: 64 } }, opened)).toBeNull()
    expect(restoreTuning({ ...tuning, variants: { ...tuning.variants, smallLong: { tile: { m: 0, n: 5 }, splitK: 1 } } }, opened)).toBeNull()
    expect(await tune({ ...opened, fallbackAdapter: true })).toEqual(defaultTuning({ ...opened, fallbackAdapter: true }))
  })

  test('a lost device is reported and later use is refused', async () => {
    const doomed = await open()
    const on = await createWebGpuEngine(doomed)
    doomed.device.destroy()
    expect(await on.lost).toContain('WebGPU device lost (destroyed)')
    expect(() => on.allocate('float', 1, 'late')).toThrow('device lost')
  })

  test('errors outside a check make the engine fail, not wrong', async () => {
    const own = await open()
    const on = await createWebGpuEngine(own)
    own.device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE })
    expect(await on.lost).toContain('outside a check')
    expect(() => on.allocate('float', 1, 'late')).toThrow('outside a check')
    on.dispose()
  })
})

test('without WebGPU the remedy is named', async () => {
  await expect(openDevice(undefined)).rejects.toThrow('WebGPU is not offered here; use the CPU engine')
  const empty = { requestAdapter: () => Promise.resolve(null) } as unknown as GPU
  await expect(openDevice(empty, { adapter: 'fallback' })).rejects.toThrow('WebGPU found no software adapter')
})

/** Methods of a case as free functions. */
function spread(bench: Case): { readonly ops: Recorder; input: (...shape: number[]) => Tensor; store: Case['store']; run: Case['run'] } {
  return {
    ops: bench.ops,
    input: (...shape) => bench.input(...shape),
    store: (x, mode) => bench.store(x, mode),
    run: (frame, count) => bench.run(frame, count),
  }
}
