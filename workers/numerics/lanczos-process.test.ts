import { describe, expect, it } from 'vitest'
import { lanczosTridiagonal } from './lanczos-process.ts'
import { fromFunction, fromMatrix } from './linear-operator.ts'
import { createRandom } from './random.ts'
import { tridiagonalEigen } from './symmetric-eigen.ts'
import { orthonormalityError, symmetricWithSpectrum } from './test-matrices.ts'
import { dot } from './vector-space.ts'

const random = createRandom(1, 'lanczos process')
const joined = (basis: readonly Float64Array[]): Float64Array => Float64Array.from(basis.flatMap((row) => [...row]))

describe('lanczosTridiagonal', () => {
  it('satisfies A Q = Q T + β q eᵀ with orthonormal Q', async () => {
    const n = 50
    const steps = 20
    const matrix = symmetricWithSpectrum(Array.from({ length: n }, (_, i) => 1 / (i + 1)), random)
    const { alphas, betas, basis, lastBeta } = await lanczosTridiagonal(fromMatrix(matrix, n), { steps, random })
    expect(orthonormalityError(joined(basis), n)).toBeLessThan(1e-14)
    for (let i = 0; i < steps; i++) {
      for (let j = 0; j < steps; j++) {
        const image = Float64Array.from({ length: n }, (_, r) => dot(matrix.subarray(r * n, (r + 1) * n), basis[j]))
        const expected = i === j ? alphas[i] : Math.abs(i - j) === 1 ? betas[Math.min(i, j)] : 0
        expect(Math.abs(dot(basis[i], image) - expected)).toBeLessThan(1e-14)
      }
    }
    expect(lastBeta).toBeGreaterThan(0)
  })

  it('reproduces the whole spectrum after n steps, zeros and copies included', async () => {
    const n = 60
    const spectrum = Array.from({ length: n }, (_, i) => (i < 6 ? 5 - (i % 3) : 0)).sort((a, b) => b - a)
    const run = await lanczosTridiagonal(fromMatrix(symmetricWithSpectrum(spectrum, random), n), { steps: n, random })
    const { eigenvalues } = tridiagonalEigen(run.alphas, run.betas)
    eigenvalues.forEach((value, i) => expect(Math.abs(value - spectrum[i])).toBeLessThan(1e-12))
    expect(orthonormalityError(joined(run.basis), n)).toBeLessThan(1e-13)
    expect(run.restarts).toBeGreaterThan(0)
    expect(run.products).toBe(n)
  })

  it('ends at a breakdown when asked, with the number of distinct eigenvalues', async () => {
    const operator = fromMatrix(symmetricWithSpectrum([3, 3, 2, 2, 1, 1, 1], random), 7)
    const run = await lanczosTridiagonal(operator, { steps: 7, random, onBreakdown: 'stop' })
    expect(run).toMatchObject({ products: 3, outcome: 'breakdown', lastBeta: 0 })
  })

  it('starts where it is told', async () => {
    const operator = fromFunction(3, (x, y) => y.set([x[0], 2 * x[1], 3 * x[2]]))
    const run = await lanczosTridiagonal(operator, { steps: 3, random, start: Float64Array.of(0, 0, 9), onBreakdown: 'stop' })
    expect([...run.alphas]).toEqual([3])
    expect([...run.basis[0]]).toEqual([0, 0, 1])
  })

  it('stops when cancelled', async () => {
    const operator = fromMatrix(symmetricWithSpectrum([3, 2, 1, 0], random), 4)
    let asked = 0
    const run = await lanczosTridiagonal(operator, { steps: 4, random, shouldStop: () => ++asked > 2 })
    expect(run).toMatchObject({ products: 2, outcome: 'cancelled' })
  })

  it('rejects what it cannot do', async () => {
    const operator = fromMatrix(Float64Array.of(1, 0, 0, 1), 2)
    await expect(lanczosTridiagonal(operator, { steps: 3, random })).rejects.toThrow('steps=3 exceeds operator size 2; choose at most 2')
    await expect(lanczosTridiagonal(operator, { steps: 0, random })).rejects.toThrow('steps=0')
    await expect(lanczosTridiagonal(operator, { steps: 1, random, start: new Float64Array(2) })).rejects.toThrow('norm 0')
    await expect(lanczosTridiagonal(operator, { steps: 1, random, start: new Float64Array(3) })).rejects.toThrow('length 3')
    const skew = fromMatrix(Float64Array.of(0, 1, -1, 0), 2, { symmetric: false })
    await expect(lanczosTridiagonal(skew, { steps: 1, random })).rejects.toThrow('not declared symmetric')
  })
})
