import { describe, expect, test } from 'vitest'
import { formatShareSpread, formatSpread } from './numbers.ts'
import { bandTrace, spreadBars, spreadName, translucent } from './spread.ts'
import { extent, moments, momentsAt, mostSeeds, rootMeanSquare } from './statistics.ts'

describe('moments', () => {
  test('of 1 … n are (n + 1)/2 and √(n(n + 1)/12)', () => {
    for (const n of [2, 5, 16]) {
      const { mean, deviation, n: counted } = moments(Array.from({ length: n }, (_, i) => i + 1))
      expect(mean).toBeCloseTo((n + 1) / 2, 12)
      expect(deviation).toBeCloseTo(Math.sqrt((n * (n + 1)) / 12), 12)
      expect(counted).toBe(n)
    }
  })

  test('of two values: half their distance times √2', () => {
    expect(moments([3, 7]).deviation).toBeCloseTo(2 * Math.SQRT2, 12)
  })

  test('a large common part does not swallow the deviation', () => {
    expect(moments([1e9 + 1, 1e9 + 2, 1e9 + 3]).deviation).toBeCloseTo(1, 9)
  })

  test('one value has no deviation, none has no mean', () => {
    expect(moments([4])).toEqual({ mean: 4, deviation: NaN, n: 1 })
    expect(moments([])).toEqual({ mean: NaN, deviation: NaN, n: 0 })
  })

  test('what is not finite does not count', () => {
    expect(moments(Float64Array.of(1, NaN, 3, Infinity))).toEqual({ mean: 2, deviation: Math.SQRT2, n: 2 })
  })

  test('of several places, each with the seeds that have it', () => {
    const runs = [[1, 2, 3], [3, 4], [5]]
    const places = momentsAt(3, (i) => runs.map((run) => run[i] ?? NaN))
    expect(places.map(({ mean, n }) => [mean, n])).toEqual([[3, 3], [3, 2], [3, 1]])
    expect(mostSeeds(places)).toBe(3)
    expect(spreadName(places)).toBe('mean ± s.d. of 3 seeds')
  })

  test('root mean square of 3 and 4 is √12.5', () => {
    expect(rootMeanSquare([3, -4, NaN])).toBeCloseTo(Math.sqrt(12.5), 12)
  })
})

describe('the band', () => {
  const place = (mean: number, deviation: number) => ({ mean, deviation, n: Number.isNaN(deviation) ? 1 : 3 })

  test('runs along the upper edge and back along the lower one', () => {
    const { x, y } = bandTrace({ x: [0, 1], places: [place(5, 1), place(6, 2)], colour: '#0072b2' })
    expect(x).toEqual([0, 1, 1, 0])
    expect(y).toEqual([6, 8, 4, 4])
  })

  test('leaves out places of one seed: a gap between polygons', () => {
    const { x } = bandTrace({ x: [0, 1, 2], places: [place(1, 1), place(1, NaN), place(1, 1)], colour: '#0072b2' })
    expect(x).toEqual([0, 0, null, 2, 2])
  })

  test('of one seed is empty', () => {
    expect(bandTrace({ x: [0, 1], places: [place(1, NaN), place(2, NaN)], colour: '#0072b2' }).x).toEqual([])
  })

  test('stays positive on a logarithmic axis', () => {
    expect(bandTrace({ x: [0], places: [place(1, 3)], colour: '#0072b2', scale: 'log' }).y).toEqual([4, 0.1])
  })

  test('bars end where a logarithmic axis does', () => {
    const bars = spreadBars([place(1, 3), place(4, 1), place(2, NaN)], '#000000', 'log')
    expect(bars).toMatchObject({ array: [3, 1, null], arrayminus: [null, 1, null] })
  })

  test('is a translucent variant of the curve\'s colour', () => {
    expect(translucent('#0072b2', 0.22)).toBe('rgba(0, 114, 178, 0.22)')
  })
})

test.each([
  [0.99891, 0.00031, '0.9989 ± 0.0003'],
  [12.345, 0.16, '12.35 ± 0.16'],
  [12345.6, 321, '12,346 ± 321'],
  [-0.5, 0.02, '−0.50 ± 0.02'],
  [1.234e-5, 4e-7, '(1.23 ± 0.04) × 10⁻⁵'],
  [2e-5, 3e-5, '(2 ± 3) × 10⁻⁵'],
  [3, 0, '3.00 ± 0'],
  [0.2, 3e-17, '0.200 ± 0'],
  [3, NaN, '3.00'],
  [NaN, NaN, '–'],
])('%d with deviation %d reads %s', (mean, deviation, words) => {
  expect(formatSpread({ mean, deviation })).toBe(words)
})

test('shares read as percentages', () => {
  expect(formatShareSpread({ mean: 0.9612, deviation: 0.0021 })).toBe('96.1 ± 0.2 %')
  expect(formatShareSpread({ mean: 0.9612, deviation: NaN })).toBe('96.1 %')
})

test('extent looks at finite values only, and at any number of them', () => {
  expect(extent([3, NaN, -2, Infinity])).toEqual([-2, 3])
  expect(extent([])).toEqual([Infinity, -Infinity])
  expect(extent(new Float64Array(300000).fill(1))).toEqual([1, 1])
})
