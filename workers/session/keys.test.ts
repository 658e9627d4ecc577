import { denseLayers } from '../../src/contracts/layers.ts'
import { describe, expect, test } from 'vitest'
import type { Experiment } from '../../src/contracts/experiment.ts'
import { analysisKey, canonicalJson, checkpointKey, trainingKey, type RunContext } from './keys.ts'
import { sameBench, sameNumbers, sameTraining } from './setup.ts'
import { analysisOf, miniExperiment, withTraining } from './test-lab.ts'

const base = miniExperiment()
const context: RunContext = { datasetHash: 'd', numericalVersion: 'n', importedWeights: null, continues: null }
const key = (experiment: Experiment, changes: Partial<RunContext> = {}): string => trainingKey(experiment, { ...context, ...changes })

describe('canonical JSON', () => {
  test('sorts keys at every depth and leaves lists in order', () => {
    expect(canonicalJson({ b: [2, { d: 1, c: null }], a: 'x' })).toBe('{"a":"x","b":[2,{"c":null,"d":1}]}')
  })

  test('leaves out what is undefined', () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}')
  })

  test('tells numbers that differ in the last bit apart', () => {
    expect(canonicalJson(0.1 + 0.2)).not.toBe(canonicalJson(0.3))
  })
})

describe('the key of a run', () => {
  test.each([
    ['learning rate', withTraining({ learningRate: 0.051 })],
    ['schedule', withTraining({ schedule: { kind: 'exponential', decay: 0.99 } })],
    ['recorded changes', withTraining({ changes: [{ step: 3, learningRate: 0.1 }] })],
    ['initial seed', { ...base, seeds: { ...base.seeds, initialisation: 8 } }],
    ['shuffle seed', { ...base, seeds: { ...base.seeds, shuffle: 8 } }],
    ['network', { ...base, network: { ...base.network, layers: denseLayers(8, 7) } }],
    ['samples', { ...base, dataset: { ...base.dataset, trainSamples: 100 } }],
  ])('depends on the %s', (_, experiment) => {
    expect(key(experiment)).not.toBe(key(base))
  })

  test.each([
    ['number of epochs', withTraining({ epochs: 99 })],
    ['analyses', { ...base, analyses: [] }],
    ['measurement', { ...base, measurement: { ...base.measurement, epochs: 9 } }],
    ['probe seed', { ...base, seeds: { ...base.seeds, probes: 8 } }],
    ['view', { ...base, view: { ...base.view, logLoss: true } }],
    ['preset it came from', { ...base, preset: 'mine' }],
  ])('does not depend on the %s', (_, experiment) => {
    expect(key(experiment)).toBe(key(base))
  })

  test.each(['datasetHash', 'numericalVersion', 'importedWeights', 'continues'] as const)('depends on %s', (name) => {
    expect(key(base, { [name]: 'other' })).not.toBe(key(base))
  })

  test('does not depend on the order in which settings are written', () => {
    expect(key({ ...base, training: Object.fromEntries(Object.entries(base.training).reverse()) as Experiment['training'] })).toBe(key(base))
  })
})

describe('the key of an analysis', () => {
  const [singular, hessian, pca] = base.analyses
  const other: Experiment = { ...base, measurement: { ...base.measurement, epochs: 9 } }

  test('of a Hessian does not depend on the measurement, of a PCA it does', () => {
    expect(analysisKey('t', 1, hessian, other)).toBe(analysisKey('t', 1, hessian, base))
    expect(analysisKey('t', 1, pca, other)).not.toBe(analysisKey('t', 1, pca, base))
  })

  test('of noise filtering depends on how kernels of convolutions are reshaped, those of others do not', () => {
    const filtering = analysisOf({ kind: 'noiseFiltering', selection: 'all', points: 3 })
    const reshaped: Experiment = { ...base, analyses: [analysisOf({ kind: 'singularValues', edge: 'fit', reshape: 'filters' })] }
    expect(analysisKey('t', 1, filtering, reshaped)).not.toBe(analysisKey('t', 1, filtering, base))
    expect(analysisKey('t', 1, filtering, { ...base, analyses: [] })).toBe(analysisKey('t', 1, filtering, base))
    expect(analysisKey('t', 1, hessian, reshaped)).toBe(analysisKey('t', 1, hessian, base))
  })

  test('depends on run, checkpoint and probe seed, which also permutes kernels', () => {
    const reseeded = { ...base, seeds: { ...base.seeds, probes: 8 } }
    const keys = [analysisKey('t', 1, hessian, base), analysisKey('u', 1, hessian, base), analysisKey('t', 2, hessian, base), analysisKey('t', 1, hessian, reseeded)]
    expect(new Set(keys).size).toBe(4)
    expect(analysisKey('t', 1, singular, reseeded)).not.toBe(analysisKey('t', 1, singular, base))
    expect(checkpointKey('t', 2)).toBe('t/2')
  })
})

describe('what two experiments share', () => {
  const trained = withTraining({ learningRate: 1 })
  const analysed = { ...base, analyses: [] }
  const viewed = { ...base, view: { ...base.view, kernel: 2 } }

  test('the bench, the training, all numbers', () => {
    expect([trained, analysed, viewed].map((other) => [sameBench(base, other), sameTraining(base, other), sameNumbers(base, other)])).toEqual([
      [true, false, false],
      [true, true, false],
      [true, true, true],
    ])
  })
})
