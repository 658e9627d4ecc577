import { describe, expect, it } from 'vitest'
import { loadCase } from '../../../fixtures/load.ts'
import { fromFunction, fromMatrix } from '../linear-operator.ts'
import { createRandom } from '../random.ts'
import { stochasticLanczosQuadrature } from './lanczos-quadrature.ts'
import { fractionBelow, negativeMass, quadratureMoment, quadratureSum, spectrumEstimates } from './quadrature-estimates.ts'

const diagonal = (entries: ArrayLike<number>) => fromFunction(entries.length, (x, y) => x.forEach((value, i) => (y[i] = entries[i] * value)))
const quadratureOf = (entries: ArrayLike<number>, probes: number, steps: number) =>
  stochasticLanczosQuadrature(diagonal(entries), { probes, steps, random: createRandom(2, 'slq') })

describe('estimates', () => {
  const spectrum = Float64Array.from({ length: 500 }, (_, i) => (i < 5 ? 10 - i : (i - 300) / 100))

  it('lie within four standard errors of the exact values when the steps suffice', async () => {
    const quadrature = await quadratureOf(spectrum, 20, 60)
    const exact = {
      trace: spectrum.reduce((sum, value) => sum + value, 0),
      frobeniusSquared: spectrum.reduce((sum, value) => sum + value * value, 0),
      fractionBelow: spectrum.filter((value) => value < -0.5).length / 500,
      negativeMass: spectrum.reduce((sum, value) => sum + Math.max(0, -value), 0) / spectrum.reduce((sum, value) => sum + Math.abs(value), 0),
    }
    const estimates = spectrumEstimates(quadrature, -0.5)
    for (const name of ['trace', 'frobeniusSquared', 'fractionBelow', 'negativeMass'] as const) {
      const { value, standardError } = estimates[name]
      expect(standardError).toBeGreaterThan(0)
      expect(Math.abs(value - exact[name])).toBeLessThan(4 * standardError)
    }
  })

  it('have the standard error of the uniform direction: Var(n vᵀAv) = 2n/(n+2) (‖A‖_F² − (tr A)²/n)', async () => {
    const n = spectrum.length
    const { standardError, value } = quadratureMoment(await quadratureOf(spectrum, 400, 1), 1)
    const trace = spectrum.reduce((sum, entry) => sum + entry, 0)
    const square = spectrum.reduce((sum, entry) => sum + entry * entry, 0)
    const expected = Math.sqrt(((2 * n) / (n + 2)) * (square - (trace * trace) / n) / 400)
    expect(standardError / expected).toBeGreaterThan(0.9)
    expect(standardError / expected).toBeLessThan(1.1)
    expect(Math.abs(value - trace)).toBeLessThan(4 * expected)
  })

  it('do not change with the steps where the quadrature is exact', async () => {
    const { halfSteps, stepChange, steps, value } = quadratureMoment(await quadratureOf(spectrum, 3, 20), 2)
    expect(steps).toBe(20)
    expect(halfSteps?.steps).toBe(10)
    expect(stepChange / value).toBeLessThan(1e-13)
    expect(quadratureMoment(await quadratureOf(spectrum, 3, 1), 1)).toMatchObject({ halfSteps: null, stepChange: NaN })
  })

  it('show too few steps by the change with them, where the standard error over probes sees nothing', async () => {
    // A sharp peak at zero under a wide spectrum, as in a Hessian, is a few nodes wide: 0.73 ± 0.02 instead of 0.33.
    const n = 2000
    const draw = createRandom(3, 'peak')
    const entries = Float64Array.from({ length: n }, (_, i) => (i < 20 ? 10 * draw.uniform() : 0.1 * draw.normal() ** 3))
    const exact = entries.filter((entry) => entry < -0.01).length / n
    const estimate = fractionBelow(await quadratureOf(entries, 10, 32), -0.01)
    expect(Math.abs(estimate.value - exact)).toBeGreaterThan(5 * estimate.standardError)
    expect(estimate.stepChange).toBeGreaterThan(5 * estimate.standardError)
  })

  it('integrate any function: the Hessian of the reference network', async () => {
    const hessian = loadCase('c1_mlp_tiny').array('hessian')
    const quadrature = await stochasticLanczosQuadrature(fromMatrix(hessian, 250), { probes: 30, steps: 60, random: createRandom(4, 'slq') })
    const eigenvalues = loadCase('c1_mlp_tiny').array('eigvals')
    const exact = eigenvalues.reduce((sum, value) => sum + 1 / (1 + value * value), 0)
    const { value, standardError, stepChange } = quadratureSum(quadrature, (x) => 1 / (1 + x * x))
    expect(Math.abs(value - exact)).toBeLessThan(4 * standardError)
    expect(stepChange).toBeLessThan(1e-6)
    const trace = quadratureMoment(quadrature, 1)
    expect(Math.abs(trace.value - 8.534983)).toBeLessThan(4 * trace.standardError)
  })

  it('of one probe have no standard error, of none no value', async () => {
    expect(quadratureMoment(await quadratureOf([1, 2, 3], 1, 2), 1).standardError).toBeNaN()
    const none = await stochasticLanczosQuadrature(diagonal([1, 2]), { probes: 1, steps: 2, random: createRandom(1, ''), shouldStop: () => true })
    expect(quadratureMoment(none, 1).value).toBeNaN()
    expect(negativeMass(await quadratureOf([0, 0], 2, 1)).value).toBeNaN()
  })
})

describe('rejected questions', () => {
  it('name what was asked', async () => {
    const quadrature = await quadratureOf([0, 1, 2, 3], 2, 4)
    expect(() => quadratureMoment(quadrature, -1)).toThrow('order=-1')
    expect(() => fractionBelow(quadrature, NaN)).toThrow('threshold=NaN')
  })
})
