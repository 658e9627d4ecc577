import { describe, expect, test } from 'vitest'
import type { TrainingSettings } from '../../src/contracts/experiment.ts'
import { changedTraining, nextChange, scheduledRate, settingsAt } from './schedule.ts'

const training: TrainingSettings = {
  epochs: 10,
  batchSize: 32,
  learningRate: 0.1,
  schedule: { kind: 'constant' },
  momentum: 0.9,
  weightDecay: 0.001,
  changes: [],
}

describe('schedules', () => {
  test('a constant rate stays', () => {
    expect(scheduledRate(0.1, { kind: 'constant' }, 1000)).toBe(0.1)
  })

  test('an exponential rate is η₀·decayᵗ', () => {
    const schedule = { kind: 'exponential', decay: 0.98 } as const
    expect(scheduledRate(0.005, schedule, 0)).toBe(0.005)
    // LeNet of the thesis: .005·.98¹⁰⁰.
    expect(scheduledRate(0.005, schedule, 100)).toBeCloseTo(0.005 * 0.98 ** 100, 17)
    expect(scheduledRate(0.005, schedule, 100)).toBeCloseTo(6.63e-4, 6)
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
