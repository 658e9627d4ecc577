import { beforeAll, describe, expect, it } from 'vitest'
import { loadCase } from '../../../fixtures/load.ts'
import { createRandom } from '../random.ts'
import { kolmogorovDistance, nullQuantiles, quantile } from './kolmogorov-smirnov.ts'
import { gaussianOrthogonalLevels, independentLevels } from './random-spectra.ts'
import { poissonCdf, wignerCdf } from './spacing-laws.ts'
import type { SpacingNull } from './spacing-null.ts'
import { spacingNull } from './spacing-null.ts'
import type { SpacingStatistics } from './spacing-statistics.ts'
import { spacingStatistics } from './spacing-statistics.ts'
import { spacings, unfold } from './unfolding.ts'

const reference = loadCase('c5_spectral_stats')

function given<T>(value: T | null): T {
  if (value === null) throw new Error('the simulation was stopped')
  return value
}

describe('spacings of the reference spectra', () => {
  const statistics = new Map<string, SpacingStatistics>()
  beforeAll(async () => {
    for (const name of ['goe300', 'poisson300', 'hess_W3']) {
      statistics.set(name, given(await spacingStatistics(reference.array(name), { window: 10, replicates: 100 })))
    }
  })
  const of = (name: string): SpacingStatistics => given(statistics.get(name) ?? null)

  it('of a random symmetric matrix pass Wigner and fail Poisson', () => {
    const { wigner, poisson, replicates, simulatedLevels } = of('goe300')
    expect(wigner.distance).toBeCloseTo(0.047769124428646476, 12)
    expect(wigner.pValue).toBeGreaterThan(0.2)
    expect(poisson.pValue).toBeLessThan(0.01)
    expect({ replicates, simulatedLevels }).toEqual({ replicates: 100, simulatedLevels: 300 })
  })

  it('of independent levels pass Poisson and fail Wigner', () => {
    expect(of('poisson300').poisson.pValue).toBeGreaterThan(0.2)
    expect(of('poisson300').wigner.pValue).toBeLessThan(0.01)
  })

  it('of the Hessian of a last kernel pass Wigner', () => {
    expect(of('hess_W3').wigner.distance).toBeCloseTo(0.0275049683859639, 12)
    expect(of('hess_W3').wigner.pValue).toBeGreaterThan(0.5)
    expect(of('hess_W3').poisson.pValue).toBeLessThan(0.01)
  })

  it('lie in quantiles that are in order', () => {
    for (const { wigner, poisson } of statistics.values()) {
      for (const law of [wigner, poisson]) {
        expect(law.null.quantile05).toBeLessThan(law.null.median)
        expect(law.null.median).toBeLessThan(law.null.quantile95)
      }
    }
  })
})

describe('spacingNull', () => {
  let large: SpacingNull
  beforeAll(async () => {
    large = given(await spacingNull('goe', 1200, 10, { replicates: 100 }))
  })

  it('puts large spectra together from smaller ones with the distances of whole spectra', () => {
    expect(large.simulatedLevels).toBe(400)
    const random = createRandom(9, 'whole')
    const direct = Float64Array.from({ length: 20 }, () =>
      kolmogorovDistance(spacings(unfold(gaussianOrthogonalLevels(1200, random), 10).unfolded), wignerCdf),
    ).sort()
    expect(Math.abs(quantile(direct, 0.5) / nullQuantiles(large.toWigner).median - 1)).toBeLessThan(0.15)
  })

  it('does the same for independent levels', async () => {
    const put = given(await spacingNull('poisson', 1200, 10, { replicates: 100 }))
    const random = createRandom(8, 'whole')
    const direct = Float64Array.from({ length: 40 }, () =>
      kolmogorovDistance(spacings(unfold(independentLevels(1200, random), 10).unfolded), poissonCdf),
    ).sort()
    expect(Math.abs(quantile(direct, 0.5) / nullQuantiles(put.toPoisson).median - 1)).toBeLessThan(0.15)
  })

  it('is the same to the bit whether its spectra were kept or not', async () => {
    expect(await spacingNull('goe', 1200, 10, { replicates: 100 })).toEqual(large)
    expect(await spacingNull('goe', 80, 5, { replicates: 5, seed: 1 })).not.toEqual(await spacingNull('goe', 80, 5, { replicates: 5, seed: 2 }))
  })

  it('serves the fewest levels that can be unfolded, and windows beyond its usual size', async () => {
    expect(given(await spacingNull('goe', 62, 15, { replicates: 3 })).toWigner).toHaveLength(3)
    expect(given(await spacingNull('poisson', 900, 40, { replicates: 1 })).simulatedLevels).toBe(900)
    await expect(spacingNull('goe', 61, 15)).rejects.toThrow('give at least 62 levels')
    await expect(spacingNull('goe', 100, 5, { replicates: 0 })).rejects.toThrow('replicates=0')
  })

  it('gives way and stops when asked', async () => {
    let breaths = 0
    const yieldControl = async (): Promise<void> => void breaths++
    expect(await spacingNull('goe', 390, 10, { replicates: 5, seed: 77, pacing: { yieldControl } })).not.toBeNull()
    expect(breaths).toBeGreaterThan(1)
    expect(await spacingNull('goe', 390, 10, { replicates: 5, seed: 78, pacing: { shouldStop: () => true } })).toBeNull()
    expect(await spacingStatistics(reference.array('goe300'), { replicates: 9, seed: 79, pacing: { shouldStop: () => true } })).toBeNull()
  })
})
