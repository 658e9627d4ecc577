import { describe, expect, it } from 'vitest'
import { fromFunction, fromMatrix } from '../linear-operator.ts'
import { createRandom } from '../random.ts'
import { symmetricEigen } from '../symmetric-eigen.ts'
import { symmetricWithSpectrum } from '../test-matrices.ts'
import { angleOf } from './angle.ts'
import { powerIteration, type PowerOptions, type PowerStep } from './power-iteration.ts'

const options = (over: Partial<PowerOptions> = {}): PowerOptions => ({ steps: 60, random: createRandom(3, 'power'), ...over })
const diagonal = (entries: ArrayLike<number>) => fromFunction(entries.length, (x, y) => x.forEach((value, i) => (y[i] = entries[i] * value)))
const random = createRandom(1, 'power test matrices')

describe('convergence', () => {
  it.each([[0.8], [-0.9]])('the residual falls by |λ₂/λ₁| per step, the error of the Rayleigh quotient by its square: λ₂ = %f', async (second) => {
    const matrix = symmetricWithSpectrum([1, second, 0.3, 0.2, -0.1, 0, 0, 0.05], random)
    const { residuals, rayleighQuotients, angles } = await powerIteration(fromMatrix(matrix, 8), options())
    expect(residuals[50] / residuals[49]).toBeCloseTo(Math.abs(second), 6)
    expect((1 - rayleighQuotients[35]) / (1 - rayleighQuotients[34])).toBeCloseTo(second * second, 5)
    expect(angles[50] / angles[49]).toBeCloseTo(Math.abs(second), 5)
  })

  it('the vector is the eigenvector of the eigenvalue largest in size, signs as everywhere', async () => {
    const matrix = symmetricWithSpectrum([1, 0.5, 0.2, -3], random)
    const { vector, outcome, products } = await powerIteration(fromMatrix(matrix, 4), options({ tolerance: 1e-12 }))
    symmetricEigen(matrix, 4).eigenvectors.subarray(12).forEach((entry, i) => expect(vector[i]).toBeCloseTo(entry, 11))
    expect(outcome).toBe('converged')
    expect(products).toBeLessThan(30)
  })

  it('two eigenvalues of equal size and opposite sign never settle, and the angle says so', async () => {
    const { residuals, outcome } = await powerIteration(diagonal([2, -2, 1]), options({ start: Float64Array.of(1, 1, 1), tolerance: 1e-6 }))
    expect(outcome).toBe('max-steps')
    expect(residuals[59]).toBeCloseTo(2, 6)
  })

  it('records what is defined: quotient, residual and angle of a vector known by hand', async () => {
    const { rayleighQuotients, residuals, angles, vector } = await powerIteration(diagonal([3, 1]), options({ steps: 1, start: Float64Array.of(2, 2) }))
    expect(rayleighQuotients[0]).toBeCloseTo(2, 14)
    expect(residuals[0]).toBeCloseTo(1, 14)
    expect(angles[0]).toBeCloseTo(Math.atan(0.5), 15)
    expect(vector[0] / vector[1]).toBeCloseTo(3, 14)
  })
})

describe('the angle', () => {
  it('agrees with the arctangent to the last digits, ends included', () => {
    for (let i = 0; i <= 400; i++) {
      const t = (Math.PI / 2) * (i / 400)
      expect(Math.abs(angleOf(Math.sin(t), Math.cos(t)) - t)).toBeLessThan(4e-16)
    }
    expect([angleOf(0, 1), angleOf(1, 0), angleOf(1e-200, 1)]).toEqual([0, Math.PI / 2, 1e-200])
  })
})

describe('ends', () => {
  it('a vanishing product, size one, tiny entries', async () => {
    expect(await powerIteration(diagonal([0, 0]), options())).toMatchObject({ outcome: 'breakdown', products: 1 })
    expect(await powerIteration(diagonal([-4]), options())).toMatchObject({ outcome: 'converged', products: 1, vector: Float64Array.of(1) })
    const tiny = await powerIteration(diagonal([5e-310, 1e-310]), options())
    expect(tiny.vector[0]).toBeCloseTo(1, 12)
  })

  it('reports every step and keeps them when cancelled', async () => {
    const reports: PowerStep[] = []
    const run = await powerIteration(diagonal([3, 2, 1]), options({ onStep: (step) => void reports.push(step), shouldStop: () => reports.length === 7 }))
    expect(run).toMatchObject({ outcome: 'cancelled', products: 7 })
    expect(reports.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(Float64Array.from(reports, ({ residual }) => residual)).toEqual(run.residuals)
  })

  it.each([
    [{ steps: 0 }, 'power iteration: steps=0 is not a whole number from 1 on'],
    [{ tolerance: NaN }, 'tolerance=NaN'],
    [{ start: new Float64Array(2) }, 'start has norm 0'],
    [{ start: new Float64Array(3) }, 'start has length 3, the operator has size 2'],
  ])('rejects %o', async (over, message) => {
    await expect(powerIteration(diagonal([2, 1]), options(over))).rejects.toThrow(message)
  })

  it('rejects size 0 and products that are not finite', async () => {
    await expect(powerIteration(diagonal([]), options())).rejects.toThrow('size 0')
    await expect(powerIteration(diagonal([NaN]), options())).rejects.toThrow('a product with the matrix is not finite')
  })
})
