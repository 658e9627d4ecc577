import { describe, expect, test } from 'vitest'
import { loadCase } from '../../fixtures/load.ts'
import { layersOf } from '../../src/contracts/layers.ts'
import type { ActivationFunction } from '../../src/contracts/experiment.ts'
import type { Engine } from '../engine/engine.ts'
import { createReferenceEngine } from '../engine/reference/reference-engine.ts'
import type { BufferHandle } from '../engine/tensor.ts'
import { createWasmEngine } from '../engine/wasm/wasm-engine.ts'
import type { InputShape } from '../networks/arrange.ts'
import { initialWeights } from '../networks/initialise.ts'
import { buildNetwork, type Network } from '../networks/network.ts'
import { uploadData, type ResidentData } from '../networks/resident-data.ts'
import { selectParameters } from '../networks/selection.ts'
import { createRandom } from '../numerics/random.ts'
import { symmetricEigen } from '../numerics/symmetric-eigen.ts'
import { Curvature, type CurvatureMatrix } from './curvature.ts'
import { DenseFactors, isKronecker } from './dense-factors.ts'

interface Bench {
  readonly engine: Engine
  readonly network: Network
  readonly weights: BufferHandle
  readonly data: ResidentData
}

function bench(engine: Engine, layers: string, activation: ActivationFunction, image: InputShape, samples: number): Bench {
  const network = buildNetwork({ layers: layersOf(layers), activation, initialiser: 'glorotUniform' }, image, 4)
  const random = createRandom(11, 'factors')
  const weights = engine.allocate('float', network.stateLength, 'state')
  engine.write(weights, initialWeights(network, 'glorotUniform', 2).map((value, i) => value + (i < network.parameterCount ? 0.2 * random.normal() : random.uniform())))
  const inputs = Float32Array.from({ length: samples * network.inputSize }, () => random.normal())
  const data = uploadData(engine, inputs, Uint8Array.from({ length: samples }, () => random.integer(4)), network.inputSize, 'test')
  return { engine, network, weights, data }
}

/** The matrix of a selection from its factors, [size, size], and the sizes of the blocks it came in. */
async function assembled({ engine, network, weights, data }: Bench, text: string, matrix: CurvatureMatrix) {
  const factors = await DenseFactors.create(engine, network, weights, data, selectParameters(network, text), { matrix })
  const { inputs: width, outputs, pairs: pairCount } = factors
  const size = width * outputs
  const dense = new Float64Array(size * size)
  const blocks: number[] = []
  await factors.blocks((inputs, pairs) => {
    const rows = inputs.length / width
    blocks.push(rows)
    expect(pairs.length).toBe(rows * pairCount)
    for (let n = 0; n < rows; n++) {
      for (let o = 0, pair = n * pairCount; o < outputs; o++) {
        for (let other = o; other < outputs; other++, pair++) {
          for (let i = 0; i < width; i++) {
            for (let j = 0; j < width; j++) {
              const term = inputs[n * width + i] * inputs[n * width + j] * pairs[pair]
              dense[(i * outputs + o) * size + j * outputs + other] += term
              if (o !== other) dense[(i * outputs + other) * size + j * outputs + o] += term
            }
          }
        }
      }
    }
  })
  factors.dispose()
  return { dense, size, blocks }
}

/** The matrix of a selection from its products with unit vectors. */
async function fromProducts({ engine, network, weights, data }: Bench, text: string, matrix: CurvatureMatrix): Promise<Float64Array> {
  const selection = selectParameters(network, text)
  const curvature = await Curvature.create(engine, network, weights, data, selection, { matrix, weightDecay: 0 })
  await curvature.linearise()
  const { size } = selection
  const dense = new Float64Array(size * size)
  for (let j = 0; j < size; j++) await curvature.apply(Float64Array.from({ length: size }, (_, i) => Number(i === j)), dense.subarray(j * size, (j + 1) * size))
  curvature.dispose()
  return dense
}

const largest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
const apart = (a: Float64Array, b: Float64Array): number => largest(a.map((value, i) => value - b[i])) / largest(b)

const MATRICES = ['hessian', 'gaussNewton', 'fisher', 'empiricalFisher'] as const

const CASES: readonly (readonly [name: string, layers: string, activation: ActivationFunction, image: InputShape, selections: readonly string[]])[] = [
  ['ReLU MLP', '6,5', 'relu', [1, 1, 7], ['1.kernel', '2.kernel', '2.bias', '2.kernel+2.bias', '3.kernel+3.bias']],
  ['tanh MLP', '5,4,3', 'tanh', [1, 1, 4], ['1.kernel+1.bias', '2.kernel', '3.bias', '4.kernel']],
  ['GELU MLP with batch norm at its running statistics', '4b,3b', 'gelu', [1, 1, 5], ['1.kernel', '2.kernel']],
  ['dense layers behind convolution and pooling', 'c3x3,p2,5', 'softplus', [6, 6, 1], ['2.kernel+2.bias', '3.kernel']],
]

describe('in float64 the matrix put together from its factors is that of the products', () => {
  test.each(CASES)('%s', async (_, layers, activation, image, selections) => {
    const at = bench(createReferenceEngine(), layers, activation, image, 9)
    for (const text of selections) {
      for (const matrix of MATRICES) {
        const { dense } = await assembled(at, text, matrix)
        expect(apart(dense, await fromProducts(at, text, matrix))).toBeLessThan(1e-10)
      }
    }
  })

  test('the Hessian of a ReLU layer from its factors has no negative eigenvalue beyond rounding', async () => {
    const { dense, size } = await assembled(bench(createReferenceEngine(), '6,5', 'relu', [1, 1, 7], 9), '1.kernel+1.bias', 'hessian')
    const { eigenvalues } = symmetricEigen(dense, size)
    expect(eigenvalues[size - 1]).toBeGreaterThan(-1e-14 * eigenvalues[0])
  })
})

test('the block of the second kernel of c1 is PyTorch’s', async () => {
  const oracle = loadCase('c1_mlp_tiny')
  const engine = createReferenceEngine()
  const network = buildNetwork({ layers: layersOf('8,6'), activation: 'relu', initialiser: 'glorotUniform' }, 20, 4)
  const weights = engine.allocate('float', network.stateLength, 'weights')
  engine.write(weights, oracle.array('theta'))
  const data = uploadData(engine, Float32Array.from(oracle.array('x')), Uint8Array.from(oracle.array('y')), 20, 'oracle')
  const hessian = oracle.array('hessian')
  for (const text of ['2.kernel', '2.kernel+2.bias', '3.kernel+3.bias']) {
    const { dense, size } = await assembled({ engine, network, weights, data }, text, 'hessian')
    const { offset } = selectParameters(network, text).parameters[0]
    expect(apart(dense, Float64Array.from(dense, (_, i) => hessian[(offset + Math.floor(i / size)) * 250 + offset + (i % size)]))).toBeLessThan(1e-10)
  }
})

test('on the CPU engine samples come in blocks, the last one smaller, and agree to single precision', async () => {
  const [cpu, judge] = [await createWasmEngine(), createReferenceEngine()].map((engine) => bench(engine, '6,5', 'tanh', [1, 1, 7], 1100))
  for (const matrix of MATRICES) {
    const { dense, blocks } = await assembled(cpu, '2.kernel+2.bias', matrix)
    expect(blocks).toEqual([500, 500, 100])
    expect(apart(dense, (await assembled(judge, '2.kernel+2.bias', matrix)).dense)).toBeLessThan(1e-5)
  }
})

test('a rest between blocks may end it', async () => {
  const { engine, network, weights, data } = bench(await createWasmEngine(), '6', 'relu', [1, 1, 7], 1100)
  const factors = await DenseFactors.create(engine, network, weights, data, selectParameters(network, '1.kernel'), { matrix: 'hessian' })
  const seen: number[] = []
  const stop = factors.blocks((inputs) => void seen.push(inputs.length), () => Promise.reject(new Error('enough')))
  await expect(stop).rejects.toThrow('enough')
  expect(seen).toEqual([500 * 7])
})

describe('only one dense layer is a sum of Kronecker products', () => {
  const network = buildNetwork({ layers: layersOf('c3x3,5b,4'), activation: 'relu', initialiser: 'glorotUniform' }, [5, 5, 1], 4)

  test.each([
    ['2.kernel', true],
    ['3.kernel+3.bias', true],
    ['4.bias', true],
    ['1.kernel', false],
    ['2.kernel+3.kernel', false],
    ['2.gamma', false],
    ['2.kernel+2.gamma', false],
    ['all', false],
  ])('%s: %s', (text, expected) => {
    expect(isKronecker(network, selectParameters(network, text))).toBe(expected)
  })

  test('batch norm by the statistics of the samples mixes them', async () => {
    const selection = selectParameters(network, '3.kernel')
    expect(isKronecker(network, selection, 'training')).toBe(false)
    const { engine, weights, data } = bench(createReferenceEngine(), 'c3x3,5b,4', 'relu', [5, 5, 1], 2)
    await expect(DenseFactors.create(engine, network, weights, data, selection, { matrix: 'hessian', batchNorm: 'training' })).rejects.toThrow('The matrix of 3.kernel is no sum')
  })
})
