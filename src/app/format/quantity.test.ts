import { expect, it } from 'vitest'
import { formatBytes, formatDuration, formatEstimate, formatMilliseconds, formatSeconds, plural } from './quantity.ts'

it.each([
  [0.3, 'under a second'],
  [9.4, '9 s'],
  [75, '1 min 15 s'],
  [120, '2 min'],
  [3660, '1 h 1 min'],
  [NaN, 'an unknown time'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text)
})

it.each([[0, 'under 0.01 s'], [0.0049, 'under 0.01 s'], [0.0421, '0.04 s'], [12.34, '12.3 s'], [90, '1 min 30 s']])('measured %d seconds are %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text)
})

it.each([[512, '512 B'], [1500, '1.5 kB'], [12_300_000, '12 MB'], [2.5e9, '2.5 GB']])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

it('estimates say that they are', () => {
  expect([formatEstimate(0.2), formatEstimate(9)]).toEqual(['under a second', 'about 9 s'])
})

it('steps are told in milliseconds', () => {
  expect([0.312, 3.12, 31.2].map(formatMilliseconds)).toEqual(['0.31 ms', '3.1 ms', '31 ms'])
})

it('one is singular', () => {
  expect([plural(1, 'epoch'), plural(12, 'epoch')]).toEqual(['1 epoch', '12 epochs'])
})
