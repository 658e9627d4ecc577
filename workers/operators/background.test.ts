import { expect, test } from 'vitest'
import { layersOf } from '../../src/contracts/layers.ts'
import type { Engine } from '../engine/engine.ts'
import { createReferenceEngine } from '../engine/reference/reference-engine.ts'
import { createWasmEngine } from '../engine/wasm/wasm-engine.ts'
import { initialWeights } from '../networks/initialise.ts'
import { buildNetwork, type Network } from '../networks/network.ts'
import { uploadData, type ResidentData } from '../networks/resident-data.ts'
import { selectParameters } from '../networks/selection.ts'
import { createRandom } from '../numerics/random.ts'
import { float64Space } from '../numerics/vector-space.ts'
import { splitInputs } from './background.ts'
import { Curvature, type CurvatureMatrix } from './curvature.ts'

const SAMPLES = 600

function networkOf(layers: string): Network {
  return buildNetwork({ layers: layersOf(layers), activation: 'relu', initialiser: 'heNormal' }, [6, 6, 1], 4)
}

/** Standardised pictures: a background of its own in every row and ink on a share of the pixels. */
function pictures(engine: Engine, ink: number): { images: Float32Array; data: ResidentData } {
  const random = createRandom(3, 'pictures')
  const images = new Float32Array(SAMPLES * 36)
  for (let row = 0; row < SAMPLES; row++) {
    const background = -random.uniform()
    for (let i = 0; i < 36; i++) images[row * 36 + i] = random.uniform() < ink ? 3 * random.uniform() : background
  }
  const labels = Uint8Array.from({ length: SAMPLES }, () => random.integer(4))
  return { images, data: uploadData(engine, images, labels, 36, 'test') }
}

async function open(engine: Engine, network: Network, matrix: CurvatureMatrix, ink: number): Promise<Curvature> {
  const { data } = pictures(engine, ink)
  const weights = engine.allocate('float', network.stateLength, 'weights')
  engine.write(weights, initialWeights(network, 'heNormal', 5))
  return Curvature.create(engine, network, weights, data, selectParameters(network, 'all'), { matrix, weightDecay: 0.01 })
}

test('split inputs put together again are the inputs, and mostly zeros remain', async () => {
  const engine = await createWasmEngine()
  const { images, data } = pictures(engine, 0.2)
  const network = networkOf('7')
  const split = await splitInputs(engine, network, data, selectParameters(network, 'all'))
  if (split === null) throw new Error('not split')
  const [inputs, background] = [await engine.read(split.inputs), await engine.read(split.background)]
  images.forEach((value, at) => expect(Math.fround(inputs[at] + background[Math.floor(at / 36)])).toBeCloseTo(value, 6))
  expect(inputs.filter((value) => value === 0).length / inputs.length).toBeCloseTo(0.8, 1)
})

test.each([
  ['where most entries of a row differ', '7', 0.7, 'all'],
  ['for layers that read places, not entries', 'c3x3,7', 0.2, 'all'],
  ['where only layers further back are selected', '7', 0.2, '2.kernel+2.bias'],
] as const)('inputs stay whole %s', async (_, layers, ink, selection) => {
  const engine = await createWasmEngine()
  const before = engine.memoryBytes()
  const { data } = pictures(engine, ink)
  const held = engine.memoryBytes()
  const network = networkOf(layers)
  expect(await splitInputs(engine, network, data, selectParameters(network, selection))).toBeNull()
  expect(engine.memoryBytes()).toBe(held)
  expect(held).toBeGreaterThan(before)
})

test('engines that multiply every zero get whole inputs', async () => {
  const engine = createReferenceEngine()
  const network = networkOf('7')
  expect(await splitInputs(engine, network, pictures(engine, 0.2).data, selectParameters(network, 'all'))).toBeNull()
})

test.each(['hessian', 'gaussNewton', 'empiricalFisher'] as const)('loss, gradient and products of the %s matrix with split inputs are those of plain loops in double precision', async (matrix) => {
  const network = networkOf('9,7')
  const [fast, judge] = [await open(await createWasmEngine(), network, matrix, 0.2), await open(createReferenceEngine(), network, matrix, 0.2)]
  const [found, expected] = [await fast.linearise(), await judge.linearise()]
  expect(found.loss / expected.loss).toBeCloseTo(1, 6)
  expect(distance(found.gradient, expected.gradient)).toBeLessThan(2e-6)
  const v = Float64Array.from({ length: fast.size }, (_, i) => Math.sin(1 + i))
  const [y, z] = [new Float64Array(fast.size), new Float64Array(fast.size)]
  await fast.apply(v, y)
  await judge.apply(v, z)
  expect(distance(y, z)).toBeLessThan(2e-6)
})

test('split inputs are freed with the matrix', async () => {
  const engine = await createWasmEngine()
  const network = networkOf('7')
  const { data } = pictures(engine, 0.2)
  const weights = engine.allocate('float', network.stateLength, 'weights')
  const before = engine.memoryBytes()
  const curvature = await Curvature.create(engine, network, weights, data, selectParameters(network, '1.kernel'), { matrix: 'hessian', weightDecay: 0 })
  expect(engine.memoryBytes() - before).toBeGreaterThan(4 * SAMPLES * 37)
  curvature.dispose()
  expect(engine.memoryBytes()).toBe(before)
})

function distance(actual: Float64Array, expected: Float64Array): number {
  return float64Space.norm(actual.map((value, i) => value - expected[i])) / float64Space.norm(expected)
}
