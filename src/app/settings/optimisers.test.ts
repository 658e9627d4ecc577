import { describe, expect, it } from 'vitest'
import { experimentSchema, type Optimiser } from '../../contracts/experiment.ts'
import { presets } from '../../contracts/presets.ts'
import { decaySentence, editOptimiser, OPTIMISERS } from './optimisers.ts'

const [{ experiment: quick }] = presets
const after = (...names: readonly Optimiser[]) => names.reduce((experiment, name) => editOptimiser(name)(experiment), quick).training

describe('another optimiser', () => {
  it('brings its usual settings', () => {
    expect(after('adam')).toMatchObject({ optimiser: 'adam', learningRate: 1e-3, momentum: 0.9, secondMomentum: 0.999, epsilon: 1e-8 })
    expect(after('adamw')).toMatchObject({ optimiser: 'adamw', learningRate: 1e-3, momentum: 0.9, secondMomentum: 0.999 })
    expect(after('rmsprop')).toMatchObject({ optimiser: 'rmsprop', learningRate: 1e-3, momentum: 0, secondMomentum: 0.99 })
    expect(after('lion')).toMatchObject({ optimiser: 'lion', learningRate: 1e-4, momentum: 0.9, secondMomentum: 0.99 })
  })

  it('keeps the learning rate of gradient descent', () => {
    expect([after('nesterov').learningRate, after('lion', 'sgd').learningRate]).toEqual([0.01, 1e-4])
  })

  it('gives Nesterov a momentum, since it is plain descent without one', () => {
    expect([after('nesterov').momentum, after('sgd').momentum]).toEqual([0.9, 0])
  })

  it('leaves a valid experiment', () => {
    for (const name of Object.keys(OPTIMISERS) as Optimiser[]) expect(experimentSchema.safeParse(editOptimiser(name)(quick)).success).toBe(true)
  })
})

it('decay is said to be in the Hessian only where it is', () => {
  const sentence = (optimiser: Optimiser) => decaySentence({ optimiser, weightDecay: 1e-4 })
  expect([sentence('adamw'), sentence('lion')].every((words) => words.startsWith('Decoupled'))).toBe(true)
  expect([sentence('sgd'), sentence('adam'), sentence('rmsprop')].every((words) => words.includes('Hessian'))).toBe(true)
})
