import { expect, it } from 'vitest'
import type { Experiment } from '../../contracts/experiment.ts'
import { presets } from '../../contracts/presets.ts'
import { differences, settingRows } from './differences.ts'

const quick: Experiment = presets[0].experiment

it('a preset does not differ from itself', () => {
  for (const { experiment } of presets) expect(differences(experiment, experiment)).toEqual([])
})

it('a changed learning rate is told with the value of the preset', () => {
  const changed: Experiment = { ...quick, training: { ...quick.training, learningRate: 0.05 } }
  expect(differences(changed, quick)).toEqual([{ stage: 'training', name: 'learning rate η', value: '0.05', preset: '0.01' }])
})

it('a removed analysis is told once', () => {
  const fewer: Experiment = { ...quick, analyses: quick.analyses.slice(0, 2) }
  expect(differences(fewer, quick)).toEqual([
    { stage: 'analyses', name: 'analysis 3', value: 'none', preset: 'Principal components: 30' },
  ])
})

it('the view is no setting', () => {
  const zoomed: Experiment = { ...quick, view: { ...quick.view, clip: 0.02, logLoss: true } }
  expect(differences(zoomed, quick)).toEqual([])
})

it('every row has its own name', () => {
  const names = settingRows(quick).map((row) => row.name)
  expect(new Set(names).size).toBe(names.length)
})
