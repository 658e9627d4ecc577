import { describe, expect, it } from 'vitest'
import { lanczosEigenpairs } from '../lanczos.ts'
import { fromFunction, fromMatrix } from '../linear-operator.ts'
import { createRandom } from '../random.ts'
import { symmetricEigen } from '../symmetric-eigen.ts'
import { eigenResidual, orthonormalityError, orthonormalRows, symmetricWithSpectrum } from '../test-matrices.ts'
import { warmEigenpairs, type WarmOptions, type WarmProgress } from './warm-eigenpairs.ts'

const random = createRandom(1, 'warm test matrices')
const options = (over: Partial<WarmOptions> = {}): WarmOptions => ({
  count: 5,
  tolerance: 1e-8,
  maxProducts: 500,
  random: createRandom(7, 'warm'),
  ...over,
})
const diagonal = (entries: ArrayLike<number>) => fromFunction(entries.length, (x, y) => x.forEach((value, i) => (y[i] = entries[i] * value)))
const expectClose = (actual: Float64Array, expected: ArrayLike<number>, tolerance: number): void => {
  expect(actual.length).toBe(expected.length)
  actual.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(tolerance))
}
/** λ u uᵀ added to a matrix [n, n]. */
const plusRankOne = (matrix: Float64Array, u: Float64Array, value: number): Float64Array =>
  matrix.map((entry, at) => entry + value * u[Math.floor(at / u.length)] * u[at % u.length])

const n = 200
const spectrum = Array.from({ length: n }, (_, i) => (i < 5 ? 10 - i : i < 15 ? 3 - i / 10 : Math.cos(i)))
const matrix = symmetricWithSpectrum(spectrum, random)

describe('from scratch', () => {
  it('finds what Lanczos finds, with about as many products', async () => {
    const plain = await lanczosEigenpairs(fromMatrix(matrix, n), { largest: 5, maxProducts: n, tolerance: 1e-8, random: createRandom(7, 'warm') })
    const warm = await warmEigenpairs(fromMatrix(matrix, n), null, options())
    expectClose(warm.eigenvalues, plain.eigenvalues, 1e-12)
    expectClose(warm.eigenvectors, plain.eigenvectors, 1e-6)
    expect(warm.outcome).toBe('converged')
    expect(warm.products).toBeLessThan(plain.products + 6)
    expect(eigenResidual(matrix, warm.eigenvalues, warm.eigenvectors)).toBeLessThan(Math.max(...warm.residuals) + 1e-12)
    expect(orthonormalityError(warm.eigenvectors, n)).toBeLessThan(1e-13)
  })

  it.each([
    ['of three distinct values', Array.from({ length: 65 }, (_, i) => (i % 8 === 0 ? 2 : i % 3 === 0 ? 1 : -1))],
    ['degenerate', [4, 4, 4, 2, 2, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0]],
    ['identity', new Array<number>(60).fill(1)],
    ['zero', new Array<number>(60).fill(0)],
    ['rank-deficient', [9, 5, -2, ...new Array<number>(200).fill(0)]],
    ['indefinite', Array.from({ length: 90 }, (_, i) => i - 45)],
    ['of size 5', [3, 1, 1, 0, -1]],
  ])('a matrix %s', async (_name, values) => {
    const operator = fromMatrix(symmetricWithSpectrum(values, random), values.length)
    const warm = await warmEigenpairs(operator, null, options())
    expectClose(warm.eigenvalues, [...values].sort((a, b) => b - a).slice(0, 5), 1e-10)
    expect(warm.outcome).toBe('converged')
    expect(orthonormalityError(warm.eigenvectors, values.length)).toBeLessThan(1e-12)
  })

  it('all pairs of a small matrix, and one of size one', async () => {
    const values = [3, 2, 2, 2, -1, -7]
    const all = await warmEigenpairs(fromMatrix(symmetricWithSpectrum(values, random), 6), null, options({ count: 6 }))
    expectClose(all.eigenvalues, values, 1e-12)
    expect(all.smallestRitzValue).toBeCloseTo(-7, 12)
    expect(await warmEigenpairs(diagonal([-3]), null, options({ count: 1 }))).toMatchObject({ outcome: 'converged', products: 1 })
  })

  it('a small basis restarts and finds the same', async () => {
    const warm = await warmEigenpairs(fromMatrix(matrix, n), null, options({ basis: 14 }))
    expectClose(warm.eigenvalues, spectrum.slice(0, 5), 1e-9)
    expect(warm.products).toBeGreaterThan(14)
  })
})

describe('following a matrix', () => {
  it('that drifts a little costs far fewer products than from scratch', async () => {
    const start = symmetricWithSpectrum(Array.from({ length: n }, (_, i) => (i < 5 ? 2.3 - i / 20 : 2 * Math.cos(i))), random)
    const drift = symmetricWithSpectrum(Array.from({ length: n }, () => random.normal()), random)
    const at = (t: number) => start.map((entry, i) => entry + 0.0002 * t * drift[i])
    const request = options({ tolerance: 1e-3 })
    let pairs = await warmEigenpairs(fromMatrix(at(0), n), null, request)
    const scratch = pairs.products
    for (const t of [1, 2, 3, 4, 5]) {
      pairs = await warmEigenpairs(fromMatrix(at(t), n), pairs.eigenvectors, request)
      expectClose(pairs.eigenvalues, symmetricEigen(at(t), n).eigenvalues.subarray(0, 5), 1e-4)
      expect(pairs.outcome).toBe('converged')
      expect(pairs.products).toBeLessThan(scratch / 3)
    }
  })

  it('that does not change costs k products, the fresh direction and the guard', async () => {
    const { eigenvectors } = await warmEigenpairs(fromMatrix(matrix, n), null, options())
    const again = await warmEigenpairs(fromMatrix(matrix, n), eigenvectors, options({ tolerance: 1e-7 }))
    expect(again).toMatchObject({ outcome: 'converged', products: 5 + 1 + 8 })
  })

  it('converges to a tight tolerance after a large change as well', async () => {
    const { eigenvectors } = await warmEigenpairs(fromMatrix(matrix, n), null, options())
    const other = symmetricWithSpectrum(spectrum, createRandom(9, 'another matrix'))
    const pairs = await warmEigenpairs(fromMatrix(other, n), eigenvectors, options({ tolerance: 1e-11 }))
    expectClose(pairs.eigenvalues, spectrum.slice(0, 5), 1e-11)
  })
})

describe('a new outlier orthogonal to the old vectors', () => {
  const { eigenvectors } = symmetricEigen(matrix, n)
  const old = eigenvectors.slice(0, 5 * n)
  const outlier = orthonormalRows(1, n, createRandom(4, 'outlier'))
  const outside = outlier.slice()
  for (let i = 0; i < 5; i++) {
    const row = old.subarray(i * n, (i + 1) * n)
    const overlap = row.reduce((sum, entry, j) => sum + entry * outside[j], 0)
    outside.forEach((entry, j) => (outside[j] = entry - overlap * row[j]))
  }
  const changed = plusRankOne(matrix, outside, 8.5)
  const exact = symmetricEigen(changed, n).eigenvalues.slice(0, 5)

  it('is found from a random direction, though every old pair still has residual zero', async () => {
    const pairs = await warmEigenpairs(fromMatrix(changed, n), old, options())
    expect(exact[1]).toBeLessThan(9.1)
    expectClose(pairs.eigenvalues, exact, 1e-10)
    const blind = await warmEigenpairs(fromMatrix(changed, n), old, options({ guardProducts: 0 }))
    expect(blind.eigenvalues[4]).toBeLessThan(exact[4] - 0.1)
  })

  it('is found at once from a direction that holds it', async () => {
    const pairs = await warmEigenpairs(fromMatrix(changed, n), old, options({ extra: outlier, guardProducts: 0 }))
    expectClose(pairs.eigenvalues, exact, 1e-10)
  })
})

describe('ends and reports', () => {
  it('reports values that do not fall, and residuals', async () => {
    const reports: WarmProgress[] = []
    const pairs = await warmEigenpairs(fromMatrix(matrix, n), null, options({ onStep: (report) => void reports.push(report) }))
    for (let i = 1; i < reports.length; i++) expect(reports[i].values[0]).toBeGreaterThan(reports[i - 1].values[0] - 1e-12)
    expect(reports.at(-1)).toMatchObject({ products: pairs.products, of: 500, values: pairs.eigenvalues, residuals: pairs.residuals })
  })

  it('out of products it gives the best it has', async () => {
    const pairs = await warmEigenpairs(fromMatrix(matrix, n), null, options({ maxProducts: 12 }))
    expect(pairs).toMatchObject({ outcome: 'max-steps', products: 12 })
    expect(pairs.converged).toContain(false)
    expect(eigenResidual(matrix, pairs.eigenvalues, pairs.eigenvectors)).toBeCloseTo(Math.max(...pairs.residuals), 10)
  })

  it('cancelled it gives what it has, which may be nothing', async () => {
    let products = 0
    const counting = fromFunction(n, async (x, y) => {
      products++
      await fromMatrix(matrix, n).apply(x, y)
    })
    const pairs = await warmEigenpairs(counting, null, options({ shouldStop: () => products === 3 }))
    expect(pairs).toMatchObject({ outcome: 'cancelled', products: 3 })
    expect(pairs.eigenvalues.length).toBe(3)
    const none = await warmEigenpairs(counting, null, options({ shouldStop: () => true }))
    expect(none).toMatchObject({ outcome: 'cancelled', products: 0, smallestRitzValue: NaN })
    expect(none.eigenvectors.length).toBe(0)
  })

  it('previous vectors that are dependent or zero are left out', async () => {
    const first = orthonormalRows(1, n, random)
    const pairs = await warmEigenpairs(fromMatrix(matrix, n), Float64Array.from([...first, ...first, ...new Array<number>(n).fill(0)]), options())
    expectClose(pairs.eigenvalues, spectrum.slice(0, 5), 1e-10)
  })

  it('repeats to the bit from the same seed', async () => {
    expect(await warmEigenpairs(fromMatrix(matrix, n), null, options())).toEqual(await warmEigenpairs(fromMatrix(matrix, n), null, options()))
  })
})

describe('rejected input', () => {
  it.each([
    [{ count: 4 }, 'warm eigenpairs: count=4 exceeds operator size 3; choose at most 3'],
    [{ count: 0 }, 'count=0 is not a whole number from 1 on'],
    [{ count: 2, maxProducts: 1 }, 'maxProducts=1 cannot give 2 pairs; allow at least 2'],
    [{ count: 1, tolerance: -1 }, 'tolerance=-1'],
    [{ count: 1, basis: 2 }, 'basis=2 is not a whole number from 5 on'],
    [{ count: 1, extra: new Float64Array(2) }, 'extra has length 2, the operator has size 3'],
    [{ count: 1, extra: Float64Array.of(1, NaN, 0) }, 'extra is NaN at entry 1'],
  ])('%o', async (over, message) => {
    await expect(warmEigenpairs(diagonal([3, 2, 1]), null, options(over))).rejects.toThrow(message)
  })

  it('start vectors of another size or not finite, size 0, products that are not finite', async () => {
    const one = options({ count: 1 })
    await expect(warmEigenpairs(diagonal([3, 2, 1]), new Float64Array(4), one)).rejects.toThrow('start has 4 entries, which are no rows of 3')
    await expect(warmEigenpairs(diagonal([1]), Float64Array.of(Infinity), one)).rejects.toThrow('start is Infinity at entry 0')
    await expect(warmEigenpairs(diagonal([]), null, one)).rejects.toThrow('size 0')
    await expect(warmEigenpairs(diagonal([NaN, 1]), null, one)).rejects.toThrow('a product with the matrix is not finite')
  })
})
