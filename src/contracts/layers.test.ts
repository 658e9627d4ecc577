import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatLayer, layerSchema, layersOf, parseLayer } from './layers.ts'

describe('layers as text', () => {
  test.each([
    ['50', { kind: 'dense', units: 50, batchNorm: false }],
    ['50b', { kind: 'dense', units: 50, batchNorm: true }],
    ['c6x5', { kind: 'conv', filters: 6, size: 5, stride: 1, padding: 'same', batchNorm: false }],
    ['c32x3v/2b', { kind: 'conv', filters: 32, size: 3, stride: 2, padding: 'valid', batchNorm: true }],
    ['p2', { kind: 'maxPool', size: 2, stride: 2, padding: 'same' }],
    ['p3v/2', { kind: 'maxPool', size: 3, stride: 2, padding: 'valid' }],
    ['a4', { kind: 'averagePool', size: 4, stride: 4, padding: 'same' }],
    ['g', { kind: 'globalAveragePool' }],
    ['r32/2b', { kind: 'residual', filters: 32, stride: 2, batchNorm: true }],
  ])('%s', (text, layer) => {
    expect(parseLayer(text)).toEqual(layer)
    expect(formatLayer(layerSchema.parse(layer))).toBe(text)
  })

  test.each(['', 'c6', 'x5', 'p', 'q2', 'r', 'c6x5/', '50,50'])('%j is no layer', (text) => {
    expect(parseLayer(text)).toBeNull()
  })

  test('every layer reads back as itself', () => {
    const size = fc.integer({ min: 1, max: 8 })
    const padding = fc.constantFrom('same' as const, 'valid' as const)
    const layer = fc.oneof(
      fc.record({ kind: fc.constant('dense' as const), units: fc.integer({ min: 1, max: 4096 }), batchNorm: fc.boolean() }),
      fc.record({ kind: fc.constant('conv' as const), filters: fc.integer({ min: 1, max: 512 }), size, stride: size, padding, batchNorm: fc.boolean() }),
      fc.record({ kind: fc.constantFrom('maxPool' as const, 'averagePool' as const), size, stride: size, padding }),
      fc.record({ kind: fc.constant('residual' as const), filters: fc.integer({ min: 1, max: 512 }), stride: size, batchNorm: fc.boolean() }),
    )
    fc.assert(
      fc.property(layer, (given) => {
        expect(parseLayer(formatLayer(given))).toEqual(given)
      }),
    )
  })

  test('sizes out of range are refused by the schema', () => {
    expect(() => layersOf('c6x99')).toThrow()
    expect(() => layersOf('50,what')).toThrow('layers: what is no layer')
  })
})
