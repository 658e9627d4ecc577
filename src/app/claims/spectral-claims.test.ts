import { describe, expect, it } from 'vitest'
import type { Experiment } from '../../contracts/experiment.ts'
import type { SpacingResult, Quadrature, WholeSpectrumResult } from '../../contracts/results.ts'
import { PROVENANCE } from '../../figures/fixtures.ts'
import { MOMENTS, densityFixture, quadratureFixture, spacingFixture, wholeSpectrumFixture } from '../../figures/spectral-fixtures.ts'
import { initialState } from '../../state/lab-state.ts'
import { resultKey, withResult } from '../../state/result-key.ts'
import { bulkAtTwiceDecay } from './bulk-claims.ts'
import { NOTHING, QUICK } from './claims.test-helper.ts'
import { claimInputs, judgeAll } from './index.ts'
import { noNegativeLayer } from './negative-claims.ts'
import { outliersBeforeTraining, prominence, quadratureProminence } from './outlier-claims.ts'
import { notWigner } from './spacing-claims.ts'

const N = 400

function whole(selection: string, changes: Partial<WholeSpectrumResult> = {}): WholeSpectrumResult {
  const base = wholeSpectrumFixture(changes, N, 0)
  return { ...base, settings: { ...base.settings, selection, ...changes.settings } }
}

describe('negative eigenvalues in a whole spectrum', () => {
  const judge = (...wholeSpectra: WholeSpectrumResult[]) => noNegativeLayer.check({ ...NOTHING, wholeSpectra })

  it('are counted beyond rounding: none for a layer, some for the network', () => {
    expect(judge(whole('2.kernel'))).toMatchObject({ verdict: 'holds', evidence: expect.stringMatching(/^0 of the 400 eigenvalues of the layer 2 kernel \(0\.0 %\)/) })
    expect(judge(whole('2.kernel', { negative: 3 })).verdict).toBe('fails')
    expect(judge(whole('all', { negative: 3 })).verdict).toBe('holds')
    expect(judge(whole('all')).verdict).toBe('fails')
  })

  it('of several selections every one counts, and where they differ each says what it is', () => {
    expect(judge(whole('2.kernel'), whole('all', { negative: 3 })).verdict).toBe('holds')
    const mixed = judge(whole('2.kernel'), whole('all'))
    expect(mixed.verdict).toBe('fails')
    expect(mixed.evidence).toMatch(/\(holds\); .*\(does not hold\)$/)
  })

  it('say nothing in a matrix that is not the Hessian', () => {
    const settings = { ...whole('all').settings, matrix: 'gaussNewton' as const }
    expect(judge(whole('all', { settings })).verdict).toBe('notMeasured')
  })
})

it('a density finds negative eigenvalues but does not rule them out', () => {
  const settings = { ...densityFixture().settings, selection: 'all' }
  const judge = (share: number) => {
    const moments = { ...MOMENTS, negativeShare: { value: share, standardError: 0.004 } }
    return noNegativeLayer.check({ ...NOTHING, densities: [densityFixture({ settings, moments })] })
  }
  expect(judge(0.05)).toMatchObject({ verdict: 'holds', evidence: expect.stringContaining('about 5.0 ± 0.4 % of the eigenvalues of the whole network') })
  expect(judge(0).verdict).toBe('notMeasured')
})

describe('the bulk under weight decay', () => {
  const judge = (median: number, selection = '2.kernel', experiment: Experiment = QUICK) => {
    const eigenvalues = Float64Array.from({ length: N }, (_, i) => (i < 9 ? 9 - i : i < 250 ? median : 1e-3))
    return bulkAtTwiceDecay.check({ ...NOTHING, experiment, wholeSpectra: [whole(selection, { eigenvalues, twiceWeightDecay: 1e-3 })] })
  }

  it('has its median at 2λ', () => {
    expect(judge(1.05e-3)).toMatchObject({ verdict: 'holds', quantities: [{ name: 'layer 2 kernel: median over 2λ', value: expect.closeTo(1.05, 10) }] })
    expect([judge(0).verdict, judge(1.6e-3).verdict]).toEqual(['fails', 'fails'])
  })

  it('is looked for only where every entry is regularised', () => {
    const conv: Experiment = {
      ...QUICK,
      network: { ...QUICK.network, layers: [{ kind: 'conv', filters: 4, size: 3, stride: 1, padding: 'same', batchNorm: false }] },
      training: { ...QUICK.training, decayed: 'dense' },
    }
    expect([judge(1e-3, '2.bias').verdict, judge(1e-3, 'all').verdict, judge(1e-3, '1.kernel', conv).verdict]).toEqual(new Array(3).fill('notMeasured'))
  })
})

describe('level spacings', () => {
  const wholeSpectra = [whole('2.kernel')]
  const [far, near] = [{ distance: 0.2, band: [0.01, 0.02, 0.03], pValue: 0.005 }, { distance: 0.02, band: [0.01, 0.02, 0.03], pValue: 0.5 }] as const
  type Test = SpacingResult['wigner']

  it('within the band of the surmise refute the claim, beyond it they bear it out', () => {
    const judge = (wigner: Test, poisson: Test) => notWigner.check({ ...NOTHING, wholeSpectra, spacings: [spacingFixture({ wigner, poisson })] })
    expect(judge(near, far)).toMatchObject({ verdict: 'fails', evidence: expect.stringMatching(/distance 0\.02 \(95 % below 0\.03, p 0\.5\) to the Wigner surmise.*they follow the surmise$/) })
    expect(judge(far, near)).toMatchObject({ verdict: 'holds', evidence: expect.stringMatching(/they are as if independent$/) })
    expect(judge(far, { ...far, distance: 0.3 })).toMatchObject({ verdict: 'holds', evidence: expect.stringMatching(/they follow neither exactly, the surmise is nearer$/) })
    expect(judge(near, near)).toMatchObject({ verdict: 'notMeasured', evidence: expect.stringContaining('too few levels') })
  })

  it('of singular values, or too few of them, decide nothing', () => {
    const judge = (changes: Parameters<typeof spacingFixture>[0]) => notWigner.check({ ...NOTHING, wholeSpectra, spacings: [spacingFixture(changes)] })
    expect(judge({ source: { kind: 'singularValues', layer: 2 } }).verdict).toBe('notMeasured')
    expect(judge({ problem: '30 levels are not enough' })).toMatchObject({ verdict: 'notMeasured', evidence: '30 levels are not enough' })
  })
})

describe('outliers before training', () => {
  const stepped = (height: number) => Float64Array.from({ length: N }, (_, i) => (i < 9 ? height + 9 - i : i < 200 ? 0.1 : 0))
  const judge = (height: number, changes: Partial<WholeSpectrumResult> = {}) =>
    outliersBeforeTraining.check({ ...NOTHING, wholeSpectra: [whole('2.kernel', { compared: { epoch: 0, eigenvalues: stepped(height) }, ...changes })] })

  it('stand at least ten times above nine tenths of all eigenvalues', () => {
    expect(judge(1)).toMatchObject({ verdict: 'holds', evidence: expect.stringMatching(/^layer 2 kernel at epoch 0: eigenvalue 9 is 20 times what 90 % of all do not exceed \(epoch 10: /) })
    expect(judge(-0.5).verdict).toBe('fails')
  })

  it('are read at epoch 0 alone, of networks that begin untrained', () => {
    expect(judge(1, { compared: null }).verdict).toBe('notMeasured')
    expect(judge(1, { compared: { epoch: 3, eigenvalues: stepped(1) } }).verdict).toBe('notMeasured')
    expect(judge(1, { compared: null, eigenvalues: stepped(1), provenance: { ...PROVENANCE, epoch: 0 } }).verdict).toBe('holds')
    const experiment = { ...QUICK, training: { ...QUICK.training, start: 'mlp50' } }
    expect(outliersBeforeTraining.check({ ...NOTHING, experiment, wholeSpectra: [whole('2.kernel', { compared: { epoch: 0, eigenvalues: stepped(1) } })] }).verdict).toBe('notMeasured')
  })

  it('heights are counted from 2λ, and the semicircle has none', () => {
    expect(prominence(Float64Array.from(stepped(1), (value) => value + 5), N, 9, 5, 1e-9)?.ratio).toBeCloseTo(20, 9)
    // Quantiles of the semicircle of radius 1, found by bisection.
    const cdf = (x: number) => 0.5 + (x * Math.sqrt(1 - x * x) + Math.asin(x)) / Math.PI
    const quantile = (p: number) => {
      let [low, high] = [-1, 1]
      for (let i = 0; i < 50; i++) if (cdf((low + high) / 2) < p) low = (low + high) / 2
      else high = (low + high) / 2
      return low
    }
    const semicircle = Float64Array.from({ length: 4000 }, (_, i) => quantile(1 - (i + 0.5) / 4000))
    expect(prominence(semicircle, 4000, 1, 0, 1e-9)?.ratio).toBeCloseTo(1.45, 2)
  })

  it('known from the top alone, the ratio is a lower bound', () => {
    const top = stepped(1).subarray(0, 20)
    expect(prominence(top, 2500, 9, 0, 1e-9)).toMatchObject({ ratio: expect.closeTo(20, 9), isBound: true })
    expect(prominence(top.subarray(0, 9), 2500, 9, 0, 1e-9)).toBeNull()
  })

  it('from a quadrature it is one as well', () => {
    // Twenty values, weights of equal shares: the exact spectrum as its own quadrature.
    const values = Float64Array.from({ length: 20 }, (_, i) => (i === 0 ? 10 : 1 - i / 20))
    const exact: Quadrature = { probes: 1, steps: 20, nodes: values, weights: new Float64Array(20).fill(0.05), residuals: new Float64Array(20) }
    const [bound, true_] = [quadratureProminence(exact, 1, 0), prominence(values, 20, 1, 0, 1e-9)]
    expect(bound?.isBound).toBe(true)
    expect(bound?.ratio).toBeLessThanOrEqual(true_?.ratio ?? 0)
    expect(quadratureProminence(quadratureFixture(), 9, 0)).toBeNull()
  })
})

it('results of every kind reach the claims, stale ones do not', () => {
  const state = initialState(QUICK)
  const all = [whole('2.kernel', { compared: { epoch: 0, eigenvalues: whole('2.kernel').eigenvalues } }), spacingFixture(), densityFixture()]
  const results = all.reduce(withResult, state.results)
  const [input] = claimInputs({ ...state, results })
  expect([input.wholeSpectra.length, input.spacings.length, input.densities.length, input.classes]).toEqual([1, 1, 1, 10])
  const decided = (stale: ReadonlySet<string>) => {
    const [main] = claimInputs({ ...state, results, stale })
    return judgeAll(main).filter(({ finding }) => finding.verdict !== 'notMeasured').map(({ claim }) => claim.number)
  }
  expect(decided(new Set())).toEqual([7, 9, 12])
  expect(decided(new Set(all.map(resultKey)))).toEqual([])
})
