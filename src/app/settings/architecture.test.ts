import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layerSchema, layersOf, type LayerKind } from '../../contracts/layers.ts'
import { findPreset } from '../../contracts/presets.ts'
import { changeLayer, draftOf, duplicateLayer, insertLayer, layersText, moveLayer, networkOf, newLayer, parseLayers, removeLayer, withLayers, type Draft } from './architecture.ts'
import { startPoints } from './start-points.ts'

const KINDS: readonly LayerKind[] = ['dense', 'conv', 'maxPool', 'averagePool', 'globalAveragePool', 'residual']
const draft = (text: string): Draft => draftOf({ layers: layersOf(text), activation: 'relu', initialiser: 'glorotUniform' })
const text = ({ rows }: Draft): string => layersText(rows.map(({ layer }) => layer))
const ids = ({ rows }: Draft): readonly string[] => rows.map(({ id }) => id)

describe('a draft', () => {
  it('gives back the network it was made of', () => {
    const network = findPreset('resnet20')?.experiment.network
    if (network === undefined) throw new Error('no preset resnet20')
    expect(networkOf(draftOf(network))).toEqual(network)
  })

  it('takes layers at any place, also at the first and behind the last', () => {
    expect([0, 1, 2].map((at) => text(insertLayer(draft('c6x5,p2'), at, newLayer('dense'))))).toEqual(['50,c6x5,p2', 'c6x5,50,p2', 'c6x5,p2,50'])
  })

  it('loses, doubles and changes single layers', () => {
    expect(text(removeLayer(draft('c6x5,p2,84'), 1))).toBe('c6x5,84')
    expect(text(duplicateLayer(draft('c6x5,p2'), 0))).toBe('c6x5,c6x5,p2')
    expect(text(changeLayer(draft('c6x5,p2'), 1, newLayer('globalAveragePool')))).toBe('c6x5,g')
  })

  it('moves layers without losing any, and not out of the list', () => {
    const three = draft('1,2,3')
    expect([text(moveLayer(three, 0, 2)), text(moveLayer(three, 2, 0)), text(moveLayer(three, 0, 3)), text(moveLayer(three, -1, 0))]).toEqual(['2,3,1', '3,1,2', '1,2,3', '1,2,3'])
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }), (from, to) => {
        const moved = moveLayer(three, from, to)
        expect(moved.rows[to]).toBe(three.rows[from])
        expect([...ids(moved)].sort()).toEqual([...ids(three)].sort())
      }),
    )
  })

  it('never has two rows of one name', () => {
    const edited = duplicateLayer(insertLayer(removeLayer(draft('1,2,3'), 2), 0, newLayer('conv')), 1)
    expect(new Set(ids(edited)).size).toBe(edited.rows.length)
    const retyped = withLayers(edited, layersOf('7,8,9,10,11'))
    expect(new Set(ids(retyped)).size).toBe(5)
  })

  it('keeps the names of layers that a new text leaves as they are', () => {
    const before = draft('c6x5,p2,84')
    const after = withLayers(before, layersOf('c6x5,p3,84'))
    expect(ids(after).map((id, i) => id === ids(before)[i])).toEqual([true, false, true])
  })
})

it('a new layer of every kind is within its limits', () => {
  for (const kind of KINDS) expect(layerSchema.safeParse(newLayer(kind)).success).toBe(true)
})

describe('layers as one line', () => {
  it.each([['c6x5, p2 ;120,,84', 'c6x5,p2,120,84'], ['', ''], ['50 50', '50,50']])('"%s" is read', (given, read) => {
    const parsed = parseLayers(given)
    expect(parsed.ok && layersText(parsed.layers)).toBe(read)
  })

  it.each([
    ['50,q2', 'Layer 2: “q2” is none'],
    ['c6x99', 'Layer 1, c6x99: size is 99, expected at most 16'],
    ['1.5', 'Layer 1, 1.5: units is 1.5, expected a whole number'],
    [Array.from({ length: 41 }, () => '5').join(), '41 layers; at most 40 fit'],
  ])('"%s" is refused with the layer and the limit', (given, reason) => {
    const parsed = parseLayers(given)
    expect(parsed.ok ? '' : parsed.problem).toContain(reason)
  })
})

it('the five networks of Table 5.1 and the linear one can be started from', () => {
  expect(startPoints.map(({ note }) => note).slice(0, 3)).toEqual(['50,50', '256,128,64', 'c6x5,p2,c16x5,p2,120,84'])
  expect(startPoints).toHaveLength(6)
})
