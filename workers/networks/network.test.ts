import { describe, expect, test } from 'vitest'
import { LabError } from '../../src/contracts/errors.ts'
import type { NetworkSettings } from '../../src/contracts/experiment.ts'
import { EngineError } from '../engine/engine.ts'
import { createWasmEngine } from '../engine/wasm/wasm-engine.ts'
import { allocateAll } from './allocate-all.ts'
import { denseLayers, layersOf } from '../../src/contracts/layers.ts'
import { findPreset } from '../../src/contracts/presets.ts'
import { buildNetwork, isDecayed } from './network.ts'
import { gather, offsetInSelection, selectionName, selectParameters } from './selection.ts'

const mlp = (...hidden: number[]): NetworkSettings => ({ layers: denseLayers(...hidden), activation: 'relu', initialiser: 'glorotUniform' })

function errorOf(call: () => unknown): LabError {
  try {
    call()
  } catch (error) {
    if (error instanceof LabError) return error
    throw error
  }
  throw new Error('expected a LabError, nothing was thrown')
}

describe('layout', () => {
  test.each([
    { hidden: [50, 50], inputs: 784, count: 42_310, description: '784-50-50-10' },
    { hidden: [256, 128, 64], inputs: 3072, count: 828_490, description: '3072-256-128-64-10' },
    { hidden: [], inputs: 784, count: 7_850, description: '784-10' },
  ])('$description has $count parameters', ({ hidden, inputs, count, description }) => {
    const network = buildNetwork(mlp(...hidden), inputs, 10)
    expect([network.parameterCount, network.description]).toEqual([count, description])
  })

  test('parameters lie layer by layer, kernel then bias, without gaps', () => {
    const { parameters, nodes } = buildNetwork(mlp(5, 3), 7, 2)
    expect(parameters.map(({ name, layer, shape, offset, size, position }) => [name, layer, shape, offset, size, position])).toEqual([
      ['dense_1/kernel', 1, [7, 5], 0, 35, 0],
      ['dense_1/bias', 1, [5], 35, 5, 0],
      ['dense_2/kernel', 2, [5, 3], 40, 15, 2],
      ['dense_2/bias', 2, [3], 55, 3, 2],
      ['dense_3/kernel', 3, [3, 2], 58, 6, 4],
      ['dense_3/bias', 3, [2], 64, 2, 4],
    ])
    expect(nodes.map((node) => node.kind === 'layer' && node.layer.kind)).toEqual(['dense', 'relu', 'dense', 'relu', 'dense'])
  })

  test('weight decay acts on kernels, never on biases', () => {
    const { parameters } = buildNetwork(mlp(5), 7, 2)
    expect(parameters.map((parameter) => isDecayed(parameter, 'kernels'))).toEqual([true, false, true, false])
  })

  test('a network that is too large is refused with its size and the limit', () => {
    const { code, message, remedy } = errorOf(() => buildNetwork(mlp(4096, 4096), 784, 10))
    expect([code, message]).toEqual(['bad-settings', 'The network 784-4096-4096-10 has 20037642 parameters; the limit is 4000000.'])
    expect(remedy).toContain('narrower')
  })
})

describe('the networks of Table 5.1', () => {
  const image = { mnist: [28, 28, 1], cifar10: [32, 32, 3] } as const

  test.each([
    ['mlp50', 42_310],
    ['mlp256', 828_490],
    ['mlp256-decay', 828_490],
    ['lenet', 136_886],
    ['minialexnet', 1_022_584],
    ['resnet20', 272_474],
  ])('%s has %i parameters', (id, count) => {
    const experiment = findPreset(id)?.experiment
    if (experiment === undefined) throw new Error(`no preset ${id}`)
    const shape = experiment.dataset.name === 'mnist' ? image.mnist : image.cifar10
    expect(buildNetwork(experiment.network, shape, 10).parameterCount).toBe(count)
  })

  test('weight decay of miniAlexNet acts on its dense kernels only', () => {
    const experiment = findPreset('minialexnet-paper')?.experiment
    if (experiment === undefined) throw new Error('no preset')
    const { parameters } = buildNetwork(experiment.network, image.cifar10, 10)
    expect(parameters.filter((parameter) => isDecayed(parameter, experiment.training.decayed)).map(({ name }) => name)).toEqual(['dense_3/kernel', 'dense_4/kernel', 'dense_5/kernel'])
  })

  test('batch norm carries the number of its convolution', () => {
    const { parameters, statistics, description } = buildNetwork({ layers: layersOf('c16x3b,r16b,r32/2b,g'), activation: 'relu', initialiser: 'heNormal' }, image.cifar10, 10)
    expect(parameters.map(({ name }) => name).slice(0, 6)).toEqual(['conv_1/kernel', 'conv_1/gamma', 'conv_1/beta', 'conv_2/kernel', 'conv_2/gamma', 'conv_2/beta'])
    expect(statistics.slice(0, 2).map(({ name, size, initial }) => [name, size, initial])).toEqual([
      ['conv_1/mean', 16, 0],
      ['conv_1/variance', 16, 1],
    ])
    expect(description).toBe('32x32x3-c16x3b-r16b-r32/2b-g-10')
  })
})

describe('layers that do not fit', () => {
  const refused = (layers: string) => errorOf(() => buildNetwork({ layers: layersOf(layers), activation: 'relu', initialiser: 'glorotUniform' }, [8, 8, 1], 4))

  test('a window larger than the image names the layer, both sizes and the remedy', () => {
    const { message, remedy } = refused('c2x3,p4,c2x3v')
    expect(message).toBe('Layer 3 (convolution 2@3×3, valid) does not fit: its 3×3 window is larger than the 2×2 image.')
    expect(remedy).toBe('Use same padding, a smaller window, or less pooling before it.')
  })

  test('a convolution behind a dense layer', () => {
    expect(refused('10,c2x3').message).toBe('Layer 2 (convolution 2@3×3, same) does not fit: behind a dense layer there is no image any more.')
  })
})

describe('selections', () => {
  const network = buildNetwork(mlp(5, 3), 7, 2)

  test('"all" is every parameter', () => {
    const { size, parameters } = selectParameters(network, 'all')
    expect([size, parameters.length]).toEqual([66, 6])
  })

  test('parts come in layout order, whatever the order of their names', () => {
    const { size, parameters } = selectParameters(network, '3.kernel+1.bias')
    expect([size, parameters.map(selectionName)]).toEqual([11, ['1.bias', '3.kernel']])
  })

  test('a part named twice counts once', () => {
    expect(selectParameters(network, '2.kernel+2.kernel').size).toBe(15)
  })

  test('a part that is not there is refused with what there is', () => {
    const { code, message, remedy } = errorOf(() => selectParameters(network, '2.kernel+4.kernel'))
    expect([code, message]).toEqual(['bad-settings', 'The selection 4.kernel is not part of the network 7-5-3-2.'])
    expect(remedy).toBe('Choose "all" or one of 1.kernel, 1.bias, 2.kernel, 2.bias, 3.kernel, 3.bias.')
  })

  test('gathers its entries of a flat vector and knows where each part begins', () => {
    const selection = selectParameters(network, '1.bias+3.bias')
    const flat = Float32Array.from({ length: 66 }, (_, i) => i)
    expect(Array.from(gather(selection, flat))).toEqual([35, 36, 37, 38, 39, 64, 65])
    expect(network.parameters.map((parameter) => offsetInSelection(selection, parameter))).toEqual([null, 0, null, null, null, 5])
  })
})

test('when one of several buffers does not fit, none stays allocated', async () => {
  const engine = await createWasmEngine({ memoryLimit: 32 * 1024 * 1024 })
  const before = engine.memoryBytes()
  expect(() => allocateAll(engine, [['float', 1000, 'small'], ['float', 1e9, 'huge']])).toThrow(EngineError)
  expect(engine.memoryBytes()).toBe(before)
})
