import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRandom } from '../numerics/random.ts'
import { symmetricEigen } from '../numerics/symmetric-eigen.ts'
import { eigenResidual, orthonormalityError, symmetricWithSpectrum, symmetrised } from '../numerics/test-matrices.ts'
import type { DenseEigen } from './dense-matrix.ts'
import { openLinalg, type Linalg } from './linalg.ts'

const random = createRandom(1, 'dense eigen')

let linalg: Linalg
beforeAll(async () => (linalg = await openLinalg(null)))
afterAll(() => linalg.dispose())

async function decompose(matrix: Float64Array, n: number, vectors = true): Promise<DenseEigen & { readonly after: Float64Array }> {
  const dense = linalg.matrix(n, { vectors })
  dense.values.set(matrix)
  const eigen = await dense.eigen()
  if (eigen === null) throw new Error('stopped')
  const kept = { ...eigen, eigenvectors: eigen.eigenvectors?.slice() ?? null, after: dense.values.slice() }
  dense.dispose()
  return kept
}

const maxDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)

/** Errors of LAPACK stay below a small multiple of n ε ‖A‖. */
async function expectAccurate(matrix: Float64Array, n: number, norm: number, spectrum?: readonly number[]): Promise<void> {
  const { eigenvalues, eigenvectors, residuals, orthogonality, after } = await decompose(matrix, n)
  const rows = eigenvectors ?? new Float64Array(0)
  const allowed = 4 * n * 2 ** -52 + 1e-15
  expect(maxDifference(after, matrix)).toBe(0)
  expect(Array.from(eigenvalues)).toEqual(Array.from(eigenvalues).sort((a, b) => b - a))
  const residual = n <= 500 ? eigenResidual(matrix, eigenvalues, rows) : Math.max(...residuals)
  expect(residual).toBeLessThanOrEqual(allowed * norm)
  expect(n <= 500 ? orthonormalityError(rows, n) : orthogonality).toBeLessThanOrEqual(allowed)
  if (n <= 500) {
    expect(Math.max(...residuals)).toBeLessThanOrEqual(2 * allowed * norm)
    expect(orthogonality).toBeLessThanOrEqual(2 * allowed)
  }
  if (spectrum !== undefined) expect(maxDifference(eigenvalues, [...spectrum].sort((a, b) => b - a))).toBeLessThanOrEqual(allowed * norm + 1e-14 * norm * Math.sqrt(n))
}

const SPECTRA: Record<string, (n: number) => number[]> = {
  spread: (n) => Array.from({ length: n }, (_, i) => 1 + i),
  clustered: (n) => Array.from({ length: n }, (_, i) => 1 - (i % 5) * 1e-10),
  'two values': (n) => Array.from({ length: n }, (_, i) => (i < n / 2 ? 3 : -2)),
  indefinite: (n) => Array.from({ length: n }, (_, i) => (i - n / 3) * 0.7),
  'rank deficient': (n) => Array.from({ length: n }, (_, i) => (i < n / 4 ? i + 1 : 0)),
  graded: (n) => Array.from({ length: n }, (_, i) => 10 ** ((-16 * i) / n)),
  'Hessian-like': (n) => Array.from({ length: n }, (_, i) => (i < 10 ? 10 / (1 + i) : 1e-6 * (n - i))),
}

describe.each(Object.entries(SPECTRA))('a %s spectrum', (_, spectrum) => {
  it.each([1, 2, 3, 5, 17, 63, 64, 65, 100])('is recovered at size %i', async (n) => {
    const expected = spectrum(n)
    await expectAccurate(symmetricWithSpectrum(expected, random), n, Math.max(...expected.map(Math.abs)), expected)
  })
})

const entries = (n: number, entry: (i: number, j: number) => number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, at) => entry(Math.floor(at / n), at % n))

describe('special matrices', () => {
  it.each([64, 257])('zero, identity, diagonal, a projection and an anti-diagonal of size %i', async (n) => {
    await expectAccurate(new Float64Array(n * n), n, 0, new Array<number>(n).fill(0))
    await expectAccurate(entries(n, (i, j) => (i === j ? 1 : 0)), n, 1, new Array<number>(n).fill(1))
    await expectAccurate(entries(n, (i, j) => (i === j ? (i * 7) % 5 : 0)), n, 4, Array.from({ length: n }, (_, i) => (i * 7) % 5))
    await expectAccurate(entries(n, () => 1 / n), n, 1, [1, ...new Array<number>(n - 1).fill(0)])
    await expectAccurate(entries(n, (i, j) => (i + j === n - 1 ? 1 : 0)), n, 1)
  })

  it('Wilkinson’s matrix, whose largest eigenvalues agree in fifteen digits', async () => {
    const matrix = entries(41, (i, j) => (i === j ? Math.abs(i - 20) : Math.abs(i - j) === 1 ? 1 : 0))
    await expectAccurate(matrix, 41, 21)
    const { eigenvalues } = await decompose(matrix, 41)
    expect(eigenvalues[0] - eigenvalues[1]).toBeLessThan(1e-13)
  })

  it.each([1e-300, 1e-160, 1e160, 1e300])('the unit %s changes nothing', async (unit) => {
    const matrix = symmetricWithSpectrum([4, 3, 1, 0, -2], random)
    const { eigenvalues, residuals, orthogonality } = await decompose(matrix.map((value) => value * unit), 5)
    expect(maxDifference(eigenvalues.map((value) => value / unit), [4, 3, 1, 0, -2])).toBeLessThan(1e-13)
    expect(Math.max(...residuals) / unit).toBeLessThan(1e-13)
    expect(orthogonality).toBeLessThan(1e-14)
  })

  it.each([257, 500, 701])('random entries at size %i', async (n) => {
    const matrix = symmetrised(Float64Array.from({ length: n * n }, () => random.normal()), n)
    await expectAccurate(matrix, n, 2 * Math.sqrt(n))
  })
})

describe('eigen', () => {
  it('agrees with the plain eigensolver in values, vectors and signs', async () => {
    const n = 120
    const matrix = symmetrised(Float64Array.from({ length: n * n }, () => random.normal()), n)
    const plain = symmetricEigen(matrix, n)
    const { eigenvalues, eigenvectors } = await decompose(matrix, n)
    expect(maxDifference(eigenvalues, plain.eigenvalues)).toBeLessThan(1e-12)
    expect(maxDifference(eigenvectors ?? [], plain.eigenvectors)).toBeLessThan(1e-10)
  })

  it('gives the same eigenvalues without vectors', async () => {
    const n = 150
    const matrix = symmetrised(Float64Array.from({ length: n * n }, () => random.normal()), n)
    const [all, alone] = [await decompose(matrix, n), await decompose(matrix, n, false)]
    expect(maxDifference(all.eigenvalues, alone.eigenvalues)).toBeLessThan(1e-12)
    expect(alone.eigenvectors).toBeNull()
    expect(alone.residuals.length).toBe(0)
    expect(alone.after).toEqual(matrix)
  })

  it('begins with zeros, also in memory that another matrix has used', () => {
    const first = linalg.matrix(40, { vectors: true })
    first.values.fill(7)
    first.dispose()
    const second = linalg.matrix(30, { vectors: true })
    expect(second.values.every((value) => value === 0)).toBe(true)
    second.dispose()
  })

  it('refuses what is not finite or not symmetric, and leaves it as it was', async () => {
    const dense = linalg.matrix(100, { vectors: true })
    dense.values[7 * 100 + 3] = NaN
    await expect(dense.eigen()).rejects.toThrow('entry (7, 3) is NaN')
    dense.values[7 * 100 + 3] = -Infinity
    await expect(dense.eigen()).rejects.toThrow('entry (7, 3) is -Infinity')
    dense.values[7 * 100 + 3] = 0
    dense.values[3 * 100 + 99] = 0.5
    await expect(dense.eigen()).rejects.toThrow('(99, 3) and (3, 99) differ by 0.5')
    expect(dense.values[3 * 100 + 99]).toBe(0.5)
    dense.dispose()
    await expect(dense.eigen()).rejects.toThrow('disposed of')
  })

  it('stops between two slices of work', async () => {
    const dense = linalg.matrix(600, { vectors: true })
    dense.values.set(entries(600, (i, j) => (i * j) % 11))
    const abort = new AbortController()
    const phases = new Set<string>()
    const outcome = await dense.eigen({
      signal: abort.signal,
      onProgress: ({ phase }) => phases.add(phase),
      rest: () => {
        abort.abort()
        return Promise.resolve()
      },
    })
    expect(outcome).toBeNull()
    expect(phases).not.toContain('checking')
    dense.dispose()
  })
})
