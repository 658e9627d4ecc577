import { describe, expect, it } from 'vitest'
import type { Experiment } from '../../contracts/experiment.ts'
import type { OverlapResult, PrincipalComponentsResult, Provenance, SingularValuesResult, SpectrumResult } from '../../contracts/results.ts'
import { initialState } from '../../state/lab-state.ts'
import { bulkAtTwiceDecay } from './bulk-claims.ts'
import type { ClaimInput } from './claim.ts'
import { NOTHING as nothing, QUICK as quick } from './claims.test-helper.ts'
import { RANDOM_WALK_R2, driftGrowth, linearDrift } from './drift-claims.ts'
import { claimInputs, judgeAll } from './index.ts'
import { noNegativeLayer } from './negative-claims.ts'
import { layerLikeNetwork, outlierCoverage, outliersCovered, velocitiesMoreDiagonal } from './overlap-claims.ts'
import { smallWeightProduct } from './weight-product-claims.ts'

const provenance: Provenance = {
  dataset: 'MNIST', datasetHash: 'ab', samples: 2000, seed: 7, engine: 'CPU', precision: 'float32',
  numericalVersion: '1', bitExact: true, epoch: 10, seconds: 1, appVersion: '0',
}

function pca(fields: Partial<PrincipalComponentsResult>): PrincipalComponentsResult {
  const set = { variances: Float64Array.of(1), totalVariance: 1, residuals: Float64Array.of(0) }
  return {
    kind: 'principalComponents', analysis: 2, measurement: quick.measurement, dimension: 2500, snapshots: 101, weights: set,
    velocities: set, theta: new Float64Array(0), thetaComponents: 0, thetaTime: new Float64Array(0),
    drift: { slope: 0.01, intercept: -3, r2: 0.999 }, secondR2: 0.001, driftWeightCosine: -0.7,
    weightNorm: { first: 7, last: 7.1 }, provenance, ...fields,
  }
}

function spectrum(selection: string, pairs: readonly (readonly [number, 'largest' | 'smallest'])[], twiceWeightDecay = 0): SpectrumResult {
  const [settings] = quick.analyses.filter((analysis) => analysis.kind === 'hessian')
  const n = pairs.length
  return {
    kind: 'spectrum', analysis: 1, settings: { ...settings, selection }, batchNorm: null, dimension: 2500,
    eigenvalues: Float64Array.from(pairs, ([value]) => value), end: pairs.map(([, end]) => end),
    residuals: new Float64Array(n).fill(1e-7), converged: pairs.map(() => true), products: 50, outcome: 'converged',
    weightProduct: new Float64Array(n).fill(0.001), participation: new Float64Array(n), twiceWeightDecay, loss: 0.1,
    gradientNorm: 0.1, batches: null, compared: null, provenance,
  }
}

function overlap(kind: OverlapResult['overlap'], fields: Partial<OverlapResult>): OverlapResult {
  return {
    kind: 'overlap', overlap: kind, layer: 2, rows: 2, cols: 2, rowLabel: 'i', colLabel: 'j', values: new Float32Array(4),
    rowsDone: 2, dimension: 2500, diagonalSharpness: 1, provenance, ...fields,
  }
}

it('nothing is judged before it is measured', () => {
  const judged = judgeAll(nothing)
  expect(judged.map(({ claim }) => claim.number)).toEqual([1, 2, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 16, 17])
  expect(judged.every(({ finding }) => finding.verdict === 'notMeasured')).toBe(true)
})

describe('drift', () => {
  it('the R² of a random walk is that of a line through half a cosine', () => {
    const n = 20001
    const at = (i: number): [number, number] => [i / (n - 1) - 0.5, Math.cos((Math.PI * i) / (n - 1))]
    let xy = 0, xx = 0, yy = 0
    for (let i = 0; i < n; i++) {
      const [x, y] = at(i)
      xy += x * y
      xx += x * x
      yy += y * y
    }
    expect((xy * xy) / (xx * yy)).toBeCloseTo(RANDOM_WALK_R2, 3)
  })

  it('a drift that is no straighter than a random walk fails', () => {
    const judge = (r2: number) => linearDrift.check({ ...nothing, principalComponents: pca({ drift: { slope: 1, intercept: 0, r2 } }) }).verdict
    expect([judge(0.999), judge(0.98)]).toEqual(['holds', 'fails'])
  })

  it('|θ₁| that shrinks fails without weight decay and holds with it', () => {
    const run = { ...nothing, principalComponents: pca({}) }
    const decayed: Experiment = { ...quick, training: { ...quick.training, weightDecay: 5e-4 } }
    expect(driftGrowth.check(run).verdict).toBe('fails')
    expect(driftGrowth.check({ ...run, experiment: decayed }).verdict).toBe('holds')
  })
})

describe('over seeds', () => {
  const run = (r2: number) => ({ ...nothing, principalComponents: pca({ drift: { slope: 0.01, intercept: 3, r2 }, secondR2: 0.2 }) })
  const finding = (...r2s: readonly number[]) => {
    const [main, ...others] = r2s.map(run)
    const found = judgeAll(main, others).find(({ claim }) => claim === linearDrift)
    if (found === undefined) throw new Error('claim 1 is not judged')
    return found.finding
  }

  it('the majority decides, and the spread of what decides is given', () => {
    expect(finding(0.999, 0.9985, 0.9995)).toMatchObject({ verdict: 'holds', evidence: 'holds in all 3 seeds; R² of θ₁ 0.9990 ± 0.0005, R² of θ₂ 0.200 ± 0' })
    expect(finding(0.999, 0.9, 0.999)).toMatchObject({ verdict: 'holds', evidence: expect.stringMatching(/^holds in 2 of 3 seeds; /) })
    expect(finding(0.999, 0.9)).toMatchObject({ verdict: 'fails', evidence: expect.stringMatching(/^holds in 1 of 2 seeds; /) })
    expect(finding(0.8, 0.9)).toMatchObject({ verdict: 'fails', evidence: expect.stringMatching(/^holds in none of 2 seeds; /) })
  })

  it('a seed in which nothing was measured does not count, and alone the main seed speaks for itself', () => {
    const judge = (main: ClaimInput, ...others: readonly ClaimInput[]) => judgeAll(main, others)[0].finding
    expect(judge(run(0.999), run(0.998), nothing).evidence).toMatch(/^holds in all 2 seeds/)
    expect(judge(run(0.999), nothing)).toEqual(linearDrift.check(run(0.999)))
    expect(judge(nothing, run(0.999)).verdict).toBe('notMeasured')
  })

  it('failed seeds and results of other settings are left out', () => {
    const state = initialState({ ...quick, seeds: { ...quick.seeds, repeats: 4 } })
    const status = (name: 'done' | 'failed') => ({ state: name, seconds: null, restored: false, error: null })
    const results = { ...state.results, principalComponents: pca({}) }
    const [fresh, old, failed] = state.replicas.map((replica) => ({ ...replica, results, status: status('done') }))
    const replicas = [fresh, { ...old, stale: new Set(['principalComponents']) }, { ...failed, status: status('failed') }]
    expect(claimInputs({ ...state, results, replicas }).map(({ principalComponents }) => principalComponents !== null)).toEqual([true, true])
  })
})

describe('Hessian', () => {
  it('the sign of the smallest eigenvalue is judged by what the selection is', () => {
    const judge = (selection: string, lowest: number) =>
      noNegativeLayer.check({ ...nothing, spectra: [spectrum(selection, [[5, 'largest'], [lowest, 'smallest']])] }).verdict
    expect(judge('2.kernel', 0)).toBe('holds')
    expect(judge('2.kernel+2.bias', -0.1)).toBe('fails')
    expect(judge('all', -0.1)).toBe('holds')
    expect(judge('all', 0.1)).toBe('fails')
  })

  it('largest eigenvalues alone say nothing about negative ones', () => {
    const finding = noNegativeLayer.check({ ...nothing, spectra: [spectrum('2.kernel', [[5, 'largest']])] })
    expect(finding.verdict).toBe('notMeasured')
  })

  it('the bulk sits at 2λ', () => {
    const judge = (lowest: number) =>
      bulkAtTwiceDecay.check({ ...nothing, spectra: [spectrum('2.kernel', [[5, 'largest'], [lowest, 'smallest']], 1e-3)] }).verdict
    expect([judge(1.01e-3), judge(0)]).toEqual(['holds', 'fails'])
  })

  it('a weight product of 0.001 is small against 1/50', () => {
    const top = Array.from({ length: 10 }, (_, i) => [10 - i, 'largest'] as const)
    expect(smallWeightProduct.check({ ...nothing, spectra: [spectrum('2.kernel', top)] }).verdict).toBe('holds')
  })
})

describe('overlaps', () => {
  it('sharper velocities hold, duller ones fail', () => {
    const judge = (velocities: number) =>
      velocitiesMoreDiagonal.check({
        ...nothing,
        overlaps: [overlap('hessianWeights', { diagonalSharpness: 2 }), overlap('hessianVelocities', { diagonalSharpness: velocities })],
      }).verdict
    expect([judge(3), judge(1)]).toEqual(['holds', 'fails'])
  })

  it('coverage of one outlier row over one bulk row', () => {
    const found = outlierCoverage(overlap('singularHessian', { values: Float32Array.of(0.4, 0.2, 0.1, 0.2) }), 1, 2)
    expect(found.ratio).toBeCloseTo(4, 5)
    expect(found.mass).toBeCloseTo(0.1, 5)
    expect(found.randomMass).toBe(1 / 2500)
  })

  const singularValuesWith = (outliers: number): SingularValuesResult => {
    const heavyTail = { exponent: 3, standardError: 0.2, from: 1, tailCount: 20, distance: 0.1, valid: false, reason: 'too few' }
    const statistics = { edges: { initialiser: 2, entries: 2, fit: 2, permuted: 2 }, permutedSpread: 0, edgeFluctuation: 0.05, fittedDeviation: 0.1, bulkDistance: 0.01, bulkPValue: 0.5, heavyTail, spectralNorm: 1, stableRank: 20, softRank: 1 }
    const kernel = { layer: 2, name: 'dense_2/kernel', rows: 50, cols: 50, singularValues: new Float64Array(50), deviation: 0.1, lowerEdge: 0, upperEdge: 2, outliers, initial: new Float64Array(50), permuted: new Float64Array(50), statistics }
    return { kind: 'singularValues', analysis: 0, settings: { kind: 'singularValues', edge: 'initialiser', reshape: 'thesis' }, kernels: [kernel], provenance }
  }

  it('a kernel without outliers is not judged', () => {
    const finding = outliersCovered.check({ ...nothing, singularValues: singularValuesWith(0), overlaps: [overlap('singularHessian', {})] })
    expect(finding.verdict).toBe('notMeasured')
  })

  it('against a whole spectrum the first ten of all columns decide', () => {
    const [rows, cols] = [50, 2500]
    const judge = (first: number) => {
      const values = Float32Array.from({ length: rows * cols }, (_, at) => (at < 3 * cols && at % cols < 10 ? first : 0.02))
      return outliersCovered.check({ ...nothing, singularValues: singularValuesWith(3), overlaps: [overlap('singularHessian', { rows, cols, rowsDone: rows, values })] })
    }
    expect(judge(0.04)).toMatchObject({ verdict: 'holds', evidence: '3 outliers: 4 × the bulk in the top 10; they hold 0.48 % of these eigenvectors, random 0.12 %' })
    expect(judge(0.02).verdict).toBe('fails')
  })

  it('eigenvectors of a layer are looked for among the first ten of the whole network', () => {
    const judge = (along: number, selection = 'all') => {
      const size = 12
      const values = Float32Array.from({ length: size * size }, (_, at) => (Math.floor(at / size) === at % size ? along : 0.001))
      const network = { ...spectrum(selection, Array.from({ length: size }, (_, i) => [20 - i, 'largest'] as const)), dimension: 42310 }
      return layerLikeNetwork.check({ ...nothing, spectra: [network], overlaps: [overlap('layerNetwork', { layer: null, rows: size, cols: size, rowsDone: size, values, dimension: 42310 })] })
    }
    expect(judge(0.45)).toMatchObject({ verdict: 'holds', evidence: 'mean largest overlap 0.45; unrelated: 0.00486' })
    expect(judge(0.04).verdict).toBe('fails')
    expect(judge(0.45, '1.kernel+2.kernel').verdict).toBe('notMeasured')
  })
})

describe('negative eigenvalues of a layer', () => {
  const negative: ClaimInput = { ...nothing, spectra: [spectrum('2.kernel', [[3, 'largest'], [-1, 'smallest']])] }
  const { check } = noNegativeLayer

  it('speak against the claim only where the network is piecewise linear in the layer', () => {
    expect(check(negative).verdict).toBe('fails')
    expect(check({ ...negative, experiment: { ...quick, network: { ...quick.network, activation: 'tanh' } } }).verdict).toBe('notMeasured')
    expect(check({ ...negative, spectra: negative.spectra.map((one) => ({ ...one, batchNorm: 'training' as const })) }).verdict).toBe('notMeasured')
    expect(check({ ...negative, spectra: [spectrum('1.kernel+1.gamma', [[3, 'largest'], [-1, 'smallest']])] }).verdict).toBe('notMeasured')
  })
})
