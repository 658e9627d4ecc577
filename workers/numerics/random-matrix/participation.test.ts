import { describe, expect, it } from 'vitest'
import { inverseParticipationRatio, randomParticipation } from '../localisation.ts'
import { createRandom } from '../random.ts'
import { orthonormalRows } from '../test-matrices.ts'

describe('inverse participation ratio of random unit vectors', () => {
  it.each([2, 5, 50])('has the exact mean and deviation in %i dimensions', (n) => {
    const random = createRandom(n, 'participation')
    const ratios = Array.from({ length: 6000 }, () => inverseParticipationRatio(orthonormalRows(1, n, random)))
    const mean = ratios.reduce((sum, value) => sum + value, 0) / ratios.length
    const deviation = Math.sqrt(ratios.reduce((sum, value) => sum + (value - mean) ** 2, 0) / ratios.length)
    const expected = randomParticipation(n)
    expect(Math.abs(mean - expected.mean)).toBeLessThan((4 * expected.deviation) / Math.sqrt(6000))
    expect(Math.abs(deviation / expected.deviation - 1)).toBeLessThan(0.06)
  })

  it('is one in one dimension and 3/n in many', () => {
    expect(randomParticipation(1)).toEqual({ mean: 1, deviation: 0 })
    expect(randomParticipation(8192).mean * 8192).toBeCloseTo(3, 2)
    expect(() => randomParticipation(0)).toThrow('n=0')
  })
})
