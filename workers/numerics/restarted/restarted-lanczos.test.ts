import { describe, expect, it } from 'vitest'
import { loadCase } from '../../../fixtures/load.ts'
import { lanczosEigenpairs } from '../lanczos.ts'
import { fromFunction, fromMatrix } from '../linear-operator.ts'
import { createRandom } from '../random.ts'
import { eigenResidual, orthonormalityError, symmetricWithSpectrum } from '../test-matrices.ts'
import { restartedLanczos, restartedLanczosBytes, type RestartedOptions, type RestartedProgress } from './restarted-lanczos.ts'

const random = createRandom(1, 'restarted lanczos test matrices')
const options = (over: Partial<RestartedOptions>): RestartedOptions => ({
  largest: 5,
  memoryBytes: 1e9,
  tolerance: 1e-10,
  maxProducts: 20_000,
  random: createRandom(7, 'restarted lanczos'),
  ...over,
})
const diagonal = (entries: ArrayLike<number>) => fromFunction(entries.length, (x, y) => x.forEach((value, i) => (y[i] = entries[i] * value)))
const matrixWith = (spectrum: number[]) => fromMatrix(symmetricWithSpectrum(spectrum, random), spectrum.length)
const ends = (spectrum: readonly number[], largest: number, smallest: number) => {
  const sorted = [...spectrum].sort((a, b) => b - a)
  return [...sorted.slice(0, largest), ...sorted.slice(sorted.length - smallest)]
}
const expectClose = (actual: Float64Array, expected: ArrayLike<number>, tolerance: number): void => {
  expect(actual.length).toBe(expected.length)
  actual.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(tolerance))
}

describe('many pairs of both ends', () => {
  const n = 401
  const spectrum = Array.from({ length: n }, (_, i) => 4 * Math.cos(i) + (i < 10 ? 3 + i : 0))
  const matrix = symmetricWithSpectrum(spectrum, random)

  it('100 from each end of a matrix of odd size', async () => {
    const pairs = await restartedLanczos(fromMatrix(matrix, n), options({ largest: 100, smallest: 100 }))
    expect(pairs).toMatchObject({ outcome: 'converged', copiesRuledOut: true, residualKind: 'ritz-estimate', verificationProducts: 0 })
    expectClose(pairs.eigenvalues, ends(spectrum, 100, 100), 1e-9)
    expect(orthonormalityError(pairs.eigenvectors, n)).toBeLessThan(1e-12)
    expect(pairs.which).toEqual([...new Array<string>(100).fill('largest'), ...new Array<string>(100).fill('smallest')])
    expect(pairs.converged.every(Boolean)).toBe(true)
    const worst = Math.max(...pairs.residuals)
    expect(worst).toBeLessThan(12e-10)
    expect(eigenResidual(matrix, pairs.eigenvalues, pairs.eigenvectors)).toBeLessThan(worst + 1e-12)
  })
})

describe('a smaller matrix', () => {
  const n = 151
  const spectrum = Array.from({ length: n }, (_, i) => 4 * Math.cos(i) + (i < 10 ? 3 + i : 0))
  const matrix = symmetricWithSpectrum(spectrum, random)

  it('the smallest budget gives the same pairs after many restarts', async () => {
    const memoryBytes = restartedLanczosBytes(n, 20)
    const pairs = await restartedLanczos(fromMatrix(matrix, n), options({ largest: 12, smallest: 8, memoryBytes }))
    expectClose(pairs.eigenvalues, ends(spectrum, 12, 8), 1e-9)
    expect(pairs.outcome).toBe('converged')
    expect(pairs.cycles).toBeGreaterThan(50)
    expect(pairs.bytes).toBe(memoryBytes)
    expect(pairs.steps).toBe(16)
  })

  it('equal those of the unrestarted iteration, signs included, in a record of the same form', async () => {
    const request = { largest: 6, smallest: 2 }
    const restarted = await restartedLanczos(fromMatrix(matrix, n), options({ ...request, tolerance: 1e-13 }))
    const plain = await lanczosEigenpairs(fromMatrix(matrix, n), { ...request, maxProducts: n, tolerance: 1e-13, random: createRandom(1, 'plain') })
    expectClose(restarted.eigenvalues, plain.eigenvalues, 1e-12)
    expectClose(restarted.eigenvectors, plain.eigenvectors, 1e-8)
    expect(Object.keys(restarted)).toEqual(expect.arrayContaining(Object.keys(plain)))
  })

  it('only the lower end', async () => {
    const pairs = await restartedLanczos(fromMatrix(matrix, n), options({ largest: 0, smallest: 30, memoryBytes: restartedLanczosBytes(n, 30, 40) }))
    expectClose(pairs.eigenvalues, ends(spectrum, 0, 30), 1e-9)
  })

  it('true residuals are within the bounds given for them', async () => {
    const request = { largest: 30, tolerance: 1e-6, memoryBytes: restartedLanczosBytes(n, 30, 24) }
    const bounds = await restartedLanczos(fromMatrix(matrix, n), options(request))
    const verified = await restartedLanczos(fromMatrix(matrix, n), options({ ...request, trueResiduals: true }))
    expect(verified).toMatchObject({ residualKind: 'true', verificationProducts: 30, outcome: 'converged', products: bounds.products })
    verified.residuals.forEach((residual, i) => expect(residual).toBeLessThan(bounds.residuals[i] + 1e-13))
  })
})

describe('the reference network', () => {
  it('has its 60 largest and 60 smallest Hessian eigenvalues', async () => {
    const expected = Array.from(loadCase('c1_mlp_tiny').array('eigvals'))
    const operator = fromMatrix(loadCase('c1_mlp_tiny').array('hessian'), 250)
    const pairs = await restartedLanczos(operator, options({ largest: 60, smallest: 60 }))
    expect(pairs.outcome).toBe('converged')
    expectClose(pairs.eigenvalues, ends(expected, 60, 60), 1e-9)
  })
})

describe('repeated and special eigenvalues', () => {
  it.each([
    ['clustered', Array.from({ length: 200 }, (_, i) => (i < 12 ? 5 + 1e-6 * i : i / 200)), 15, 3],
    ['degenerate at the top', Array.from({ length: 90 }, (_, i) => (i < 6 ? 4 : 3 - i / 30)), 8, 2],
    ['with every eigenvalue three times', Array.from({ length: 150 }, (_, i) => Math.floor(i / 3) / 10), 20, 10],
    ['indefinite', Array.from({ length: 131 }, (_, i) => (i - 70) / 10), 20, 20],
    ['rank-deficient', Array.from({ length: 160 }, (_, i) => (i < 7 ? 9 - 2 * i : 0)), 10, 8],
  ])('a matrix %s', async (_name, spectrum, largest, smallest) => {
    const pairs = await restartedLanczos(matrixWith(spectrum), options({ largest, smallest }))
    expectClose(pairs.eigenvalues, ends(spectrum, largest, smallest), 1e-8)
    expect(pairs).toMatchObject({ outcome: 'converged', copiesRuledOut: true })
    expect(orthonormalityError(pairs.eigenvectors, spectrum.length)).toBeLessThan(1e-12)
  })

  it('few distinct values, where pairs converge from the wrong end first', async () => {
    for (const [largest, smallest] of [[29, 2], [2, 29], [30, 7], [37, 0], [20, 17]]) {
      const spectrum = [...Array.from({ length: 4 }, (_, i) => 2 - i / 2), ...new Array<number>(29).fill(0), -0.5, -1, -1, -2]
      const pairs = await restartedLanczos(matrixWith(spectrum), options({ largest, smallest, memoryBytes: restartedLanczosBytes(37, largest + smallest, 21) }))
      expectClose(pairs.eigenvalues, ends(spectrum, largest, smallest), 1e-9)
      expect(orthonormalityError(pairs.eigenvectors, 37)).toBeLessThan(1e-13)
      expect(pairs).toMatchObject({ outcome: 'converged', copiesRuledOut: true })
    }
  })

  it('identity and zero matrix', async () => {
    for (const value of [1, 0]) {
      const pairs = await restartedLanczos(diagonal(new Float64Array(70).fill(value)), options({ largest: 4, smallest: 3 }))
      expectClose(pairs.eigenvalues, new Array<number>(7).fill(value), 1e-13)
      expect(pairs.outcome).toBe('converged')
    }
  })

  it.each([1, 2, 3, 17, 60])('all %i of them', async (n) => {
    const spectrum = Array.from({ length: n }, (_, i) => (i % 5) - 1 + i / 100)
    const pairs = await restartedLanczos(matrixWith(spectrum), options({ largest: Math.ceil(n / 2), smallest: Math.floor(n / 2) }))
    expectClose(pairs.eigenvalues, ends(spectrum, n, 0), 1e-9)
    expect(pairs.copiesRuledOut).toBe(true)
    const upper = await restartedLanczos(matrixWith(spectrum), options({ largest: n, memoryBytes: restartedLanczosBytes(n, n) }))
    expectClose(upper.eigenvalues, ends(spectrum, n, 0), 1e-9)
  })
})

describe('ends and reports', () => {
  const entries = Float64Array.from({ length: 350 }, (_, i) => 350 - i + (i < 20 ? 40 - 2 * i : 0))
  const small = restartedLanczosBytes(350, 20)

  it('reports every product, with pairs that only become more', async () => {
    const reports: RestartedProgress[] = []
    const pairs = await restartedLanczos(diagonal(entries), options({ largest: 20, memoryBytes: small, onProgress: (report) => void reports.push(report) }))
    expect(reports.map(({ products }) => products)).toEqual(Array.from({ length: pairs.products }, (_, i) => i + 1))
    for (let i = 1; i < reports.length; i++) expect(reports[i].locked).toBeGreaterThanOrEqual(reports[i - 1].locked)
    expect(reports.at(-1)).toMatchObject({ locked: 20, wanted: 20, lookingForCopies: true, of: 20_000 })
  })

  it.each(['shouldStop', 'operator', 'rest'])('a run cancelled by %s keeps the converged pairs', async (gives) => {
    let [stop, locked] = [false, 0]
    const operator = fromFunction(350, (x, y) => {
      if (stop && gives === 'operator') throw new Error('interrupted')
      x.forEach((value, i) => (y[i] = entries[i] * value))
    })
    const pairs = await restartedLanczos(operator, options({
      largest: 20,
      memoryBytes: small,
      onProgress: (report) => {
        locked = report.locked
        if (locked >= 7) stop = true
      },
      rest: () => (stop && gives === 'rest' ? Promise.reject(new Error('interrupted')) : Promise.resolve()),
      shouldStop: () => stop,
    }))
    expect(pairs.outcome).toBe('cancelled')
    expect(locked).toBeLessThan(20)
    expect(pairs.eigenvalues.length).toBeGreaterThan(locked)
    expect(pairs.converged.filter(Boolean).length).toBeGreaterThanOrEqual(locked)
    for (let i = 0; i < locked; i++) expect(Math.abs(pairs.eigenvalues[i] - entries[i])).toBeLessThan(1e-7)
    expect(orthonormalityError(pairs.eigenvectors, 350)).toBeLessThan(1e-12)
  })

  it('a failure without a request to stop is passed on', async () => {
    const rest = () => Promise.reject(new Error('no breath'))
    await expect(restartedLanczos(diagonal(entries), options({ rest }))).rejects.toThrow('no breath')
  })

  it('stopped before it began it has nothing', async () => {
    const pairs = await restartedLanczos(diagonal(entries), options({ shouldStop: () => true }))
    expect(pairs).toMatchObject({ outcome: 'cancelled', products: 0 })
    expect(pairs.eigenvectors.length).toBe(0)
  })

  // 96 products end with a restart: 16 for the first cycle, 8 for each one after it.
  it.each([96, 100])('out of products after %i it gives the best it has, and says how good that is', async (maxProducts) => {
    const pairs = await restartedLanczos(diagonal(entries), options({ largest: 20, memoryBytes: small, maxProducts }))
    expect(pairs).toMatchObject({ outcome: 'max-steps', products: maxProducts, copiesRuledOut: false })
    expect(pairs.converged).toContain(false)
    const n = 350
    pairs.eigenvalues.forEach((value, i) => {
      const v = pairs.eigenvectors.subarray(i * n, (i + 1) * n)
      const residual = Math.sqrt(v.reduce((sum, entry, j) => sum + ((entries[j] - value) * entry) ** 2, 0))
      expect(residual).toBeLessThan(pairs.residuals[i] + 1e-9)
    })
  })

  it('says that single-precision products cannot reach a double-precision tolerance', async () => {
    const single = fromFunction(350, (x, y) => x.forEach((value, i) => (y[i] = Math.fround(entries[i] * Math.fround(value)))))
    expect((await restartedLanczos(single, options({ trueResiduals: true, tolerance: 1e-12 }))).outcome).toBe('breakdown')
    expect((await restartedLanczos(single, options({ trueResiduals: true, tolerance: 1e-5 }))).outcome).toBe('converged')
  })

  it('repeats to the bit from the same seed', async () => {
    const run = () => restartedLanczos(diagonal(entries), options({ largest: 3, memoryBytes: small }))
    expect(await run()).toEqual(await run())
  })
})

describe('rejected input', () => {
  it.each([
    [{ largest: 3, smallest: 1 }, 'largest=3 and smallest=1 exceed operator size 3; choose at most 3 in all'],
    [{ largest: 0 }, 'ask for nothing'],
    [{ largest: 1.5 }, 'largest=1.5'],
    [{ largest: 2, maxProducts: 1 }, 'maxProducts=1 cannot give 2 pairs; allow at least 2'],
    [{ largest: 1, tolerance: NaN }, 'tolerance=NaN'],
    [{ largest: 1, memoryBytes: NaN }, 'memoryBytes=NaN'],
  ])('%o', async (over, message) => {
    await expect(restartedLanczos(diagonal([3, 2, 1]), options(over))).rejects.toThrow(message)
  })

  it('a budget that is too small names the number of pairs that fits', async () => {
    const operator = diagonal(new Float64Array(1000).fill(1))
    const memoryBytes = restartedLanczosBytes(1000, 12)
    await expect(restartedLanczos(operator, options({ largest: 13, memoryBytes }))).rejects.toThrow('ask for at most 12 pairs')
    expect((await restartedLanczos(operator, options({ largest: 12, memoryBytes }))).eigenvalues.length).toBe(12)
    await expect(restartedLanczos(operator, options({ memoryBytes: 1000 }))).rejects.toThrow(`allow at least ${restartedLanczosBytes(1000, 1)} bytes`)
  })

  it('size 0 and products that are not finite', async () => {
    await expect(restartedLanczos(diagonal([]), options({ largest: 1 }))).rejects.toThrow('size 0')
    await expect(restartedLanczos(diagonal([1, Infinity]), options({ largest: 1 }))).rejects.toThrow('a product with the matrix is not finite')
  })
})
