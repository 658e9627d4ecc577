import { describe, expect, test } from 'vitest'
import { layersOf } from '../../src/contracts/layers.ts'
import type { ActivationFunction, NetworkSettings } from '../../src/contracts/experiment.ts'
import { createReferenceEngine } from '../engine/reference/reference-engine.ts'
import type { StatisticsMode } from '../networks/layer.ts'
import { buildNetwork, type Network } from '../networks/network.ts'
import { initialWeights } from '../networks/initialise.ts'
import { uploadData } from '../networks/resident-data.ts'
import { selectParameters } from '../networks/selection.ts'
import { createRandom } from '../numerics/random.ts'
import { Curvature } from './curvature.ts'

const SAMPLES = 6
const IMAGE = [6, 7, 2] as const
const CLASSES = 3
const WEIGHT_DECAY = 0.01

const settings = (layers: string, activation: ActivationFunction): NetworkSettings => ({ layers: layersOf(layers), activation, initialiser: 'glorotUniform' })

interface Bench {
  readonly network: Network
  readonly state: Float64Array
  linearise(state: Float64Array): Promise<{ readonly loss: number; readonly gradient: Float64Array }>
  product(v: Float64Array): Promise<Float64Array>
}

async function bench(given: NetworkSettings, mode: StatisticsMode, matrix: 'hessian' | 'gaussNewton' = 'hessian'): Promise<Bench> {
  const engine = createReferenceEngine()
  const network = buildNetwork(given, IMAGE, CLASSES)
  const random = createRandom(4, 'layers')
  const inputs = Float32Array.from({ length: SAMPLES * network.inputSize }, () => random.normal())
  const data = uploadData(engine, inputs, Uint8Array.from({ length: SAMPLES }, (_, i) => i % CLASSES), network.inputSize, 'test')
  // Biases, γ, β and running statistics away from where they start, so that nothing hides behind a zero.
  const state = Float64Array.from(initialWeights(network, given.initialiser, 3), (value, i) => value + 0.2 * random.normal() + (i >= network.parameterCount ? 0.5 : 0))
  for (let i = network.parameterCount; i < state.length; i++) state[i] = Math.abs(state[i]) + 0.1
  const weights = engine.allocate('float', network.stateLength, 'state')
  engine.write(weights, state)
  const selection = selectParameters(network, 'all')
  const curvature = await Curvature.create(engine, network, weights, data, selection, { matrix, weightDecay: WEIGHT_DECAY, batchNorm: mode })
  return {
    network,
    state,
    linearise: (at) => {
      engine.write(weights, at)
      return curvature.linearise()
    },
    product: async (v) => {
      engine.write(weights, state)
      await curvature.linearise()
      const y = new Float64Array(v.length)
      await curvature.apply(v, y)
      return y
    },
  }
}

const norm = (x: Float64Array): number => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0))
const distance = (a: Float64Array, b: Float64Array): number => norm(a.map((value, i) => value - b[i])) / norm(b)

function direction(size: number): Float64Array {
  const random = createRandom(9, 'direction')
  const v = Float64Array.from({ length: size }, () => random.normal())
  return v.map((value) => value / norm(v))
}

const moved = ({ state }: Bench, v: Float64Array, step: number): Float64Array => state.map((value, i) => value + (i < v.length ? step * v[i] : 0))

const SMOOTH: readonly (readonly [name: string, layers: string, activation: ActivationFunction, mode: StatisticsMode])[] = [
  ['dense, tanh', '5,4', 'tanh', 'inference'],
  ['dense, sigmoid', '5', 'sigmoid', 'inference'],
  ['dense, softplus', '5', 'softplus', 'inference'],
  ['dense, GELU', '5,4', 'gelu', 'inference'],
  ['same convolution', 'c3x3', 'tanh', 'inference'],
  ['valid convolution, dense behind it', 'c3x3v,5', 'softplus', 'inference'],
  ['strided same convolution, twice', 'c3x3/2,c4x2/3', 'tanh', 'inference'],
  ['strided valid convolution of even size', 'c3x2v/2,c2x1', 'gelu', 'inference'],
  ['average pooling', 'c3x3,a2,a3/2', 'tanh', 'inference'],
  ['global average pooling', 'c3x3,g', 'tanh', 'inference'],
  ['batch norm with running statistics', 'c3x3b,5b', 'tanh', 'inference'],
  ['batch norm with the statistics of the batch', 'c3x3b,5b', 'tanh', 'training'],
  ['residual block, identity', 'c3x3,r3', 'tanh', 'inference'],
  ['residual blocks with batch norm, projected', 'c2x3b,r2b,r4/2b,g', 'tanh', 'inference'],
  ['residual blocks with the statistics of the batch', 'c2x3b,r2b,r3/2b,g', 'softplus', 'training'],
  ['residual block on the input', 'r3/2b,4', 'tanh', 'training'],
]

describe('in float64, for smooth activation functions', () => {
  test.each(SMOOTH)('the gradient is the central difference of the loss: %s', async (_, layers, activation, mode) => {
    const at = await bench(settings(layers, activation), mode)
    const { gradient } = await at.linearise(at.state)
    const v = direction(gradient.length)
    const [up, down] = [(await at.linearise(moved(at, v, 1e-5))).loss, (await at.linearise(moved(at, v, -1e-5))).loss]
    const slope = gradient.reduce((sum, value, i) => sum + value * v[i], 0)
    expect(Math.abs((up - down) / 2e-5 - slope)).toBeLessThan(1e-7 * norm(gradient))
  })

  test.each(SMOOTH)('the Hessian-vector product is the central difference of the gradient to 1e-7: %s', async (_, layers, activation, mode) => {
    const at = await bench(settings(layers, activation), mode)
    const { gradient } = await at.linearise(at.state)
    const v = direction(gradient.length)
    const [up, down] = [(await at.linearise(moved(at, v, 1e-5))).gradient, (await at.linearise(moved(at, v, -1e-5))).gradient]
    const difference = up.map((value, i) => (value - down[i]) / 2e-5)
    expect(distance(await at.product(v), difference)).toBeLessThan(1e-7)
  })

  test.each(SMOOTH)('Hessian and Gauss–Newton products are symmetric, the latter not negative: %s', async (_, layers, activation, mode) => {
    for (const matrix of ['hessian', 'gaussNewton'] as const) {
      const at = await bench(settings(layers, activation), mode, matrix)
      const [u, v] = [direction(at.network.parameterCount), direction(at.network.parameterCount).reverse()]
      const [au, av] = [await at.product(u), await at.product(v)]
      const [uav, vau] = [u.reduce((sum, value, i) => sum + value * av[i], 0), v.reduce((sum, value, i) => sum + value * au[i], 0)]
      expect(Math.abs(uav - vau)).toBeLessThan(1e-12 * norm(av))
      if (matrix === 'gaussNewton') expect(u.reduce((sum, value, i) => sum + value * au[i], 0)).toBeGreaterThan(0)
    }
  })
})

describe('with kinks', () => {
  test.each([
    ['max pooling behind tanh', 'c3x3,p2,p3/2,5', 'tanh'],
    ['max pooling, same, behind ReLU', 'c4x3,p3,6', 'relu'],
    ['ReLU residual network', 'c3x3b,r3b,r4/2b,g', 'relu'],
  ] as const)('small differences in float64 stay on one side: %s', async (_, layers, activation) => {
    const at = await bench(settings(layers, activation), 'inference')
    const v = direction(at.network.parameterCount)
    const [up, down] = [(await at.linearise(moved(at, v, 1e-8))).gradient, (await at.linearise(moved(at, v, -1e-8))).gradient]
    const difference = up.map((value, i) => (value - down[i]) / 2e-8)
    expect(distance(await at.product(v), difference)).toBeLessThan(1e-5)
  })
})

test('the Gauss–Newton matrix of a network that is linear in its weights is its Hessian', async () => {
  const [hessian, gaussNewton] = await Promise.all((['hessian', 'gaussNewton'] as const).map((matrix) => bench({ layers: [], activation: 'tanh', initialiser: 'glorotUniform' }, 'inference', matrix)))
  const v = direction(hessian.network.parameterCount)
  expect(distance(await gaussNewton.product(v), await hessian.product(v))).toBeLessThan(1e-13)
})
