import { describe, expect, test } from 'vitest'
import { loadCase } from '../../fixtures/load.ts'
import { openNodeGpu } from '../cli/node-gpu.ts'
import type { Engine } from '../engine/engine.ts'
import { createReferenceEngine } from '../engine/reference/reference-engine.ts'
import { createWasmEngine } from '../engine/wasm/wasm-engine.ts'
import { openDevice } from '../engine/webgpu/device.ts'
import { createWebGpuEngine } from '../engine/webgpu/webgpu-engine.ts'
import { denseLayers } from '../../src/contracts/layers.ts'
import { buildNetwork } from '../networks/network.ts'
import { selectParameters, type SelectedParameters } from '../networks/selection.ts'
import { Curvature, type CurvatureOptions } from './curvature.ts'
import { Evaluation } from './evaluation.ts'
import { uploadData } from '../networks/resident-data.ts'

const oracle = loadCase('c1_mlp_tiny')
const network = buildNetwork({ layers: denseLayers(8, 6), activation: 'relu', initialiser: 'glorotUniform' }, 20, 4)
const whole = selectParameters(network, 'all')

const gpu = await openNodeGpu()
const engines: { name: string; tolerance: number; create: () => Promise<Engine> }[] = [
  { name: 'reference', tolerance: 1e-10, create: () => Promise.resolve(createReferenceEngine()) },
  { name: 'wasm', tolerance: 1e-5, create: () => createWasmEngine() },
]
if (gpu !== null) engines.push({ name: 'webgpu', tolerance: 1e-5, create: async () => createWebGpuEngine(await openDevice(gpu)) })

function distance(actual: Float64Array, expected: Float64Array): number {
  const norm = (values: Float64Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
  return norm(actual.map((value, i) => value - expected[i])) / norm(expected)
}

async function open(engine: Engine, selection: SelectedParameters, options: CurvatureOptions, samples = 64) {
  const weights = engine.allocate('float', network.parameterCount, 'weights')
  engine.write(weights, oracle.array('theta'))
  const images = Float32Array.from(oracle.array('x').subarray(0, samples * 20))
  const data = uploadData(engine, images, Uint8Array.from(oracle.array('y').subarray(0, samples)), 20, 'oracle')
  return { weights, data, curvature: await Curvature.create(engine, network, weights, data, selection, options) }
}

async function product(curvature: Curvature, v: Float64Array): Promise<Float64Array> {
  const y = new Float64Array(curvature.size)
  await curvature.apply(v, y)
  return y
}

describe.each(engines)('curvature on the $name engine', ({ tolerance, create }) => {
  test.each([
    { name: 'without weight decay', weightDecay: 0, suffix: '' },
    { name: 'with weight decay', weightDecay: 0.01, suffix: '_l2' },
  ])('loss, gradient and Hessian-vector product equal PyTorch $name', async ({ weightDecay, suffix }) => {
    const { curvature } = await open(await create(), whole, { matrix: 'hessian', weightDecay })
    const { loss, gradient } = await curvature.linearise()
    expect(Math.abs(loss / oracle.scalar(`loss${suffix}`) - 1)).toBeLessThan(tolerance)
    expect(distance(gradient, oracle.array(`grad${suffix}`))).toBeLessThan(tolerance)
    expect(distance(await product(curvature, oracle.array('v')), oracle.array(`hvp${suffix}`))).toBeLessThan(tolerance)
  })

  test('evaluation gives the loss and accuracy of PyTorch', async () => {
    const engine = await create()
    const { weights, data } = await open(engine, whole, { matrix: 'hessian', weightDecay: 0 })
    const evaluation = await Evaluation.create(engine, network, weights, data)
    const reading = await evaluation.evaluate()
    expect(Math.abs(reading.loss / oracle.scalar('loss') - 1)).toBeLessThan(tolerance)
    expect(reading.accuracy).toBe(oracle.scalar('acc'))
  })

  test.each(['2.kernel', '3.bias', '1.kernel+3.kernel', '2.bias+2.kernel'])('the block of %s is the block of the whole Hessian', async (text) => {
    const selection = selectParameters(network, text)
    const { curvature } = await open(await create(), selection, { matrix: 'hessian', weightDecay: 0 })
    await curvature.linearise()
    const hessian = oracle.array('hessian')
    const places = selection.parameters.flatMap(({ offset, size }) => Array.from({ length: size }, (_, i) => offset + i))
    const v = Float64Array.from(places, (_, i) => Math.fround(1 / (1 + i)))
    const expected = Float64Array.from(places, (row) => places.reduce((sum, col, i) => sum + hessian[row * 250 + col] * v[i], 0))
    expect(distance(await product(curvature, v), expected)).toBeLessThan(tolerance)
  })

  test('equal weights give the same product bit for bit after another linearisation', async () => {
    const { curvature } = await open(await create(), whole, { matrix: 'hessian', weightDecay: 0 })
    await curvature.linearise()
    const first = await product(curvature, oracle.array('v'))
    await curvature.linearise()
    expect(await product(curvature, oracle.array('v'))).toEqual(first)
  })
})

describe('invariants in float64', () => {
  const create = createReferenceEngine

  test('the Gauss–Newton matrix has the trace of the Hessian and no negative quadratic form', async () => {
    const { curvature } = await open(create(), whole, { matrix: 'gaussNewton', weightDecay: 0 })
    await curvature.linearise()
    let trace = 0
    for (let i = 0; i < whole.size; i++) {
      const unit = new Float64Array(whole.size)
      unit[i] = 1
      const diagonal = (await product(curvature, unit))[i]
      expect(diagonal).toBeGreaterThanOrEqual(-1e-15)
      trace += diagonal
    }
    const hessian = oracle.array('hessian')
    const expected = Array.from({ length: 250 }, (_, i) => hessian[i * 251]).reduce((sum, value) => sum + value, 0)
    expect(trace).toBeCloseTo(expected, 10)
  })

  test('moving all rows of the last kernel by one vector changes nothing: H(q⊗1) = 0', async () => {
    const selection = selectParameters(network, '3.kernel')
    const { curvature } = await open(create(), selection, { matrix: 'hessian', weightDecay: 0 })
    const { gradient } = await curvature.linearise()
    const v = Float64Array.from({ length: 24 }, (_, i) => 1 + Math.floor(i / 4))
    const scale = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0))
    for (const value of await product(curvature, v)) expect(Math.abs(value)).toBeLessThan(1e-14 * scale + 1e-15)
    for (let row = 0; row < 6; row++) expect(gradient.subarray(row * 4, row * 4 + 4).reduce((sum, g) => sum + g, 0)).toBeCloseTo(0, 14)
  })

  test('ReLU units conserve W·g + b·g_b = W′·g′ per hidden unit', async () => {
    const { curvature } = await open(create(), whole, { matrix: 'hessian', weightDecay: 0 })
    const { gradient: g } = await curvature.linearise()
    const w = oracle.array('theta')
    for (let unit = 0; unit < 8; unit++) {
      let incoming = w[160 + unit] * g[160 + unit]
      for (let i = 0; i < 20; i++) incoming += w[i * 8 + unit] * g[i * 8 + unit]
      let outgoing = 0
      for (let k = 0; k < 6; k++) outgoing += w[168 + unit * 6 + k] * g[168 + unit * 6 + k]
      expect(incoming).toBeCloseTo(outgoing, 12)
    }
  })

  test('the mean of the gradients of two equal halves is the gradient', async () => {
    const half = await open(create(), whole, { matrix: 'hessian', weightDecay: 0 }, 32)
    const { gradient: first } = await half.curvature.linearise()
    const engine = create()
    const rest = await open(engine, whole, { matrix: 'hessian', weightDecay: 0 }, 32)
    engine.write(rest.data.inputs, oracle.array('x').subarray(32 * 20))
    engine.write(rest.data.labels, Uint32Array.from(oracle.array('y').subarray(32)))
    const { gradient: second } = await rest.curvature.linearise()
    expect(distance(first.map((value, i) => (value + second[i]) / 2), oracle.array('grad'))).toBeLessThan(1e-14)
  })
})
