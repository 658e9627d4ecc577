import { expect, test } from 'vitest'
import { clock, Pace } from './pace.ts'

test('before its first block a helper is due after a guess, then after as long as the block before took', () => {
  const pace = new Pace()
  pace.begin(100)
  expect(pace.due(7)).toBe(107)
  pace.finish(120)
  expect(pace.due(7)).toBe(140)
  pace.finish(125)
  expect(pace.due(7)).toBe(130)
})

test('a new round keeps the pace of the one before', () => {
  const pace = new Pace()
  pace.begin(100)
  pace.finish(120)
  pace.begin(500)
  expect(pace.due(7)).toBe(520)
})

test('the clock is that of the wall and runs on between milliseconds', async () => {
  const start = clock()
  expect(Math.abs(start - Date.now())).toBeLessThan(5000)
  await new Promise((resolve) => setTimeout(resolve, 2))
  expect(clock()).toBeGreaterThan(start)
})
