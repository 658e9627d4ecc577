import { describe, expect, test } from 'vitest'
import type { Recorder } from '../recorder.ts'
import type { Tensor } from '../tensor.ts'
import { numbers, TestBench } from './test-bench.ts'

const { fround } = Math

interface PointwiseCase {
  readonly name: string
  record(ops: Recorder, x: Tensor, y: Tensor, row: Tensor): Tensor
  value(x: number, y: number, row: number): number
}

const POINTWISE: readonly PointwiseCase[] = [
  { name: 'copy', record: (_, x) => x, value: (x) => x },
  { name: 'scale', record: (ops, x) => ops.scale(x, -0.3), value: (x) => fround(fround(-0.3) * x) },
  { name: 'relu', record: (ops, x) => ops.relu(x), value: (x) => Math.max(x, 0) },
  { name: 'add', record: (ops, x, y) => ops.add(x, y), value: (x, y) => fround(x + y) },
  { name: 'multiply', record: (ops, x, y) => ops.multiply(x, y), value: (x, y) => fround(x * y) },
  { name: 'maskPositive', record: (ops, x, y) => ops.maskPositive(x, y), value: (x, y) => (y > 0 ? x : 0) },
  { name: 'addBias', record: (ops, x, _, row) => ops.addBias(x, row), value: (x, _, row) => fround(x + row) },
]

const SHAPES = [
  [1, 1],
  [3, 5],
  [4, 8],
  [7, 13],
] as const

describe.each(POINTWISE)('$name', ({ record, value }) => {
  test.each(['assign', 'accumulate'] as const)('%s: exact at every width, neighbours untouched', async (mode) => {
    for (const [m, n] of SHAPES) {
      const bench = await TestBench.open()
      const [x, y, row, before] = [numbers(m * n, 1), numbers(m * n, 2), numbers(n, 3), numbers(m * n + 6, 4)]
      const buffer = bench.buffer(before)
      const result = record(bench.ops, bench.fixed([m, n], x), bench.fixed([m, n], y), bench.fixed([n], row))
      bench.ops.store(result, bench.ops.fixed(buffer, 3, [m, n]), mode)
      await bench.run()
      const expected = before.slice()
      for (let i = 0; i < m * n; i++) {
        const result = value(x[i], y[i], row[i % n])
        expected[3 + i] = mode === 'assign' ? result : fround(before[3 + i] + result)
      }
      expect(await bench.engine.read(buffer)).toEqual(expected)
    }
  })

  test('reads gathered rows', async () => {
    const bench = await TestBench.open(3)
    const order = [4, 0, 2]
    const [x, y, row] = [numbers(5 * 6, 1), numbers(3 * 6, 2), numbers(6, 3)]
    const gathered = bench.ops.gatheredRows(bench.buffer(x), bench.indices(order), 6)
    const out = bench.empty([3, 6])
    bench.ops.store(record(bench.ops, gathered, bench.fixed([3, 6], y), bench.fixed([6], row)), out, 'assign')
    await bench.run()
    const expected = y.map((other, i) => value(x[order[Math.floor(i / 6)] * 6 + (i % 6)], other, row[i % 6]))
    expect(await bench.values(out)).toEqual(expected)
  })
})

describe('column sum', () => {
  test.each([
    [1, 1],
    [5, 3],
    [9, 16],
    [33, 50],
  ])('of %i×%i adds rows in order', async (m, n) => {
    const bench = await TestBench.open()
    const x = numbers(m * n, 1)
    const out = bench.empty([1, n])
    bench.ops.store(bench.ops.columnSum(bench.fixed([m, n], x)), out, 'assign')
    await bench.run()
    const expected = new Float32Array(n)
    for (let i = 0; i < m * n; i++) expected[i % n] = fround(expected[i % n] + x[i])
    expect(await bench.values(out)).toEqual(expected)
  })
})

describe('SGD step of a tensor that no product makes', () => {
  test('updates weights and velocity, and spares a tensor that does not decay', async () => {
    const bench = await TestBench.open()
    const [g, w, v] = [numbers(7, 1), numbers(7, 2), numbers(7, 3)]
    const [weights, velocity] = [bench.fixed([7], w), bench.fixed([7], v)]
    bench.ops.sgdUpdate(bench.fixed([7], g), weights, velocity, false)
    await bench.run({ learningRate: 0.5, momentum: 0.25, weightDecay: 100 })
    const step = v.map((value, i) => fround(fround(0.25 * value) - fround(0.5 * g[i])))
    expect(await bench.values(velocity)).toEqual(step)
    expect(await bench.values(weights)).toEqual(w.map((weight, i) => fround(weight + step[i])))
  })
})

describe('not-a-number', () => {
  test.each(['relu', 'scale', 'add'])('passes through %s', async (name) => {
    const bench = await TestBench.open()
    const x = bench.fixed([5], Float32Array.of(1, NaN, -1, 2, 3))
    const out = bench.empty([5])
    const { ops } = bench
    ops.store(name === 'relu' ? ops.relu(x) : name === 'scale' ? ops.scale(x, 2) : ops.add(x, x), out, 'assign')
    await bench.run()
    expect((await bench.values(out))[1]).toBeNaN()
  })
})
