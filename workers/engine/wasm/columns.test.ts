import { describe, expect, test } from 'vitest'
import { numbers, TestBench } from './test-bench.ts'

const { fround } = Math

const SHAPES = [
  [1, 1],
  [9, 3],
  [19, 6],
  [8, 16],
  [11, 37],
] as const

describe.each(SHAPES)('an affine map of %i×%i', (m, n) => {
  const [x, y, z] = [1, 2, 3].map((seed) => numbers(m * n, seed))
  const [a, b, shift] = [4, 5, 6].map((seed) => numbers(n, seed))

  test.each(['assign', 'accumulate'] as const)('of one, two and three terms: %s, to the bit, neighbours untouched', async (mode) => {
    for (const count of [1, 2, 3]) {
      const bench = await TestBench.open()
      const { ops } = bench
      const before = numbers(m * n + 6, 7)
      const buffer = bench.buffer(before)
      const terms = [{ x, factor: a }, { x: y, factor: b }, { x: z, factor: null }].slice(0, count)
      const tensors = terms.map((term) => ({ x: bench.fixed([m, n], term.x), factor: term.factor && bench.fixed([n], term.factor) }))
      ops.store(ops.relu(ops.columnAffine(tensors, bench.fixed([n], shift))), ops.fixed(buffer, 3, [m, n]), mode)
      await bench.run()
      const expected = before.map((old, at) => {
        const i = at - 3
        if (i < 0 || i >= m * n) return old
        const sum = terms.reduce((total: number | null, term) => {
          const product = fround(term.x[i] * (term.factor?.[i % n] ?? 1))
          return total === null ? product : fround(total + product)
        }, null)
        const value = Math.max(fround((sum ?? 0) + shift[i % n]), 0)
        return mode === 'assign' ? value : fround(old + value)
      })
      expect(await bench.engine.read(buffer)).toEqual(expected)
    }
  })

  test('of gathered rows, without shift, keeps the sign of zero and lets NaN through', async () => {
    const bench = await TestBench.open(m)
    const order = Array.from({ length: m }, (_, i) => (5 * i + 1) % m)
    const values = x.map((value, i) => (i === 0 ? NaN : i % 3 === 1 ? -0 : value))
    const out = bench.empty([m, n])
    const gathered = bench.ops.gatheredRows(bench.buffer(values), bench.indices(order), n)
    bench.ops.store(bench.ops.columnAffine([{ x: gathered, factor: null }], null), out, 'assign')
    await bench.run()
    expect(await bench.values(out)).toEqual(values.map((_, at) => values[order[Math.floor(at / n)] * n + (at % n)]))
  })
})

describe('column sums', () => {
  test.each([
    [5, 3],
    [64, 8],
    [700, 21],
  ])('of products with a shift, %i×%i: 64 rows in order, those sums in float64, then the factor', async (m, n) => {
    const bench = await TestBench.open()
    const { ops } = bench
    const [x, y, shift] = [numbers(m * n, 1), numbers(m * n, 2), numbers(n, 3)]
    const out = bench.empty([1, n])
    ops.store(ops.scale(ops.columnDot(bench.fixed([m, n], x), bench.fixed([m, n], y), bench.fixed([n], shift)), 0.3), out, 'assign')
    await bench.run()
    const expected = shift.map((by, j) => {
      let total = 0
      for (let from = 0; from < m; from += 64) {
        let sum = 0
        for (let r = from; r < Math.min(from + 64, m); r++) sum = fround(sum + fround(fround(x[r * n + j] + by) * y[r * n + j]))
        total += sum
      }
      return fround(fround(0.3) * fround(total))
    })
    expect(await bench.values(out)).toEqual(expected)
  })

  test('of plain rows join 8192 of them at a time', async () => {
    const [m, n] = [20_000, 21]
    const bench = await TestBench.open()
    const x = numbers(m * n, 1)
    const out = bench.empty([1, n])
    bench.ops.store(bench.ops.columnSum(bench.fixed([m, n], x)), out, 'assign')
    await bench.run()
    const expected = Float32Array.from({ length: n }, (_, j) => {
      let total = 0
      for (let from = 0; from < m; from += 8192) {
        let sum = 0
        for (let r = from; r < Math.min(from + 8192, m); r++) sum = fround(sum + x[r * n + j])
        total = fround(total + sum)
      }
      return total
    })
    expect(await bench.values(out)).toEqual(expected)
  })

  test('of a million equal rows, scaled, keep six digits', async () => {
    const bench = await TestBench.open()
    const out = bench.empty([1, 2])
    bench.ops.store(bench.ops.scale(bench.ops.columnSum(bench.fixed([1e6, 2], new Float32Array(2e6).fill(0.1))), 1e-6), out, 'assign')
    await bench.run()
    for (const mean of await bench.values(out)) expect(Math.abs(mean / 0.1 - 1)).toBeLessThan(1e-6)
  })
})

describe('a kernel turned by 180°', () => {
  test.each([
    [3, 2, 5, 7],
    [5, 5, 3, 6],
    [1, 1, 4, 4],
    [3, 3, 1, 9],
    [2, 2, 17, 3],
  ])('%i×%i, %i to %i channels: to the bit, neighbours untouched', async (height, width, inputs, filters) => {
    const bench = await TestBench.open()
    const { ops } = bench
    const size = height * width * inputs * filters
    const kernel = numbers(size, 1)
    const kept = bench.buffer(new Float32Array(size + 8).fill(7))
    const turned = ops.keep(ops.flipKernel(bench.fixed([height, width, inputs, filters], kernel)), ops.fixed(kept, 4, [height, width, filters, inputs]))
    ops.store(ops.columnSum(turned), bench.empty([1, inputs]), 'assign')
    await bench.run()
    const expected = new Float32Array(size + 8).fill(7)
    for (let at = 0; at < size; at++) {
      const [tap, filter, input] = [Math.floor(at / inputs / filters), Math.floor(at / inputs) % filters, at % inputs]
      expected[4 + at] = kernel[((height * width - 1 - tap) * inputs + input) * filters + filter]
    }
    expect(await bench.engine.read(kept)).toEqual(expected)
  })
})

describe('the squared norm', () => {
  test.each([1, 3, 4, 1003])('of %i numbers is that of float64, rounded once', async (length) => {
    const bench = await TestBench.open()
    const x = numbers(length, 1)
    const out = bench.empty([1, 1])
    bench.ops.store(bench.ops.squaredNorm(bench.fixed([1, length], x)), out, 'assign')
    await bench.run()
    const [norm] = await bench.values(out)
    const exact = x.reduce((sum, value) => sum + value * value, 0)
    expect(Math.abs(norm / exact - 1)).toBeLessThan(6e-8)
  })
})
