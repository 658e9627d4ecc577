import { describe, expect, test } from 'vitest'
import { MEMORY_LIMIT, parallelLimit, workerBytes } from './replica-limits.ts'

describe('how many further seeds run at once', () => {
  test('one core is left to the page, at least one worker is used, and none is idle', () => {
    expect([1, 2, 4, 16].map((cores) => parallelLimit(4, cores, 1e6).workers)).toEqual([1, 1, 3, 4])
  })

  test('all workers together stay below the memory limit, which is said', () => {
    const { workers, notice } = parallelLimit(15, 16, 300e6)
    expect((workers + 1) * 300e6).toBeLessThanOrEqual(MEMORY_LIMIT)
    expect((workers + 2) * 300e6).toBeGreaterThan(MEMORY_LIMIT)
    expect(notice?.message).toBe('Each seed needs about 300 MB: 5 further seeds run at a time instead of 15.')
  })

  test('one runs even where it alone is beyond the limit', () => {
    expect(parallelLimit(3, 8, 5e9)).toMatchObject({ workers: 1, notice: { message: 'Each seed needs about 5000 MB: one further seed runs at a time instead of 3.' } })
  })

  test('nothing is said when the processor decides', () => {
    expect(parallelLimit(3, 2, 300e6).notice).toBeNull()
  })
})

test('a worker holds every image as bytes and as float32, and what the stages keep', () => {
  const empty = workerBytes({ samples: 0, features: 784, stageBytes: 0 })
  expect(workerBytes({ samples: 70000, features: 784, stageBytes: 1e6 }) - empty).toBe(70000 * 784 * 5 + 1e6)
})
