import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deal, Ledger } from './ledger.ts'

describe('dealing', () => {
  test('every block is in one hand, hands are in order and differ by one block at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 9 }), (blocks, threads) => {
        const hands = deal(blocks, threads)
        const sizes = hands.map((hand) => hand.length)
        expect(hands.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: blocks }, (_, i) => i))
        for (const hand of hands) expect(hand).toEqual([...hand].sort((a, b) => a - b))
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
        expect(sizes[0]).toBe(Math.max(...sizes))
      }),
    )
  })
})

describe('ledger', () => {
  test('the main thread takes its own blocks first, from the front', () => {
    const ledger = new Ledger(deal(6, 2))
    const taken = [0, 1, 2].map(() => {
      const block = ledger.next(() => true)
      if (block !== null) ledger.tick(block)
      return block
    })
    expect(taken).toEqual([0, 2, 4])
  })

  test('then the last block of the helper with the longest way to go', () => {
    const ledger = new Ledger(deal(9, 3))
    for (const done of [0, 3, 6, 1]) ledger.tick(done)
    expect(ledger.next(() => true)).toBe(8)
  })

  test('a block that a helper is at is left to it; that of an absent helper is not', () => {
    const ledger = new Ledger(deal(4, 2))
    for (const done of [0, 1, 2]) ledger.tick(done)
    expect(ledger.next(() => true)).toBeNull()
    expect(ledger.next(() => false)).toBe(3)
  })

  test('a block counts once', () => {
    const ledger = new Ledger(deal(2, 2))
    expect([ledger.tick(1), ledger.tick(1), ledger.complete]).toEqual([true, false, false])
    ledger.tick(0)
    expect(ledger.complete).toBe(true)
  })

  test('with helpers of any speed every block gets done, and the main thread never idles while a block lies untouched', () => {
    const scenario = fc.record({ blocks: fc.integer({ min: 1, max: 60 }), speeds: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 7 }) })
    fc.assert(
      fc.property(scenario, ({ blocks, speeds }) => {
        const hands = deal(blocks, speeds.length + 1)
        const ledger = new Ledger(hands)
        const places = speeds.map(() => 0)
        const isAtWork = (hand: number) => speeds[hand - 1] > 0
        for (let tick = 0; !ledger.complete && tick < 10 * blocks; tick++) {
          const block = ledger.next(isAtWork)
          if (block !== null) expect(ledger.tick(block)).toBe(true)
          speeds.forEach((speed, helper) => {
            for (let i = 0; i < speed && places[helper] < hands[helper + 1].length; i++) ledger.tick(hands[helper + 1][places[helper]++])
          })
        }
        expect(ledger.complete).toBe(true)
      }),
    )
  })
})
