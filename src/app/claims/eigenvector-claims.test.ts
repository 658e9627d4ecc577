import { describe, expect, it } from 'vitest'
import type { EigenvectorResult } from '../../contracts/results.ts'
import { PROVENANCE, spectrumFixture } from '../../figures/fixtures.ts'
import { eigenvectorsFixture, wholeSpectrumFixture } from '../../figures/spectral-fixtures.ts'
import type { Claim, ClaimInput } from './claim.ts'
import { NOTHING, QUICK } from './claims.test-helper.ts'
import { failPorterThomas, laterLayers, localisedEnds, randomDeviation } from './eigenvector-claims.ts'
import { determinedVectors, leadingCount } from './eigenvector-set.ts'
import { smallWeightProduct } from './weight-product-claims.ts'

const N = 400
const from = (of: (i: number) => number, length = N) => Float64Array.from({ length }, (_, i) => of(i))
const vectors = (changes: Partial<EigenvectorResult> = {}) => eigenvectorsFixture(changes, N, N)
const check = (claim: Claim, result: EigenvectorResult, input: Partial<ClaimInput> = {}) => claim.check({ ...NOTHING, eigenvectors: [result], ...input })

it('no claim follows from the eigenvectors of another matrix', () => {
  const source = { ...vectors().source, matrix: 'gaussNewton' as const }
  for (const claim of [failPorterThomas, laterLayers, localisedEnds, smallWeightProduct]) expect(check(claim, vectors({ source })).verdict).toBe('notMeasured')
})

describe('Porter–Thomas test', () => {
  const tested = (p: (i: number) => number, average: number) =>
    vectors({ porterThomas: { ...vectors().porterThomas, pValues: from(p), averages: from((i) => (i < 15 || i >= N - 15 ? NaN : average)), band: [0.4, 0.6] } })

  it('is failed when most p-values are small and no mean over neighbours is that of random vectors', () => {
    const found = check(failPorterThomas, tested((i) => (i % 20 === 0 ? 0.3 : 0.001), 0.02))
    expect(found).toMatchObject({ verdict: 'holds', evidence: '95.0 % of 400 eigenvectors of the layer 2 kernel have p below 0.05, largest mean over 31 neighbours 0.02, random 0.4 to 0.6' })
    expect(check(failPorterThomas, tested((i) => (i + 0.5) / N, 0.5)).verdict).toBe('fails')
    expect(check(failPorterThomas, tested(() => 0.001, 0.45)).verdict).toBe('fails')
  })

  it('is judged without vectors whose eigenvalue is null to rounding', () => {
    const eigenvalues = from((i) => (i < N / 2 ? N - i : 1e-15))
    const result = { ...tested((i) => (i < N / 2 ? 0.5 : 0), NaN), eigenvalues }
    expect(check(failPorterThomas, result, { wholeSpectra: [wholeSpectrumFixture({ rounding: 1e-12 })] })).toMatchObject({ verdict: 'fails', evidence: expect.stringMatching(/^0\.0 % of 200/) })
    const decayed = wholeSpectrumFixture({ rounding: 1e-12, twiceWeightDecay: N })
    expect(determinedVectors(result, { ...NOTHING, wholeSpectra: [decayed] })).toHaveLength(N / 2 - 1)
  })
})

describe('concentration in layers', () => {
  const shared = (first: number) => vectors({ concentration: from((k) => (k < N ? first : 1 - first), 2 * N) })

  it('is later than the parameters are when the mean layer is', () => {
    expect(check(laterLayers, shared(0.5))).toMatchObject({
      verdict: 'holds',
      evidence: 'mean layer of the top 20 of the layer 2 kernel 1.5, of the parameters 1.25: dense_1 50.0 % (parameters 75.0 %), dense_2 50.0 % (parameters 25.0 %)',
    })
    expect([check(laterLayers, shared(0.75)).verdict, check(laterLayers, shared(0.9)).verdict]).toEqual(['fails', 'fails'])
  })

  it('needs several layers and the first ten vectors', () => {
    const [layer] = vectors().layers
    expect(check(laterLayers, vectors({ layers: [layer], concentration: from(() => 1) })).verdict).toBe('notMeasured')
    const gap = vectors({ index: from((i) => (i < 5 ? i + 1 : i + 2)) })
    expect(leadingCount(gap, 20)).toBe(5)
    expect(check(laterLayers, gap).verdict).toBe('notMeasured')
  })

  it('the mean layer of random vectors varies as a beta distribution says', () => {
    // Two layers of equal size: the share of one is Beta(n/4, n/4), of variance 1/(4(n/2 + 1)).
    expect(randomDeviation([1, 2], [0.5, 0.5], 100, 1)).toBeCloseTo(Math.sqrt(1 / (4 * 51)), 12)
    expect(randomDeviation([1, 2], [0.5, 0.5], 100, 25)).toBeCloseTo(Math.sqrt(1 / (4 * 51)) / 5, 12)
  })
})

describe('participation at the ends', () => {
  const shaped = (first: number, last: number) => vectors({ participation: from((i) => (i < 20 ? first : i >= 380 ? last : 0.01) * (1 + 0.01 * (i % 3))) })

  it('is compared with the middle half', () => {
    expect(check(localisedEnds, shaped(0.02, 0.5))).toMatchObject({
      verdict: 'holds',
      quantities: [
        { name: 'layer 2 kernel: first over middle', value: expect.closeTo(2, 2) },
        { name: 'layer 2 kernel: last over middle', value: expect.closeTo(50, 0) },
      ],
    })
    expect([check(localisedEnds, shaped(0.01, 0.5)).verdict, check(localisedEnds, shaped(0.02, 0.005)).verdict]).toEqual(['fails', 'fails'])
  })

  it('needs every eigenvector', () => {
    expect(check(localisedEnds, eigenvectorsFixture({}, 100, N)).verdict).toBe('notMeasured')
    expect(check(localisedEnds, eigenvectorsFixture({}, 60, 60)).verdict).toBe('notMeasured')
  })
})

describe('weight product', () => {
  const sized = (size: number, untrained: number | null, epoch = 0) =>
    vectors({ weightProduct: from(() => size), otherWeightProduct: untrained === null ? null : { epoch, values: from(() => untrained) } })
  const unrelated = 1 / Math.sqrt(N)

  it('is small when it is so with both weights', () => {
    expect(check(smallWeightProduct, sized(0.1 * unrelated, 0.4 * unrelated))).toMatchObject({
      verdict: 'holds',
      evidence: 'root mean square of the top 10 of the layer 2 kernel: 0.005 with the weights of epoch 10, 0.02 with those of epoch 0; unrelated: 0.05',
    })
    expect(check(smallWeightProduct, sized(0.1 * unrelated, unrelated)).verdict).toBe('fails')
    expect(check(smallWeightProduct, sized(unrelated, 0.1 * unrelated)).verdict).toBe('fails')
  })

  it('says where the untrained weights were not compared', () => {
    for (const result of [sized(0.001, null), sized(0.001, 1, 3)]) {
      expect(check(smallWeightProduct, result)).toMatchObject({ verdict: 'holds', evidence: expect.stringMatching(/weights of epoch 0 were not compared$/) })
    }
    const pretrained = { ...QUICK, training: { ...QUICK.training, start: 'mlp50' } }
    expect(check(smallWeightProduct, sized(0.001, 1), { experiment: pretrained }).evidence).toMatch(/were not compared$/)
    expect(check(smallWeightProduct, { ...sized(0.001, null), provenance: { ...PROVENANCE, epoch: 0 } }).evidence).not.toMatch(/compared/)
  })

  it('comes from the spectrum itself where there are no statistics of its eigenvectors', () => {
    expect(smallWeightProduct.check({ ...NOTHING, spectra: [spectrumFixture()] }).verdict).not.toBe('notMeasured')
  })
})
