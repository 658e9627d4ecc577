import { describe, expect, it } from 'vitest'
import { inverseParticipationRatio, layerConcentration } from './localisation.ts'
import { diagonalSharpness, overlapMatrix, randomOverlap, weightProduct } from './overlap.ts'
import { createRandom } from './random.ts'
import { orthonormalRows } from './test-matrices.ts'
import { float64Space } from './vector-space.ts'

const random = createRandom(1, 'overlap')
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length

describe('overlapMatrix', () => {
  it('of an orthonormal set with itself is the identity', () => {
    const rows = orthonormalRows(7, 30, random)
    overlapMatrix(rows, rows, 30).forEach((value, at) => expect(Math.abs(value - (at % 8 === 0 ? 1 : 0))).toBeLessThan(1e-14))
  })

  it('has first rows down and second rows across, without signs', () => {
    const a = Float64Array.of(1, 0, 0, 1)
    const b = Float64Array.of(0.6, -0.8, 0, 1, -1, 0)
    expect([...overlapMatrix(a, b, 2)]).toEqual([0.6, 0, 1, 0.8, 1, 0])
  })

  it('squares of a row over a full basis sum to one', () => {
    const overlaps = overlapMatrix(orthonormalRows(3, 20, random), orthonormalRows(20, 20, random), 20)
    for (let i = 0; i < 3; i++) {
      expect(overlaps.slice(20 * i, 20 * i + 20).reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 13)
    }
  })

  it('rejects rows of another length', () => {
    expect(() => overlapMatrix(new Float64Array(6), new Float64Array(5), 3)).toThrow('5 entries of the second set')
  })
})

describe('random overlaps', () => {
  it('of simulated unit vectors have the stated mean, rms and quantile', () => {
    const n = 200
    const overlaps = overlapMatrix(orthonormalRows(40, n, random), orthonormalRows(100, n, random), n)
    const expected = randomOverlap(n)
    expect(mean(overlaps) / expected.mean).toBeCloseTo(1, 1)
    expect(Math.sqrt(mean(overlaps.map((value) => value * value))) / expected.rms).toBeCloseTo(1, 1)
    expect(Math.abs(mean(overlaps.map((value) => (value > expected.quantile95 ? 1 : 0))) - 0.05)).toBeLessThan(0.015)
  })

  it('rejects a dimension below one', () => {
    expect(() => randomOverlap(0)).toThrow('n=0')
  })
})

describe('diagonalSharpness', () => {
  it('is one for equal overlaps and n for the identity', () => {
    expect(diagonalSharpness(new Float64Array(60).fill(0.3), 6, 10, 2)).toBeCloseTo(1, 12)
    const identity = Float64Array.from({ length: 81 }, (_, at) => (at % 10 === 0 ? 1 : 0))
    expect(diagonalSharpness(identity, 9, 9, 0)).toBeCloseTo(9, 12)
    expect(diagonalSharpness(identity, 9, 9, 1)).toBeCloseTo((9 / 25) * 9, 12)
  })

  it('is NaN without overlaps, and rejects a wrong shape', () => {
    expect(diagonalSharpness(new Float64Array(4), 2, 2, 0)).toBeNaN()
    expect(() => diagonalSharpness(new Float64Array(5), 2, 2, 0)).toThrow('5 overlaps do not fill 2 x 2')
    expect(() => diagonalSharpness(new Float64Array(4), 2, 2, -1)).toThrow('halfWidth=-1')
  })
})

describe('weightProduct', () => {
  it('is the cosine with the weights, sign included', () => {
    const axes = Float64Array.of(1, 0, 0, 1)
    expect([...weightProduct(axes, Float64Array.of(-3, 4))]).toEqual([-0.6, 0.8])
  })

  it('over a full basis has unit sum of squares', () => {
    const products = weightProduct(orthonormalRows(25, 25, random), float64Space.random(25, random))
    expect(products.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 13)
  })

  it('rejects weights without direction', () => {
    expect(() => weightProduct(new Float64Array(4), new Float64Array(2))).toThrow('‖w‖=0')
    expect(() => weightProduct(new Float64Array(4), Float64Array.of(1, NaN))).toThrow('‖w‖=NaN')
  })
})

describe('localisation', () => {
  it('participation is 1 on one entry, 1/n spread evenly and about 3/n at random', () => {
    expect(inverseParticipationRatio(Float64Array.of(0, -1, 0))).toBe(1)
    expect(inverseParticipationRatio(new Float64Array(16).fill(0.25))).toBe(1 / 16)
    const n = 2000
    const rows = orthonormalRows(30, n, random)
    const ratios = Array.from({ length: 30 }, (_, i) => inverseParticipationRatio(rows.subarray(i * n, (i + 1) * n)))
    expect((mean(ratios) * n) / 3).toBeCloseTo(1, 1)
  })

  it('layer parts of a unit vector sum to one', () => {
    const ranges = [{ start: 0, end: 4 }, { start: 4, end: 5 }, { start: 5, end: 12 }]
    const parts = layerConcentration(orthonormalRows(1, 12, random), ranges)
    expect(parts.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 14)
    expect([...layerConcentration(Float64Array.of(0.6, 0.8), [{ start: 1, end: 2 }])]).toEqual([0.8 * 0.8])
  })

  it('rejects ranges outside the vector', () => {
    expect(() => layerConcentration(Float64Array.of(1), [{ start: 0, end: 2 }])).toThrow('range 0 to 2 leaves a vector of length 1')
  })
})
