import fc from 'fast-check'
import { strToU8, unzipSync, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { formatLayer, layersOf, type LayerSettings } from '../../src/contracts/layers.ts'
import type { NdArray } from '../data/nd-array.ts'
import { ndArray } from '../data/nd-array.ts'
import { readNpz, writeNpz } from '../data/npz.ts'
import { readSafetensors, writeSafetensors } from '../data/safetensors.ts'
import { readWeights } from './read-weights.ts'
import { testNetwork, testNetworks, testState, type TestNetwork } from './test-networks.ts'
import { writeWeights, type WeightsFormat } from './write-weights.ts'

const FORMATS: readonly WeightsFormat[] = ['npz', 'safetensors', 'keras', 'tfjs']
const dense = testNetworks[1]
const lenet = testNetworks[3]
const resnet = testNetworks[4]

function write(format: WeightsFormat, { network, settings }: TestNetwork, state = testState(network)): Uint8Array {
  return writeWeights(format, network, settings, state).bytes
}

function read({ network, settings }: TestNetwork, bytes: Uint8Array, name = 'file'): Float32Array {
  return readWeights([{ name, bytes }], network, settings)
}

const bits = (values: Float32Array): Uint32Array => new Uint32Array(values.buffer, values.byteOffset, values.length)

/** Arrays of a file after one was changed: another array, or null to take it out. */
function changed(arrays: Map<string, NdArray>, name: string, array: NdArray | null): Map<string, NdArray> {
  const copy = new Map(arrays)
  if (array === null) copy.delete(name)
  else copy.set(name, array)
  return copy
}

describe('weights written and read again have the same bits', () => {
  test.each(testNetworks.flatMap((network) => FORMATS.map((format) => ({ format, given: network, name: network.name }))))('$name, $format', ({ format, given }) => {
    const state = testState(given.network)
    const bytes = write(format, given, state)
    expect(bits(read(given, bytes))).toEqual(bits(state))
    expect(write(format, given, state)).toEqual(bytes)
  })

  test('for any layers that fit and any finite numbers', () => {
    const norm = fc.boolean()
    const padding = fc.constant('same' as const)
    const image = fc.oneof(
      fc.record({ kind: fc.constant('conv' as const), filters: fc.integer({ min: 1, max: 3 }), size: fc.integer({ min: 1, max: 3 }), stride: fc.integer({ min: 1, max: 2 }), padding, batchNorm: norm }),
      fc.record({ kind: fc.constantFrom('maxPool' as const, 'averagePool' as const), size: fc.integer({ min: 1, max: 3 }), stride: fc.integer({ min: 1, max: 2 }), padding }),
      fc.record({ kind: fc.constant('globalAveragePool' as const) }),
      fc.record({ kind: fc.constant('residual' as const), filters: fc.integer({ min: 1, max: 3 }), stride: fc.integer({ min: 1, max: 2 }), batchNorm: norm }),
    )
    const units = fc.record({ kind: fc.constant('dense' as const), units: fc.integer({ min: 1, max: 4 }), batchNorm: norm })
    const layers = fc.tuple(fc.array(image, { maxLength: 4 }), fc.array(units, { maxLength: 3 })).map(([a, b]): LayerSettings[] => [...a, ...b])
    const number = fc.float({ noNaN: true, noDefaultInfinity: true })
    fc.assert(
      fc.property(layers, fc.constantFrom(...FORMATS), fc.array(number, { minLength: 1, maxLength: 20 }), (given, format, numbers) => {
        const made = testNetwork('any', given.map(formatLayer).join(), [6, 5, 2])
        const { parameterCount } = made.network
        const state = testState(made.network).map((value, i) => (i < parameterCount ? numbers[i % numbers.length] : value))
        expect(bits(read(made, write(format, made, state)))).toEqual(bits(state))
      }),
      { numRuns: 60 },
    )
  })
})

describe('other ways in', () => {
  test('arrays numbered in the order of get_weights() are those of the Keras names', () => {
    const arrays = [...readNpz(write('keras', resnet)).values()]
    for (const prefix of ['', 'arr_']) {
      const numbered = new Map(arrays.map((array, i) => [`${prefix}${i}`, array]))
      expect(read(resnet, writeNpz(numbered))).toEqual(testState(resnet.network))
    }
  })

  test('Keras files have its names, and in a residual block both convolutions come before both batch norms', () => {
    const names = [...readNpz(write('keras', testNetwork('block', 'r5/2b', [4, 4, 3]))).keys()]
    const norm = (name: string): string[] => ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((role) => `${name}/${role}:0`)
    expect(names).toEqual([
      'conv2d/kernel:0',
      ...norm('batch_normalization'),
      ...['conv2d_1/kernel:0', 'conv2d_2/kernel:0'],
      ...norm('batch_normalization_1'),
      ...norm('batch_normalization_2'),
      ...['dense/kernel:0', 'dense/bias:0'],
    ])
  })

  test('Keras layers numbered from any number, in any order of the file, without :0', () => {
    const arrays = [...readNpz(write('keras', lenet))]
    const renamed = arrays.map(([name, array]): [string, NdArray] => {
      const [, base, number, role] = /^([a-z0-9]+?)(?:_(\d+))?\/(\w+):0$/.exec(name) ?? []
      return [`${base}_${Number(number ?? 0) + 9}/${role}`, array]
    })
    expect(read(lenet, writeNpz(new Map(renamed.reverse())))).toEqual(testState(lenet.network))
  })

  test('Keras layers with names of their own, in the order of the file', () => {
    const arrays = [...readNpz(write('keras', resnet))].map(([name, array]): [string, NdArray] => [`block/${name.replace(/^([^/]+)/, 'my_$1_layer')}`, array])
    expect(read(resnet, writeNpz(new Map(arrays)))).toEqual(testState(resnet.network))
  })

  test('the flat state as one vector', () => {
    const state = testState(resnet.network)
    expect(read(resnet, writeNpz({ theta: ndArray(state) }))).toEqual(state)
    expect(read(resnet, writeSafetensors(new Map([['anything', ndArray(state)]])))).toEqual(state)
  })

  test('a zip that holds a weights file, and model.json beside its weights', () => {
    const state = testState(dense.network)
    expect(read(dense, zipSync({ 'manifest.json': strToU8('{}'), 'run/weights.safetensors': write('safetensors', dense) }))).toEqual(state)
    const files = Object.entries(unzipSync(write('tfjs', dense))).map(([name, bytes]) => ({ name, bytes }))
    expect(readWeights(files.reverse(), dense.network, dense.settings)).toEqual(state)
  })
})

describe('a bad file is refused with the array at fault', () => {
  const kernel = ndArray(new Float32Array(35).fill(1), [7, 5])

  test.each([
    { what: 'another shape', name: 'dense_2/kernel', array: ndArray(new Float32Array(35), [5, 7]), message: /dense_2\/kernel has shape \(5, 7\), expected \(7, 5\).*transposed/ },
    { what: 'NaN', name: 'dense_2/kernel', array: ndArray(kernel.data.map((x, i) => (i === 3 ? Number.NaN : x)) as Float32Array, [7, 5]), message: /dense_2\/kernel has NaN at index 3/ },
    { what: 'too large for float32', name: 'dense_1/bias', array: ndArray(new Float64Array(7).fill(1e39)), message: /dense_1\/bias has 1e\+39 at index 0/ },
    { what: 'one missing', name: 'dense_2/bias', array: null, message: /dense_2\/bias is missing/ },
    { what: 'one too many', name: 'dense_9/kernel', array: kernel, message: /dense_9\/kernel is no array of this network/ },
  ])('our names: $what', ({ name, array, message }) => {
    const arrays = changed(readNpz(write('npz', dense)), name, array)
    expect(() => read(dense, writeNpz(arrays))).toThrow(message)
    expect(() => read(dense, writeSafetensors(arrays))).toThrow(message)
  })

  test.each([
    { what: 'another shape', name: 'conv2d_1/kernel:0', array: ndArray(new Float32Array(9), [3, 3, 1, 1]), message: /conv2d_1\/kernel:0 has shape \(3, 3, 1, 1\), expected \(3, 3, 4, 4\) for conv_2\/kernel/ },
    { what: 'a negative variance', name: 'batch_normalization/moving_variance:0', array: ndArray(Float32Array.of(1, 1, -1, 1)), message: /batch_normalization\/moving_variance:0 has -1 at index 2/ },
    { what: 'one missing', name: 'batch_normalization_2/moving_mean:0', array: null, message: /batch_normalization_2\/moving_mean is missing/ },
    { what: 'a layer missing', name: 'conv2d_5/kernel:0', array: null, message: /layer conv2d_\d \(conv_\d\/kernel\) is missing/ },
    { what: 'one too many', name: 'conv2d/bias:0', array: ndArray(new Float32Array(4)), message: /conv2d\/bias:0 has no counterpart in conv_1/ },
    { what: 'a layer too many', name: 'conv2d_99/kernel:0', array: ndArray(new Float32Array(4)), message: /layer conv2d_99 has no counterpart/ },
  ])('Keras names: $what', ({ name, array, message }) => {
    expect(() => read(resnet, writeNpz(changed(readNpz(write('keras', resnet)), name, array)))).toThrow(message)
  })

  test('numbered arrays: another shape, missing, too many', () => {
    const arrays = [...readNpz(write('keras', dense)).values()]
    const numbered = (list: readonly NdArray[]): Uint8Array => writeNpz(new Map(list.map((array, i) => [`arr_${i}`, array])))
    expect(() => read(dense, numbered(arrays.with(3, kernel)))).toThrow(/arr_3 \(dense_1\/bias\) has shape \(7, 5\), expected \(5,\)/)
    expect(() => read(dense, numbered(arrays.slice(0, -1)))).toThrow(/5 \(dense_2\/bias\) is missing/)
    expect(() => read(dense, numbered([...arrays, kernel]))).toThrow(/arr_6 is an array too many, expected 6/)
  })

  test('a flat vector of another length', () => {
    expect(() => read(resnet, writeNpz({ theta: ndArray(new Float32Array(resnet.network.parameterCount)) }))).toThrow(`theta has shape (${resnet.network.parameterCount},), expected (${resnet.network.stateLength},)`)
  })

  test.each(FORMATS)('every truncation of a %s file', (format) => {
    const bytes = write(format, dense)
    for (let length = 0; length < bytes.length; length += 97) expect(() => read(dense, bytes.subarray(0, length))).toThrow()
  })

  test('a layers model without its weights, with shortened or longer weights, and with another network', () => {
    const { 'model.json': model, 'weights.bin': weights } = unzipSync(write('tfjs', lenet))
    const open = (bin: Uint8Array, text = new TextDecoder().decode(model), target = lenet): Float32Array =>
      readWeights([{ name: 'model.json', bytes: strToU8(text) }, { name: 'weights.bin', bytes: bin }], target.network, target.settings)
    expect(() => read(lenet, model, 'model.json')).toThrow(/the weights file weights.bin is missing/)
    expect(() => open(weights.subarray(0, -4))).toThrow(/expected at least \d+ for dense_2\/bias/)
    expect(() => open(new Uint8Array(weights.length + 4))).toThrow(/the last for dense_2\/bias/)
    expect(() => open(weights, '{"modelTopology":')).toThrow(/model.json: no complete JSON/)
    expect(() => open(weights, '{"modelTopology":{}}')).toThrow(/model.json: modelTopology is not/)
    expect(() => open(weights, undefined, dense)).toThrow(/layer conv2d has no counterpart|conv2d/)
  })

  test.each([
    { what: 'an activation', from: '"activation":"relu"', to: '"activation":"tanh"', message: /layer activation is activation tanh, which the network has not/ },
    { what: 'a padding', from: '"padding":"valid"', to: '"padding":"same"', message: /layer conv2d_1 is Conv2D 3×3 stride 1 same, which the network has not/ },
    { what: 'a stride', from: '"strides":[2,2]', to: '"strides":[3,3]', message: /layer max_pooling2d is MaxPooling2D 2×2 stride 3 same/ },
    { what: 'an element type', from: '"shape":[5,5,3,3],"dtype":"float32"', to: '"shape":[5,5,3,3],"dtype":"int32"', message: /conv2d\/kernel is stored as int32/ },
  ])('a layers model that computes something else: $what', ({ from, to, message }) => {
    const { 'model.json': model, 'weights.bin': weights } = unzipSync(write('tfjs', lenet))
    const text = new TextDecoder().decode(model)
    expect(text).toContain(from)
    const files = [{ name: 'model.json', bytes: strToU8(text.replace(from, to)) }, { name: 'weights.bin', bytes: weights }]
    expect(() => readWeights(files, lenet.network, lenet.settings)).toThrow(message)
  })

  test.each([
    { what: 'HDF5', bytes: Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0, 0, 0, 0, 0), message: /HDF5.*get_weights/ },
    { what: 'one .npy', bytes: Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59), message: /single NumPy array/ },
    { what: 'PyTorch pickle', bytes: zipSync({ 'archive/data.pkl': strToU8('x') }), message: /pickled.*safetensors/ },
    { what: 'another zip', bytes: zipSync({ 'readme.txt': strToU8('x') }), message: /no weights in 1 files/ },
    { what: 'an empty file', bytes: new Uint8Array(0), message: /0 bytes of an unknown format/ },
  ])('$what', ({ bytes, message }) => {
    expect(() => read(dense, bytes)).toThrow(message)
  })

  test('weights of another length are not written', () => {
    expect(() => writeWeights('npz', dense.network, dense.settings, new Float32Array(3))).toThrow(/state: 3 numbers, expected 155/)
    expect(() => writeWeights('npz', dense.network, { ...dense.settings, layers: layersOf('7') }, testState(dense.network))).toThrow(/3 layers with weights, but the settings make 2/)
  })
})

test('safetensors of F16 and BF16 are widened', () => {
  const header = '{"dense_1/bias":{"dtype":"BF16","shape":[4],"data_offsets":[0,8]},"dense_1/kernel":{"dtype":"F16","shape":[6,4],"data_offsets":[8,56]}}'
  const text = strToU8(header.padEnd(Math.ceil(header.length / 8) * 8))
  const bytes = new Uint8Array(8 + text.length + 56)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  for (let i = 0; i < 4; i++) bytes.set([0x80, 0x3f], 8 + text.length + 2 * i)
  for (let i = 0; i < 24; i++) bytes.set([0x00, 0xbc], 16 + text.length + 2 * i)
  expect(readSafetensors(bytes).size).toBe(2)
  expect(read(testNetworks[0], bytes)).toEqual(Float32Array.from({ length: 28 }, (_, i) => (i < 24 ? -1 : 1)))
})
