import { describe, expect, test, vi } from 'vitest'
import { EngineError } from '../engine.ts'
import { Recorder } from '../recorder.ts'
import { windowsOn } from '../windows.ts'
import { STILL, numbers, TestBench } from './test-bench.ts'
import { createWasmEngine } from './wasm-engine.ts'

function code(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof EngineError) return error.code
    throw error
  }
  return 'none'
}

describe('buffers', () => {
  test('start with zeros, also where others lay before', async () => {
    const engine = await createWasmEngine()
    const first = engine.allocate('float', 1000, 'first')
    engine.write(first, numbers(1000, 1))
    engine.free(first)
    const second = engine.allocate('float', 1000, 'second')
    expect(await engine.read(second)).toEqual(new Float32Array(1000))
  })

  test('keep their contents when the memory grows', async () => {
    const engine = await createWasmEngine()
    const values = numbers(100, 1)
    const buffer = engine.allocate('float', 100, 'small')
    engine.write(buffer, values)
    engine.allocate('float', 5_000_000, 'large')
    expect(await engine.read(buffer)).toEqual(values)
  })

  test('are written and read in parts; what is read is a copy', async () => {
    const engine = await createWasmEngine()
    const buffer = engine.allocate('float', 6, 'x')
    engine.write(buffer, Float64Array.of(1, 0.1), 3)
    const part = await engine.read(buffer, 2, 3)
    expect([...part]).toEqual([0, 1, Math.fround(0.1)])
    part[1] = 9
    expect((await engine.read(buffer))[3]).toBe(1)
  })

  test('of indices hold unsigned numbers', async () => {
    const engine = await createWasmEngine()
    const buffer = engine.allocate('index', 2, 'order')
    engine.write(buffer, Uint32Array.of(7, 4294967295))
    expect([...(await engine.read(buffer))]).toEqual([7, 4294967295])
  })

  test('count as memory while they live', async () => {
    const engine = await createWasmEngine()
    const buffer = engine.allocate('float', 1000, 'x')
    expect(engine.memoryBytes()).toBe(4000)
    engine.free(buffer)
    expect(engine.memoryBytes()).toBe(0)
  })

  test('beyond the limit are refused with need and limit, and nothing is lost', async () => {
    const engine = await createWasmEngine({ memoryLimit: 4e6 })
    expect(() => engine.allocate('float', 2_000_000, 'inputs')).toThrow(/inputs needs 8\.0 MB .* limit is 4\.0 MB/)
    expect(code(() => engine.allocate('float', 2_000_000, 'inputs'))).toBe('memory')
    expect(engine.allocate('float', 900_000, 'smaller').length).toBe(900_000)
  })

  test('are refused after free, on another engine, and outside their range', async () => {
    const [engine, other] = [await createWasmEngine(), await createWasmEngine()]
    const buffer = engine.allocate('float', 4, 'x')
    expect(code(() => other.write(buffer, Float32Array.of(1)))).toBe('buffer')
    expect(code(() => engine.write(buffer, Float32Array.of(1, 2), 3))).toBe('buffer')
    engine.free(buffer)
    expect(code(() => engine.write(buffer, Float32Array.of(1)))).toBe('buffer')
  })
})

describe('replays', () => {
  test('advance the cursor, and capture after each', async () => {
    const bench = await TestBench.open(2)
    const x = bench.ops.sampleRows(bench.buffer(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8)), [1])
    const sum = bench.engine.allocate('float', 1, 'sum')
    const sums = bench.engine.allocate('float', 3, 'sums')
    bench.ops.store(bench.ops.columnSum(x), bench.ops.fixed(sum, 0, [1]), 'accumulate')
    await bench.run({ cursor: 2 }, 3, { from: sum, offset: 0, length: 1, into: sums })
    expect([...(await bench.engine.read(sums))]).toEqual([7, 18, 33])
  })

  test('outside a buffer, at rows that do not exist or into a full capture are refused before anything runs', async () => {
    const bench = await TestBench.open(2)
    const { engine, ops } = bench
    const x = ops.gatheredRows(bench.buffer(numbers(9, 1)), bench.indices([0, 1, 2, 3]), 3)
    const out = engine.allocate('float', 12, 'out')
    ops.store(x, ops.sampleRows(out, [3]), 'assign')
    const executable = await engine.compile(ops.finish())
    expect(code(() => executable.run(STILL, 3))).toBe('buffer')
    expect(() => executable.run(STILL, 2)).toThrow('reads row 3 (indices[3]) of 3 rows')
    expect(code(() => executable.run(STILL, 1, { from: out, offset: 0, length: 13, into: out }))).toBe('buffer')
    expect(await engine.read(out)).toEqual(new Float32Array(12))
    executable.run(STILL, 1)
    executable.dispose()
    expect(code(() => executable.run(STILL, 1))).toBe('buffer')
  })

  test('of a recording whose buffer was freed are refused', async () => {
    const bench = await TestBench.open()
    const buffer = bench.buffer(numbers(3, 1))
    const out = bench.empty([3])
    bench.ops.store(bench.ops.fixed(buffer, 0, [3]), out, 'assign')
    const executable = await bench.engine.compile(bench.ops.finish())
    bench.engine.free(buffer)
    expect(code(() => executable.run(STILL, 1))).toBe('buffer')
  })

  test('leave no memory behind', async () => {
    const bench = await TestBench.open()
    const { engine, ops } = bench
    const x = bench.fixed([8, 8], numbers(64, 1))
    const out = bench.empty([8, 8])
    ops.store(ops.multiply(ops.matmul(x, x), ops.relu(x)), out, 'assign')
    const before = engine.memoryBytes()
    const executable = await engine.compile(ops.finish())
    expect(engine.memoryBytes()).toBeGreaterThan(before)
    executable.dispose()
    executable.dispose()
    expect(engine.memoryBytes()).toBe(before)
  })
})

describe('a convolutional network', () => {
  test('replays without taking memory, at rates of its own each time', async () => {
    const bench = await TestBench.open(5)
    const { engine, ops } = bench
    const windows = windowsOn([9, 9, 3], { kernelHeight: 3, kernelWidth: 3, stride: 1, padding: 'same' })
    const pool = windowsOn([9, 9, 6], { kernelHeight: 2, kernelWidth: 2, stride: 2, padding: 'same' })
    const weights = bench.fixed([3, 3, 3, 6], numbers(162, 1))
    const x = ops.sampleRows(bench.buffer(numbers(40 * 243, 2)), [9, 9, 3])
    const { output, argmax } = ops.maxPool(ops.matmul(x, weights, { patches: windows }), pool)
    const gradient = ops.matmul(x, ops.putAt(output, argmax, pool), { patches: windows, transposeA: true })
    ops.update('nesterov', { gradient, gradientScale: null, weights, first: bench.empty([3, 3, 3, 6]), second: null }, true)
    const executable = await engine.compile(ops.finish())
    const held = engine.memoryBytes()
    const grow = vi.spyOn(WebAssembly.Memory.prototype, 'grow')
    const asked: number[] = []
    await executable.run(STILL, 8, undefined, (replay) => {
      asked.push(replay)
      return { ...STILL, learningRate: 1e-5 / (replay + 1) }
    })
    expect(asked).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(engine.memoryBytes()).toBe(held)
    expect(grow).not.toHaveBeenCalled()
    grow.mockRestore()
  })
})

/** Trains a small classifier and returns its weights as bits. */
async function trainedBits(): Promise<Uint32Array> {
  const bench = await TestBench.open(6)
  const { engine, ops } = bench
  const weights = bench.buffer(numbers(11 * 7, 1))
  const velocity = engine.allocate('float', 77, 'velocity')
  const order = bench.indices(Array.from({ length: 120 }, (_, i) => (i * 17) % 40))
  const kernel = ops.fixed(weights, 0, [10, 7])
  const bias = ops.fixed(weights, 70, [7])
  const x = ops.gatheredRows(bench.buffer(numbers(400, 2)), order, 10)
  const labels = ops.gatheredRows(bench.indices(Array.from({ length: 40 }, (_, i) => i % 7)), order, 1)
  const logits = ops.addBias(ops.matmul(x, kernel), bias)
  const { gradient } = ops.softmaxCrossEntropy(logits, labels, 1 / 6, { rowLoss: null, rowCorrect: null })
  ops.sgdUpdate(ops.matmul(x, gradient, { transposeA: true }), kernel, ops.fixed(velocity, 0, [10, 7]), true)
  ops.sgdUpdate(ops.columnSum(gradient), bias, ops.fixed(velocity, 70, [7]), false)
  await bench.run({ learningRate: 0.2, momentum: 0.9, weightDecay: 1e-3 }, 20)
  return new Uint32Array(Float32Array.from(await engine.read(weights)).buffer)
}

describe('bits', () => {
  test('are the same on every run', async () => {
    expect(await trainedBits()).toEqual(await trainedBits())
  })

  test('are the same on every machine', async () => {
    const checksum = (await trainedBits()).reduce((hash, word) => Math.imul(hash ^ word, 16777619) >>> 0, 2166136261)
    expect(checksum).toBe(314659915)
  })

  test('are promised by the plain engine only', async () => {
    const [plain, relaxed] = [await createWasmEngine(), await createWasmEngine({ relaxed: true })]
    expect(plain.info.bitExact).toBe(true)
    expect(relaxed.info.bitExact).toBe(relaxed.info.numericalVersion === plain.info.numericalVersion)
  })
})

test('a recording that writes at gathered rows is refused', async () => {
  const engine = await createWasmEngine()
  const ops = new Recorder('scatter', 2)
  const index = engine.allocate('index', 2, 'order')
  const data = engine.allocate('float', 4, 'data')
  ops.store(ops.fixed(data, 0, [2, 2]), ops.gatheredRows(data, index, 2), 'assign')
  await expect(engine.compile(ops.finish())).rejects.toThrow('gathered rows can only be read')
})
