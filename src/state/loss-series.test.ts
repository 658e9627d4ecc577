import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { appendLosses, EMPTY_LOSSES, lossesUntil, MAX_POINTS, type LossSeries } from './loss-series.ts'

const batch = (firstStep: number, losses: readonly number[]) => ({ firstStep, losses: Float32Array.from(losses) })
const ramp = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i)
const weightedMean = ({ losses, counts }: LossSeries) => losses.reduce((sum, loss, i) => sum + loss * counts[i], 0) / counts.reduce((a, b) => a + b, 0)

describe('loss series', () => {
  test('short runs are kept loss by loss', () => {
    const series = appendLosses(appendLosses(EMPTY_LOSSES, batch(0, [4, 3])), batch(2, [2]))
    expect(series).toMatchObject({ length: 3, stride: 1, nextStep: 3 })
    expect([...series.steps]).toEqual([0, 1, 2])
    expect([...series.losses]).toEqual([4, 3, 2])
  })

  test('a full series averages neighbours pairwise and goes on at twice the stride', () => {
    const series = appendLosses(EMPTY_LOSSES, batch(0, ramp(0, 5)), 4)
    expect([...series.losses]).toEqual([0.5, 2.5, 4])
    expect([...series.steps]).toEqual([0.5, 2.5, 4])
    expect([...series.counts]).toEqual([2, 2, 1])
    expect(appendLosses(series, batch(5, [5]), 4)).toMatchObject({ length: 3, stride: 2 })
  })

  test('a long run stays within its bound, loses no loss, and the mean is that of all', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 30 }), (sizes) => {
        let series: LossSeries = EMPTY_LOSSES
        for (const size of sizes) series = appendLosses(series, batch(series.nextStep, ramp(series.nextStep, size)), 16)
        const total = sizes.reduce((a, b) => a + b, 0)
        expect(series.length).toBeLessThanOrEqual(16)
        expect(series.nextStep).toBe(total)
        expect(series.counts.reduce((a, b) => a + b, 0)).toBe(total)
        if (total > 0) expect(weightedMean(series)).toBeCloseTo((total - 1) / 2, 8)
        expect([...series.steps]).toEqual([...series.steps].sort((a, b) => a - b))
      }),
      { seed: 6 },
    )
  })

  test('how the losses were cut into updates does not matter', () => {
    const losses = ramp(0, 1000)
    const whole = appendLosses(EMPTY_LOSSES, batch(0, losses), 64)
    let parts: LossSeries = EMPTY_LOSSES
    for (let at = 0; at < 1000; at += 50) parts = appendLosses(parts, batch(at, losses.slice(at, at + 50)), 64)
    expect(parts).toEqual(whole)
  })

  test('a reset starts over and a rewind keeps what lies before', () => {
    const series = appendLosses(EMPTY_LOSSES, batch(0, ramp(0, 10)))
    expect(appendLosses(series, batch(0, [7]))).toMatchObject({ length: 1, nextStep: 1 })
    expect([...appendLosses(series, batch(3, [9])).losses]).toEqual([0, 1, 2, 9])
    expect(lossesUntil(series, 4).length).toBe(4)
    expect(lossesUntil(series, 10)).toBe(series)
  })

  test('series handed out are never written to', () => {
    const series = appendLosses(EMPTY_LOSSES, batch(0, [1, 2]), 2)
    appendLosses(series, batch(2, [3, 4]), 2)
    expect([...series.losses]).toEqual([1, 2])
  })

  test('a loss that is not finite stays visible', () => {
    expect(appendLosses(EMPTY_LOSSES, batch(0, [1, NaN])).losses[1]).toBeNaN()
  })

  test('200 epochs of MNIST fit', () => {
    const steps = 375_000
    expect(appendLosses(EMPTY_LOSSES, { firstStep: 0, losses: new Float32Array(steps) }).length).toBeLessThanOrEqual(MAX_POINTS)
  })
})
