import { describe, expect, it } from 'vitest'
import { historyFixture } from './fixtures.ts'
import { smoothed } from './smooth.ts'
import { trainingClock } from './training-axis.ts'

describe('trainingClock', () => {
  it('turns steps into epochs and back', () => {
    const clock = trainingClock(historyFixture(), 312)
    expect(clock.epochOfStep(0)).toBe(0)
    expect(clock.epochOfStep(312 * 3 + 156)).toBeCloseTo(3.5, 12)
    expect(clock.stepOfEpoch(clock.epochOfStep(1000))).toBeCloseTo(1000, 9)
  })

  it('goes on beyond the last finished epoch at the present number of steps', () => {
    const history = { ...historyFixture(1), step: [0, 312] }
    expect(trainingClock(history, 100).epochOfStep(412)).toBe(2)
    expect(trainingClock(null, 100).epochOfStep(50)).toBe(0.5)
  })

  it('follows a change of the batch size', () => {
    const history = { ...historyFixture(2), step: [0, 100, 300] }
    const clock = trainingClock(history, 200)
    expect(clock.epochOfStep(50)).toBe(0.5)
    expect(clock.epochOfStep(200)).toBe(1.5)
  })
})

describe('smoothed', () => {
  it('leaves a constant alone and halves a step at one half', () => {
    expect(smoothed([2, 2, 2], 0.9)).toEqual([2, 2, 2])
    expect(smoothed([0, 1, 1], 0.5)).toEqual([0, 0.5, 0.75])
  })

  it('keeps a value that is not finite visible and goes on after it', () => {
    expect(smoothed([1, NaN, 1], 0.5)).toEqual([1, NaN, 1])
  })
})
