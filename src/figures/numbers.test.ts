import { describe, expect, it } from 'vitest'
import { counted, finiteOrNull, formatCount, formatNumber, formatR2, formatSetting, formatShare } from './numbers.ts'

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [12.345, '12.3'],
    [-0.5, '−0.500'],
    [0.00412, '0.00412'],
    [12345, '12,300'],
    [99999, '1.00 × 10⁵'],
    [0.000123456, '1.23 × 10⁻⁴'],
    [123456, '1.23 × 10⁵'],
    [-2.5e-12, '−2.50 × 10⁻¹²'],
    [9.9999, '10.0'],
    [0.00099999, '0.00100'],
    [NaN, '–'],
    [Infinity, '∞'],
    [-Infinity, '−∞'],
  ])('writes %d as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text)
  })

  it('keeps as many significant digits as asked for', () => {
    expect(formatNumber(7.2134, 4)).toBe('7.213')
    expect(formatNumber(0.0204, 2)).toBe('0.020')
  })
})

describe('other numbers', () => {
  it.each([
    [0.001, '0.001'],
    [0.01234, '0.01234'],
    [0.5, '0.5'],
    [1, '1'],
    [100, '100'],
    [0.0005, '5 × 10⁻⁴'],
    [1.5e-4, '1.5 × 10⁻⁴'],
  ])('a setting %d has no zeros after its last digit', (value, text) => {
    expect(formatSetting(value)).toBe(text)
  })

  it('counts, shares and R² have their own forms', () => {
    expect(formatCount(42310)).toBe('42,310')
    expect(formatShare(0.98234)).toBe('98.2 %')
    expect(formatR2(0.99987)).toBe('0.9999')
    expect(counted(1, 'value')).toBe('1 value')
    expect(counted(3, 'value')).toBe('3 values')
  })

  it('values that are not finite become gaps', () => {
    expect(finiteOrNull(Float64Array.of(1, NaN, Infinity, 2))).toEqual([1, null, null, 2])
  })
})
