import { defaultDevice, init, jvp, grad, nn, numpy as np } from '@jax-js/jax'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from '../engine/engine.ts'
import { createReferenceEngine } from '../engine/reference/reference-engine.ts'
import { createWasmEngine } from '../engine/wasm/wasm-engine.ts'
import { initialWeights } from '../networks/initialise.ts'
import { denseLayers } from '../../src/contracts/layers.ts'
import { buildNetwork } from '../networks/network.ts'
import { uploadData } from '../networks/resident-data.ts'
import { selectParameters } from '../networks/selection.ts'
import { createRandom } from '../numerics/random.ts'
import { Curvature } from './curvature.ts'

/** MLP 50 on random samples: two libraries that share no code with the engines compute the same derivatives. */
const SAMPLES = 64
const network = buildNetwork({ layers: denseLayers(50, 50), activation: 'relu', initialiser: 'glorotUniform' }, 784, 10)
const theta = initialWeights(network, 'glorotUniform', 11)
const random = createRandom(4, 'samples')
const images = Float32Array.from({ length: SAMPLES * 784 }, () => random.normal())
const labels = Uint8Array.from({ length: SAMPLES }, () => random.integer(10))
const direction = Float32Array.from(theta, () => random.normal())
const parts = (flat: Float32Array): readonly Float32Array[] => network.parameters.map(({ offset, size }) => flat.slice(offset, offset + size))

const engines: { name: string; create: () => Promise<Engine> }[] = [
  { name: 'reference', create: () => Promise.resolve(createReferenceEngine()) },
  { name: 'wasm', create: () => createWasmEngine() },
]

async function derivatives(engine: Engine): Promise<{ gradient: Float64Array; product: Float64Array }> {
  const weights = engine.allocate('float', theta.length, 'weights')
  engine.write(weights, theta)
  const data = uploadData(engine, images, labels, 784, 'samples')
  const curvature = await Curvature.create(engine, network, weights, data, selectParameters(network, 'all'), { matrix: 'hessian', weightDecay: 0 })
  const { gradient } = await curvature.linearise()
  const product = new Float64Array(theta.length)
  await curvature.apply(Float64Array.from(direction), product)
  return { gradient, product }
}

function distance(actual: Float64Array, expected: readonly number[]): number {
  let [difference, norm] = [0, 0]
  expected.forEach((value, i) => {
    difference += (actual[i] - value) ** 2
    norm += value ** 2
  })
  return Math.sqrt(difference / norm)
}

function tfjsGradient(): readonly number[] {
  const variables = parts(theta).map((values, i) => tf.variable(tf.tensor(values, [...network.parameters[i].shape])))
  const x = tf.tensor2d(images, [SAMPLES, 784])
  const y = tf.oneHot(tf.tensor1d(Int32Array.from(labels), 'int32'), 10)
  const { grads } = tf.variableGrads(() => {
    const [w1, b1, w2, b2, w3, b3] = variables
    const h1 = tf.relu(tf.add(tf.matMul(x, w1), b1))
    const h2 = tf.relu(tf.add(tf.matMul(h1, w2), b2))
    return tf.losses.softmaxCrossEntropy(y, tf.add(tf.matMul(h2, w3), b3)).asScalar()
  })
  return variables.flatMap((variable) => [...grads[variable.name].dataSync()])
}

function jaxProduct(): readonly number[] {
  const arrays = (flat: Float32Array): np.Array[] => parts(flat).map((values, i) => np.array(Float32Array.from(values)).reshape([...network.parameters[i].shape]))
  const x = np.array(images).reshape([SAMPLES, 784])
  const onehot = Float32Array.from({ length: SAMPLES * 10 }, (_, i) => (labels[Math.floor(i / 10)] === i % 10 ? 1 : 0))
  const y = np.array(onehot).reshape([SAMPLES, 10])
  const loss = ([w1, b1, w2, b2, w3, b3]: np.Array[]): np.Array => {
    const h1 = nn.relu(np.dot(x.ref, w1).add(b1))
    const h2 = nn.relu(np.dot(h1, w2).add(b2))
    const logProbabilities = nn.logSoftmax(np.dot(h2, w3).add(b3))
    return np.mean(logProbabilities.mul(y.ref).sum(1)).mul(-1)
  }
  const [, products] = jvp((parameters: np.Array[]) => grad(loss)(parameters), [arrays(theta)], [arrays(direction)])
  return (products as np.Array[]).flatMap((product) => [...(product.dataSync() as Float32Array)])
}

describe.each(engines)('derivatives of MLP 50 on the $name engine', ({ create }) => {
  beforeAll(async () => {
    await tf.setBackend('cpu')
    await init('wasm')
    defaultDevice('wasm')
  })

  test('the gradient equals the one of tfjs autograd to 1e-5', async () => {
    const { gradient } = await derivatives(await create())
    expect(distance(gradient, tfjsGradient())).toBeLessThan(1e-5)
  })

  test('the Hessian-vector product equals forward-over-reverse in jax-js to 1e-5', async () => {
    const { product } = await derivatives(await create())
    expect(distance(product, jaxProduct())).toBeLessThan(1e-5)
  })
})
