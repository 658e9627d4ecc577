import { describe, expect, test } from 'vitest'
import { LabError } from '../../src/contracts/errors.ts'
import type { NetworkSettings } from '../../src/contracts/experiment.ts'
import { EngineError } from '../engine/engine.ts'
import { createWasmEngine } from '../engine/wasm/wasm-engine.ts'
import { allocateAll } from './allocate-all.ts'
import { buildNetwork } from './network.ts'
import { gather, offsetInSelection, selectionName, selectParameters } from './selection.ts'

const mlp = (...hidden: number[]): NetworkSettings => ({ hidden, activation: 'relu', initialiser: 'glorotUniform' })

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
    const { parameters, layers } = buildNetwork(mlp(5, 3), 7, 2)
    expect(parameters.map(({ name, layer, shape, offset, size, position }) => [name, layer, shape, offset, size, position])).toEqual([
      ['dense_1/kernel', 1, [7, 5], 0, 35, 0],
      ['dense_1/bias', 1, [5], 35, 5, 0],
      ['dense_2/kernel', 2, [5, 3], 40, 15, 2],
      ['dense_2/bias', 2, [3], 55, 3, 2],
      ['dense_3/kernel', 3, [3, 2], 58, 6, 4],
      ['dense_3/bias', 3, [2], 64, 2, 4],
    ])
    expect(layers.map(({ kind }) => kind)).toEqual(['dense', 'relu', 'dense', 'relu', 'dense'])
  })

  test('weight decay acts on kernels, never on biases', () => {
    const { parameters } = buildNetwork(mlp(5), 7, 2)
    expect(parameters.map(({ decayed }) => decayed)).toEqual([true, false, true, false])
  })

  test('a network that is too large is refused with its size and the limit', () => {
    const { code, message, remedy } = errorOf(() => buildNetwork(mlp(4096, 4096), 784, 10))
    expect([code, message]).toEqual(['bad-settings', 'The network 784-4096-4096-10 has 20037642 parameters; the limit is 4000000.'])
    expect(remedy).toContain('narrower')
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
