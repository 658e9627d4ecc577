import { describe, expect, it } from 'vitest'
import { tridiagonalEigen } from '../symmetric-eigen.ts'
import { orthonormalityError } from '../test-matrices.ts'
import { plainProduct } from './product.ts'
import type { ProductTask } from './product.ts'
import { TRIDIAGONALS } from './test-tridiagonals.ts'
import type { TestTridiagonal } from './test-tridiagonals.ts'
import { tridiagonalEigenvectors } from './tridiagonal-eigenvectors.ts'
import type { TridiagonalOptions } from './tridiagonal-eigenvectors.ts'

const EPSILON = 2 ** -52

interface Solved {
  readonly eigenvalues: Float64Array
  readonly rows: Float64Array
  readonly deflated: readonly number[]
}

async function solve({ diagonal, offDiagonal }: TestTridiagonal, options?: TridiagonalOptions): Promise<Solved> {
  const n = diagonal.length
  // What q and work held before must not matter.
  const rows = new Float64Array(n * n).fill(NaN)
  const { eigenvalues, deflated } = await tridiagonalEigenvectors(diagonal, offDiagonal, rows, new Float64Array(n * n).fill(NaN), options)
  return { eigenvalues, rows, deflated }
}

const largest = (values: Iterable<number>): number => {
  let size = 0
  for (const value of values) size = Math.max(size, Math.abs(value))
  return size
}

const sizeOf = ({ diagonal, offDiagonal }: TestTridiagonal): number => largest([largest(diagonal), largest(offDiagonal)])

/** Largest ‖T v − λ v‖ over ‖T‖, computed for entries scaled to about one. */
function residual(matrix: TestTridiagonal, { eigenvalues, rows }: Solved): number {
  const n = eigenvalues.length
  const size = sizeOf(matrix) || 1
  const d = matrix.diagonal.map((value) => value / size)
  const e = matrix.offDiagonal.map((value) => value / size)
  let worst = 0
  for (let q = 0; q < n; q++) {
    const v = rows.subarray(q * n, (q + 1) * n)
    let square = 0
    for (let i = 0; i < n; i++) {
      const before = i > 0 ? e[i - 1] * v[i - 1] : 0
      const after = i < n - 1 ? e[i] * v[i + 1] : 0
      square += (before + (d[i] - eigenvalues[q] / size) * v[i] + after) ** 2
    }
    worst = Math.max(worst, Math.sqrt(square))
  }
  return worst
}

const maxDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  largest(Array.from(a, (value, i) => value - b[i]))

const isDescending = (values: Float64Array): boolean => values.every((value, i) => i === 0 || values[i - 1] >= value)

describe.each(Object.entries(TRIDIAGONALS))('a tridiagonal matrix %s', (_, make) => {
  it.each([1, 2, 3, 21, 31, 32, 33, 64, 65, 100, 257])('is decomposed at size %i', async (n) => {
    const matrix = make(n)
    const solved = await solve(matrix)
    expect(residual(matrix, solved)).toBeLessThan(2 * n * EPSILON + 20 * EPSILON)
    expect(orthonormalityError(solved.rows, n)).toBeLessThan(2 * n * EPSILON + 20 * EPSILON)
    expect(isDescending(solved.eigenvalues)).toBe(true)
    const expected = tridiagonalEigen(matrix.diagonal, matrix.offDiagonal, 'first').eigenvalues
    expect(maxDifference(solved.eigenvalues, expected)).toBeLessThan(4 * (n + 10) * EPSILON * (sizeOf(matrix) || 1))
  })
})

describe('tridiagonalEigenvectors', () => {
  const random = TRIDIAGONALS['of a random dense matrix']

  it('has eigenvalues 2 + 2 cos(kπ/(n+1)) for the Toeplitz matrix (1, 2, 1) of size 500', async () => {
    const matrix = TRIDIAGONALS['second difference (1, 2, 1)'](500)
    const solved = await solve(matrix)
    const expected = Array.from({ length: 500 }, (_, k) => 2 + 2 * Math.cos(((k + 1) * Math.PI) / 501))
    expect(maxDifference(solved.eigenvalues, expected)).toBeLessThan(1e-14)
    expect(orthonormalityError(solved.rows, 500)).toBeLessThan(1e-13)
    expect(residual(matrix, solved)).toBeLessThan(1e-13)
  })

  it('has the whole numbers from −(n − 1) in steps of two for Clement’s matrix', async () => {
    const { eigenvalues } = await solve(TRIDIAGONALS['Clement’s'](200))
    expect(maxDifference(eigenvalues, Array.from({ length: 200 }, (_, k) => 199 - 2 * k))).toBeLessThan(1e-12)
  })

  it('finds the largest eigenvalue of Wilkinson’s W21+, known to 15 digits', async () => {
    const { eigenvalues } = await solve(TRIDIAGONALS['Wilkinson’s, pairs of nearly equal eigenvalues'](21))
    expect(eigenvalues[0]).toBeCloseTo(10.746194182903393, 13)
    expect(eigenvalues[1]).toBeCloseTo(10.746194182903322, 13)
  })

  it.each([1e-150, 1e-300, 1e150, 1e300])('is indifferent to the unit %s', async (unit) => {
    const matrix = random(100)
    const scaled = { diagonal: matrix.diagonal.map((value) => value * unit), offDiagonal: matrix.offDiagonal.map((value) => value * unit) }
    const solved = await solve(scaled)
    expect(residual(scaled, solved)).toBeLessThan(200 * EPSILON)
    expect(orthonormalityError(solved.rows, 100)).toBeLessThan(200 * EPSILON)
    const plain = await solve(matrix)
    expect(maxDifference(solved.eigenvalues.map((value) => value / unit), plain.eigenvalues)).toBeLessThan(1e-12)
  })

  it('solves blocks of very different size between couplings of zero, each to its own scale', async () => {
    const small = random(50)
    const diagonal = new Float64Array(100)
    const offDiagonal = new Float64Array(99)
    diagonal.set(small.diagonal.map((value) => value * 1e-200))
    offDiagonal.set(small.offDiagonal.map((value) => value * 1e-200))
    diagonal.fill(4, 50)
    offDiagonal.fill(1, 50)
    const { eigenvalues, rows } = await solve({ diagonal, offDiagonal })
    const alone = await solve(small)
    const tiny = eigenvalues.slice(50).map((value) => value * 1e200)
    expect(maxDifference(tiny, alone.eigenvalues)).toBeLessThan(1e-12)
    expect(orthonormalityError(rows, 100)).toBeLessThan(1e-13)
  })

  it('leaves a clustered spectrum nearly without products, and a random one not', async () => {
    const of = async (matrix: TestTridiagonal): Promise<number> => (await solve(matrix)).deflated[0]
    expect(await of(TRIDIAGONALS['Wilkinson’s W21+, glued by 1e-12'](257))).toBeGreaterThan(200)
    expect(await of(TRIDIAGONALS['rank-deficient, couplings of noise'](257))).toBeGreaterThan(200)
    expect(await of(random(257))).toBeLessThan(130)
  })

  it('says how many pairs each level deflated, last merge first', async () => {
    expect((await solve(random(32))).deflated).toEqual([])
    expect((await solve(random(33))).deflated.length).toBe(1)
    expect((await solve(random(257))).deflated.length).toBe(4)
  })

  it('has nothing to do for size zero, and leaves its input alone', async () => {
    expect((await solve({ diagonal: new Float64Array(0), offDiagonal: new Float64Array(0) })).eigenvalues.length).toBe(0)
    const matrix = random(70)
    const copy = { diagonal: matrix.diagonal.slice(), offDiagonal: matrix.offDiagonal.slice() }
    await solve(matrix)
    expect(matrix).toEqual(copy)
  })

  it('gives the same bits again, and with any product that adds terms in order', async () => {
    const matrix = random(150)
    const usual = await solve(matrix)
    expect(await solve(matrix)).toEqual(usual)
    expect(await solve(matrix, { multiply: plainProduct })).toEqual(usual)
    expect(await solve(matrix, { multiply: simpleProduct })).toEqual(usual)
    const later = async (task: ProductTask): Promise<void> => {
      await Promise.resolve()
      simpleProduct(task)
    }
    expect(await solve(matrix, { multiply: later })).toEqual(usual)
  })

  it('multiplies parts of q and work only, and never writes where it reads', async () => {
    const matrix = random(150)
    const q = new Float64Array(150 * 150)
    const work = new Float64Array(150 * 150)
    const tasks: ProductTask[] = []
    const multiply = (task: ProductTask): void => {
      tasks.push(task)
      plainProduct(task)
    }
    await tridiagonalEigenvectors(matrix.diagonal, matrix.offDiagonal, q, work, { multiply })
    expect(tasks.length).toBeGreaterThan(10)
    expect(tasks.every(({ a, b, c }) => a === work && b === work && c === q)).toBe(true)
    expect(tasks.every((t) => t.aOffset + (t.m - 1) * t.aStride + t.k <= work.length && t.bOffset + (t.k - 1) * t.bStride + t.n <= work.length)).toBe(true)
  })

  it('reports progress from 0 to 1 without going back', async () => {
    const seen: number[] = []
    await solve(random(200), { onProgress: (done) => seen.push(done) })
    expect([seen[0], seen.at(-1)]).toEqual([0, 1])
    expect(seen.length).toBeGreaterThan(10)
    expect(seen.every((done, i) => i === 0 || done >= seen[i - 1])).toBe(true)
  })

  it('stops where rest throws', async () => {
    let rests = 0
    const rest = (): Promise<void> => (++rests === 3 ? Promise.reject(new Error('stopped')) : Promise.resolve())
    await expect(solve(random(400), { rest })).rejects.toThrow('stopped')
    expect(rests).toBe(3)
  })

  it('rejects wrong lengths, shared memory and entries that are not finite', async () => {
    const of = (length: number): Float64Array => new Float64Array(length)
    await expect(tridiagonalEigenvectors(of(3), of(3), of(9), of(9))).rejects.toThrow('3 off-diagonal entries for size 3; give 2')
    await expect(tridiagonalEigenvectors(of(3), of(2), of(8), of(9))).rejects.toThrow('q has 8 entries for size 3; give 9')
    await expect(tridiagonalEigenvectors(of(3), of(2), of(9), of(6))).rejects.toThrow('work has 6 entries for size 3; give 9')
    const shared = of(12)
    await expect(tridiagonalEigenvectors(of(3), of(2), shared.subarray(0, 9), shared.subarray(3))).rejects.toThrow('share memory')
    await expect(tridiagonalEigenvectors(Float64Array.of(1, NaN), of(1), of(4), of(4))).rejects.toThrow('diagonal: entry 1 is NaN')
    await expect(tridiagonalEigenvectors(of(2), Float64Array.of(Infinity), of(4), of(4))).rejects.toThrow(RangeError)
  })
})

function simpleProduct({ m, n, k, a, aOffset, aStride, b, bOffset, bStride, c, cOffset, cStride }: ProductTask): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0
      for (let t = 0; t < k; t++) sum += a[aOffset + i * aStride + t] * b[bOffset + t * bStride + j]
      c[cOffset + i * cStride + j] = sum
    }
  }
}
