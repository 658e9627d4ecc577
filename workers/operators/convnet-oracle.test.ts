import { describe, expect, test } from 'vitest'
import { loadCase } from '../../fixtures/load.ts'
import { layersOf } from '../../src/contracts/layers.ts'
import { openNodeGpu } from '../cli/node-gpu.ts'
import type { Engine } from '../engine/engine.ts'
import { createReferenceEngine } from '../engine/reference/reference-engine.ts'
import { createWasmEngine } from '../engine/wasm/wasm-engine.ts'
import { openDevice } from '../engine/webgpu/device.ts'
import { createWebGpuEngine } from '../engine/webgpu/webgpu-engine.ts'
import { buildNetwork } from '../networks/network.ts'
import { uploadData } from '../networks/resident-data.ts'
import { selectParameters } from '../networks/selection.ts'
import { symmetricEigen } from '../numerics/symmetric-eigen.ts'
import { Curvature } from './curvature.ts'

const oracle = loadCase('c3_convnet_tiny')
const network = buildNetwork({ layers: layersOf('c4x3,p2,c5x3,p2'), activation: 'relu', initialiser: 'glorotUniform' }, [16, 16, 3], 10)

const gpu = await openNodeGpu()
const engines: { name: string; tolerance: number; create: () => Promise<Engine> }[] = [
  { name: 'reference', tolerance: 1e-10, create: () => Promise.resolve(createReferenceEngine()) },
  { name: 'wasm', tolerance: 1e-5, create: () => createWasmEngine() },
  { name: 'wasm, relaxed SIMD', tolerance: 1e-5, create: () => createWasmEngine({ relaxed: true }) },
]
if (gpu !== null) engines.push({ name: 'webgpu', tolerance: 1e-5, create: async () => createWebGpuEngine(await openDevice(gpu)) })

function distance(actual: Float64Array, expected: Float64Array): number {
  const norm = (values: Float64Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
  return norm(actual.map((value, i) => value - expected[i])) / norm(expected)
}

async function open(engine: Engine, selection: string, weightDecay: number): Promise<Curvature> {
  const weights = engine.allocate('float', network.stateLength, 'weights')
  engine.write(weights, oracle.array('theta'))
  const data = uploadData(engine, Float32Array.from(oracle.array('x')), Uint8Array.from(oracle.array('y')), 768, 'oracle')
  return Curvature.create(engine, network, weights, data, selectParameters(network, selection), { matrix: 'hessian', weightDecay })
}

test('two convolutions with pooling and a dense layer have the 1,107 parameters of the oracle in its order', () => {
  expect(network.parameters.map(({ name, shape }) => [name, shape])).toEqual([
    ['conv_1/kernel', [3, 3, 3, 4]],
    ['conv_1/bias', [4]],
    ['conv_2/kernel', [3, 3, 4, 5]],
    ['conv_2/bias', [5]],
    ['dense_3/kernel', [80, 10]],
    ['dense_3/bias', [10]],
  ])
  expect(network.parameterCount).toBe(1107)
})

describe.each(engines)('the convolutional network on the $name engine', ({ tolerance, create }) => {
  test.each([
    { name: 'without weight decay', weightDecay: 0, suffix: '' },
    { name: 'with weight decay', weightDecay: 0.005, suffix: '_l2' },
  ])('loss, gradient and Hessian-vector product equal PyTorch $name', async ({ weightDecay, suffix }) => {
    const curvature = await open(await create(), 'all', weightDecay)
    const { loss, gradient } = await curvature.linearise()
    expect(Math.abs(loss / oracle.scalar(`loss${suffix}`) - 1)).toBeLessThan(tolerance)
    expect(distance(gradient, oracle.array(`grad${suffix}`))).toBeLessThan(tolerance)
    const product = new Float64Array(curvature.size)
    await curvature.apply(oracle.array('v'), product)
    expect(distance(product, oracle.array(`hvp${suffix}`))).toBeLessThan(tolerance)
  })
})

test('the block of the second convolution has the eigenvalues of the oracle, none of them negative', async () => {
  const curvature = await open(createReferenceEngine(), '2.kernel', 0)
  await curvature.linearise()
  const n = curvature.size
  const matrix = new Float64Array(n * n)
  const column = new Float64Array(n)
  for (let j = 0; j < n; j++) {
    await curvature.apply(Float64Array.from({ length: n }, (_, i) => Number(i === j)), column)
    for (let i = 0; i < n; i++) matrix[i * n + j] = column[i]
  }
  const { eigenvalues } = symmetricEigen(matrix, n)
  const expected = oracle.array('eigvals_K2')
  expect(Math.max(...eigenvalues.map((value, i) => Math.abs(value - expected[i])))).toBeLessThan(1e-10 * expected[0])
  expect(eigenvalues[n - 1]).toBeGreaterThan(-1e-12)
})
