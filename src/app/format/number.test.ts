import { describe, expect, it } from 'vitest'
import { formatCount, formatNumber, formatSetting, formatShare } from './number.ts'

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [0.98765, '0.988'],
    [12.3456, '12.3'],
    [1234.5, '1,235'],
    [-0.5, '−0.5'],
    [1.234e-5, '1.23 × 10⁻⁵'],
    [-6.02e23, '−6.02 × 10²³'],
    [Infinity, '∞'],
  ])('writes %d as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text)
  })

  it('says that a value is not a number', () => {
    expect(formatNumber(NaN)).toBe('not a number')
  })
})

it('counts carry separators', () => {
  expect(formatCount(42310)).toBe('42,310')
})

it.each([[0.01, '0.01'], [0, '0'], [5e-7, '5e-7'], [1e-4, '0.0001']])('setting %d is written as %s', (value, text) => {
  expect(formatSetting(value)).toBe(text)
})

it('shares are per cent', () => {
  expect(formatShare(0.97123)).toBe('97.1 %')
  expect(formatShare(0.5, 0)).toBe('50 %')
})
