import { describe, expect, it } from 'vitest'
import { countOutliers, entryDeviation, marchenkoPasturDensity, marchenkoPasturEdge, marchenkoPasturEdges } from './marchenko-pastur.ts'
import { createRandom } from './random.ts'
import { svd } from './svd.ts'

/** ∫ f ρ over [ν₋, upTo], midpoint rule after ν = ν₋ + (ν₊ − ν₋)(1 − cos φ)/2, which smooths both edges. */
function integral(rows: number, columns: number, sd: number, weight: (nu: number) => number, upTo = Infinity): number {
  const { lower, upper } = marchenkoPasturEdges(rows, columns, sd)
  const points = 4000
  let sum = 0
  for (let i = 0; i < points; i++) {
    const angle = (Math.PI * (i + 0.5)) / points
    const nu = lower + ((upper - lower) * (1 - Math.cos(angle))) / 2
    const width = ((upper - lower) / 2) * Math.sin(angle) * (Math.PI / points)
    if (nu <= upTo) sum += weight(nu) * marchenkoPasturDensity(nu, rows, columns, sd) * width
  }
  return sum
}

describe('Marchenko–Pastur density', () => {
  it.each([[128, 64, 0.1], [64, 128, 0.1], [50, 50, 1], [50, 10, 0.3], [784, 50, 0.05], [25, 300, 2]])(
    'of %i x %i entries with deviation %f integrates to one, with mean square s² N',
    (rows, columns, sd) => {
      expect(integral(rows, columns, sd, () => 1)).toBeCloseTo(1, 5)
      const meanSquare = integral(rows, columns, sd, (nu) => nu * nu)
      expect(meanSquare / (sd * sd * Math.max(rows, columns))).toBeCloseTo(1, 5)
    },
  )

  it('vanishes outside its edges and is the same for the transpose', () => {
    const { lower, upper } = marchenkoPasturEdges(40, 10, 0.5)
    for (const nu of [-1, 0, lower * 0.999, upper * 1.001]) expect(marchenkoPasturDensity(nu, 40, 10, 0.5)).toBe(0)
    expect(marchenkoPasturDensity(2, 40, 10, 0.5)).toBe(marchenkoPasturDensity(2, 10, 40, 0.5))
    expect(marchenkoPasturDensity(0, 20, 20, 1)).toBeCloseTo(marchenkoPasturDensity(1e-9, 20, 20, 1), 9)
  })

  it('has the quartiles of a random 200 x 100 matrix', () => {
    const random = createRandom(1, 'entries')
    const values = svd(Float64Array.from({ length: 20_000 }, () => 0.2 * random.normal()), 200, 100).singularValues
    for (const quartile of [0.25, 0.5, 0.75]) {
      const nu = values[Math.round((1 - quartile) * 100)]
      expect(Math.abs(integral(200, 100, 0.2, () => 1, nu) - quartile)).toBeLessThan(0.03)
    }
  })
})

describe('edge and outliers', () => {
  it('the Glorot edge of a 128 x 64 kernel is 1.971', () => {
    expect(marchenkoPasturEdge(128, 64, Math.sqrt(2 / 192))).toBeCloseTo(1.971, 3)
  })

  it('counts the planted directions of a random matrix', () => {
    const random = createRandom(2, 'planted')
    const kernel = Float64Array.from({ length: 100 * 50 }, () => 0.1 * random.normal())
    for (let i = 0; i < 100; i++) kernel[50 * i + 7] += 1
    const edge = marchenkoPasturEdge(100, 50, entryDeviation(kernel, { kind: 'initialiser', sd: 0.1 }))
    const { singularValues } = svd(kernel, 100, 50)
    expect(singularValues[0]).toBeGreaterThan(9)
    expect(countOutliers(singularValues, edge * 1.02)).toBe(1)
  })

  it('counts strictly above the edge', () => {
    expect(countOutliers([3, 2, 2, 1], 2)).toBe(1)
    expect(countOutliers([], 2)).toBe(0)
  })

  it('measures the deviation about the mean, or takes the one given', () => {
    const kernel = Float64Array.of(1, 3, 1, 3)
    expect(entryDeviation(kernel, { kind: 'entries' })).toBe(1)
    expect(entryDeviation(kernel, { kind: 'initialiser', sd: 0.25 })).toBe(0.25)
  })

  it('rejects impossible matrices and deviations', () => {
    expect(() => marchenkoPasturEdge(0, 5, 1)).toThrow('0 x 5 is not a matrix')
    expect(() => marchenkoPasturEdge(5, 5, 0)).toThrow('sd=0')
    expect(() => marchenkoPasturDensity(1, 5, 5, NaN)).toThrow('sd=NaN')
    expect(() => countOutliers([1], NaN)).toThrow('edge is NaN')
    expect(() => entryDeviation(new Float64Array(0), { kind: 'entries' })).toThrow('without entries')
  })
})
