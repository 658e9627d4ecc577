import { describe, expect, it } from 'vitest'
import { loadCase } from '../../../fixtures/load.ts'
import { createRandom } from '../random.ts'
import { averagedValues, movingAverage, uniformMeanBand } from './moving-average.ts'

describe('movingAverage', () => {
  it('equals the stored averages in the released form', () => {
    const reference = loadCase('c5_spectral_stats')
    const expected = reference.array('pt_p_avg15')
    const { first, averages } = movingAverage(reference.array('pt_p'), 15, 'released')
    expect(first).toBe(15)
    expect(averages).toHaveLength(expected.length)
    averages.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 13))
  })

  it('takes 2w + 1 values around each place', () => {
    expect(movingAverage([1, 2, 6, 3, 4], 1)).toEqual({ first: 1, averages: Float64Array.of(3, 11 / 3, 13 / 3) })
    expect(movingAverage([1, 2], 0).averages).toEqual(Float64Array.of(1, 2))
    expect([averagedValues(15), averagedValues(15, 'released')]).toEqual([31, 30])
  })

  it('says how many values it needs', () => {
    expect(() => movingAverage([1, 2], 1)).toThrow('2 values, but 1 neighbours to each side need at least 3')
    expect(() => movingAverage([1], -1)).toThrow('neighbours=-1')
    expect(() => movingAverage([1], 0, 'released')).toThrow('neighbours=1')
  })
})

describe('uniformMeanBand', () => {
  it('is exact for one and two numbers', () => {
    expect(uniformMeanBand(1).high).toBeCloseTo(0.975, 12)
    // Sum of two: triangle, 2.5 % above 2 − √0.05.
    expect(uniformMeanBand(2).high).toBeCloseTo(1 - Math.sqrt(0.05) / 2, 12)
  })

  it('has no step where the expansion takes over', () => {
    const scaled = [11, 12, 13, 14].map((count) => (uniformMeanBand(count).high - 0.5) * Math.sqrt(count))
    for (let i = 0; i < 3; i++) expect(Math.abs(scaled[i + 1] / scaled[i] - 1)).toBeLessThan(6e-4)
  })

  it('holds nineteen of twenty averages of 31 uniform numbers', () => {
    const { low, high } = uniformMeanBand(31)
    const random = createRandom(1, 'band')
    let inside = 0
    for (let trial = 0; trial < 20_000; trial++) {
      let sum = 0
      for (let i = 0; i < 31; i++) sum += random.uniform()
      if (sum / 31 > low && sum / 31 < high) inside++
    }
    expect(Math.abs(inside / 20_000 - 0.95)).toBeLessThan(0.006)
    expect(low + high).toBe(1)
  })

  it('refuses no numbers and no probabilities', () => {
    expect(() => uniformMeanBand(0)).toThrow('count=0')
    expect(() => uniformMeanBand(5, 1)).toThrow('probability=1')
  })
})
