import { describe, expect, it } from 'vitest'
import { loadCase } from '../../fixtures/load.ts'
import { linearFit } from './linear-fit.ts'
import { overlapMatrix } from './overlap.ts'
import type { PcaOptions, PrincipalComponents } from './pca.ts'
import { principalComponents } from './pca.ts'
import { projections } from './projections.ts'
import { createRandom } from './random.ts'
import { SnapshotRecorder } from './snapshots.ts'
import { orthonormalityError, orthonormalRows } from './test-matrices.ts'

function recorded(size: number, count: number, entry: (t: number, i: number) => number): SnapshotRecorder {
  const recorder = new SnapshotRecorder(size, { budgetBytes: 4 * size * count })
  for (let t = 0; t < count; t++) recorder.append(Float32Array.from({ length: size }, (_, i) => entry(t, i)))
  return recorder
}
const options = (over: Partial<PcaOptions>): PcaOptions => ({ kind: 'weights', components: 3, random: createRandom(1, 'pca'), ...over })
const row = (rows: Float64Array, i: number, n: number): Float64Array => rows.slice(i * n, (i + 1) * n)
const maxDifference = (a: Float64Array, b: Float64Array): number => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)

describe('the reference trajectory', () => {
  const reference = loadCase('c4_trajectory')
  const trajectory = reference.array('traj')
  const n = 60
  const recorder = recorded(n, 401, (t, i) => trajectory[t * n + i])

  it.each(['weights', 'velocities'] as const)('has the principal components of its %s', async (kind) => {
    const pca = await principalComponents(recorder, options({ kind, components: n }))
    const variances = reference.array(`pca_${kind}_eigvals`)
    expect(pca).toMatchObject({ method: 'dense-covariance', outcome: 'converged', length: 400 })
    expect(maxDifference(pca.variances, variances)).toBeLessThan(1e-13 * variances[0])
    expect(pca.totalVariance / variances.reduce((sum, value) => sum + value)).toBeCloseTo(1, 12)
    expect(maxDifference(row(pca.principalComponents, 0, n), reference.array(`pca_${kind}_vecs`).subarray(0, n))).toBeLessThan(1e-9)
    const overlaps = overlapMatrix(pca.principalComponents, reference.array(`pca_${kind}_vecs`), n)
    for (let i = 0; i < 10; i++) expect(overlaps[i * n + i]).toBeCloseTo(1, 9)
    expect(orthonormalityError(pca.principalComponents, n)).toBeLessThan(1e-13)
    expect(Math.max(...pca.residuals)).toBeLessThan(1e-13 * variances[0])
  })

  it.each(['weights', 'velocities'] as const)('has the overlaps of its %s with the Hessian', async (kind) => {
    const { principalComponents: components } = await principalComponents(recorder, options({ kind, components: 10 }))
    const overlaps = overlapMatrix(components, reference.array('hess_vecs_at_end'), n)
    // Hessian vectors of a degenerate space are arbitrary, so only the distinct ones are compared.
    const hessian = reference.array('hess_eigvals_at_end')
    const distinct = [...hessian.keys()].filter((j) => j === 0 || hessian[j - 1] - hessian[j] > 1e-8).filter((j) => j < 20)
    const expected = reference.array(`overlap_${kind}_hess`)
    for (let i = 0; i < 10; i++) for (const j of distinct) expect(Math.abs(overlaps[i * n + j] - Math.abs(expected[i * n + j]))).toBeLessThan(1e-7)
  })

  it('has the projection θ₁ and its linear fit', async () => {
    const { principalComponents: components } = await principalComponents(recorder, options({ components: 2 }))
    const theta = await projections(recorder, components)
    expect(theta.length).toBe(2 * 401)
    expect(maxDifference(theta.slice(0, 400), reference.array('theta1'))).toBeLessThan(1e-9)
    const fit = linearFit(theta.subarray(0, 400))
    expect(fit.slope / reference.scalar('theta1_fit.slope')).toBeCloseTo(1, 9)
    expect(fit.intercept).toBeCloseTo(reference.scalar('theta1_fit.intercept'), 9)
    expect(fit.r2).toBeCloseTo(reference.scalar('theta1_fit.r2'), 9)
    expect(linearFit(theta.subarray(401, 801)).r2).toBeCloseTo(reference.scalar('theta2_fit_r2'), 7)
  })
})

describe('planted directions', () => {
  /** w(t) = offset + Σ aᵢ fᵢ(t) dᵢ with orthogonal cosines fᵢ over t = 0 … T − 1: variances aᵢ² T/(2 (T − 1)). */
  function planted(n: number, T: number, amplitudes: number[]): { recorder: SnapshotRecorder; directions: Float64Array } {
    const directions = orthonormalRows(amplitudes.length, n, createRandom(2, 'directions'))
    const recorder = recorded(n, T + 1, (t, i) =>
      amplitudes.reduce((sum, a, q) => sum + a * Math.cos((Math.PI * (q + 1) * (t + 0.5)) / T) * directions[q * n + i], 3),
    )
    return { recorder, directions }
  }

  function expectPlanted(pca: PrincipalComponents, T: number, amplitudes: number[], directions: Float64Array, n: number): void {
    amplitudes.forEach((a, i) => expect(pca.variances[i] / ((a * a * T) / (2 * (T - 1)))).toBeCloseTo(1, 4))
    const overlaps = overlapMatrix(pca.principalComponents, directions, n)
    amplitudes.forEach((_, i) => expect(overlaps[i * amplitudes.length + i]).toBeGreaterThan(1 - 1e-5))
    expect(orthonormalityError(pca.principalComponents, n)).toBeLessThan(1e-12)
    const sum = amplitudes.reduce((total, a) => total + (a * a * T) / (2 * (T - 1)), 0)
    expect(pca.totalVariance / sum).toBeCloseTo(1, 4)
  }

  it.each<[string, number, number]>([
    ['dense-covariance', 90, 300],
    ['gram', 1500, 100],
    ['gram', 700, 333],
    ['lanczos', 450, 600],
  ])('are found by %s with n = %i, T = %i', async (method, n, T) => {
    const amplitudes = [8, 4, 2]
    const { recorder, directions } = planted(n, T, amplitudes)
    const pca = await principalComponents(recorder, options({}))
    expect(pca).toMatchObject({ method, outcome: 'converged' })
    expectPlanted(pca, T, amplitudes, directions, n)
    expect(Math.max(...pca.residuals)).toBeLessThan(1e-7 * pca.variances[0])
  })

  it('give as many Gram components as the trajectory has directions', async () => {
    const recorder = recorded(1000, 51, (t, i) => (i === 3 ? t : i === 9 ? t % 2 : 0.5))
    const pca = await principalComponents(recorder, options({ components: 10 }))
    expect(pca.variances.length).toBe(2)
    expect(pca.principalComponents.length).toBe(2000)
    expect(pca.variances[0]).toBeCloseTo((50 * 51) / 12, 0)
  })

  it('a straight line has one component with the variance of its slope', async () => {
    const recorder = recorded(40, 101, (t, i) => (i === 7 ? -0.25 * t : 1))
    const pca = await principalComponents(recorder, options({ components: 2 }))
    expect(pca.variances[0]).toBeCloseTo((0.25 ** 2 * 100 * 101) / 12, 10)
    expect(pca.variances[1]).toBeCloseTo(0, 12)
    expect(pca.principalComponents[7]).toBe(1)
    const velocities = await principalComponents(recorder, options({ kind: 'velocities', components: 2 }))
    expect(velocities.totalVariance).toBe(0)
  })

  it('tiny motion on a large offset survives', async () => {
    const recorder = recorded(10, 201, (t, i) => 1000 + (i === 2 ? 2 ** -13 * (t % 2) : 0))
    const pca = await principalComponents(recorder, options({ components: 1 }))
    expect(pca.variances[0] / (2 ** -26 * (200 / 199) * 0.25)).toBeCloseTo(1, 10)
  })
})

describe('pacing', () => {
  const random = createRandom(5, 'noise')
  const noise = recorded(3000, 500, () => random.normal())

  it('gives way during the work', async () => {
    let pauses = 0
    const yieldControl = (): Promise<void> => {
      pauses++
      return Promise.resolve()
    }
    const request = { components: 2, maxProducts: 20, tolerance: 1e-2, yieldControl }
    const pca = await principalComponents(noise, options(request))
    expect(pca.method).toBe('lanczos')
    expect(pauses).toBeGreaterThan(3)
  })

  it('ends with nothing when cancelled', async () => {
    let asked = 0
    const pca = await principalComponents(noise, options({ shouldStop: () => ++asked > 2 }))
    expect(pca.outcome).toBe('cancelled')
    expect(pca.variances.length + pca.principalComponents.length).toBe(0)
  })

  it('projections mark what they did not reach', async () => {
    const components = orthonormalRows(10, 3000, random)
    const theta = await projections(noise, components, { shouldStop: () => true })
    expect(theta[0]).not.toBeNaN()
    expect(theta[499]).toBeNaN()
  })
})

describe('rejected input', () => {
  it('is too short, or asks for too much', async () => {
    const short = recorded(4, 2, (t) => t)
    await expect(principalComponents(short, options({ components: 1 }))).rejects.toThrow('2 snapshots give no covariance')
    const recorder = recorded(4, 10, (t, i) => t * i)
    await expect(principalComponents(recorder, options({ components: 5 }))).rejects.toThrow('components=5 of 4 weights over 9 steps')
    await expect(principalComponents(recorder, options({ components: 0 }))).rejects.toThrow('components=0')
    await expect(projections(recorder, new Float64Array(6))).rejects.toThrow('6 entries are no rows of 4 weights')
  })
})
