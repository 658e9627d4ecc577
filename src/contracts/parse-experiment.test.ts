import { describe, expect, test } from 'vitest'
import { denseLayers } from './layers.ts'
import { parseExperiment } from './parse-experiment.ts'
import { presets } from './presets.ts'

const quick = presets[0].experiment

describe('experiment files', () => {
  test.each(presets)('the whole experiment of $id reads as itself', ({ experiment }) => {
    expect(parseExperiment(JSON.parse(JSON.stringify(experiment)))).toEqual({ experiment })
  })

  test('differences are laid over the preset they name', () => {
    const { experiment } = parseExperiment({ preset: 'mlp50-paper', training: { epochs: 3 }, seeds: { shuffle: 1 } })
    expect(experiment?.training).toEqual({ ...presets[2].experiment.training, epochs: 3 })
    expect(experiment?.seeds).toEqual({ initialisation: 7, shuffle: 1, probes: 7, repeats: 1 })
    expect(experiment?.dataset.trainSamples).toBe(60000)
  })

  test('an empty object is the default preset', () => {
    expect(parseExperiment({})).toEqual({ experiment: quick })
  })

  test('a list replaces the list of the preset, a schedule the schedule', () => {
    const { experiment } = parseExperiment({ network: { layers: denseLayers(8) }, training: { schedule: { kind: 'exponential', decay: 0.99 } } })
    expect(experiment?.network.layers).toEqual(denseLayers(8))
    expect(experiment?.training.schedule).toEqual({ kind: 'exponential', decay: 0.99 })
  })

  test('widths of an earlier version become dense layers', () => {
    expect(parseExperiment({ network: { hidden: [8, 4] } }).experiment?.network.layers).toEqual(denseLayers(8, 4))
  })

  test('errors name path, value and what was expected, all at once', () => {
    const errors = parseExperiment({
      network: { layers: denseLayers(50, 0), activation: 'swish' },
      training: { epochs: 1e9, learningRate: 0, momentum: 'high' },
      measurement: { selection: 'second' },
    }).errors
    expect(errors).toEqual([
      'network.layers.1.units: got 0, expected at least 1',
      'network.activation: got "swish", expected one of relu, tanh, sigmoid, softplus, gelu',
      'training.epochs: got 1000000000, expected at most 5000',
      'training.learningRate: got 0, expected above 0',
      'training.momentum: got "high", expected a number',
      'measurement.selection: got "second", a selection is "all", or layers such as "2.kernel" or "2.kernel+2.bias"',
    ])
  })

  test('a misspelt setting is an error, in lists too', () => {
    const changes = [{ step: 4, learningrate: 0.1 }]
    expect(parseExperiment({ training: { epoch: 3, changes } }).errors).toEqual([
      'training.changes.0.learningrate: no such setting beside step',
      `training.epoch: no such setting beside ${Object.keys(quick.training).join(', ')}`,
    ])
  })

  test('an unknown preset is an error unless the experiment is whole', () => {
    expect(parseExperiment({ preset: 'vgg', training: { epochs: 3 } }).errors).toEqual([
      `preset: got "vgg", expected one of ${presets.map(({ id }) => id).join(', ')}`,
    ])
    expect(parseExperiment({ ...quick, preset: 'mine' })).toEqual({ experiment: { ...quick, preset: 'mine' } })
  })

  test.each([null, 3, 'text', [[quick]]])('case %# is no experiment', (json) => {
    expect(parseExperiment(json).errors).toHaveLength(1)
  })

  test('another version of the schema is refused', () => {
    expect(parseExperiment({ ...quick, version: 2 }).errors).toEqual(['version: got 2, expected 1'])
  })
})
