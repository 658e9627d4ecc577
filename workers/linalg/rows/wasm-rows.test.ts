import { describe, expect, test } from 'vitest'
import { lanczosEigenpairs } from '../../numerics/lanczos.ts'
import { lanczosTridiagonal } from '../../numerics/lanczos-process.ts'
import { fromMatrix } from '../../numerics/linear-operator.ts'
import { firstRows, plainRows, type LongRows, type OpenRows } from '../../numerics/long-rows.ts'
import { createRandom } from '../../numerics/random.ts'
import { restartedLanczos, restartedLanczosBytes } from '../../numerics/restarted/restarted-lanczos.ts'
import { stochasticLanczosQuadrature } from '../../numerics/slq/lanczos-quadrature.ts'
import { symmetricWithSpectrum } from '../../numerics/test-matrices.ts'
import { openWasmRows } from './wasm-rows.ts'

const SIZES = [1, 3, 4, 7, 511, 512, 513, 1030]
const COUNTS = firstRows(22)
const openRows = await openWasmRows(10_000, 1000)

/** Both kinds of store with the same numbers of all magnitudes in `count` rows. */
function filled(n: number, count: number, open: OpenRows = openRows): readonly [LongRows, LongRows] {
  const random = createRandom(n, `rows/${count}`)
  const stores = [plainRows(n), open(n)] as const
  for (const store of stores) store.reserve(count)
  for (let i = 0; i < count; i++) {
    const values = Float64Array.from({ length: n }, () => random.normal() * 2 ** (20 * random.normal()))
    for (const store of stores) store.row(i).set(values)
  }
  return stores
}

const bits = (values: Float64Array): BigUint64Array => new BigUint64Array(values.slice().buffer)

function expectSameBits(actual: Float64Array, expected: Float64Array): void {
  expect(bits(actual)).toEqual(bits(expected))
}

describe.each(SIZES)('rows of %i numbers in WebAssembly', (n) => {
  test.each(COUNTS)('give the bits of plain rows when %i of them are projected out', (count) => {
    const [plain, wasm] = filled(n, count + 1)
    expectSameBits(wasm.projectOut(firstRows(count), count), plain.projectOut(firstRows(count), count))
    expectSameBits(wasm.row(count), plain.row(count))
    expect(wasm.norm(count)).toBe(plain.norm(count))
  })

  test('give the bits of plain rows when one of them is scaled, and leave the others alone', () => {
    const [plain, wasm] = filled(n, 3)
    for (const store of [plain, wasm]) store.scale(1 / 3, 1)
    for (const i of [0, 1, 2]) expectSameBits(wasm.row(i), plain.row(i))
  })

  test.each(COUNTS)('give the bits of plain rows when %i of them are combined', (count) => {
    const [plain, wasm] = filled(n, count)
    const weights = [1, 2].map((seed) => Float64Array.from({ length: count }, (_, j) => Math.sin(seed + 3 * j)))
    const start = Math.floor(n / 3)
    const [expected, found] = [plain, wasm].map((store) => {
      const sums = weights.map(() => new Float64Array(n - start).fill(NaN))
      store.combine(firstRows(count), weights, start, sums)
      return sums
    })
    found.forEach((sum, t) => expectSameBits(sum, expected[t]))
  })
})

describe('a store in WebAssembly', () => {
  test('sums the rows that are listed, in the order of the list', () => {
    const [plain, wasm] = filled(700, 12)
    const list = [9, 2, 11, 0, 5, 7, 1, 10, 4]
    expectSameBits(wasm.projectOut(list, 8), plain.projectOut(list, 8))
    expectSameBits(wasm.row(8), plain.row(8))
    expectSameBits(wasm.row(3), plain.row(3))
  })

  test('sweeps rows that are longer than its stretches with the same bits', () => {
    const [plain, wasm] = filled(40_001, 7, openRows)
    expectSameBits(wasm.projectOut(firstRows(6), 6), plain.projectOut(firstRows(6), 6))
    expectSameBits(wasm.row(6), plain.row(6))
  })

  test('keeps the contents of its rows while it grows', () => {
    const store = openRows(50_000)
    store.reserve(1)
    store.row(0).fill(3)
    store.reserve(20)
    expect(store.row(0).every((value) => value === 3)).toBe(true)
    store.release()
  })

  test.each([1e-200, 1e200, NaN, Infinity, 0])('has norms without overflow for entries of %d', (value) => {
    for (const store of [plainRows(5), openRows(5)]) {
      store.reserve(1)
      store.row(0).fill(value)
      expect(store.norm(0)).toBe(value === 0 ? 0 : value * Math.sqrt(5))
    }
  })

  test('does not mix with another one that is open at the same time, nor see what is left of a released one', () => {
    const [first, second] = [openRows(9), openRows(9)]
    for (const store of [first, second]) store.reserve(2)
    first.row(0).fill(1)
    second.row(0).fill(2)
    expect(first.row(0)).toEqual(new Float64Array(9).fill(1))
    first.release()
    expect(() => first.row(0)).toThrow('released')
    expect(second.row(0)).toEqual(new Float64Array(9).fill(2))
  })

  test('refuses to outgrow 4 GB with a text that names need and limit', () => {
    const store = openRows(1e6)
    expect(() => store.reserve(1000)).toThrow(/1000 rows of 1000000 numbers need 80\d{8} bytes and a memory holds 4294967296/)
  })

  test('is one of plain rows where so many do not fit', async () => {
    expect(await openWasmRows(1e6, 1000)).toBe(plainRows)
  })
})

describe('with rows in WebAssembly the same bits come from', () => {
  const n = 203
  const spectrum = Array.from({ length: n }, (_, i) => (i < 12 ? 5 - Math.floor(i / 3) : 4 * Math.cos(i) - 1))
  const operator = fromMatrix(symmetricWithSpectrum(spectrum, createRandom(1, 'rows')), n)
  const random = () => createRandom(2, 'start')

  test('Lanczos with its vectors', async () => {
    const request = { largest: 6, smallest: 4, maxProducts: n, tolerance: 1e-10, trueResiduals: true }
    const plain = await lanczosEigenpairs(operator, { ...request, random: random() })
    expect(await lanczosEigenpairs(operator, { ...request, random: random(), openRows })).toEqual(plain)
    expect(plain.eigenvectors.byteLength).toBe(plain.eigenvectors.buffer.byteLength)
  })

  test('the recurrence with its basis', async () => {
    const plain = await lanczosTridiagonal(operator, { steps: n, random: random() })
    expect(await lanczosTridiagonal(operator, { steps: n, random: random(), rows: openRows(n) })).toEqual(plain)
  })

  test.each([1e9, restartedLanczosBytes(n, 30, 34)])('restarted Lanczos within %i bytes', async (memoryBytes) => {
    const request = { largest: 20, smallest: 10, maxProducts: 5000, tolerance: 1e-10, memoryBytes }
    const plain = await restartedLanczos(operator, { ...request, random: random() })
    expect(await restartedLanczos(operator, { ...request, random: random(), openRows })).toEqual(plain)
    expect(plain.outcome).toBe('converged')
  })

  test('the quadrature of a density', async () => {
    const request = { probes: 3, steps: 50 }
    const plain = await stochasticLanczosQuadrature(operator, { ...request, random: random() })
    expect(await stochasticLanczosQuadrature(operator, { ...request, random: random(), openRows })).toEqual(plain)
  })
})
