import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createReferenceEngine } from '../engine/reference/reference-engine.ts'
import { buildNetwork } from '../networks/network.ts'
import { initialWeights } from '../networks/initialise.ts'
import type { ResidentData } from '../networks/resident-data.ts'
import { selectParameters } from '../networks/selection.ts'
import { createRandom } from '../numerics/random.ts'
import { Curvature } from './curvature.ts'
import { chosenSamples, equalBatches, gatherData } from './samples.ts'

const LABELS = Uint8Array.of(2, 0, 1, 1, 0, 2, 1, 0, 1, 1)

describe('chosen samples', () => {
  test.each([
    ['first', 3, [0, 1, 2]],
    ['first', 50, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['class1', 3, [2, 3, 6]],
    ['class0', 50, [1, 4, 7]],
    ['batch0', 4, [0, 1, 2, 3]],
    ['batch1', 4, [4, 5, 6, 7]],
    ['batch2', 4, [8, 9]],
  ])('%s, at most %i', (part, samples, expected) => {
    expect([...chosenSamples(LABELS, part, samples)]).toEqual(expected)
  })

  test('the batches of any size are the whole set, each sample once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 70 }), (count, size) => {
        const labels = new Uint8Array(count)
        const batches = Array.from({ length: Math.ceil(count / size) }, (_, i) => [...chosenSamples(labels, `batch${i}`, size)])
        expect(batches.flat()).toEqual(Array.from({ length: count }, (_, i) => i))
        expect(() => chosenSamples(labels, `batch${batches.length}`, size)).toThrow(`there are ${count} training samples`)
      }),
    )
  })

  test.each([
    ['class7', 3, 'None of the 10 training samples is of class 7; their classes are 0 to 2.', 'from 0 to 2'],
    ['batch3', 4, 'Batch 3 of 4 samples begins at sample 12; there are 10 training samples.', 'from 0 to 2'],
    ['last', 4, 'The part last of the samples is unknown.', '"first"'],
    ['first2', 4, 'The part first2 of the samples is unknown.', '"first"'],
    ['class', 4, 'The part class of the samples is unknown.', '"class3"'],
    ['first', 0, 'An analysis of 0 samples is not possible', 'at least one'],
    ['first', 1.5, 'An analysis of 1.5 samples is not possible', 'at least one'],
  ])('%s, at most %d, is refused with a remedy', (part, samples, message, remedy) => {
    expect(() => chosenSamples(LABELS, part, samples)).toThrow(expect.objectContaining({ code: 'bad-settings', message: expect.stringContaining(message), remedy: expect.stringContaining(remedy) }))
  })
})

describe('equal batches', () => {
  test('are consecutive and equal', () => {
    expect(equalBatches(Uint32Array.of(4, 5, 6, 9, 11, 12), 3).map((batch) => [...batch])).toEqual([[4, 5], [6, 9], [11, 12]])
  })

  test.each([[4], [0], [1.5], [7]])('%d batches of six samples are refused', (batches) => {
    expect(() => equalBatches(new Uint32Array(6), batches)).toThrow('cannot be cut')
  })
})

describe('samples in an engine', () => {
  const random = createRandom(3, 'samples')
  const split = { images: Float32Array.from({ length: 40 }, () => random.normal()), labels: LABELS }

  test('a part is uploaded in the order of its samples', async () => {
    const engine = createReferenceEngine()
    const data = gatherData(engine, split, chosenSamples(split.labels, 'class0', 2), 4)
    expect([...(await engine.read(data.inputs))]).toEqual([...split.images.subarray(4, 8), ...split.images.subarray(16, 20)])
    expect([...(await engine.read(data.labels))]).toEqual([0, 0])
    expect(data).toMatchObject({ samples: 2, features: 4 })
  })

  test('the mean of the products of equal batches is the product of all of them', async () => {
    const engine = createReferenceEngine()
    const network = buildNetwork({ layers: [{ kind: 'dense', units: 3, batchNorm: false }], activation: 'tanh', initialiser: 'glorotUniform' }, 4, 3)
    const weights = engine.allocate('float', network.stateLength, 'weights')
    engine.write(weights, initialWeights(network, 'glorotUniform', 1))
    const v = Float64Array.from({ length: network.parameterCount }, () => random.normal())
    const product = async (data: ResidentData): Promise<Float64Array> => {
      const curvature = await Curvature.create(engine, network, weights, data, selectParameters(network, 'all'), { matrix: 'empiricalFisher', weightDecay: 0.1 })
      await curvature.linearise()
      const y = new Float64Array(v.length)
      await curvature.apply(v, y)
      return y
    }
    const indices = chosenSamples(LABELS, 'first', 10)
    const [whole, ...parts] = await Promise.all([indices, ...equalBatches(indices, 5)].map((part) => product(gatherData(engine, split, part, 4))))
    whole.forEach((value, i) => expect(parts.reduce((sum, part) => sum + part[i], 0) / 5).toBeCloseTo(value, 12))
  })
})
