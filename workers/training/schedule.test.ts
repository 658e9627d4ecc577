import { describe, expect, test } from 'vitest'
import { trainingSchema, type TrainingSettings } from '../../src/contracts/experiment.ts'
import { changedTraining, lossDecay, nextChange, ratesAt, scheduledRate, settingsAt } from './schedule.ts'

const training: TrainingSettings = trainingSchema.parse({
  epochs: 10,
  batchSize: 32,
  learningRate: 0.1,
  schedule: { kind: 'constant' },
  momentum: 0.9,
  weightDecay: 0.001,
  changes: [],
})

describe('schedules', () => {
  test('a constant rate stays', () => {
    expect(scheduledRate(0.1, { kind: 'constant' }, 1000, 10)).toBe(0.1)
  })

  test('an exponential rate is η₀·decayᵗ', () => {
    const schedule = { kind: 'exponential', decay: 0.98 } as const
    expect(scheduledRate(0.005, schedule, 0, 100)).toBe(0.005)
    // LeNet of the thesis: .005·.98¹⁰⁰.
    expect(scheduledRate(0.005, schedule, 100, 100)).toBeCloseTo(0.005 * 0.98 ** 100, 17)
    expect(scheduledRate(0.005, schedule, 100, 100)).toBeCloseTo(6.63e-4, 6)
  })
})

describe('more schedules', () => {
  test('piecewise rates begin at their epochs, in whatever order they are listed', () => {
    const schedule = { kind: 'piecewise', steps: [{ epoch: 120, learningRate: 1e-5 }, { epoch: 80, learningRate: 1e-4 }] } as const
    const rates = [0, 79, 80, 119, 120, 159].map((epoch) => scheduledRate(1e-3, { ...schedule, steps: [...schedule.steps] }, epoch, 160))
    expect(rates).toEqual([1e-3, 1e-3, 1e-4, 1e-4, 1e-5, 1e-5])
  })

  test('a cosine falls from η₀ by half at half of the epochs to its floor at the end', () => {
    const schedule = { kind: 'cosine', floor: 0.1 } as const
    for (const epoch of [0, 3, 5, 10]) {
      expect(scheduledRate(2, schedule, epoch, 10)).toBeCloseTo(2 * (0.1 + 0.45 * (1 + Math.cos((Math.PI * epoch) / 10))), 14)
    }
  })

  test('warm-up rises linearly, step by step', () => {
    const warm = { ...training, warmup: 2 }
    const rate = (progress: number): number => ratesAt(warm, settingsAt(warm, 0, 0), 0, progress).learningRate
    expect([0.5, 1, 2, 3].map(rate)).toEqual([0.025, 0.05, 0.1, 0.1])
  })

  test('AdamW and Lion take decay out of the loss: w shrinks by 2ηλ', () => {
    for (const optimiser of ['adamw', 'lion'] as const) {
      const settings = settingsAt(training, 0, 0)
      const { weightDecay, decoupledDecay } = ratesAt({ ...training, optimiser }, settings, 0, 1)
      expect([weightDecay, lossDecay({ ...training, optimiser }, settings)]).toEqual([0, 0])
      expect(decoupledDecay).toBeCloseTo(2 * 0.1 * 0.001, 15)
    }
    expect(ratesAt(training, settingsAt(training, 0, 0), 0, 1)).toMatchObject({ weightDecay: 0.001, decoupledDecay: 0 })
  })
})

describe('recorded changes', () => {
  const changed: TrainingSettings = {
    ...training,
    schedule: { kind: 'exponential', decay: 0.5 },
    changes: [
      { step: 10, learningRate: 0.2 },
      { step: 20, batchSize: 64, weightDecay: 0 },
    ],
  }

  test('act from their step on, the schedule going on', () => {
    expect(settingsAt(changed, 0, 9)).toEqual({ learningRate: 0.1, momentum: 0.9, weightDecay: 0.001, batchSize: 32 })
    expect(settingsAt(changed, 2, 10)).toEqual({ learningRate: 0.05, momentum: 0.9, weightDecay: 0.001, batchSize: 32 })
    expect(settingsAt(changed, 0, 20)).toEqual({ learningRate: 0.2, momentum: 0.9, weightDecay: 0, batchSize: 64 })
  })

  test('are looked ahead to', () => {
    expect([0, 9, 10, 20].map((step) => nextChange(changed, step))).toEqual([10, 10, 20, Infinity])
  })

  test('before the first step only replace the setting', () => {
    expect(changedTraining(training, null, { learningRate: 0.5 })).toEqual({ ...training, learningRate: 0.5 })
  })

  test('are appended with their step; those of a future that was given up go', () => {
    expect(changedTraining(changed, 15, { learningRate: 0.3 }).changes).toEqual([
      { step: 10, learningRate: 0.2 },
      { step: 15, learningRate: 0.3 },
    ])
  })

  test('at one step become one, the later value winning', () => {
    const once = changedTraining(training, 7, { learningRate: 0.3, batchSize: 8 })
    expect(changedTraining(once, 7, { learningRate: 0.4 }).changes).toEqual([{ step: 7, learningRate: 0.4, batchSize: 8 }])
  })
})
