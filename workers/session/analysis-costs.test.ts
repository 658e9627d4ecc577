import { describe, expect, test } from 'vitest'
import type { Analysis } from '../../src/contracts/experiment.ts'
import { symmetricEigenBytes } from '../linalg/layout.ts'
import { buildNetwork } from '../networks/network.ts'
import { analysisCost } from './analysis-costs.ts'
import { estimateCosts } from './estimates.ts'
import { analysisOf, miniExperiment } from './test-lab.ts'

const experiment = miniExperiment()
const subject = { network: buildNetwork(experiment.network, 12, 4), trainSamples: 240 }
const costOf = (analysis: Analysis, rate = 1e9) => analysisCost(analysis, experiment, subject, rate)

const hessian = analysisOf({ kind: 'hessian', selection: 'all', samples: 200, largest: 5, smallest: 2, tolerance: 1e-4, maxProducts: 100 })
const whole = analysisOf({ kind: 'wholeSpectrum', selection: 'all', samples: 200 })
const density = analysisOf({ kind: 'density', selection: 'all', samples: 200, probes: 4, steps: 30 })
const trace = analysisOf({ kind: 'trace', selection: 'all', samples: 200, method: 'hutchpp', probes: 10 })

const all: readonly Analysis[] = [
  hessian,
  whole,
  density,
  trace,
  analysisOf({ kind: 'demonstration', selection: '2.kernel', samples: 60, algorithm: 'lanczos', steps: 6 }),
  analysisOf({ kind: 'noiseFiltering', selection: '2.kernel', points: 3 }),
  analysisOf({ kind: 'singularValues', edge: 'permuted' }),
  analysisOf({ kind: 'principalComponents', components: 6 }),
]

describe('the cost of an analysis', () => {
  test.each(all)('of $kind is a positive time and memory', (analysis) => {
    const { seconds, bytes, products } = costOf(analysis)
    expect(seconds).toBeGreaterThan(0)
    expect(bytes).toBeGreaterThan(0)
    expect(Number.isInteger(products)).toBe(true)
    for (const value of [seconds, bytes]) expect(Number.isFinite(value)).toBe(true)
  })

  test.each([true, false])('of a whole spectrum has the bytes that its decomposition takes, vectors %s', (vectors) => {
    expect(costOf({ ...whole, vectors }).bytes).toBe(symmetricEigenBytes(186, vectors))
    expect(costOf({ ...whole, vectors, selection: '2.kernel' }).bytes).toBe(symmetricEigenBytes(48, vectors))
  })

  test('counts products: columns of a whole matrix, none for one dense layer, steps of every probe, three for every vector of Hutch++', () => {
    expect(costOf(whole).products).toBe(186)
    expect(costOf({ ...whole, compare: 0 }).products).toBe(372)
    expect(costOf({ ...whole, selection: '2.kernel+2.bias' }).products).toBe(0)
    expect(costOf(density).products).toBe(120)
    expect(costOf({ ...density, compare: 1 }).products).toBe(240)
    expect(costOf(trace).products).toBe(30)
    expect(costOf({ ...trace, method: 'hutchinson' }).products).toBe(10)
  })

  test.each([whole, hessian, density])('of $kind grows with another checkpoint', (analysis) => {
    expect(costOf({ ...analysis, compare: 0 }).seconds).toBeGreaterThan(costOf(analysis).seconds)
  })

  test('of a spectrum grows with batches, by less than one more look at each', () => {
    const [plain, batches] = [costOf(hessian).seconds, costOf({ ...hessian, batches: 8 }).seconds]
    expect(batches).toBeGreaterThan(plain)
    expect(batches).toBeLessThan(3 * plain)
  })

  test('of a spectrum never asks for more memory than its settings allow', () => {
    const wide = { network: buildNetwork({ ...experiment.network, layers: [{ kind: 'dense', units: 800, batchNorm: false }] }, 784, 10), trainSamples: 240 }
    expect(analysisCost({ ...hessian, maxProducts: 4000, memory: 100 }, experiment, wide, 1e9).bytes).toBe(1e8)
  })

  test.each(all.slice(0, 6))('of $kind with a selection that is not there is refused in words', (analysis) => {
    expect(() => costOf({ ...analysis, selection: '9.kernel' } as Analysis)).toThrow('The selection 9.kernel is not part of the network')
  })
})

test('following the curvature adds to the time of training', () => {
  const context = { ...subject, epochsDone: 0, millisecondsPerStep: null }
  const seconds = (every: number | null) => estimateCosts({ ...experiment, monitor: every === null ? null : { selection: 'all', every, samples: 200, largest: 3, probes: 2, steps: 10 } }, context)[0].seconds
  expect(seconds(100)).toBeGreaterThan(seconds(null))
  expect(seconds(1)).toBeGreaterThan(seconds(10))
})
