import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ndArray, type NdArray } from './nd-array.ts'
import { readNpz, writeNpz } from './npz.ts'
import { readSafetensors, writeSafetensors } from './safetensors.ts'
import { dataErrorOf } from './test-bytes.ts'
import type { WeightLayout } from './weight-layout.ts'
import { exportWeights, loadWeights } from './weights.ts'

function layoutOf(entries: readonly (readonly [string, readonly number[]])[]): WeightLayout {
  let offset = 0
  return entries.map(([name, shape]) => {
    const size = shape.reduce((a, b) => a * b, 1)
    offset += size
    return { name, shape, offset: offset - size, size }
  })
}

const mlp = layoutOf([['dense_1/kernel', [3, 2]], ['dense_1/bias', [2]], ['dense_2/kernel', [2, 2]], ['dense_2/bias', [2]]])
const theta = Float32Array.from({ length: 14 }, (_, i) => i + 0.5)
const torch = new Map<string, NdArray>([
  ['2.bias', ndArray(Float32Array.of(12.5, 13.5))],
  ['0.weight', ndArray(Float32Array.of(0.5, 2.5, 4.5, 1.5, 3.5, 5.5), [2, 3])],
  ['0.bias', ndArray(Float32Array.of(6.5, 7.5))],
  ['2.weight', ndArray(Float32Array.of(8.5, 10.5, 9.5, 11.5), [2, 2])],
])
const prefixed = (prefix: string) => new Map([...torch].map(([name, array]) => [prefix + name, array]))

describe('loadWeights', () => {
  it('round-trips through npz and safetensors', () => {
    fc.assert(
      fc.property(fc.float32Array({ minLength: 14, maxLength: 14, noNaN: true, noDefaultInfinity: true }), (weights) => {
        const tensors = exportWeights(weights, mlp)
        expect(loadWeights(readNpz(writeNpz(tensors)), mlp)).toEqual(weights)
        expect(loadWeights(readSafetensors(writeSafetensors(tensors)), mlp)).toEqual(weights)
      }),
    )
  })

  it.each(['theta', 'anything'])('takes one flat vector named %s', (name) => {
    expect(loadWeights(new Map([[name, ndArray(Float64Array.from(theta))]]), mlp)).toEqual(theta)
  })

  it('transposes PyTorch dense weights in the order of the layer numbers', () => {
    expect(loadWeights(torch, mlp)).toEqual(theta)
    expect(loadWeights(prefixed('model.'), mlp)).toEqual(theta)
    const renumbered = new Map([...torch].map(([name, array]) => [name.replace(/^2/, '10'), array]))
    expect(loadWeights(renumbered, mlp)).toEqual(theta)
  })

  it('reorders PyTorch conv weights and the channels of the dense layer after them', () => {
    const layout = layoutOf([['conv_1/kernel', [1, 2, 1, 2]], ['conv_1/bias', [2]], ['dense_1/kernel', [4, 1]], ['dense_1/bias', [1]]])
    const tensors = new Map([
      ['0.weight', ndArray(Float32Array.of(1, 2, 3, 4), [2, 1, 1, 2])], // [out][in][kh][kw]
      ['0.bias', ndArray(Float32Array.of(5, 6))],
      ['3.weight', ndArray(Float32Array.of(7, 8, 9, 10), [1, 4])], // channel 0: pixels 0, 1; channel 1: pixels 0, 1
      ['3.bias', ndArray(Float32Array.of(11))],
    ])
    expect([...loadWeights(tensors, layout)]).toEqual([1, 3, 2, 4, 5, 6, 7, 9, 8, 10, 11])
  })

  it.each([
    ['another number of layers', new Map([...torch].filter(([name]) => name.startsWith('0'))), '1 PyTorch layers, expected 2'],
    ['a missing bias', new Map([...torch].filter(([name]) => name !== '0.bias')), '0.bias does not fit dense_1'],
    ['an untransposed dense weight', new Map([...torch, ['0.weight', ndArray(new Float32Array(6), [3, 2])]]), '0.weight does not fit dense_1'],
    ['a flat vector of another size', new Map([['theta', ndArray(new Float32Array(13))]]), 'got theta (13,)'],
    ['no tensors', new Map<string, NdArray>(), 'dense_1/kernel is missing'],
    ['a transposed kernel', new Map([...exportWeights(theta, mlp), ['dense_1/kernel', ndArray(new Float32Array(6), [2, 3])]]), 'it looks transposed'],
    ['an unknown name', new Map([...exportWeights(theta, mlp), ['dense_9/bias', ndArray(new Float32Array(6))]]), 'no parameter is named dense_9/bias'],
  ])('refuses %s and lists what was expected', (_, tensors, problem) => {
    const error = dataErrorOf(() => loadWeights(tensors as Map<string, NdArray>, mlp))
    expect(error.code).toBe('shape')
    expect(error.message).toContain(problem)
    expect(error.message).toContain('expected dense_1/kernel (3, 2), dense_1/bias (2,), dense_2/kernel (2, 2), dense_2/bias (2,), or one vector theta (14,)')
  })

  it.each([NaN, Infinity, 1e39])('refuses %s with its index', (value) => {
    const data = Float64Array.from(theta)
    data[5] = value
    expect(dataErrorOf(() => loadWeights(new Map([['theta', ndArray(data)]]), mlp)).message).toContain(`theta has ${value} at index 5`)
  })
})

describe('exportWeights', () => {
  it('names each parameter with its shape', () => {
    expect([...exportWeights(theta, mlp)].map(([name, { shape }]) => [name, shape])).toEqual(mlp.map(({ name, shape }) => [name, shape]))
  })

  it('refuses a vector of another size', () => {
    expect(dataErrorOf(() => exportWeights(new Float32Array(3), mlp)).message).toContain('theta has 3 elements')
  })
})
