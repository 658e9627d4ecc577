import { describe, expect, test } from 'vitest'
import { loadCase } from '../../fixtures/load.ts'
import { linearFit } from './linear-fit.ts'
import { diagonalSharpness, nullOverlap, overlapMatrix } from './overlap.ts'
import { principalComponents, projections } from './pca.ts'
import { createRandom } from './random.ts'
import { SnapshotRecorder } from './snapshots.ts'

const oracle = loadCase('c4_trajectory')
const BUDGET = { budgetBytes: 1e8 }

function recorded(values: Float64Array, size: number): SnapshotRecorder {
  const recorder = new SnapshotRecorder(size, BUDGET)
  for (let at = 0; at < values.length; at += size) recorder.append(Float32Array.from(values.subarray(at, at + size)))
  return recorder
}

const trajectory = recorded(oracle.array('traj'), 60)

describe('principal components of a real trajectory', () => {
  test.each([
    ['weights', 'pca_weights_eigvals', 'pca_weights_vecs'],
    ['velocities', 'pca_velocities_eigvals', 'pca_velocities_vecs'],
  ] as const)('variances and components of the %s equal NumPy', async (of, values, vectors) => {
    const pca = await principalComponents(trajectory, of, { components: 60, random: createRandom(1, 'pca') })
    const expected = oracle.array(values)
    pca.variances.forEach((variance, i) => { expect(Math.abs(variance - expected[i])).toBeLessThan(1e-12 * expected[0]) })
    const overlaps = overlapMatrix(pca.principalComponents, oracle.array(vectors), 60)
    // Components of close variances mix under rounding; the well separated leading ones must not.
    for (let i = 0; i < 10; i++) expect(overlaps[i * 61]).toBeGreaterThan(1 - 1e-6)
    expect(pca.totalVariance).toBeCloseTo(expected.reduce((sum, value) => sum + value, 0), 12)
  })

  test('θ₁ and its linear fit equal NumPy', async () => {
    const pca = await principalComponents(trajectory, 'weights', { components: 2, random: createRandom(1, 'pca') })
    const theta = projections(trajectory, pca.principalComponents)
    const expected = oracle.array('theta1')
    const sign = Math.sign(theta[0] * expected[0])
    for (let t = 0; t < 400; t++) expect(Math.abs(sign * theta[t] - expected[t])).toBeLessThan(1e-9)
    const fit = linearFit(theta.subarray(0, 400).map((value) => sign * value))
    expect(fit.slope / oracle.scalar('theta1_fit.slope')).toBeCloseTo(1, 6)
    expect(fit.r2).toBeCloseTo(oracle.scalar('theta1_fit.r2'), 8)
    expect(fit.linearVariance / oracle.scalar('theta1_fit.sigma2_from_slope_pop')).toBeCloseTo(1, 6)
    expect(fit.linearSampleVariance / oracle.scalar('theta1_fit.sigma2_from_slope_ddof1')).toBeCloseTo(1, 6)
    expect(linearFit(theta.subarray(400, 800)).r2).toBeCloseTo(oracle.scalar('theta2_fit_r2'), 6)
  })

  test('overlaps of the components with the Hessian’s eigenvectors equal NumPy', async () => {
    const pca = await principalComponents(trajectory, 'weights', { components: 10, random: createRandom(1, 'pca') })
    const overlaps = overlapMatrix(pca.principalComponents, oracle.array('hess_vecs_at_end'), 60)
    const expected = oracle.array('overlap_weights_hess')
    for (let i = 0; i < 600; i++) expect(Math.abs(overlaps[i] - Math.abs(expected[i]))).toBeLessThan(1e-5)
  })
})

describe('streaming iteration', () => {
  const size = 420
  const random = createRandom(5, 'walk')
  const walk = new Float64Array(500 * size)
  for (let t = 1; t < 500; t++) for (let i = 0; i < size; i++) walk[t * size + i] = walk[(t - 1) * size + i] + random.normal() / (1 + i)

  test.each(['weights', 'velocities'] as const)('gives the leading components of the dense covariance of %s', async (of) => {
    const whole = recorded(walk, size)
    const pca = await principalComponents(whole, of, { components: 5, random: createRandom(1, 'pca') })
    expect(pca.method).toBe('lanczos')
    // The first 250 numbers carry nearly all variance and are few enough for the dense path.
    const part = recorded(Float64Array.from({ length: 500 * 250 }, (_, i) => walk[Math.floor(i / 250) * size + (i % 250)]), 250)
    const reference = await principalComponents(part, of, { components: 5, random: createRandom(1, 'pca') })
    expect(reference.method).toBe('dense')
    reference.variances.forEach((variance, i) => { expect(pca.variances[i] / variance).toBeCloseTo(1, 2) })
    for (const residual of pca.residuals) expect(residual).toBeLessThan(1e-8 * pca.variances[0])
    expect(pca.totalVariance).toBeGreaterThan(pca.variances.reduce((sum, value) => sum + value, 0))
  })

  test('the Gram route (fewer samples than numbers) gives orthonormal components', async () => {
    const few = recorded(walk.subarray(0, 40 * size), size)
    const pca = await principalComponents(few, 'weights', { components: 20, random: createRandom(1, 'pca') })
    const overlaps = overlapMatrix(pca.principalComponents, pca.principalComponents, size)
    for (let i = 0; i < 20; i++) for (let j = 0; j < 20; j++) expect(overlaps[i * 20 + j]).toBeCloseTo(i === j ? 1 : 0, 9)
  })
})

describe('snapshots', () => {
  test('are kept exactly across chunks', () => {
    const size = 3_000_000
    const recorder = new SnapshotRecorder(size, BUDGET)
    for (let t = 0; t < 4; t++) recorder.append(new Float32Array(size).fill(t + 0.5))
    expect(recorder.count).toBe(4)
    expect([recorder.get(0)[0], recorder.get(3)[size - 1]]).toEqual([0.5, 3.5])
  })

  test('a full recorder and a wrong length are refused with the numbers', () => {
    const recorder = new SnapshotRecorder(10, { budgetBytes: 80 })
    recorder.append(new Float32Array(10))
    recorder.append(new Float32Array(10))
    expect(() => { recorder.append(new Float32Array(10)) }).toThrow('3 snapshots of 10 numbers exceed the budget, which holds 2')
    expect(() => { recorder.append(new Float32Array(9)) }).toThrow('9 numbers; expected 10')
    expect(() => recorder.get(2)).toThrow('no snapshot 2')
  })

  test('too few snapshots and too many components are refused', async () => {
    const recorder = recorded(new Float64Array(20), 10)
    await expect(principalComponents(recorder, 'weights', { components: 1, random: createRandom(1, 'pca') })).rejects.toThrow('2 snapshots; expected at least 3')
    await expect(principalComponents(trajectory, 'weights', { components: 61, random: createRandom(1, 'pca') })).rejects.toThrow('components=61')
  })
})

describe('overlaps', () => {
  test('of random unit vectors follow the null level', () => {
    const [n, count] = [400, 60]
    const random = createRandom(2, 'null')
    const unit = (): Float64Array => {
      const rows = Float64Array.from({ length: count * n }, () => random.normal())
      for (let r = 0; r < count; r++) {
        const norm = Math.sqrt(rows.subarray(r * n, (r + 1) * n).reduce((sum, value) => sum + value * value, 0))
        for (let i = 0; i < n; i++) rows[r * n + i] /= norm
      }
      return rows
    }
    const overlaps = overlapMatrix(unit(), unit(), n)
    const { mean, quantile95 } = nullOverlap(n)
    expect(overlaps.reduce((sum, value) => sum + value, 0) / overlaps.length / mean).toBeCloseTo(1, 1)
    expect(overlaps.filter((value) => value > quantile95).length / overlaps.length).toBeCloseTo(0.05, 1)
    expect(diagonalSharpness(overlaps, count, count)).toBeCloseTo(1, 0)
  })

  test('sharpness of the identity is its band’s share', () => {
    const identity = Float64Array.from({ length: 100 }, (_, i) => (i % 11 === 0 ? 1 : 0))
    // 44 entries lie within two columns of the diagonal, 10 of them are 1: (10/44)/(10/100).
    expect(diagonalSharpness(identity, 10, 10)).toBeCloseTo(100 / 44, 12)
  })
})
