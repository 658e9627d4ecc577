import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binaryExponent, exp, log, powerOfTwo } from './deterministic-math.ts'

/** Distance in units of the last place of `b`. */
function ulps(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, Math.abs(b))
  bits.setBigUint64(0, bits.getBigUint64(0) + 1n)
  return Math.abs(a - b) / (bits.getFloat64(0) - Math.abs(b))
}

describe('log', () => {
  it('is exact at powers of two near one and at one', () => {
    expect(log(1)).toBe(0)
    expect(log(2)).toBe(Math.LN2)
    expect(log(0.5)).toBe(-Math.LN2)
    expect(log(Math.E)).toBe(1)
  })

  it('differs from the platform by at most one unit in the last place', () => {
    const positive = fc.double({ min: 5e-324, max: Number.MAX_VALUE, noNaN: true })
    fc.assert(fc.property(positive, (x) => ulps(log(x), Math.log(x)) <= 1.01), { numRuns: 20000, seed: 1 })
    const unit = fc.double({ min: 0.3, max: 3, noNaN: true })
    fc.assert(fc.property(unit, (x) => ulps(log(x), Math.log(x)) <= 1.01), { numRuns: 20000, seed: 2 })
  })

  it('has the limits of the logarithm', () => {
    expect([log(0), log(-1), log(Infinity), log(NaN)]).toEqual([-Infinity, NaN, Infinity, NaN])
  })

  it('reaches the smallest and the largest double', () => {
    expect(log(5e-324)).toBe(Math.log(5e-324))
    expect(log(Number.MAX_VALUE)).toBe(Math.log(Number.MAX_VALUE))
  })
})

describe('exp', () => {
  it('is exact at zero', () => {
    expect(exp(0)).toBe(1)
  })

  it('differs from the platform by at most one unit in the last place', () => {
    const range = fc.double({ min: -700, max: 709, noNaN: true })
    fc.assert(fc.property(range, (x) => ulps(exp(x), Math.exp(x)) <= 1.01), { numRuns: 20000, seed: 3 })
    const small = fc.double({ min: -2, max: 2, noNaN: true })
    fc.assert(fc.property(small, (x) => ulps(exp(x), Math.exp(x)) <= 1.01), { numRuns: 20000, seed: 4 })
  })

  it('has the limits of the exponential', () => {
    expect([exp(710), exp(-746), exp(Infinity), exp(-Infinity), exp(NaN)]).toEqual([Infinity, 0, Infinity, 0, NaN])
    expect(exp(-745.1)).toBe(5e-324)
  })

  it('inverts the logarithm', () => {
    const x = fc.double({ min: 1e-300, max: 1e300, noNaN: true })
    fc.assert(fc.property(x, (value) => Math.abs(exp(log(value)) / value - 1) < 2e-13), { numRuns: 2000, seed: 5 })
  })
})

describe('powers of two', () => {
  it('brackets every positive double', () => {
    const normal = fc.double({ min: 2.2250738585072014e-308, max: Number.MAX_VALUE, noNaN: true })
    fc.assert(
      fc.property(normal, (x) => {
        const ratio = x / powerOfTwo(binaryExponent(x))
        return ratio >= 1 && ratio < 2
      }),
      { numRuns: 5000, seed: 7 },
    )
    expect([binaryExponent(1), binaryExponent(0.75), binaryExponent(5e-324)]).toEqual([0, -1, -1074])
  })
})
