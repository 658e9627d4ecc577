import { describe, expect, it } from 'vitest'
import { layersOf } from '../../contracts/layers.ts'
import { presets } from '../../contracts/presets.ts'
import { describeLayers } from './layers.ts'
import { className } from './names.ts'
import { describeAugmentation, describeClasses, describeDataset, describeSchedule, describeTraining, toPercent } from './settings.ts'

const [{ experiment: quick }] = presets

describe('networks in one line', () => {
  it.each([
    ['50,50', [28, 28, 1], '784-50-50-10'],
    ['c6x5,p2,120', [32, 32, 3], '32×32×3-c6x5-p2-120-10'],
    ['c16x3b,r16b,r16b,r16b,r32/2b,g', [32, 32, 3], '32×32×3-c16x3b-3·r16b-r32/2b-g-10'],
  ])('%s', (layers, shape, words) => {
    expect(describeLayers(layersOf(layers), shape, 10)).toBe(words)
  })

  it('without hidden layers inputs lead to classes', () => {
    expect(describeLayers([], [1, 20, 1], 3)).toBe('20-3')
  })
})

describe('data in one line', () => {
  it('names filter and noise where there are any', () => {
    const dataset = { ...quick.dataset, name: 'cifar10' as const, classes: [3, 5], labelNoise: 0.125 }
    expect(describeDataset({ dataset })).toBe('CIFAR-10, 10,000 + 10,000 samples, 2 classes, 12.5 % label noise')
    expect(describeClasses(dataset)).toBe('cat, dog')
  })

  it('classes without a name have a number', () => {
    expect([className('mnist', 7), className('spirals', 2)]).toEqual(['7', 'class 2'])
  })
})

describe('training in one line', () => {
  it('names an optimiser other than SGD', () => {
    expect(describeTraining({ training: { ...quick.training, optimiser: 'adamw', weightDecay: 0.01 } })).toBe('10 epochs, AdamW, η 0.01, batch 32, λ 0.01')
  })

  it('says that nothing is trained', () => {
    const training = { ...quick.training, epochs: 0 }
    expect(describeTraining({ training })).toContain('initial weights')
    expect(describeTraining({ training: { ...training, start: 'lenet' } })).toContain('as it came trained')
  })
})

it.each([
  [{ kind: 'constant' }, 'constant'],
  [{ kind: 'exponential', decay: 0.98 }, '× 0.98 per epoch'],
  [{ kind: 'piecewise', steps: [{ epoch: 80, learningRate: 1e-4 }, { epoch: 120, learningRate: 1e-5 }] }, '0.0001 from epoch 80, 1e-5 from epoch 120'],
  [{ kind: 'cosine', floor: 0.01 }, 'cosine down to 1.0 %'],
] as const)('schedule %j', (schedule, words) => {
  expect(describeSchedule(schedule.kind === 'piecewise' ? { ...schedule, steps: [...schedule.steps] } : schedule)).toBe(words)
})

it('augmentation is told in words', () => {
  expect([describeAugmentation({ crop: 0, flip: false }), describeAugmentation({ crop: 4, flip: true })]).toEqual(['none', 'shifted by up to 4 pixels, mirrored'])
})

it('shares become per cent without digits of rounding', () => {
  expect([0.07, 0.1, 0.145, 1].map(toPercent)).toEqual([7, 10, 14.5, 100])
})
