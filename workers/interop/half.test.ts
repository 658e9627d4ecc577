import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { halfToNumber } from '../data/half.ts'
import { toHalf, writeSafetensorsHalf } from './half.ts'
import { readWeights } from './read-weights.ts'
import { testNetworks, testState } from './test-networks.ts'

const { network, settings } = testNetworks[4]

describe('half precision', () => {
  test('every finite pattern is its own nearest', () => {
    for (let pattern = 0; pattern < 0x10000; pattern++) {
      if ((pattern & 0x7c00) !== 0x7c00) expect(toHalf(halfToNumber(pattern))).toBe(pattern)
    }
  })

  test('no neighbour is nearer, and ties go to the even one', () => {
    const magnitude = fc.float({ noNaN: true, min: 0, max: 65504 })
    fc.assert(
      fc.property(magnitude, (value) => {
        const half = toHalf(value)
        const error = Math.abs(halfToNumber(half) - value)
        for (const neighbour of [half - 1, half + 1]) {
          if (neighbour < 0 || neighbour >= 0x7c00) continue
          const other = Math.abs(halfToNumber(neighbour) - value)
          expect(error < other || (error === other && (half & 1) === 0)).toBe(true)
        }
        expect(toHalf(-value)).toBe(half | 0x8000)
      }),
      { numRuns: 2000 },
    )
  })

  test('beyond the range comes infinity, and NaN stays', () => {
    expect([65519.99, 65520, 1e10, Infinity, -Infinity].map(toHalf)).toEqual([0x7bff, 0x7c00, 0x7c00, 0x7c00, 0xfc00])
    expect(halfToNumber(toHalf(NaN))).toBeNaN()
  })

  test('a file of halves reads back as the rounded numbers, and the rounding it tells is theirs', () => {
    const state = testState(network)
    const { bytes, rounding } = writeSafetensorsHalf(network, state)
    const back = readWeights([{ name: 'half.safetensors', bytes }], network, settings)
    expect(back).toEqual(state.map((value) => halfToNumber(toHalf(value))))
    const errors = Array.from(state, (value, i) => Math.abs(back[i] - value))
    expect(rounding.largest).toBe(Math.max(...errors))
    expect(rounding.relative).toBeCloseTo(Math.hypot(...errors) / Math.hypot(...state), 12)
    expect(rounding.relative).toBeLessThan(2 ** -11)
    expect(bytes.length).toBeLessThan(2 * state.length + 4000)
  })

  test('a number beyond the range is refused by name', () => {
    const state = testState(network)
    state[3] = 1e5
    expect(() => writeSafetensorsHalf(network, state)).toThrow(/conv_1\/kernel has 100000 at index 3/)
  })
})
