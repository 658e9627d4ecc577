import { beforeAll, describe, expect, it } from 'vitest'
import { loadCase } from '../../../fixtures/load.ts'
import { createRandom } from '../random.ts'
import { orthonormalRows } from '../test-matrices.ts'
import { kolmogorovDistance, quantile } from './kolmogorov-smirnov.ts'
import type { PorterThomas } from './porter-thomas.ts'
import { porterThomas, porterThomasDistance, porterThomasNull, porterThomasPValue } from './porter-thomas.ts'

const reference = loadCase('c5_spectral_stats')
const maxDifference = (a: Float64Array, b: Float64Array): number => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)
const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length
const given = <T>(value: T | null): T => {
  if (value === null) throw new Error('the simulation was stopped')
  return value
}

describe('the reference vectors, 60 random and 20 localised', () => {
  const vectors = reference.array('pt_vectors')
  let released: PorterThomas
  let twoSided: PorterThomas
  beforeAll(async () => {
    released = given(await porterThomas(vectors, 200, { form: 'released', nullVectors: 2000 }))
    twoSided = given(await porterThomas(vectors, 200, { nullVectors: 4000 }))
  })

  it('have the stored distances in both forms', () => {
    expect(maxDifference(released.distances, reference.array('pt_stat_code'))).toBeLessThan(1e-14)
    expect(maxDifference(twoSided.distances, reference.array('pt_stat_ks'))).toBeLessThan(1e-14)
  })

  it('have the stored p-values on the stored null, and on our own within its spread', () => {
    const stored = reference.array('pt_null_sorted')
    const expected = reference.array('pt_p')
    const onStored = released.distances.map((distance) => porterThomasPValue(distance, stored, 'released'))
    expect(maxDifference(onStored, expected)).toBeLessThan(1e-10)
    expect(maxDifference(released.pValues, expected)).toBeLessThan(0.05)
  })

  it('are less often called random than by the table for independent entries', () => {
    const classical = reference.array('pt_p_scipy_kstwo')
    for (let i = 0; i < 60; i++) expect(twoSided.pValues[i]).toBeLessThan(classical[i] + 0.02)
  })

  it('pass when random, with p about one half on average, and fail when localised', () => {
    expect(Math.abs(mean(twoSided.pValues.subarray(0, 60)) - 0.5)).toBeLessThan(0.12)
    expect(Math.max(...twoSided.pValues.subarray(60))).toBeLessThan(0.01)
    expect(twoSided).toMatchObject({ form: 'two-sided', nullVectors: 4000, simulatedLength: 200 })
  })
})

describe('p-values of random orthonormal vectors', () => {
  it.each([[40, 3000], [1200, 1000]])('are uniform at length %i', async (n, nullVectors) => {
    const rows = orthonormalRows(40, n, createRandom(7, 'orthonormal'))
    const { pValues } = given(await porterThomas(rows, n, { nullVectors }))
    // 1.36/√40 = 0.215 is exceeded once in twenty.
    expect(kolmogorovDistance(pValues.slice().sort(), (p) => p)).toBeLessThan(0.26)
  })

  it('are nearly zero for entries of another law with the same length', async () => {
    const random = createRandom(8, 'signs')
    const signs = Float64Array.from({ length: 300 }, () => (random.uniform() < 0.5 ? -1 : 1) / Math.sqrt(300))
    const { pValues } = given(await porterThomas(signs, 300, { nullVectors: 500 }))
    expect(pValues[0]).toBe(1 / 501)
  })
})

describe('porterThomasNull', () => {
  it('scales long vectors from shorter ones as whole simulations come out', async () => {
    const scaled = given(await porterThomasNull(4000, { nullVectors: 4000 }))
    expect(scaled.simulatedLength).toBe(1000)
    const random = createRandom(6, 'long')
    const direct = Float64Array.from({ length: 400 }, () => porterThomasDistance(orthonormalRows(1, 4000, random))).sort()
    for (const share of [0.25, 0.5, 0.75]) {
      expect(Math.abs(quantile(direct, share) / quantile(scaled.distances, share) - 1)).toBeLessThan(0.05)
    }
  })

  it('has the limits of a large simulation: medians 0.7671, 0.7765 and 0.7827 over √n', async () => {
    for (const [n, median] of [[50, 0.7671], [200, 0.7765], [1000, 0.7827]]) {
      const { distances } = given(await porterThomasNull(n, { nullVectors: 3000 }))
      expect(Math.abs((quantile(distances, 0.5) * Math.sqrt(n)) / median - 1)).toBeLessThan(0.025)
    }
  })

  it('repeats to the bit, kept or not, and is another for another seed', async () => {
    const first = await porterThomasNull(30, { nullVectors: 50 })
    expect(await porterThomasNull(30, { nullVectors: 50 })).toEqual(first)
    expect(await porterThomasNull(30, { nullVectors: 50, seed: 2 })).not.toEqual(first)
  })

  it('stops when asked', async () => {
    expect(await porterThomasNull(900, { nullVectors: 999, pacing: { shouldStop: () => true } })).toBeNull()
    expect(await porterThomas(orthonormalRows(1, 901, createRandom(1, 'x')), 901, { pacing: { shouldStop: () => true } })).toBeNull()
  })
})

describe('degenerate vectors', () => {
  it('of length one are all alike, so p is one', async () => {
    const { distances, pValues } = given(await porterThomas(Float64Array.of(1, -1), 1, { nullVectors: 10 }))
    expect(distances[0]).toBeCloseTo(0.8413447460685429, 14)
    expect([...pValues]).toEqual([1, 1])
  })

  it('of length two and three have finite values', async () => {
    for (const n of [2, 3]) {
      const { pValues } = given(await porterThomas(orthonormalRows(n, n, createRandom(n, 'small')), n, { nullVectors: 100 }))
      for (const p of pValues) expect(p > 0 && p <= 1).toBe(true)
    }
  })

  it('are refused when they are no unit vectors or fill no rows', async () => {
    await expect(porterThomas(Float64Array.of(1, 1), 2)).rejects.toThrow('row 0 has length 1.414')
    await expect(porterThomas(Float64Array.of(1, 0, 0), 2, { nullVectors: 5 })).rejects.toThrow('3 entries are no rows of length 2')
    await expect(porterThomas(new Float64Array(2), 0)).rejects.toThrow('n=0')
    await expect(porterThomas(Float64Array.of(1), 1, { nullVectors: 0 })).rejects.toThrow('nullVectors=0')
    expect(() => porterThomasDistance(Float64Array.of(NaN, 1))).toThrow('has length NaN')
    expect(() => porterThomasDistance(new Float64Array(0))).toThrow('has length 0')
  })
})
