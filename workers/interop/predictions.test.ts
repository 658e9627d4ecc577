import * as tf from '@tensorflow/tfjs'
import { unzipSync } from 'fflate'
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ActivationFunction } from '../../src/contracts/experiment.ts'
import type { DataFile } from '../data/data-file.ts'
import { ndArray, type NdArray } from '../data/nd-array.ts'
import { readNpz } from '../data/npz.ts'
import { writeSafetensors } from '../data/safetensors.ts'
import { frameAt } from '../engine/engine.ts'
import { Recorder } from '../engine/recorder.ts'
import { createReferenceEngine } from '../engine/reference/reference-engine.ts'
import type { InputShape } from '../networks/arrange.ts'
import type { Network } from '../networks/network.ts'
import { networkTensors } from '../networks/parameters.ts'
import { forwardPass } from '../networks/passes.ts'
import { graphOf } from './graph.ts'
import { kerasOrder, kerasLayers } from './keras-layers.ts'
import { readWeights } from './read-weights.ts'
import { slotsOf } from './slots.ts'
import { noise, testNetwork, testNetworks, testState } from './test-networks.ts'
import { writeWeights } from './write-weights.ts'

const SAMPLES = 3

/** Logits by the reference engine, in float64. */
async function logitsOf(network: Network, state: Float32Array, x: Float32Array): Promise<number[]> {
  const engine = createReferenceEngine()
  const [weights, inputs, logits] = [state.length, x.length, SAMPLES * network.classes].map((size) => engine.allocate('float', size, 'test'))
  engine.write(weights, state)
  engine.write(inputs, x)
  const ops = new Recorder('logits', SAMPLES)
  const tape = forwardPass(ops, network, networkTensors(ops, network, weights), ops.sampleRows(inputs, [network.inputSize]), 'inference')
  ops.store(tape.logits, ops.sampleRows(logits, [network.classes]), 'assign')
  await (await engine.compile(ops.finish())).run(frameAt(0), 1)
  return Array.from(await engine.read(logits))
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  const scale = Math.max(...Array.from(expected, Math.abs))
  const worst = Math.max(...Array.from(expected, (value, i) => Math.abs(actual[i] - value)))
  expect(actual.length).toBe(expected.length)
  expect(worst / scale).toBeLessThan(tolerance)
}

async function predict(model: tf.LayersModel, x: Float32Array): Promise<Float32Array> {
  const output = model.predict(tf.tensor(x, [SAMPLES, ...(model.inputs[0].shape.slice(1) as number[])])) as tf.Tensor
  return (await output.data()) as Float32Array
}

function parse(bytes: Uint8Array): { modelTopology: object; weightsManifest: { weights: tf.io.WeightsManifestEntry[] }[] } {
  return JSON.parse(new TextDecoder().decode(bytes))
}

async function openWithTfjs(zip: Uint8Array): Promise<tf.LayersModel> {
  const { 'model.json': json, 'weights.bin': bin } = unzipSync(zip)
  const { modelTopology, weightsManifest } = parse(json)
  return tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData: bin.slice().buffer }))
}

/** The files that `model.save` writes. */
async function filesOf(model: tf.LayersModel): Promise<DataFile[]> {
  const files: DataFile[] = []
  await model.save(
    tf.io.withSaveHandler(({ modelTopology, weightSpecs, weightData }) => {
      const manifest = { format: 'layers-model', modelTopology, weightsManifest: [{ paths: ['./model.weights.bin'], weights: weightSpecs }] }
      files.push({ name: 'my-model.json', bytes: new TextEncoder().encode(JSON.stringify(manifest)) })
      files.push({ name: 'model.weights.bin', bytes: new Uint8Array(weightData as ArrayBuffer) })
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const } })
    }),
  )
  return files
}

/** Other numbers than the initial ones, variances positive. */
function shake(model: tf.LayersModel): void {
  model.layers.forEach((layer, i) => {
    const arrays = layer.getWeights().map((old, j) => tf.tensor(noise(old.size, 100 * i + j).map((value) => value + (j > 1 || old.rank === 1 ? 0.6 : 0)), old.shape))
    layer.setWeights(arrays)
  })
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('a layers model that we write', () => {
  test.each(testNetworks)('predicts our logits in TensorFlow.js: $name', async ({ network, settings }) => {
    const state = testState(network)
    const x = noise(SAMPLES * network.inputSize, 7)
    const model = await openWithTfjs(writeWeights('tfjs', network, settings, state).bytes)
    expectClose(await predict(model, x), await logitsOf(network, state, x), 1e-5)
  })

  test.each(testNetworks)('lists its layers in the order of the model that opens it: $name', async ({ network, settings }) => {
    const graph = graphOf(settings, network)
    const model = await openWithTfjs(writeWeights('tfjs', network, settings, testState(network)).bytes)
    const layers = kerasLayers(graph, slotsOf(network))
    expect(kerasOrder(graph).map((at) => layers[at].name)).toEqual(model.layers.slice(1).map(({ name }) => name))
  })
})

describe('a layers model that TensorFlow.js writes', () => {
  test('a sequential LeNet with softmax, activations inside the layers and valid pooling where it is the same', async () => {
    const { network, settings } = testNetwork('LeNet', 'c3x5,p2,c4x3v,9', [12, 12, 2])
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({ inputShape: [12, 12, 2], filters: 3, kernelSize: 5, padding: 'same', activation: 'relu' }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu' }),
        tf.layers.flatten(),
        tf.layers.dropout({ rate: 0.5 }),
        tf.layers.dense({ units: 9, activation: 'relu' }),
        tf.layers.dense({ units: 4, activation: 'softmax' }),
      ],
    })
    shake(model)
    const state = readWeights(await filesOf(model), network, settings)
    const x = noise(SAMPLES * network.inputSize, 8)
    const probabilities = tf.softmax(tf.tensor(await logitsOf(network, state, x), [SAMPLES, 4]))
    expectClose(await predict(model, x), await probabilities.data(), 1e-5)
  })

  test('a functional residual network, its shortcut added first, by automatic names', async () => {
    const { network, settings } = testNetwork('residual', 'c4x3b,r6/2b,g', [7, 7, 3])
    const norm = (): tf.layers.Layer => tf.layers.batchNormalization()
    const apply = (x: tf.SymbolicTensor, ...layers: tf.layers.Layer[]): tf.SymbolicTensor => layers.reduce((at, layer) => layer.apply(at) as tf.SymbolicTensor, x)
    const conv = (filters: number, kernelSize: number, strides: number): tf.layers.Layer => tf.layers.conv2d({ filters, kernelSize, strides, padding: 'same', useBias: false })
    const input = tf.input({ shape: [7, 7, 3] })
    const stem = apply(input, conv(4, 3, 1), norm(), tf.layers.reLU())
    const body = apply(stem, conv(6, 3, 2), norm(), tf.layers.reLU(), conv(6, 3, 1), norm())
    const shortcut = apply(stem, conv(6, 1, 2), norm())
    const sum = tf.layers.add().apply([shortcut, body]) as tf.SymbolicTensor
    const output = apply(sum, tf.layers.reLU(), tf.layers.globalAveragePooling2d({}), tf.layers.dense({ units: 4 }))
    const model = tf.model({ inputs: input, outputs: output })
    shake(model)
    const state = readWeights(await filesOf(model), network, settings)
    const x = noise(SAMPLES * network.inputSize, 9)
    expectClose(await predict(model, x), await logitsOf(network, state, x), 1e-5)
  })

  test('another epsilon in a batch norm is refused', async () => {
    const { network, settings } = testNetwork('norm', '3b', 5)
    const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [5], units: 3, useBias: false }), tf.layers.batchNormalization({ name: 'odd', epsilon: 1e-5 }), tf.layers.reLU(), tf.layers.dense({ units: 4 })] })
    const files = await filesOf(model)
    expect(() => readWeights(files, network, settings)).toThrow(/layer odd is BatchNormalization with epsilon 0.00001, which the network has not/)
  })
})

describe('a PyTorch state dict', () => {
  const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../../fixtures/interop/${name}.npz`, import.meta.url)))

  test.each<{ name: string; layers: string; input: InputShape | number; activation: ActivationFunction }>([
    { name: 'lenet', layers: 'c3x5,p2,c4x3v,p2,9,6', input: [10, 10, 3], activation: 'relu' },
    { name: 'resnet', layers: 'c4x3b,r4b,r6/2b,r6b,g', input: [8, 8, 3], activation: 'relu' },
    { name: 'deep-mlp', layers: '5,5,5,5,5,5', input: 5, activation: 'tanh' },
  ])('$name predicts what it predicts there, from .npz and from .safetensors', async ({ name, layers, input, activation }) => {
    const { network, settings } = testNetwork(name, layers, input, activation)
    const predictions = readNpz(fixture(`${name}-predictions`))
    const [x, logits] = ['x', 'logits'].map((key) => predictions.get(key)?.data ?? [])
    const state = readWeights([{ name: 'torch.npz', bytes: fixture(name) }], network, settings)
    expectClose(await logitsOf(network, state, Float32Array.from(x)), logits, 1e-6)
    const sorted = writeSafetensors(readNpz(fixture(name)))
    expect(readWeights([{ name: 'torch.safetensors', bytes: sorted }], network, settings)).toEqual(state)
  })

  test.each([
    { what: 'a bias before batch norm', change: (arrays: Map<string, NdArray>) => arrays.set('layer1.0.conv1.bias', ndArray(new Float32Array(4))), message: /layer1.0.conv1.bias has no counterpart in conv_2 .*bias=False/ },
    { what: 'no statistics', change: (arrays: Map<string, NdArray>) => arrays.delete('bn1.running_mean'), message: /bn1.running_mean is missing/ },
    { what: 'another shape', change: (arrays: Map<string, NdArray>) => arrays.set('fc.weight', ndArray(new Float32Array(24), [6, 4])), message: /fc.weight has shape \(6, 4\), expected \(4, 6\) for dense_9\/kernel, it looks transposed/ },
    { what: 'a module missing', change: (arrays: Map<string, NdArray>) => ['weight', 'bias'].forEach((role) => arrays.delete(`fc.${role}`)), message: /the Dense of dense_9 is missing/ },
  ])('$what is refused by name', ({ change, message }) => {
    const { network, settings } = testNetworks[4]
    const arrays = readNpz(fixture('resnet'))
    change(arrays)
    expect(() => readWeights([{ name: 'torch.safetensors', bytes: writeSafetensors(arrays) }], network, settings)).toThrow(message)
  })
})
