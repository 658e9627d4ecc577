import { describe, expect, test } from 'vitest'
import type { FilteredReading } from '../../../src/contracts/results.ts'
import { layersOf } from '../../../src/contracts/layers.ts'
import { createReferenceEngine } from '../../engine/reference/reference-engine.ts'
import { initialWeights } from '../../networks/initialise.ts'
import { buildNetwork } from '../../networks/network.ts'
import { uploadData } from '../../networks/resident-data.ts'
import { selectParameters } from '../../networks/selection.ts'
import { Evaluation } from '../../operators/evaluation.ts'
import { clusters } from '../../training/test-bench.ts'
import { testPacing } from '../test-pacing.ts'
import { decomposeKernels } from './decompose.ts'
import { filterNoise, kernelsIn, type FilterBench, type FilteringFindings } from './noise-filtering.ts'

const samples = clusters(90, 8, 3)
const network = buildNetwork({ layers: layersOf('10,6'), activation: 'relu', initialiser: 'glorotUniform' }, 8, 3)
const engine = createReferenceEngine()
const state = initialWeights(network, 'glorotUniform', 4)
const data = uploadData(engine, samples.images, samples.labels, 8, 'test')
const weights = engine.allocate('float', network.stateLength, 'filtered weights')
const evaluation = await Evaluation.create(engine, network, weights, data)

async function readingOf(): Promise<FilteredReading> {
  const { loss, accuracy } = await evaluation.evaluate()
  return { trainLoss: loss, trainAccuracy: accuracy, testLoss: loss, testAccuracy: accuracy }
}

const bench: FilterBench = { engine, weights, read: readingOf }
const kernelsOf = (selection: string) => kernelsIn(selectParameters(network, selection), decomposeKernels(network, state))

async function readingAt(values: Float32Array): Promise<FilteredReading> {
  engine.write(weights, values)
  return readingOf()
}

async function filtered(selection: string, points: number, pacing = testPacing()): Promise<FilteringFindings> {
  const found = await filterNoise(bench, state, kernelsOf(selection), points, pacing, () => undefined)
  if (found === null) throw new Error('expected findings')
  return found
}

describe('removing small singular values', () => {
  test('none of them leaves the network as it is, to the bit', async () => {
    const untouched = await readingAt(state)
    const { removed, curves } = await filtered('all', 5)
    expect(Array.from(removed)).toEqual([0, 0.25, 0.5, 0.75, 1])
    expect([curves.trainLoss[0], curves.trainAccuracy[0]]).toEqual([untouched.trainLoss, untouched.trainAccuracy])
  })

  test('all of them is a network of zero kernels, which knows one class', async () => {
    const zero = state.slice()
    for (const { role, offset, size } of network.parameters) if (role === 'kernel') zero.fill(0, offset, offset + size)
    const expected = await readingAt(zero)
    const { curves, layers } = await filtered('all', 3)
    expect(layers).toEqual([1, 2, 3])
    expect([curves.trainLoss[2], curves.trainAccuracy[2]]).toEqual([expected.trainLoss, expected.trainAccuracy])
    expect(curves.trainAccuracy[2]).toBeCloseTo(1 / 3, 14)
    expect(curves.trainLoss[2]).toBeCloseTo(Math.log(3), 6)
  })

  test('half of one kernel is its best approximation of half the rank; other kernels stay', async () => {
    const [kernel] = kernelsOf('2.kernel')
    const { left, right, singularValues, rank } = kernel.decomposition
    const half = state.slice()
    for (let i = 0; i < 10; i++) {
      for (let j = 0; j < 6; j++) {
        let entry = 0
        for (let k = 0; k < 3; k++) entry += left[i * rank + k] * singularValues[k] * right[j * rank + k]
        half[kernel.parameter.offset + i * 6 + j] = entry
      }
    }
    const { trainLoss } = await readingAt(half)
    const { curves, layers } = await filtered('2.kernel', 3)
    expect(layers).toEqual([2])
    expect(curves.trainLoss[1]).toBeCloseTo(trainLoss, 7)
  })

  test('comes with three treatments of the bulk, of which soft threshold and removal take out the same', async () => {
    const { treatments } = await filtered('1.kernel+2.kernel', 2)
    expect(treatments.map(({ name }) => name)).toEqual(['bulk removed', 'soft threshold', 'optimal shrinkage'])
    const [removal, soft, optimal] = treatments
    expect(soft.removed).toBe(removal.removed)
    expect(Math.abs(optimal.removed - removal.removed)).toBeLessThanOrEqual(1 / 14)
    for (const { removed, reading } of treatments) {
      expect(removed).toBeGreaterThan(0)
      expect(Number.isFinite(reading.trainLoss)).toBe(true)
    }
  })

  test('tells every point and stops when asked to', async () => {
    const points: number[] = []
    await filterNoise(bench, state, kernelsOf('all'), 4, testPacing(), (done, of) => points.push(done, of))
    expect(points).toEqual([1, 7, 2, 7, 3, 7, 4, 7, 5, 7, 6, 7, 7, 7])
    const pacing = testPacing()
    expect(await filterNoise(bench, state, kernelsOf('all'), 4, pacing, (done) => (done === 2 ? pacing.stop() : undefined))).toBeNull()
  })

  test('of a bias filters nothing', () => {
    expect(kernelsOf('2.bias')).toEqual([])
  })
})
