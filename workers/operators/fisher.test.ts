import { describe, expect, test } from 'vitest'
import { layersOf } from '../../src/contracts/layers.ts'
import type { ActivationFunction } from '../../src/contracts/experiment.ts'
import { openNodeGpu } from '../cli/node-gpu.ts'
import type { Engine } from '../engine/engine.ts'
import { createReferenceEngine } from '../engine/reference/reference-engine.ts'
import { createWasmEngine } from '../engine/wasm/wasm-engine.ts'
import { openDevice } from '../engine/webgpu/device.ts'
import { createWebGpuEngine } from '../engine/webgpu/webgpu-engine.ts'
import type { InputShape } from '../networks/arrange.ts'
import { initialWeights } from '../networks/initialise.ts'
import type { StatisticsMode } from '../networks/layer.ts'
import { buildNetwork, type Network } from '../networks/network.ts'
import { uploadData } from '../networks/resident-data.ts'
import { selectParameters } from '../networks/selection.ts'
import { createRandom } from '../numerics/random.ts'
import { symmetricEigen } from '../numerics/symmetric-eigen.ts'
import { Curvature, type CurvatureMatrix } from './curvature.ts'

const CLASSES = 3

/** A network with samples; everything is drawn from one seed. */
interface Subject {
  readonly network: Network
  readonly state: Float32Array
  readonly inputs: Float32Array
  readonly labels: Uint8Array
}

function subject(layers: string, activation: ActivationFunction, image: InputShape, samples: number): Subject {
  const network = buildNetwork({ layers: layersOf(layers), activation, initialiser: 'glorotUniform' }, image, CLASSES)
  const random = createRandom(7, 'fisher')
  const state = initialWeights(network, 'glorotUniform', 3).map((value) => value + 0.2 * random.normal())
  for (let i = network.parameterCount; i < state.length; i++) state[i] = 0.3 + random.uniform()
  const inputs = Float32Array.from({ length: samples * network.inputSize }, () => random.normal())
  return { network, state, inputs, labels: Uint8Array.from({ length: samples }, () => random.integer(CLASSES)) }
}

interface Options {
  readonly weightDecay?: number
  readonly batchNorm?: StatisticsMode
  readonly selection?: string
}

function curvatureOf(engine: Engine, { network, state, inputs, labels }: Subject, matrix: CurvatureMatrix, options: Options = {}): Promise<Curvature> {
  const weights = engine.allocate('float', network.stateLength, 'state')
  engine.write(weights, state)
  const data = uploadData(engine, inputs, labels, network.inputSize, 'test')
  const { weightDecay = 0, batchNorm = 'inference', selection = 'all' } = options
  return Curvature.create(engine, network, weights, data, selectParameters(network, selection), { matrix, weightDecay, batchNorm })
}

/** Loss and gradient of one sample with a label of one's choice, in float64. */
async function single(of: Subject, sample: number, label: number): Promise<{ readonly loss: number; readonly gradient: Float64Array }> {
  const { inputSize } = of.network
  const alone = { ...of, inputs: of.inputs.subarray(sample * inputSize, (sample + 1) * inputSize), labels: Uint8Array.of(label) }
  return (await curvatureOf(createReferenceEngine(), alone, 'hessian')).linearise()
}

async function product(curvature: Curvature, x: Float64Array): Promise<Float64Array> {
  const y = new Float64Array(curvature.size)
  await curvature.apply(x, y)
  return y
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0)
const norm = (x: Float64Array): number => Math.sqrt(dot(x, x))
const distance = (a: Float64Array, b: Float64Array): number => norm(a.map((value, i) => value - b[i])) / norm(b)

function direction(size: number): Float64Array {
  const random = createRandom(9, 'direction')
  return Float64Array.from({ length: size }, () => Math.fround(random.normal()))
}

/** (1/N) Σ of weighted gradients times their scalar products with v. */
function outerSum(gradients: readonly { readonly weight: number; readonly gradient: Float64Array }[], v: Float64Array, samples: number): Float64Array {
  const sum = new Float64Array(v.length)
  for (const { weight, gradient } of gradients) {
    const along = (weight * dot(gradient, v)) / samples
    for (let i = 0; i < sum.length; i++) sum[i] += along * gradient[i]
  }
  return sum
}

const NETWORKS: readonly (readonly [name: string, layers: string, activation: ActivationFunction, image: InputShape])[] = [
  ['ReLU MLP', '6,5', 'relu', [1, 1, 8]],
  ['tanh MLP', '6,5', 'tanh', [1, 1, 8]],
  ['convolutional network with pooling', 'c3x3,p2,4', 'relu', [6, 6, 2]],
  ['residual network with batch norm at its running statistics', 'c2x3b,r3b,g', 'tanh', [5, 5, 1]],
]

const gpu = await openNodeGpu()
const engines: { name: string; tolerance: number; create: () => Promise<Engine> }[] = [
  { name: 'reference', tolerance: 1e-12, create: () => Promise.resolve(createReferenceEngine()) },
  { name: 'wasm', tolerance: 1e-5, create: () => createWasmEngine() },
]
if (gpu !== null) engines.push({ name: 'webgpu', tolerance: 1e-5, create: async () => createWebGpuEngine(await openDevice(gpu)) })

describe.each(engines)('on the $name engine', ({ tolerance, create }) => {
  test.each(NETWORKS.slice(1, 3))('the empirical Fisher matrix is the mean of the outer products of the samples’ gradients: %s', async (_, layers, activation, image) => {
    const of = subject(layers, activation, image, 7)
    const gradients = await Promise.all([...of.labels].map(async (label, n) => ({ weight: 1, gradient: (await single(of, n, label)).gradient })))
    const curvature = await curvatureOf(await create(), of, 'empiricalFisher')
    await curvature.linearise()
    const v = direction(curvature.size)
    expect(distance(await product(curvature, v), outerSum(gradients, v, 7))).toBeLessThan(tolerance)
  })

  test('over more samples than a block holds, for a selection, with weight decay', async () => {
    const of = subject('6,5', 'relu', [1, 1, 8], 1130)
    const options = { weightDecay: 0.01, selection: '2.kernel+2.bias' }
    const [curvature, judge] = [await curvatureOf(await create(), of, 'empiricalFisher', options), await curvatureOf(createReferenceEngine(), of, 'empiricalFisher', options)]
    await curvature.linearise()
    await judge.linearise()
    const v = direction(35)
    expect(distance(await product(curvature, v), await product(judge, v))).toBeLessThan(tolerance)
  })
})

describe('in float64', () => {
  test.each(NETWORKS)('the Fisher matrix is the mean over the labels that the network itself predicts: %s', async (_, layers, activation, image) => {
    const of = subject(layers, activation, image, 4)
    const cases = [...of.labels.keys()].flatMap((n) => Array.from({ length: CLASSES }, (_unused, label) => single(of, n, label)))
    const gradients = (await Promise.all(cases)).map(({ loss, gradient }) => ({ weight: Math.exp(-loss), gradient }))
    const curvature = await curvatureOf(createReferenceEngine(), of, 'fisher')
    await curvature.linearise()
    const v = direction(curvature.size)
    expect(distance(await product(curvature, v), outerSum(gradients, v, 4))).toBeLessThan(1e-12)
  })

  test.each(NETWORKS)('the empirical Fisher matrix is symmetric, has no negative eigenvalue and no higher rank than there are samples: %s', async (_, layers, activation, image) => {
    const of = subject(layers, activation, image, 6)
    const curvature = await curvatureOf(createReferenceEngine(), of, 'empiricalFisher')
    await curvature.linearise()
    const n = curvature.size
    const matrix = new Float64Array(n * n)
    for (let j = 0; j < n; j++) matrix.set(await product(curvature, Float64Array.from({ length: n }, (_unused, i) => Number(i === j))), j * n)
    const largest = Math.max(...matrix.map(Math.abs))
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) expect(Math.abs(matrix[i * n + j] - matrix[j * n + i])).toBeLessThan(1e-14 * largest)
    const { eigenvalues } = symmetricEigen(matrix, n)
    expect(eigenvalues[n - 1]).toBeGreaterThan(-1e-13 * eigenvalues[0])
    expect(eigenvalues[6]).toBeLessThan(1e-13 * eigenvalues[0])
    expect(curvature.positiveSemidefinite).toBe(true)
  })

  test.each(['hessian', 'gaussNewton', 'fisher', 'empiricalFisher'] as const)('weight decay adds 2λ to the kernel entries of the %s matrix, and nothing without it', async (matrix) => {
    const of = subject('6,5', 'tanh', [1, 1, 8], 5)
    const [plain, decayed] = await Promise.all([0, 0.03].map((weightDecay) => curvatureOf(createReferenceEngine(), of, matrix, { weightDecay })))
    const [{ loss }, { loss: decayedLoss }] = [await plain.linearise(), await decayed.linearise()]
    const v = direction(plain.size)
    const [without, withTerm] = [await product(plain, v), await product(decayed, v)]
    let squares = 0
    for (const { role, offset, size } of of.network.parameters) {
      for (let i = offset; i < offset + size; i++) {
        expect(withTerm[i] - without[i]).toBeCloseTo(role === 'kernel' ? 0.06 * v[i] : 0, 12)
        squares += role === 'kernel' ? of.state[i] ** 2 : 0
      }
    }
    expect(decayedLoss - loss).toBeCloseTo(0.03 * squares, 12)
  })

  test('where batch norm couples the samples, there is no empirical Fisher matrix', async () => {
    const of = subject('c2x3b,r3b,g', 'tanh', [5, 5, 1], 4)
    await expect(curvatureOf(createReferenceEngine(), of, 'empiricalFisher', { batchNorm: 'training' })).rejects.toThrow(/gradients of single samples/)
    const dense = subject('5', 'tanh', [5, 5, 1], 4)
    await expect(curvatureOf(createReferenceEngine(), dense, 'empiricalFisher', { batchNorm: 'training' })).resolves.toBeInstanceOf(Curvature)
  })
})
