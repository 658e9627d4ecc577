import { describe, expect, it } from 'vitest'
import { marchenkoPasturDensity, marchenkoPasturEdges } from '../marchenko-pastur.ts'
import { createRandom } from '../random.ts'
import { arctangent } from './arctangent.ts'
import { kolmogorovDistance } from './kolmogorov-smirnov.ts'
import { marchenkoPasturCdf, marchenkoPasturQuantile } from './marchenko-pastur-cdf.ts'
import { gaussianSingularValues } from './random-spectra.ts'

describe('arctangent', () => {
  it('equals Math.atan to a few last digits', () => {
    for (let x = -20; x <= 20; x += 0.037) expect(Math.abs(arctangent(x) - Math.atan(x))).toBeLessThan(4e-16 * Math.abs(Math.atan(x)) + 1e-16)
    expect([arctangent(0), arctangent(1), arctangent(Infinity), arctangent(-Infinity)]).toEqual([0, Math.PI / 4, Math.PI / 2, -Math.PI / 2])
    expect(arctangent(1e-200)).toBe(1e-200)
  })
})

describe('Marchenko–Pastur distribution function', () => {
  it.each([[128, 64, 0.1], [64, 128, 0.1], [50, 50, 1], [784, 50, 0.05], [1000, 3, 2], [101, 100, 1], [7, 1, 1]])(
    'of %i x %i entries with deviation %f is the integral of the density and ends at one',
    (rows, columns, sd) => {
      const { lower, upper } = marchenkoPasturEdges(rows, columns, sd)
      const points = 20_000
      let sum = 0
      let worst = 0
      for (let i = 0; i < points; i++) {
        const at = (angle: number): number => lower + ((upper - lower) * (1 - Math.cos(angle))) / 2
        const angle = (Math.PI * (i + 0.5)) / points
        sum += marchenkoPasturDensity(at(angle), rows, columns, sd) * ((upper - lower) / 2) * Math.sin(angle) * (Math.PI / points)
        worst = Math.max(worst, Math.abs(sum - marchenkoPasturCdf(at((Math.PI * (i + 1)) / points), rows, columns, sd)))
      }
      expect(sum).toBeCloseTo(1, 5)
      expect(worst).toBeLessThan(1e-5)
      expect(marchenkoPasturCdf(upper * (1 - 1e-12), rows, columns, sd)).toBeCloseTo(1, 9)
    },
  )

  it('is zero below and one above the bulk, and the same for the transpose', () => {
    expect([-1, 0, 3, 3.1].map((nu) => marchenkoPasturCdf(nu, 4, 1, 1))).toEqual([0, 0, 1, 1])
    expect(marchenkoPasturCdf(1, 9, 4, 0.5)).toBe(marchenkoPasturCdf(1, 4, 9, 0.5))
    expect(marchenkoPasturCdf(NaN, 9, 4, 0.5)).toBeNaN()
  })

  it('has the quarter circle’s quantiles for a square matrix', () => {
    // Quarter circle of radius 2√M: F(ν) = (2/π)(x√(1 − x²) + asin x), x = ν/(2√M).
    for (const x of [0.1, 0.5, 0.9]) {
      expect(marchenkoPasturCdf(2 * 6 * x, 36, 36, 1)).toBeCloseTo((2 / Math.PI) * (x * Math.sqrt(1 - x * x) + Math.asin(x)), 13)
    }
  })

  it('is undone by its quantile', () => {
    for (const share of [0.01, 0.25, 0.5, 0.99]) {
      expect(marchenkoPasturCdf(marchenkoPasturQuantile(share, 30, 20, 0.7), 30, 20, 0.7)).toBeCloseTo(share, 12)
    }
    expect(() => marchenkoPasturQuantile(2, 3, 3, 1)).toThrow('share=2')
  })

  it('fits random matrices much closer than independent values would', () => {
    const values = gaussianSingularValues(400, 200, createRandom(1, 'matrix')).reverse()
    expect(kolmogorovDistance(values, (nu) => marchenkoPasturCdf(nu, 400, 200, 1))).toBeLessThan(0.02)
  })
})
