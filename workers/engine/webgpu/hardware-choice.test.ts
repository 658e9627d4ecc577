import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openNodeGpu } from '../../cli/node-gpu.ts'
import { updateCases } from '../conformance-updates.ts'
import { windowCases } from '../conformance-windows.ts'
import { FLOAT32_TOLERANCE, relativeDistance } from '../conformance.ts'
import { frameAt } from '../engine.ts'
import { Recorder } from '../recorder.ts'
import { createReferenceEngine } from '../reference/reference-engine.ts'
import { openDevice, type OpenedDevice } from './device.ts'
import { defaultTuning } from './tuning.ts'
import { createWebGpuEngine, type WebGpuEngine } from './webgpu-engine.ts'

const gpu = await openNodeGpu()

describe.skipIf(gpu === null)('what hardware adapters are given, run on this one', () => {
  let opened: OpenedDevice
  let engine: WebGpuEngine
  beforeAll(async () => {
    opened = await openDevice(gpu ?? undefined)
    engine = await createWebGpuEngine(opened, { tuning: defaultTuning({ ...opened, fallbackAdapter: false }) })
  })
  afterAll(() => {
    engine.dispose()
  })

  test.each([...windowCases, ...updateCases])('agrees with float64: $name', async ({ run }) => {
    expect(relativeDistance(await run(engine), await run(createReferenceEngine()))).toBeLessThan(FLOAT32_TOLERANCE)
  })

  test('the sum of a million numbers keeps the digits of float32', async () => {
    const rows = 1_000_003
    const values = Float32Array.from({ length: rows }, (_, i) => 1 + (i % 7) / 8)
    const before = engine.memoryBytes()
    const [from, sum, norm] = [engine.allocate('float', rows, 'values'), engine.allocate('float', 1, 'sum'), engine.allocate('float', 1, 'norm')]
    engine.write(from, values)
    const ops = new Recorder('sum', rows)
    const x = ops.fixed(from, 0, [rows, 1])
    ops.store(ops.columnSum(x), ops.fixed(sum, 0, [1, 1]), 'assign')
    ops.store(ops.squaredNorm(x), ops.fixed(norm, 0, [1, 1]), 'assign')
    const executable = await engine.compile(ops.finish())
    expect(engine.memoryBytes() - before).toBeGreaterThan(4 * (rows + 2))
    await executable.run(frameAt(0), 1)
    const [actualSum, actualNorm] = [(await engine.read(sum))[0], (await engine.read(norm))[0]]
    expect(actualSum / values.reduce((total, value) => total + value, 0) - 1).toBeCloseTo(0, 6)
    expect(actualNorm / values.reduce((total, value) => total + value * value, 0) - 1).toBeCloseTo(0, 6)
    executable.dispose()
    for (const handle of [from, sum, norm]) engine.free(handle)
    expect(engine.memoryBytes() - before).toBeLessThan(4 * 1024)
  })

  test('pooling over pixels that lie apart is refused', async () => {
    const windows = { height: 4, width: 4, channels: 1, kernelHeight: 2, kernelWidth: 2, outHeight: 4, outWidth: 4, stride: 1, spread: 2, padTop: 0, padLeft: 0 }
    const ops = new Recorder('apart', 1)
    ops.store(ops.averagePool(ops.fixed(engine.allocate('float', 16, 'x'), 0, [1, 16]), windows), ops.fixed(engine.allocate('float', 16, 'to'), 0, [1, 4, 4, 1]), 'assign')
    await expect(engine.compile(ops.finish())).rejects.toThrow('pooling: windows with pixels 2 apart; only convolutions spread their pixels')
  })
})
