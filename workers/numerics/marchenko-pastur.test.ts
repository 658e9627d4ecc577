import { describe, expect, test } from 'vitest'
import { countOutliers, entryDeviation, marchenkoPasturDensity, marchenkoPasturEdges } from './marchenko-pastur.ts'
import { createRandom } from './random.ts'
import { svd } from './svd.ts'

/** ∫ρ over the bulk, substituting ν = mid + half·sin φ, which removes the square-root ends. */
function mass(rows: number, cols: number, deviation: number): number {
  const { lower, upper } = marchenkoPasturEdges(rows, cols, deviation)
  const [mid, half] = [(upper + lower) / 2, (upper - lower) / 2]
  const steps = 4000
  let sum = 0
  for (let i = 0; i < steps; i++) {
    const angle = -Math.PI / 2 + (Math.PI * (i + 0.5)) / steps
    sum += marchenkoPasturDensity(mid + half * Math.sin(angle), rows, cols, deviation) * half * Math.cos(angle)
  }
  return (sum * Math.PI) / steps
}

describe('Marchenko–Pastur law of singular values', () => {
  test.each([[800, 200, 0.1], [50, 50, 0.14], [10, 50, 1], [784, 50, 0.05]])('density of %i×%i entries of deviation %d integrates to one', (rows, cols, deviation) => {
    expect(mass(rows, cols, deviation)).toBeCloseTo(1, 5)
  })

  test('edges are s(√N ∓ √M) whichever side is longer', () => {
    expect(marchenkoPasturEdges(128, 64, Math.sqrt(2 / 192)).upper).toBeCloseTo(1.971, 3)
    expect(marchenkoPasturEdges(64, 128, 1)).toEqual(marchenkoPasturEdges(128, 64, 1))
  })

  test('a Gaussian matrix has no singular value well outside the edges, a planted spike is counted', () => {
    const random = createRandom(3, 'matrix')
    const matrix = Float64Array.from({ length: 300 * 100 }, () => random.normal())
    const { upper } = marchenkoPasturEdges(300, 100, entryDeviation(matrix))
    expect(countOutliers(svd(matrix, 300, 100).singularValues, 1.03 * upper)).toBe(0)
    for (let i = 0; i < 300; i++) for (let j = 0; j < 100; j++) matrix[i * 100 + j] += 0.5
    expect(countOutliers(svd(matrix, 300, 100).singularValues, 1.03 * upper)).toBe(1)
  })
})
