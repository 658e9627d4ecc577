import { expect, it } from 'vitest'
import type { TrainingSettings } from '../../contracts/experiment.ts'
import { presets } from '../../contracts/presets.ts'
import { eigenpairsWarning, trainingWarnings } from './warnings.ts'

const [{ experiment: quick }] = presets
const warned = (fields: Partial<TrainingSettings>) => trainingWarnings({ ...quick, training: { ...quick.training, ...fields } })

it('no preset is warned of', () => {
  for (const { experiment } of presets) expect(trainingWarnings(experiment)).toEqual([])
})

it('bold rates are judged by the optimiser', () => {
  expect([warned({ learningRate: 0.5 }), warned({ learningRate: 2 }), warned({ learningRate: 0.5, optimiser: 'adam' })].map((list) => list.length)).toEqual([0, 1, 1])
})

it('a warm-up without end and a batch of everything are told', () => {
  expect(warned({ warmup: 10 })[0]).toMatch(/Warm-up/)
  expect(warned({ batchSize: 8192 })).toEqual([])
  expect(trainingWarnings({ ...quick, dataset: { ...quick.dataset, trainSamples: 32 } })[0]).toMatch(/all 32 training samples/)
})

it('without training there is nothing to warn of', () => {
  expect(warned({ epochs: 0, learningRate: 50 })).toEqual([])
})

it('eigenpairs that are not there or cannot be found are told', () => {
  const asked = { largest: 8, smallest: 2, maxProducts: 60 }
  expect([eigenpairsWarning(asked, 120), eigenpairsWarning(asked, null)]).toEqual([null, null])
  expect(eigenpairsWarning(asked, 9)).toMatch(/have 9 eigenpairs/)
  expect(eigenpairsWarning({ ...asked, largest: 5000 }, 120)).toMatch(/^120 eigenpairs need .* allow 120 or more/)
})
