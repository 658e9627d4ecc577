import { describe, expect, it } from 'vitest'
import { loadCase } from '../../fixtures/load.ts'
import type { LanczosOptions, LanczosProgress } from './lanczos.ts'
import { lanczosEigenpairs, memoryBytes } from './lanczos.ts'
import { fromFunction, fromMatrix } from './linear-operator.ts'
import { createRandom } from './random.ts'
import { symmetricEigen } from './symmetric-eigen.ts'
import { eigenResidual, orthonormalityError, symmetricWithSpectrum } from './test-matrices.ts'

const random = createRandom(1, 'lanczos test matrices')
const options = (over: Partial<LanczosOptions>): LanczosOptions => ({
  largest: 1,
  maxProducts: 1000,
  tolerance: 1e-12,
  random: createRandom(7, 'lanczos'),
  ...over,
})
const diagonal = (entries: ArrayLike<number>) =>
  fromFunction(entries.length, (x, y) => {
    for (let i = 0; i < entries.length; i++) y[i] = entries[i] * x[i]
  })
const expectClose = (actual: Float64Array, expected: ArrayLike<number>, tolerance: number): void => {
  expect(actual.length).toBe(expected.length)
  actual.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(tolerance))
}

describe('both ends of a known spectrum', () => {
  const n = 150
  const spectrum = Array.from({ length: n }, (_, i) => 10 - 0.1 * i - (i < 5 ? 0 : 1))
  const matrix = symmetricWithSpectrum(spectrum, random)

  it('come out of one run in descending order', async () => {
    const pairs = await lanczosEigenpairs(fromMatrix(matrix, n), options({ largest: 4, smallest: 3 }))
    expectClose(pairs.eigenvalues, [...spectrum.slice(0, 4), ...spectrum.slice(-3)], 1e-11)
    expect(pairs.which).toEqual(['largest', 'largest', 'largest', 'largest', 'smallest', 'smallest', 'smallest'])
    expect(pairs.outcome).toBe('converged')
    expect(pairs.converged.every(Boolean)).toBe(true)
    expect(eigenResidual(matrix, pairs.eigenvalues, pairs.eigenvectors)).toBeLessThan(1e-11)
    expect(orthonormalityError(pairs.eigenvectors, n)).toBeLessThan(1e-13)
  })

  it('agree with the dense decomposition, signs included', async () => {
    const dense = symmetricEigen(matrix, n)
    const pairs = await lanczosEigenpairs(fromMatrix(matrix, n), options({ largest: 5 }))
    expectClose(pairs.eigenvectors, dense.eigenvectors.subarray(0, 5 * n), 1e-9)
  })

  it('residual estimates equal the true residuals before convergence', async () => {
    const request = { largest: 3, smallest: 2, maxProducts: 30 }
    const estimated = await lanczosEigenpairs(fromMatrix(matrix, n), options(request))
    const verified = await lanczosEigenpairs(fromMatrix(matrix, n), options({ ...request, trueResiduals: true }))
    expect(estimated.residualKind).toBe('ritz-estimate')
    expect(verified).toMatchObject({ residualKind: 'true', products: 30, verificationProducts: 5, outcome: 'max-steps' })
    expectClose(estimated.residuals, verified.residuals, 1e-13)
    expect(verified.residuals[2]).toBeGreaterThan(1e-6)
  })

  it('only the lower end can be asked for', async () => {
    const pairs = await lanczosEigenpairs(fromMatrix(matrix, n), options({ largest: 0, smallest: 2 }))
    expectClose(pairs.eigenvalues, spectrum.slice(-2), 1e-11)
  })

  it('an asynchronous operator gives the same bits', async () => {
    const later = fromFunction(n, async (x, y) => {
      await Promise.resolve()
      await fromMatrix(matrix, n).apply(x, y)
    })
    const request = { largest: 3, tolerance: 1e-6 }
    expect(await lanczosEigenpairs(later, options(request))).toEqual(await lanczosEigenpairs(fromMatrix(matrix, n), options(request)))
  })
})

describe('the reference network', () => {
  const reference = loadCase('c1_mlp_tiny')

  it.each(['', '_l2'])('has its top and bottom Hessian eigenvalues%s', async (suffix) => {
    const hessian = reference.array(`hessian${suffix}`)
    const expected = reference.array(`eigvals${suffix}`)
    const pairs = await lanczosEigenpairs(fromMatrix(hessian, 250), options({ largest: 20, smallest: 10, tolerance: 1e-10 }))
    expect(pairs.outcome).toBe('converged')
    expectClose(pairs.eigenvalues, [...expected.slice(0, 20), ...expected.slice(-10)], 1e-9)
    expect(eigenResidual(hessian, pairs.eigenvalues, pairs.eigenvectors)).toBeLessThan(1e-9)
  })
})

describe('a Hessian-like spectrum of 42,310 parameters', () => {
  it('gives its top 20 pairs to 1e-4 λ₁ within 80 products', async () => {
    const n = 42_310
    const bulk = createRandom(3, 'bulk')
    const entries = Float64Array.from({ length: n }, (_, i) => {
      if (i < 10) return 20 / (1 + 0.25 * i)
      return i < 30 ? 2.5 / (1 + 0.12 * (i - 10)) : 0.25 * bulk.uniform() ** 3 - 0.01
    })
    const pairs = await lanczosEigenpairs(diagonal(entries), options({ largest: 20, maxProducts: 80, tolerance: 1e-4 }))
    expect(pairs.outcome).toBe('converged')
    expect(pairs.products).toBeLessThan(80)
    expectClose(pairs.eigenvalues, entries.slice(0, 20), 1e-4)
  })
})

describe('degenerate and rank-deficient operators', () => {
  it('copies of the largest eigenvalue are all found', async () => {
    const matrix = symmetricWithSpectrum([4, 4, 4, 2, 2, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], random)
    const pairs = await lanczosEigenpairs(fromMatrix(matrix, 15), options({ largest: 5, smallest: 2 }))
    expectClose(pairs.eigenvalues, [4, 4, 4, 2, 2, 0, 0], 1e-13)
    expect(pairs.outcome).toBe('converged')
    expect(pairs.restarts).toBeGreaterThan(0)
    expect(orthonormalityError(pairs.eigenvectors, 15)).toBeLessThan(1e-13)
  })

  it('the identity and the zero operator end after a few products', async () => {
    for (const value of [1, 0]) {
      const pairs = await lanczosEigenpairs(diagonal(new Float64Array(500).fill(value)), options({ largest: 3, smallest: 2 }))
      expectClose(pairs.eigenvalues, [value, value, value, value, value], 1e-14)
      expect(pairs).toMatchObject({ outcome: 'converged', products: 5 })
    }
  })

  it('every eigenvalue can be asked for', async () => {
    const spectrum = [3, 1, 1, 0, 0, 0, -1, -1]
    const pairs = await lanczosEigenpairs(fromMatrix(symmetricWithSpectrum(spectrum, random), 8), options({ largest: 8 }))
    expectClose(pairs.eigenvalues, spectrum, 1e-13)
  })

  it('low rank pads with exact zeros of the null space', async () => {
    const entries = new Float64Array(400)
    entries.set([9, 5, -2])
    const pairs = await lanczosEigenpairs(diagonal(entries), options({ largest: 4, smallest: 2 }))
    expectClose(pairs.eigenvalues, [9, 5, 0, 0, 0, -2], 1e-13)
    expect(pairs.outcome).toBe('converged')
  })

  it.each([1e-250, 1e-30, 1e30, 1e250])('the unit %s does not matter', async (unit) => {
    const pairs = await lanczosEigenpairs(diagonal([5 * unit, 3 * unit, 1 * unit, -2 * unit]), options({ largest: 2, smallest: 1 }))
    expectClose(pairs.eigenvalues.map((value) => value / unit), [5, 3, -2], 1e-12)
  })

  it('size one needs one product', async () => {
    expect(await lanczosEigenpairs(diagonal([-3]), options({}))).toMatchObject({ products: 1, outcome: 'converged' })
  })
})

describe('ends and reports', () => {
  const entries = Float64Array.from({ length: 300 }, (_, i) => 300 - i)

  it('reports Ritz values that only grow, until the last product', async () => {
    const reports: LanczosProgress[] = []
    const onStep = (report: LanczosProgress): void => void reports.push(report)
    await lanczosEigenpairs(diagonal(entries), options({ largest: 2, maxProducts: 23, onStep }))
    expect(reports.map((report) => report.step)).toEqual([5, 10, 15, 20, 23])
    for (let i = 1; i < reports.length; i++) {
      expect(reports[i].of).toBe(23)
      expect(reports[i].ritzValues[0]).toBeGreaterThanOrEqual(reports[i - 1].ritzValues[0])
      expect(reports[i].residualEstimates.length).toBe(2)
    }
  })

  it('keeps what it has when cancelled', async () => {
    let products = 0
    const counting = fromFunction(300, (x, y) => {
      products++
      x.forEach((value, i) => (y[i] = entries[i] * value))
    })
    const request = { largest: 4, shouldStop: () => products === 12, trueResiduals: true }
    const pairs = await lanczosEigenpairs(counting, options(request))
    expect(pairs).toMatchObject({ outcome: 'cancelled', products: 12, verificationProducts: 0 })
    expect(pairs.eigenvalues.length).toBe(4)
    expect(orthonormalityError(pairs.eigenvectors, 300)).toBeLessThan(1e-13)
    const none = await lanczosEigenpairs(diagonal(entries), options({ shouldStop: () => true }))
    expect(none).toMatchObject({ outcome: 'cancelled', products: 0 })
    expect(none.eigenvalues.length + none.eigenvectors.length).toBe(0)
  })

  it('says that single-precision products cannot reach a double-precision tolerance', async () => {
    const single = fromFunction(300, (x, y) => x.forEach((value, i) => (y[i] = Math.fround(entries[i] * Math.fround(value)))))
    const pairs = await lanczosEigenpairs(single, options({ largest: 3, trueResiduals: true }))
    expect(pairs.outcome).toBe('breakdown')
    expectClose(pairs.eigenvalues, [300, 299, 298], 1e-3)
    const looser = await lanczosEigenpairs(single, options({ largest: 3, trueResiduals: true, tolerance: 1e-5 }))
    expect(looser.outcome).toBe('converged')
  })

  it('repeats to the bit from the same seed', async () => {
    const run = (seed: number) => lanczosEigenpairs(diagonal(entries), options({ largest: 2, maxProducts: 40, random: createRandom(seed, 'x') }))
    expect(await run(1)).toEqual(await run(1))
    expect((await run(2)).eigenvectors).not.toEqual((await run(1)).eigenvectors)
  })

  it('tells its memory before it starts', () => {
    expect(memoryBytes(42_310, 80, 20)).toBe(8 * 42_310 * 102)
  })
})

describe('rejected input', () => {
  const operator = diagonal([3, 2, 1])
  it.each([
    [{ largest: 3, smallest: 1 }, 'largest=3 and smallest=1 exceed operator size 3; choose at most 3 in all'],
    [{ largest: 0 }, 'ask for nothing'],
    [{ largest: -1 }, 'largest=-1'],
    [{ largest: 1.5 }, 'largest=1.5'],
    [{ maxProducts: 0 }, 'maxProducts=0 cannot give 1 pairs'],
    [{ largest: 2, maxProducts: 1 }, 'allow at least 2'],
    [{ tolerance: -1 }, 'tolerance=-1'],
    [{ tolerance: NaN }, 'tolerance=NaN'],
  ])('%o', async (over, message) => {
    await expect(lanczosEigenpairs(operator, options(over))).rejects.toThrow(message)
  })

  it('a product that is not finite is named', async () => {
    let products = 0
    const failing = fromFunction(10, (x, y) => {
      x.forEach((value, i) => (y[i] = i * value))
      if (++products === 3) y[4] = NaN
    })
    await expect(lanczosEigenpairs(failing, options({ largest: 3 }))).rejects.toThrow('product 3 of the operator is NaN at entry 4')
  })
})
