import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadCase } from '../../fixtures/load.ts'
import { createRandom } from './random.ts'
import { symmetricEigen, symmetricEigenvalues, tridiagonalEigen } from './symmetric-eigen.ts'
import { eigenResidual, orthonormalityError, symmetricWithSpectrum, symmetrised } from './test-matrices.ts'

const random = createRandom(1, 'symmetric eigen')

const maxDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(0, ...Array.from(a, (value, i) => Math.abs(value - b[i])))

const SPECTRA: Record<string, (n: number) => number[]> = {
  spread: (n) => Array.from({ length: n }, (_, i) => n - i),
  clustered: (n) => Array.from({ length: n }, (_, i) => 1 - (i % 5) * 1e-10),
  degenerate: (n) => Array.from({ length: n }, (_, i) => (i < n / 2 ? 3 : -2)),
  indefinite: (n) => Array.from({ length: n }, (_, i) => (i - n / 3) * 0.7),
  'rank deficient': (n) => Array.from({ length: n }, (_, i) => (i < n / 4 ? i + 1 : 0)),
  graded: (n) => Array.from({ length: n }, (_, i) => 10 ** ((-16 * i) / n)),
  zero: (n) => new Array<number>(n).fill(0),
}

describe.each(Object.entries(SPECTRA))('a %s spectrum', (_, spectrum) => {
  it.each([1, 2, 3, 4, 7, 16, 33, 64, 101, 150])('is recovered at size %i', (n) => {
    const expected = spectrum(n).sort((a, b) => b - a)
    const size = Math.max(1, ...expected.map(Math.abs))
    const matrix = symmetricWithSpectrum(expected, random)
    const { eigenvalues, eigenvectors } = symmetricEigen(matrix, n)
    expect(maxDifference(eigenvalues, expected)).toBeLessThan(1e-13 * n * size)
    expect(eigenResidual(matrix, eigenvalues, eigenvectors)).toBeLessThan(1e-13 * n * size)
    expect(orthonormalityError(eigenvectors, n)).toBeLessThan(1e-13 * n)
    expect(maxDifference(symmetricEigenvalues(matrix, n), eigenvalues)).toBeLessThan(1e-13 * n * size)
  })
})

describe('symmetricEigen', () => {
  it('gives the Hessian eigenvalues of the reference network', () => {
    const reference = loadCase('c1_mlp_tiny')
    for (const suffix of ['', '_l2']) {
      const hessian = reference.array(`hessian${suffix}`)
      const { eigenvalues, eigenvectors } = symmetricEigen(hessian, 250)
      expect(maxDifference(eigenvalues, reference.array(`eigvals${suffix}`))).toBeLessThan(1e-13)
      expect(eigenResidual(hessian, eigenvalues, eigenvectors)).toBeLessThan(1e-13)
    }
  })

  it('has eigenvalues 2 − 2 cos(kπ/(n+1)) for the second difference matrix', () => {
    const n = 60
    const matrix = Float64Array.from({ length: n * n }, (_, at) => {
      const distance = Math.abs(Math.floor(at / n) - (at % n))
      return distance === 0 ? 2 : distance === 1 ? -1 : 0
    })
    const expected = Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(((n - k) * Math.PI) / (n + 1)))
    expect(maxDifference(symmetricEigen(matrix, n).eigenvalues, expected)).toBeLessThan(1e-14 * n)
  })

  it('keeps trace and Frobenius norm', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 25 }), fc.integer(), (n, seed) => {
        const draw = createRandom(seed, 'entries')
        const matrix = symmetrised(Float64Array.from({ length: n * n }, () => draw.normal()), n)
        const { eigenvalues } = symmetricEigen(matrix, n)
        const trace = Array.from({ length: n }, (_, i) => matrix[i * n + i]).reduce((sum, value) => sum + value, 0)
        const frobenius = matrix.reduce((sum, value) => sum + value * value, 0)
        const sum = eigenvalues.reduce((total, value) => total + value, 0)
        const squares = eigenvalues.reduce((total, value) => total + value * value, 0)
        return Math.abs(sum - trace) < 1e-12 * n && Math.abs(squares - frobenius) < 1e-12 * n * n
      }),
      { numRuns: 100, seed: 1 },
    )
  })

  it('makes the largest entry of every eigenvector positive', () => {
    const { eigenvectors } = symmetricEigen(symmetricWithSpectrum([5, 4, 1, 0, -3], random), 5)
    for (let i = 0; i < 5; i++) {
      const row = [...eigenvectors.slice(5 * i, 5 * i + 5)]
      expect(Math.max(...row)).toBe(Math.max(...row.map(Math.abs)))
    }
  })

  it.each([1e-300, 1e-160, 1e160, 1e300])('is indifferent to the unit %s', (unit) => {
    const matrix = symmetricWithSpectrum([4, 3, 1, 0, -2], random)
    const scaled = symmetricEigen(matrix.map((value) => value * unit), 5)
    expect(maxDifference(scaled.eigenvalues.map((value) => value / unit), [4, 3, 1, 0, -2])).toBeLessThan(1e-13)
    expect(orthonormalityError(scaled.eigenvectors, 5)).toBeLessThan(1e-13)
  })

  it('has nothing to do for sizes zero and one, and leaves its input alone', () => {
    expect(symmetricEigen(new Float64Array(0), 0).eigenvalues.length).toBe(0)
    const one = symmetricEigen(Float64Array.of(-7), 1)
    expect([...one.eigenvalues, ...one.eigenvectors]).toEqual([-7, 1])
    const input = Float64Array.of(1, 2, 2, 1)
    symmetricEigen(input, 2)
    expect([...input]).toEqual([1, 2, 2, 1])
  })

  it('repeats to the bit', () => {
    const matrix = symmetricWithSpectrum(SPECTRA['indefinite'](40), random)
    expect(symmetricEigen(matrix, 40)).toEqual(symmetricEigen(matrix, 40))
  })

  it('rejects what is not square, finite and symmetric', () => {
    expect(() => symmetricEigen(new Float64Array(6), 2)).toThrow('6 entries do not fill a 2 x 2 matrix')
    expect(() => symmetricEigen(Float64Array.of(1, NaN, NaN, 1), 2)).toThrow('entry 1 is NaN')
    expect(() => symmetricEigen(Float64Array.of(1, 0, 0, Infinity), 2)).toThrow('entry 3 is Infinity')
    expect(() => symmetricEigen(Float64Array.of(1, 0.5, 0.25, 1), 2)).toThrow('(1, 0) and (0, 1) differ by 0.25')
  })
})

describe('tridiagonalEigen', () => {
  const alphas = Float64Array.of(2, -1, 0.5, 3, 3)
  const betas = Float64Array.of(1, 0.3, 0, 2)
  const dense = Float64Array.from({ length: 25 }, (_, at) => {
    const [i, j] = [Math.floor(at / 5), at % 5]
    return i === j ? alphas[i] : Math.abs(i - j) === 1 ? betas[Math.min(i, j)] : 0
  })

  it('agrees with the dense decomposition', () => {
    const { eigenvalues, components } = tridiagonalEigen(alphas, betas)
    expect(maxDifference(eigenvalues, symmetricEigen(dense, 5).eigenvalues)).toBeLessThan(1e-14)
    expect(eigenResidual(dense, eigenvalues, components)).toBeLessThan(1e-14)
  })

  it('gives the same first and last components without the rest', () => {
    const all = tridiagonalEigen(alphas, betas).components
    const column = (wanted: number): number[] => Array.from({ length: 5 }, (_, i) => all[5 * i + wanted])
    expect([...tridiagonalEigen(alphas, betas, 'first').components]).toEqual(column(0))
    expect([...tridiagonalEigen(alphas, betas, 'last').components]).toEqual(column(4))
  })

  it('handles couplings far larger than the diagonal, and none', () => {
    const coupled = tridiagonalEigen(new Float64Array(2), Float64Array.of(1e200)).eigenvalues
    expect(maxDifference(coupled.map((value) => value / 1e200), [1, -1])).toBeLessThan(1e-15)
    expect([...tridiagonalEigen(Float64Array.of(1, 5, 3), new Float64Array(2)).eigenvalues]).toEqual([5, 3, 1])
    expect(tridiagonalEigen(new Float64Array(0), new Float64Array(0)).eigenvalues.length).toBe(0)
  })

  it('rejects mismatched lengths and values that are not finite', () => {
    expect(() => tridiagonalEigen(alphas, alphas)).toThrow('5 off-diagonal entries for size 5; give 4')
    expect(() => tridiagonalEigen(Float64Array.of(1, NaN), Float64Array.of(1))).toThrow('diagonal: entry 1 is NaN')
    expect(() => tridiagonalEigen(Float64Array.of(1, 2), Float64Array.of(Infinity))).toThrow('off-diagonal: entry 0 is')
  })
})
