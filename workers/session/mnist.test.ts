import { existsSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { findPreset } from '../../src/contracts/presets.ts'
import type { Experiment } from '../../src/contracts/experiment.ts'
import { nodeSource } from '../cli/node-source.ts'
import { analysisOf, miniExperiment, testLab, type TestLab } from './test-lab.ts'

const prepared = existsSync(new URL('../../public/data/mnist/index.json', import.meta.url))
const quick = findPreset('mlp50-quick')?.experiment ?? miniExperiment()

/** MLP 50 on the first 2,000 digits: enough for every statement below, in a few seconds. */
const small: Experiment = {
  ...quick,
  dataset: { ...quick.dataset, trainSamples: 2000, testSamples: 1000 },
  training: { ...quick.training, epochs: 5, learningRate: 0.05 },
  measurement: { selection: '2.kernel', unit: 'batch', epochs: 3 },
  analyses: [
    analysisOf({ kind: 'singularValues', edge: 'initialiser' }),
    analysisOf({ kind: 'hessian', selection: '2.kernel', samples: 1000, largest: 10, smallest: 5, tolerance: 1e-4, maxProducts: 120 }),
    { kind: 'principalComponents', components: 10 },
  ],
}

describe.skipIf(!prepared)('MLP 50 on real digits', () => {
  let lab: TestLab
  beforeAll(async () => {
    lab = await testLab({ source: nodeSource() })
    await lab.open(small)
    await lab.session.runAll()
  }, 60_000)

  test('has 42,310 parameters and learns', () => {
    expect(lab.ofType('network')[0].network.parameterCount).toBe(42_310)
    const { history } = lab.ofType('training').at(-1)?.update ?? {}
    expect(history?.testAccuracy[0]).toBeLessThan(0.25)
    expect(history?.testAccuracy.at(-1)).toBeGreaterThan(0.8)
  })

  test('the Hessian of one layer is positive semidefinite to single precision', () => {
    const [{ eigenvalues, end, converged, dimension }] = lab.results('spectrum')
    expect(dimension).toBe(2500)
    expect(eigenvalues[0]).toBeGreaterThan(1)
    eigenvalues.forEach((value, i) => {
      if (end[i] === 'largest') expect(converged[i]).toBe(true)
      expect(value).toBeGreaterThan(-1e-5 * eigenvalues[0])
    })
  })

  test('the first component of the weights is a drift, close to linear in time', () => {
    const [{ drift, weights }] = lab.results('principalComponents')
    expect(drift.r2).toBeGreaterThan(0.98)
    expect(weights.variances[0]).toBeGreaterThan(0.5 * weights.totalVariance)
    for (const residual of weights.residuals) expect(residual).toBeLessThan(1e-6 * weights.variances[0])
  })

  test('velocities follow the Hessian’s leading eigenvectors: their overlap is sharp on the diagonal', () => {
    const sharpness = new Map(lab.results('overlap').map(({ overlap, diagonalSharpness }) => [overlap, diagonalSharpness]))
    expect(sharpness.get('hessianVelocities')).toBeGreaterThan(1.5)
    expect(sharpness.get('hessianVelocities')).toBeGreaterThan(sharpness.get('hessianWeights') ?? Infinity)
  })
})
