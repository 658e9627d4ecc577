import { describe, expect, test } from 'vitest'
import type { Experiment } from '../../src/contracts/experiment.ts'
import { layersOf } from '../../src/contracts/layers.ts'
import { findPreset } from '../../src/contracts/presets.ts'
import { dataShape, sketchNetwork } from './sketch.ts'

const preset = (id: string): Experiment => {
  const found = findPreset(id)
  if (found === null) throw new Error(`no preset ${id}`)
  return found.experiment
}
const lenet = preset('lenet-paper')
const unknown = { input: [4, 3, 1] as const, classes: 4 }
const sketch = (experiment: Experiment, rate: number | null = null) => sketchNetwork(experiment, { data: dataShape(experiment.dataset, unknown), rate })
const withLayers = (text: string): Experiment => ({ ...lenet, network: { ...lenet.network, layers: layersOf(text) } })

describe('a sketch', () => {
  test('tells the shape and parameters of every layer of LeNet, 136,886 in all', () => {
    const { layers, parameterCount, problem } = sketch(lenet)
    expect(problem).toBeNull()
    expect(parameterCount).toBe(136_886)
    expect(layers.map(({ index, outputShape, parameters }) => [index, outputShape, parameters])).toEqual([
      [null, [32, 32, 3], 0],
      [0, [32, 32, 6], 456],
      [1, [16, 16, 6], 0],
      [2, [16, 16, 16], 2416],
      [3, [8, 8, 16], 0],
      [4, [120], 123_000],
      [5, [84], 10_164],
      [null, [10], 850],
    ])
  })

  test('of layers that do not fit goes as far as they do, and names the one at fault', () => {
    const { layers, problem } = sketch(withLayers('p8,c4x5v,10'))
    expect(layers.map(({ index }) => index)).toEqual([null, 0])
    expect(problem).toMatchObject({ index: 1, error: { code: 'bad-settings', message: 'Layer 2 (convolution 4@5×5, valid) does not fit: its 5×5 window is larger than the 4×4 image.' } })
  })

  test('of a network that is too large says its size and the limit', () => {
    expect(sketch(withLayers('4096,4096')).problem).toMatchObject({ index: null, error: { message: expect.stringContaining('the limit is 4000000') as string } })
  })

  test('costs follow the samples and the measured rate', () => {
    const slow = sketch(lenet, 1e9)
    expect(slow.measured).toBe(true)
    expect(sketch(lenet, 2e9).secondsPerEpoch).toBeCloseTo(slow.secondsPerEpoch / 2, 9)
    const half = { ...lenet, dataset: { ...lenet.dataset, trainSamples: 25_000 } }
    expect(sketch(half, 1e9).secondsPerEpoch).toBeCloseTo(slow.secondsPerEpoch / 2, 9)
    expect(sketch(half).measured).toBe(false)
  })
})

describe('the shape of data', () => {
  test('is that of the named set, with the chosen classes; of own data what is loaded', () => {
    expect(dataShape({ ...lenet.dataset, classes: [1, 5, 7] }, unknown)).toEqual({ input: [32, 32, 3], classes: 3 })
    expect(dataShape({ ...lenet.dataset, name: 'own' }, unknown)).toEqual(unknown)
    expect(dataShape({ ...lenet.dataset, name: 'spirals' }, unknown)).toEqual({ input: [1, 2, 1], classes: 3 })
  })
})
