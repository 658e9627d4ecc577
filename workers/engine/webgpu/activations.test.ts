import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openNodeGpu } from '../../cli/node-gpu.ts'
import { frameAt } from '../engine.ts'
import type { ActivationName } from '../operations.ts'
import { Recorder } from '../recorder.ts'
import { activation } from '../reference/activations.ts'
import type { Tensor } from '../tensor.ts'
import { openDevice } from './device.ts'
import { createWebGpuEngine, type WebGpuEngine } from './webgpu-engine.ts'

const gpu = await openNodeGpu()

/** From −30 to 30, dense around zero, and far out where functions must settle and not overflow. */
const ARGUMENTS = Float32Array.from([
  ...Array.from({ length: 6001 }, (_, i) => (i - 3000) / 100),
  ...Array.from({ length: 201 }, (_, i) => ((i - 100) / 100) ** 3 * 1e-2),
  ...[0.6, -0.6, 0.59999996, 86.9, -86.9, 87.1, -87.1, 1e4, -1e4, 3e38, -3e38, 1e-30, -1e-30],
])

interface Derivatives {
  readonly value: Float32Array
  readonly slope: Float32Array
  readonly curvature: Float32Array
}

describe.skipIf(gpu === null)('smooth activations in WGSL', () => {
  let engine: WebGpuEngine
  beforeAll(async () => {
    engine = await createWebGpuEngine(await openDevice(gpu ?? undefined))
  })
  afterAll(() => {
    engine.dispose()
  })

  async function evaluate(name: ActivationName, x: Float32Array): Promise<Derivatives> {
    const ops = new Recorder(name, 1)
    const place = (values?: Float32Array): Tensor => {
      const buffer = engine.allocate('float', x.length, name)
      if (values !== undefined) engine.write(buffer, values)
      return ops.fixed(buffer, 0, [1, x.length])
    }
    const [z, ones, ...results] = [place(x), place(new Float32Array(x.length).fill(1)), place(), place(), place()]
    ops.store(ops.activate(z, name), results[0], 'assign')
    ops.store(ops.activateSlope(ones, z, name), results[1], 'assign')
    ops.store(ops.activateCurvature(ones, z, name), results[2], 'assign')
    const executable = await engine.compile(ops.finish())
    await executable.run(frameAt(0), 1)
    executable.dispose()
    const [value, slope, curvature] = await Promise.all(
      results.map(async ({ location }) => (location === null ? new Float32Array(0) : Float32Array.from(await engine.read(location.buffer)))),
    )
    return { value, slope, curvature }
  }

  test.each(['tanh', 'sigmoid', 'softplus', 'gelu'] as const)('%s, its slope and its curvature keep to float64 within 3e-7 everywhere', async (name) => {
    const actual = await evaluate(name, ARGUMENTS)
    for (const part of ['value', 'slope', 'curvature'] as const) {
      const worst = ARGUMENTS.reduce((most, x, i) => {
        const expected = activation(name)[part](x)
        return Math.max(most, Math.abs(actual[part][i] - expected) / Math.max(1, Math.abs(expected)))
      }, 0)
      expect(worst, part).toBeLessThan(3e-7)
      expect(actual[part].every(Number.isFinite), part).toBe(true)
    }
  })

  test.each([
    ['sigmoid', (x: number) => 1 / (1 + Math.exp(-x))],
    ['softplus', (x: number) => Math.log1p(Math.exp(x))],
  ] as const)('%s keeps its relative precision where it is tiny', async (name, expected) => {
    const x = Float32Array.from({ length: 300 }, (_, i) => -80 + i / 4)
    const { value } = await evaluate(name, x)
    const worst = x.reduce((most, argument, i) => Math.max(most, Math.abs(value[i] / expected(argument) - 1)), 0)
    expect(worst).toBeLessThan(1e-6)
  })
})
