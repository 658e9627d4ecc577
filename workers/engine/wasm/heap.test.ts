import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Heap } from './heap.ts'

const BASE = 1000
const LIMIT = 100_000

/** Allocations of a size, and frees of the n-th live block. */
const script = fc.array(fc.oneof(fc.record({ bytes: fc.nat(9000) }), fc.record({ release: fc.nat(50) })), { maxLength: 120 })

describe('heap', () => {
  test('blocks are aligned, inside the range, padded and never overlap, whatever the order', () => {
    fc.assert(
      fc.property(script, (steps) => {
        const heap = new Heap(BASE, LIMIT)
        const live: { start: number; end: number }[] = []
        for (const step of steps) {
          if ('bytes' in step) {
            const start = heap.allocate(step.bytes)
            if (start === null) continue
            const block = { start, end: start + step.bytes + 32 }
            expect(start % 64).toBe(0)
            expect(start).toBeGreaterThanOrEqual(BASE)
            expect(block.end).toBeLessThanOrEqual(heap.top)
            expect(heap.top).toBeLessThanOrEqual(LIMIT)
            expect(live.every((other) => other.end <= block.start || block.end <= other.start)).toBe(true)
            live.push(block)
          } else if (live.length > 0) {
            const [block] = live.splice(step.release % live.length, 1)
            heap.free(block.start)
          }
        }
        for (const { start } of live) heap.free(start)
        expect(heap.top).toBe(new Heap(BASE, LIMIT).top)
      }),
    )
  })

  test('neighbouring holes merge into one that a larger block fits into', () => {
    const heap = new Heap(0, LIMIT)
    const blocks = [heap.allocate(1000), heap.allocate(1000), heap.allocate(1000)]
    heap.allocate(10)
    for (const block of [blocks[0], blocks[2], blocks[1]]) heap.free(block ?? NaN)
    expect(heap.allocate(3000)).toBe(blocks[0])
  })

  test('refuses what does not fit, and a block that is not live', () => {
    const heap = new Heap(0, 1000)
    expect(heap.allocate(1000)).toBeNull()
    const block = heap.allocate(100) ?? NaN
    heap.free(block)
    expect(() => heap.free(block)).toThrow(`no block starts at ${block}`)
  })
})
