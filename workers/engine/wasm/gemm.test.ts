import { describe, expect, test } from 'vitest'
import type { Tensor } from '../tensor.ts'
import { numbers, TestBench, type Rows } from './test-bench.ts'

const { fround } = Math

/** The defining loop in float32: products rounded, then added in order. Continues from `sum`. */
function dot(a: Rows, b: Rows, i: number, j: number, k: number, transposeA: boolean, transposeB: boolean, sum = 0): number {
  for (let l = 0; l < k; l++) {
    const x = a.values[transposeA ? a.start(l) + i : a.start(i) + l]
    const y = b.values[transposeB ? b.start(j) + l : b.start(l) + j]
    sum = fround(sum + fround(x * y))
  }
  return sum
}

function matrix(m: number, n: number, element: (i: number, j: number) => number): Float32Array {
  return Float32Array.from({ length: m * n }, (_, at) => element(Math.floor(at / n), at % n))
}

/** 1, around the tile (4×8), around the strip (64) and the block of k (192), and primes. */
const SIZES = [
  [1, 1, 1],
  [3, 5, 7],
  [4, 8, 8],
  [5, 9, 9],
  [2, 3, 4],
  [13, 31, 12],
  [63, 17, 5],
  [65, 193, 13],
  [7, 385, 16],
  [67, 400, 50],
] as const

const PLACES = ['fixed', 'cursor', 'gathered'] as const
const FLAGS = [false, true] as const
const CURSOR = 2

/** A factor of [rows, cols] at one kind of place, seen from CURSOR. */
function factor(bench: TestBench, place: (typeof PLACES)[number], rows: number, cols: number, seed: number): { tensor: Tensor; rows: Rows } {
  const values = numbers((rows + CURSOR) * cols, seed)
  const buffer = bench.buffer(values)
  if (place === 'gathered') {
    const order = Array.from({ length: rows + CURSOR }, (_, i) => (i * 7 + seed) % (rows + CURSOR))
    const tensor = { ...bench.ops.gatheredRows(buffer, bench.indices(order), cols), shape: [rows, cols] }
    return { tensor, rows: { values, cols, start: (r) => order[CURSOR + r] * cols } }
  }
  const skipped = place === 'cursor' ? CURSOR : 0
  const tensor = place === 'fixed' ? bench.ops.fixed(buffer, 0, [rows, cols]) : { ...bench.ops.sampleRows(buffer, [cols]), shape: [rows, cols] }
  return { tensor, rows: { values, cols, start: (r) => (skipped + r) * cols } }
}

/** Zeros of both signs lie in runs, as in images, so that whole panels are zero somewhere. */
function zeroRich(bench: TestBench, rows: number, cols: number, share: number): { tensor: Tensor; rows: Rows } {
  const values = numbers(rows * cols, 1).map((value, at) => ((Math.floor(at / 11) * 37) % 100 < 100 * share ? 0 * value : value))
  return { tensor: bench.fixed([rows, cols], values), rows: { values, cols, start: (r) => r * cols } }
}

describe('matrix product', () => {
  for (const transposeA of FLAGS) {
    for (const transposeB of FLAGS) {
      for (const placeA of PLACES) {
        for (const placeB of PLACES) {
          const name = `${placeA}${transposeA ? 'ᵀ' : ''}·${placeB}${transposeB ? 'ᵀ' : ''}`
          test(`${name} equals the sequential float32 sum to the bit at every size`, async () => {
            for (const [m, k, n] of SIZES) {
              const bench = await TestBench.open()
              const a = transposeA ? factor(bench, placeA, k, m, 1) : factor(bench, placeA, m, k, 1)
              const b = transposeB ? factor(bench, placeB, n, k, 2) : factor(bench, placeB, k, n, 2)
              const out = bench.empty([m, n])
              bench.ops.store(bench.ops.matmul(a.tensor, b.tensor, { transposeA, transposeB }), out, 'assign')
              await bench.run({ cursor: CURSOR })
              const expected = matrix(m, n, (i, j) => dot(a.rows, b.rows, i, j, k, transposeA, transposeB))
              expect(await bench.values(out)).toEqual(expected)
            }
          })
        }
      }
    }
  }

  describe.each([0, 0.3, 0.9, 1])('with a share %d of zeros left out', (share) => {
    for (const transposeA of FLAGS) {
      for (const transposeB of FLAGS) {
        test(`${transposeA ? 'aᵀ' : 'a'}·${transposeB ? 'bᵀ' : 'b'} has the bits of the sum over all`, async () => {
          for (const [m, k, n] of SIZES) {
            const bench = await TestBench.open()
            const a = transposeA ? zeroRich(bench, k, m, share) : zeroRich(bench, m, k, share)
            const b = transposeB ? factor(bench, 'cursor', n, k, 2) : factor(bench, 'cursor', k, n, 2)
            const out = bench.empty([m, n])
            bench.ops.store(bench.ops.matmul(a.tensor, b.tensor, { transposeA, transposeB, hasZeros: true }), out, 'assign')
            await bench.run({ cursor: CURSOR })
            expect(await bench.values(out)).toEqual(matrix(m, n, (i, j) => dot(a.rows, b.rows, i, j, k, transposeA, transposeB)))
          }
        })
      }
    }
  })

  test('terms are added in order, then bias, ReLU and mask', async () => {
    const [m, n] = [9, 21]
    const bench = await TestBench.open()
    const [a, b, c, d] = [factor(bench, 'fixed', m, 250, 1), factor(bench, 'fixed', 250, n, 2), factor(bench, 'fixed', 6, m, 3), factor(bench, 'fixed', n, 6, 4)]
    const [bias, mask] = [numbers(n, 5), numbers(m * n, 6)]
    const out = bench.empty([m, n])
    const { ops } = bench
    const sum = ops.add(ops.matmul(a.tensor, b.tensor), ops.matmul(c.tensor, d.tensor, { transposeA: true, transposeB: true }))
    const shaped = ops.relu(ops.addBias(sum, bench.fixed([n], bias)))
    ops.store(ops.maskPositive(shaped, bench.fixed([m, n], mask)), out, 'assign')
    await bench.run()
    const expected = matrix(m, n, (i, j) => {
      const total = dot(c.rows, d.rows, i, j, 6, true, true, dot(a.rows, b.rows, i, j, 250, false, false))
      return mask[i * n + j] > 0 ? Math.max(fround(total + bias[j]), 0) : 0
    })
    expect(await bench.values(out)).toEqual(expected)
  })

  test('accumulates onto what is there, and leaves its neighbours alone', async () => {
    const bench = await TestBench.open()
    const [a, b] = [factor(bench, 'fixed', 5, 4, 1), factor(bench, 'fixed', 4, 3, 2)]
    const before = numbers(5 * 3 + 8, 3)
    const buffer = bench.buffer(before)
    bench.ops.store(bench.ops.matmul(a.tensor, b.tensor), bench.ops.fixed(buffer, 4, [5, 3]), 'accumulate')
    await bench.run()
    const product = matrix(5, 3, (i, j) => dot(a.rows, b.rows, i, j, 4, false, false))
    const expected = before.map((value, at) => (at < 4 || at >= 19 ? value : fround(value + product[at - 4])))
    expect(await bench.engine.read(buffer)).toEqual(expected)
  })

  test.each([true, false])('takes the SGD step of Eq. 2.5 to the bit, with momentum %s', async (withMomentum) => {
    const [m, k, n] = [6, 9, 11]
    const bench = await TestBench.open()
    const [a, b] = [factor(bench, 'fixed', k, m, 1), factor(bench, 'fixed', k, n, 2)]
    const [w, v] = [numbers(m * n, 3), numbers(m * n, 4)]
    const [weights, velocity] = [bench.fixed([m, n], w), bench.fixed([m, n], v)]
    bench.ops.sgdUpdate(bench.ops.matmul(a.tensor, b.tensor, { transposeA: true }), weights, withMomentum ? velocity : null, true)
    await bench.run({ learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 })
    const [eta, beta, lambda] = [fround(0.1), fround(0.9), fround(0.01)]
    const gradient = matrix(m, n, (i, j) => dot(a.rows, b.rows, i, j, k, true, false))
    const descent = w.map((weight, at) => fround(eta * fround(gradient[at] + fround(2 * lambda * weight))))
    const step = withMomentum ? v.map((value, at) => fround(fround(beta * value) - descent[at])) : descent.map((value) => -value)
    expect(await bench.values(weights)).toEqual(w.map((weight, at) => fround(weight + step[at])))
    expect(await bench.values(velocity)).toEqual(withMomentum ? step : v)
  })

  test('a repeated row serves as left factor', async () => {
    const bench = await TestBench.open()
    const b = factor(bench, 'fixed', 6, 3, 2)
    const row = numbers(6, 1)
    const out = bench.empty([5, 3])
    bench.ops.store(bench.ops.matmul(bench.ops.broadcastRows(bench.fixed([6], row), 5), b.tensor), out, 'assign')
    await bench.run()
    const repeated: Rows = { values: row, cols: 6, start: () => 0 }
    expect(await bench.values(out)).toEqual(matrix(5, 3, (i, j) => dot(repeated, b.rows, i, j, 6, false, false)))
  })
})
