import { expect, it } from 'vitest'
import { presets } from '../../contracts/presets.ts'
import { costLine, progressLine, runWords, stageSummary, stateMark } from './stage-words.ts'

const [{ experiment }] = presets
const known = { shape: [28, 28, 1], classes: 10, parameterCount: 42310 }

it('summaries say what each stage does', () => {
  expect(stageSummary('data', experiment, known)).toBe('MNIST, 10,000 + 10,000 samples')
  expect(stageSummary('network', experiment, known)).toBe('784-50-50-10, 42,310 parameters')
  expect(stageSummary('training', experiment, known)).toBe('10 epochs, η 0.01, batch 32')
  expect(stageSummary('measurement', experiment, known)).toBe('5 epochs, every batch, layer 2 kernel')
  expect(stageSummary('analyses', experiment, known)).toBe('3 analyses')
})

it('a state has a picture and words of its own', () => {
  const states = ['idle', 'running', 'paused', 'done', 'stale', 'failed'] as const
  const marks = states.map((state) => stateMark({ state, seconds: 3.21, restored: false, error: null }))
  expect(new Set(marks.map((mark) => mark.icon)).size).toBe(states.length)
  expect(marks[3].words).toBe('done, 3.2 s')
})

it('cost names time, memory and products, and nothing when it is free', () => {
  expect(costLine({ stage: 'analyses', seconds: 12, bytes: 3e7, products: 160 }, true)).toBe('about 12 s · 30 MB · 160 Hessian-vector products')
  expect(costLine({ stage: 'data', seconds: 0, bytes: 0, products: 0 }, true)).toBeNull()
})

it('buttons say what happens', () => {
  const estimate = { stage: 'training', seconds: 3, bytes: 0, products: 0 } as const
  expect(runWords('training', 'idle', experiment, estimate)).toBe('Train 10 epochs, about 3 s')
  expect(runWords('training', 'paused', experiment, null)).toBe('Go on to epoch 10')
  expect(runWords('analyses', 'idle', experiment, null)).toBe('Measure and analyse')
  const withoutComponents = experiment.analyses.filter(({ kind }) => kind !== 'principalComponents')
  expect(runWords('analyses', 'idle', { ...experiment, analyses: withoutComponents }, null)).toBe('Analyse')
})

it('progress says what is left when that is known', () => {
  const progress = { stage: 'analyses', what: 'Hessian of 2.kernel: product 12 of 160', step: 12, of: 160, secondsLeft: 4 } as const
  expect(progressLine(progress)).toBe('Hessian of 2.kernel: product 12 of 160, 4 s left')
})
