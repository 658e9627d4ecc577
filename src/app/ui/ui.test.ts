import { expect, it } from 'vitest'
import { fromSlider, toSlider } from './log-scale.ts'
import { nudge, parseNumber } from './parse-number.ts'

const share = { min: 0, max: 1 }
const count = { min: 1, max: 60000, integer: true }

it.each([['0.05', 0.05], ['5e-4', 5e-4], [' 1 ', 1]])('"%s" is %d', (text, value) => {
  expect(parseNumber(text, share)).toEqual({ ok: true, value })
})

it.each([['10,000', 10000], ['10 000', 10000], ['60000', 60000]])('count "%s" is %d', (text, value) => {
  expect(parseNumber(text, count)).toEqual({ ok: true, value })
})

it.each([['', share], ['ten', share], ['1.5', count], ['0', count], ['60001', count]])('"%s" is refused', (text, range) => {
  expect(parseNumber(text, range).ok).toBe(false)
})

it('a bound is told as people read it, and an empty box asks for a number', () => {
  expect(parseNumber('60001', count)).toEqual({ ok: false, problem: 'At most 60,000.' })
  expect(parseNumber('0', { min: 1e-12, max: 0.1 })).toEqual({ ok: false, problem: 'At least 1e-12.' })
  expect(parseNumber(' ', share)).toEqual({ ok: false, problem: 'Type a number.' })
})

it('arrows step counts by one and scales along 1, 2, 5', () => {
  expect(nudge(10, 1, 'linear')).toBe(11)
  expect([nudge(0.01, 1, 'log'), nudge(0.02, 1, 'log'), nudge(0.05, 1, 'log')]).toEqual([0.02, 0.05, 0.1])
  expect([nudge(0.01, -1, 'log'), nudge(0.02, -1, 'log')]).toEqual([0.005, 0.01])
})

it('a slider place and its value belong together', () => {
  for (const place of [0, 37, 150, 299, 300]) {
    const value = fromSlider(place, 1e-4, 1)
    expect(Math.abs(toSlider(value, 1e-4, 1) - place)).toBeLessThanOrEqual(2)
  }
})
