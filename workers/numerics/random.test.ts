import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from './random.ts'

const draws = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw)

describe('generator', () => {
  it('follows the xoshiro128** recurrence by hand from words 1, 2, 3, 4', () => {
    const random = createRandom(0, 'any')
    random.restore({ words: [1, 2, 3, 4], spareNormal: null })
    // rotl(2·5, 7)·9; then s1 = 2^3^1 = 0; then s1 = 0^(s2 = (3^1^(2<<9))^7 = 1029)
    expect(draws(4, () => random.uint32())).toEqual([11520, 0, 5927040, 70819200])
  })

  it('keeps its first draws for ever', () => {
    const random = createRandom(1, 'weights')
    expect(draws(4, () => random.uint32())).toMatchInlineSnapshot(`
      [
        3587361622,
        2499294664,
        2735460828,
        472849046,
      ]
    `)
    expect(draws(2, () => random.uniform())).toMatchInlineSnapshot(`
      [
        0.17742329179174687,
        0.8956556714416493,
      ]
    `)
    expect(draws(3, () => random.normal())).toMatchInlineSnapshot(`
      [
        -0.3800573760220376,
        0.2629208955726085,
        -0.5036645933711525,
      ]
    `)
    expect([...random.permutation(8)]).toMatchInlineSnapshot(`
      [
        1,
        7,
        4,
        0,
        3,
        6,
        5,
        2,
      ]
    `)
  })

  it('repeats for the same seed and stream, differs for another of either', () => {
    const first = (seed: number, stream: string): number[] => {
      const random = createRandom(seed, stream)
      return draws(4, () => random.uint32())
    }
    expect(first(5, 'a')).toEqual(first(5, 'a'))
    const others = [first(6, 'a'), first(5, 'b'), first(5 + 2 ** 32, 'a'), first(-5, 'a'), first(5, 'aa'), first(5, '')]
    for (const other of others) expect(other).not.toEqual(first(5, 'a'))
  })

  it('continues from a stored state, the pending normal included', () => {
    const random = createRandom(3, 'state')
    random.normal()
    const stored = structuredClone(random.state())
    const expected = draws(5, () => random.normal())
    const other = createRandom(99, 'other')
    other.restore(stored)
    expect(draws(5, () => other.normal())).toEqual(expected)
  })

  it('rejects seeds and states that it cannot use', () => {
    expect(() => createRandom(0.5, 'x')).toThrow('seed=0.5')
    expect(() => createRandom(Infinity, 'x')).toThrow('seed=Infinity')
    expect(() => createRandom(1, 'x').restore({ words: [0, 0, 0, 0], spareNormal: null })).toThrow('non-zero')
    for (const n of [0, -1, 1.5, NaN, 2 ** 32 + 1]) expect(() => createRandom(1, 'x').integer(n)).toThrow(`integer(${n})`)
  })
})

describe('distributions', () => {
  const count = 100_000
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

  it('uniform has mean 1/2, variance 1/12 and stays in [0, 1)', () => {
    const random = createRandom(11, 'uniform')
    const values = draws(count, () => random.uniform())
    expect(Math.min(...values.slice(0, 5000))).toBeGreaterThanOrEqual(0)
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true)
    expect(Math.abs(mean(values) - 0.5)).toBeLessThan(4 / Math.sqrt(12 * count))
    expect(Math.abs(mean(values.map((value) => (value - 0.5) ** 2)) - 1 / 12)).toBeLessThan(0.001)
  })

  it('normal has the first four moments of a standard normal', () => {
    const random = createRandom(12, 'normal')
    const values = draws(count, () => random.normal())
    expect(Math.abs(mean(values))).toBeLessThan(4 / Math.sqrt(count))
    expect(Math.abs(mean(values.map((value) => value ** 2)) - 1)).toBeLessThan(4 * Math.sqrt(2 / count))
    expect(Math.abs(mean(values.map((value) => value ** 3)))).toBeLessThan(4 * Math.sqrt(15 / count))
    expect(Math.abs(mean(values.map((value) => value ** 4)) - 3)).toBeLessThan(4 * Math.sqrt(96 / count))
  })

  it('uniformBetween fills its interval', () => {
    const random = createRandom(13, 'between')
    const values = draws(1000, () => random.uniformBetween(-3, 5))
    expect(values.every((value) => value >= -3 && value < 5)).toBe(true)
    expect(Math.abs(mean(values) - 1)).toBeLessThan(0.35)
  })

  it('integer hits every value about equally often', () => {
    const random = createRandom(14, 'integer')
    const counts = new Array<number>(7).fill(0)
    for (let i = 0; i < 70_000; i++) counts[random.integer(7)] += 1
    for (const hits of counts) expect(Math.abs(hits - 10_000)).toBeLessThan(400)
  })

  it('permutation holds every index once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.integer(), (n, seed) => {
        const order = createRandom(seed, 'order').permutation(n)
        return [...order].sort((a, b) => a - b).every((value, index) => value === index) && order.length === n
      }),
      { numRuns: 200, seed: 6 },
    )
  })

  it('permutation puts every index in every place about equally often', () => {
    const random = createRandom(15, 'order')
    const counts = new Float64Array(16)
    for (let i = 0; i < 8000; i++) random.permutation(4).forEach((value, place) => (counts[4 * place + value] += 1))
    for (const hits of counts) expect(Math.abs(hits - 2000)).toBeLessThan(200)
  })
})
