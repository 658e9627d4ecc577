import { describe, expect, it } from 'vitest'
import { scheduleSchema } from '../../contracts/experiment.ts'
import { lastRate, newSchedule, rateAt, rateCurve, ratePath, withStep, type ScheduledTraining } from './schedule.ts'

const plain: ScheduledTraining = { learningRate: 0.1, schedule: { kind: 'constant' }, warmup: 0, epochs: 100 }

describe('the rate at an epoch', () => {
  it('of a constant schedule is η₀', () => {
    expect([rateAt(plain, 0), rateAt(plain, 99.9)]).toEqual([0.1, 0.1])
  })

  it('of an exponential one goes by whole epochs', () => {
    const halving: ScheduledTraining = { ...plain, schedule: { kind: 'exponential', decay: 0.5 } }
    expect([0, 0.9, 1, 2.5].map((epoch) => rateAt(halving, epoch))).toEqual([0.1, 0.1, 0.05, 0.025])
  })

  it('of ResNet 20 is 1e-3, 1e-4, 1e-5 with steps at 80 and 120', () => {
    const steps = [{ epoch: 120, learningRate: 1e-5 }, { epoch: 80, learningRate: 1e-4 }]
    const resnet: ScheduledTraining = { ...plain, epochs: 160, learningRate: 1e-3, schedule: { kind: 'piecewise', steps } }
    expect([0, 79.9, 80, 119, 120, 159].map((epoch) => rateAt(resnet, epoch))).toEqual([1e-3, 1e-3, 1e-4, 1e-4, 1e-5, 1e-5])
    expect(lastRate(resnet)).toBe(1e-5)
  })

  it('of a cosine falls from η₀ through the middle to the floor', () => {
    const cosine: ScheduledTraining = { ...plain, schedule: { kind: 'cosine', floor: 0.2 } }
    expect(rateAt(cosine, 0)).toBeCloseTo(0.1, 12)
    expect(rateAt(cosine, 50)).toBeCloseTo(0.06, 12)
    expect(rateAt(cosine, 100)).toBeCloseTo(0.02, 12)
  })

  it('grows from zero over the warm-up', () => {
    const warm: ScheduledTraining = { ...plain, warmup: 4 }
    expect([0, 1, 2, 4, 5].map((epoch) => rateAt(warm, epoch))).toEqual([0, 0.025, 0.05, 0.1, 0.1])
  })
})

describe('the line of the rate', () => {
  it('has the largest rate at the top and zero at the bottom', () => {
    expect(ratePath([0, 0.05, 0.1], 10, 40)).toBe('M0.0 40.0L5.0 20.0L10.0 0.0')
  })

  it('is level for a constant rate', () => {
    const heights = ratePath(rateCurve(plain), 100, 40).match(/ [\d.]+/g)
    expect(new Set(heights)).toEqual(new Set([' 0.0']))
  })
})

describe('new schedules', () => {
  it.each(['constant', 'exponential', 'piecewise', 'cosine'] as const)('%s is within its limits for short and long training', (kind) => {
    for (const epochs of [0, 1, 2, 5000]) expect(scheduleSchema.safeParse(newSchedule(kind, { learningRate: 0.01, epochs })).success).toBe(true)
  })

  it('steps that are added come later and are slower', () => {
    const steps = withStep([{ epoch: 80, learningRate: 1e-4 }], 160)
    expect(steps.map(({ epoch }) => epoch)).toEqual([80, 120])
    expect(steps[1].learningRate).toBeCloseTo(1e-5, 15)
  })
})
