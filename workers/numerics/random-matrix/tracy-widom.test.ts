import { describe, expect, it } from 'vitest'
import { createRandom } from '../random.ts'
import { gaussianSingularValues } from './random-spectra.ts'
import { edgeFluctuation, tracyWidomQuantile, tracyWidomTail } from './tracy-widom.ts'

describe('Tracy–Widom law F₁', () => {
  it.each([[-3.8954, 0.01], [-3.1804, 0.05], [-2.7824, 0.1], [-1.9104, 0.3], [-1.2686, 0.5], [-0.5923, 0.7], [0.4501, 0.9], [0.9793, 0.95], [2.0234, 0.99]])(
    'has F₁(%f) = %f, as published',
    (s, probability) => {
      expect(1 - tracyWidomTail(s)).toBeCloseTo(probability, 4)
      expect(Math.abs(tracyWidomQuantile(probability) - s)).toBeLessThan(3e-4)
    },
  )

  it('has the published mean −1.20653 and variance 1.60778', () => {
    const step = 0.01
    let [mean, square] = [0, 0]
    for (let s = -9; s < 9; s += step) {
      const mass = tracyWidomTail(s) - tracyWidomTail(s + step)
      mean += (s + step / 2) * mass
      square += (s + step / 2) ** 2 * mass
    }
    expect(mean).toBeCloseTo(-1.2065335745820, 4)
    expect(square - mean * mean).toBeCloseTo(1.607781034581, 3)
  })

  it('falls everywhere, without a step where its tables meet', () => {
    for (let s = -12; s < 12; s += 0.01) expect(tracyWidomTail(s + 0.01)).toBeLessThanOrEqual(tracyWidomTail(s))
    expect(tracyWidomTail(-1.25 - 1e-9)).toBeCloseTo(tracyWidomTail(-1.25), 5)
    expect([tracyWidomTail(-1000), tracyWidomTail(1000)]).toEqual([1, 0])
    expect(() => tracyWidomQuantile(1)).toThrow('probability=1')
  })
})

describe('fluctuation of the edge', () => {
  it.each([[128, 64], [50, 50], [30, 200]])('of %i x %i random matrices has its quantiles', (rows, columns) => {
    const { median, quantile95, quantile99 } = edgeFluctuation(rows, columns, 0.5)
    const random = createRandom(rows, 'edge')
    const largest = Array.from({ length: 600 }, () => 0.5 * gaussianSingularValues(rows, columns, random)[0])
    const above = (bound: number): number => largest.filter((value) => value > bound).length / 600
    expect(Math.abs(above(median) - 0.5)).toBeLessThan(0.07)
    expect(Math.abs(above(quantile95) - 0.05)).toBeLessThan(0.03)
    expect(above(quantile99)).toBeLessThan(0.03)
  })

  it('gives the quantiles their probabilities', () => {
    const fluctuation = edgeFluctuation(40, 30, 2)
    const { quantile95, centre, scale } = fluctuation
    expect(tracyWidomTail((quantile95 * quantile95 - centre) / scale)).toBeCloseTo(0.05, 9)
  })

  it('is finite from two entries on and refused before', () => {
    expect(Object.values(edgeFluctuation(2, 1, 1)).every(Number.isFinite)).toBe(true)
    expect(() => edgeFluctuation(1, 1, 1)).toThrow('1 x 1 matrix has no edge')
    expect(() => edgeFluctuation(3, 3, 0)).toThrow('sd=0')
  })
})
