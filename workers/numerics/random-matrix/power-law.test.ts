import { describe, expect, it } from 'vitest'
import { exp, log } from '../deterministic-math.ts'
import type { Random } from '../random.ts'
import { createRandom } from '../random.ts'
import { fitHeavyTail } from './power-law.ts'
import { gaussianSingularValues } from './random-spectra.ts'

const powerLaw = (n: number, alpha: number, minimum: number, random: Random): Float64Array =>
  Float64Array.from({ length: n }, () => minimum * exp(-log(1 - random.uniform()) / (alpha - 1)))
const squares = (values: Float64Array): Float64Array => values.map((value) => value * value)

describe('tail of a sample', () => {
  it.each([2, 2.5, 3.5])('from a power law with exponent %f has it within three standard errors', (alpha) => {
    const { valid, reason, fit } = fitHeavyTail(powerLaw(1500, alpha, 0.3, createRandom(1, 'tail')))
    expect({ valid, reason }).toEqual({ valid: true, reason: null })
    expect(Math.abs((fit?.alpha ?? 0) - alpha)).toBeLessThan(3 * (fit?.standardError ?? 0))
    expect(fit?.distance).toBeLessThan(fit?.largestDistance ?? 0)
    expect(fit?.againstExponential.logRatio).toBeGreaterThan(0)
  })

  it('above a bulk starts beyond the bulk', () => {
    const random = createRandom(2, 'tail')
    const bulk = Float64Array.from({ length: 600 }, () => 2 * Math.sqrt(random.uniform()))
    const { valid, fit } = fitHeavyTail([...bulk, ...powerLaw(400, 2.5, 2, random)])
    expect(valid).toBe(true)
    expect(fit?.minimum).toBeGreaterThan(1.7)
    expect(Math.abs((fit?.alpha ?? 0) - 2.5)).toBeLessThan(0.4)
  })

  it('of a power law is called one in most small samples', () => {
    const random = createRandom(3, 'tail')
    const verdicts = Array.from({ length: 30 }, () => fitHeavyTail(powerLaw(100, 2.5, 1, random)).valid)
    expect(verdicts.filter(Boolean).length).toBeGreaterThanOrEqual(27)
  })

  it('does not depend on the unit', () => {
    const values = powerLaw(100, 2.5, 1, createRandom(4, 'tail'))
    const fit = fitHeavyTail(values).fit
    const scaled = fitHeavyTail(values.map((value) => value * 1e150)).fit
    expect(scaled?.tail).toBe(fit?.tail)
    expect((scaled?.alpha ?? 0) / (fit?.alpha ?? 1)).toBeCloseTo(1, 9)
  })
})

describe('what is not heavy-tailed', () => {
  it.each([[128, 64], [784, 50], [100, 100], [300, 256]])('the spectrum of a random %i x %i matrix is refused', (rows, columns) => {
    const random = createRandom(rows, 'matrix')
    for (let trial = 0; trial < 15; trial++) {
      const { valid, reason, fit } = fitHeavyTail(squares(gaussianSingularValues(rows, columns, random)))
      expect(valid).toBe(false)
      expect(reason).toBe('An exponential tail fits at least as well, so the tail is not heavy.')
      expect(Number.isFinite(fit?.alpha)).toBe(true)
    }
  })

  it('exponential values are mostly refused', () => {
    const random = createRandom(5, 'exponential')
    const verdicts = Array.from({ length: 30 }, () => fitHeavyTail(Float64Array.from({ length: 200 }, () => -log(1 - random.uniform()))).valid)
    expect(verdicts.filter(Boolean).length).toBeLessThan(5)
  })

  it('too steep a power law is refused by its exponent', () => {
    const { valid, reason, fit } = fitHeavyTail(powerLaw(4000, 12, 1, createRandom(6, 'steep')))
    expect(valid).toBe(false)
    expect(fit?.alpha).toBeGreaterThan(8)
    expect(reason).toMatch(/exponent 1\d\.\d\d lies outside 1.5 to 8|exponential tail/)
  })

  it('two clumps far apart are refused by their distance', () => {
    const clumps = Array.from({ length: 100 }, (_, i) => (i < 60 ? 1 + i * 1e-6 : 1000 + i * 1e-3))
    expect(fitHeavyTail(clumps).valid).toBe(false)
  })

  it('few values are refused by their number', () => {
    expect(fitHeavyTail(powerLaw(49, 2, 1, createRandom(7, 'few'))).reason).toBe('Only 49 eigenvalues lie above zero; a tail needs at least 50.')
    for (const few of [[], [1], [1, 2], [1, 2, 3]]) expect(fitHeavyTail(few)).toMatchObject({ valid: false, fit: null })
    expect(fitHeavyTail([...new Array<number>(80).fill(0), 5]).reason).toContain('Only 1 eigenvalues')
    expect(fitHeavyTail(new Array<number>(80).fill(3))).toMatchObject({ valid: false, fit: null, reason: expect.stringContaining('distinct') })
  })

  it('negative values and NaN throw', () => {
    expect(() => fitHeavyTail([1, -1])).toThrow('eigenvalue 1 is -1')
    expect(() => fitHeavyTail([NaN])).toThrow('eigenvalue 0 is NaN')
  })
})
