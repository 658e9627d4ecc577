import { describe, expect, test } from 'vitest'
import { layersOf } from '../../src/contracts/layers.ts'
import type { Analysis, Experiment } from '../../src/contracts/experiment.ts'
import { analysisOf, miniExperiment, testLab, withTraining, type TestLab } from './test-lab.ts'

const network = (layers: string): Partial<Experiment> => ({ network: { layers: layersOf(layers), activation: 'relu', initialiser: 'glorotUniform' } })
const conv = withTraining({ epochs: 1, weightDecay: 0.002 }, miniExperiment(network('c3x3,6')))
const normed = withTraining({ epochs: 1 }, miniExperiment(network('c2x3b,6b')))
const common = { samples: 80 }

async function finished(experiment: Experiment, analyses: readonly Analysis[]): Promise<TestLab> {
  const lab = await testLab()
  await lab.open({ ...experiment, analyses: [...analyses] })
  await lab.session.runAll()
  return lab
}

describe('a convolutional network', () => {
  test('has its singular values by every reshape that is asked for, in one run', async () => {
    const lab = await finished(conv, [analysisOf({ kind: 'singularValues', edge: 'entries' }), analysisOf({ kind: 'singularValues', edge: 'entries', reshape: 'filters' })])
    const [thesis, filters] = lab.results('singularValues')
    expect([thesis.kernels[0], filters.kernels[0]].map(({ rows, cols }) => [rows, cols])).toEqual([[9, 3], [9, 3]])
    expect(thesis.kernels[1].singularValues).toEqual(filters.kernels[1].singularValues)
    for (const index of [0, 1]) {
      await lab.session.check(index)
      expect(lab.results('check').at(-1)).toMatchObject({ analysis: index, verdict: 'good' })
    }
  })

  test('of two convolutions keeps both reshapes apart', async () => {
    const deep = withTraining({ epochs: 0 }, miniExperiment(network('c3x3,c4x3,6')))
    const lab = await finished(deep, [analysisOf({ kind: 'singularValues', edge: 'entries' }), analysisOf({ kind: 'singularValues', edge: 'entries', reshape: 'filters' })])
    expect(lab.results('singularValues').map(({ kernels }) => [kernels[1].rows, kernels[1].cols])).toEqual([[9, 12], [27, 4]])
  })

  test('has no negative eigenvalue in its kernel, up to rounding, and decay where it belongs', async () => {
    for (const decayed of ['kernels', 'dense'] as const) {
      const experiment = withTraining({ decayed }, conv)
      const lab = await finished(experiment, [analysisOf({ kind: 'wholeSpectrum', selection: '1.kernel', ...common }), analysisOf({ kind: 'trace', selection: '1.kernel', ...common, method: 'hutchpp', probes: 27 })])
      const [whole] = lab.results('wholeSpectrum')
      expect([whole.build, whole.products, whole.negative]).toEqual(['products', 27, 0])
      expect(whole.eigenvalues.at(-1)).toBeGreaterThan((decayed === 'kernels' ? 0.004 : 0) - whole.rounding)
      expect(lab.results('trace').at(-1)?.trace.value).toBeCloseTo(whole.trace, 5)
    }
  })
})

describe('noise filtering', () => {
  test('of nothing is the trained network, of everything a network that knows one class', async () => {
    const lab = await finished(withTraining({ epochs: 2 }), [analysisOf({ kind: 'noiseFiltering', selection: 'all', points: 4 })])
    const history = lab.ofType('training').at(-1)?.update.history
    const [{ curves, layers, treatments, labelNoise }] = lab.results('noiseFiltering')
    expect([layers, labelNoise, treatments.length]).toEqual([[1, 2, 3], 0, 3])
    expect([curves.trainLoss[0], curves.trainAccuracy[0], curves.testLoss[0], curves.testAccuracy[0]]).toEqual([history?.trainLoss[2], history?.trainAccuracy[2], history?.testLoss[2], history?.testAccuracy[2]])
    expect([curves.trainAccuracy[3], curves.testAccuracy[3]]).toEqual([0.25, 0.25])
  })

  test('leaves the trained weights as they are, and needs a kernel', async () => {
    const lab = await finished(withTraining({ epochs: 1 }), [analysisOf({ kind: 'noiseFiltering', selection: '2.kernel', points: 2 })])
    const before = lab.fingerprint()
    await lab.session.update({ ...withTraining({ epochs: 2 }), analyses: [] })
    await lab.session.train()
    const plain = await finished(withTraining({ epochs: 2 }), [])
    expect(lab.fingerprint()).toBe(plain.fingerprint())
    expect(lab.fingerprint()).not.toBe(before)
    await expect(finished(withTraining({ epochs: 0 }), [analysisOf({ kind: 'noiseFiltering', selection: '2.bias', points: 2 })])).rejects.toMatchObject({ code: 'bad-settings', message: 'The selection 2.bias has no kernel to filter.' })
  })
})

describe('a network with batch norm', () => {
  test('says by which statistics its matrix is, and both ways agree with their own columns', async () => {
    const analyses = (['inference', 'training'] as const).flatMap((batchNorm) => [
      analysisOf({ kind: 'wholeSpectrum', selection: '3.kernel', ...common, batchNorm }),
      analysisOf({ kind: 'trace', selection: '3.kernel', ...common, batchNorm, method: 'hutchpp', probes: 24 }),
    ])
    const lab = await finished(normed, analyses)
    const wholes = lab.results('wholeSpectrum')
    expect(wholes.map(({ batchNorm, build }) => [batchNorm, build])).toEqual([['inference', 'kronecker'], ['training', 'products']])
    const traces = [1, 3].map((index) => lab.results('trace').findLast(({ analysis }) => analysis === index)?.trace.value ?? NaN)
    traces.forEach((trace, i) => expect(Math.abs(trace / wholes[i].trace - 1)).toBeLessThan(1e-4))
    expect(Math.abs(traces[0] / traces[1] - 1)).toBeGreaterThan(1e-3)
  })

  test('is checked by its own statistics', async () => {
    const lab = await finished(normed, [analysisOf({ kind: 'wholeSpectrum', selection: '3.kernel', ...common, batchNorm: 'training' })])
    await lab.session.check(0)
    expect(lab.results('check')[0].verdict).toBe('good')
  })

  test('has no empirical Fisher matrix where the samples are mixed, and says so', async () => {
    const wrong = analysisOf({ kind: 'wholeSpectrum', selection: '2.kernel', ...common, batchNorm: 'training', matrix: 'empiricalFisher' })
    await expect(finished(normed, [wrong])).rejects.toMatchObject({ code: 'bad-settings' })
  })

  test('is followed in training without a change of its weights or statistics', async () => {
    const monitor = { selection: 'all', every: 5, samples: 60, largest: 2, probes: 1, steps: 6 }
    const [plain, followed] = [await finished(normed, []), await finished({ ...normed, monitor }, [])]
    expect(followed.fingerprint()).toBe(plain.fingerprint())
    expect(Array.from(followed.results('curvature').at(-1)?.step ?? [])).toEqual([0, 5, 10, 15])
  })
})

describe('a single dense layer on the CPU', () => {
  test.each(['relu', 'tanh'] as const)('behind %s counts no eigenvalue as negative that is so by rounding', async (activation) => {
    const experiment = withTraining({ epochs: 0 }, miniExperiment({ network: { layers: layersOf('8,6'), activation, initialiser: 'glorotUniform' } }))
    const lab = await finished(experiment, [analysisOf({ kind: 'wholeSpectrum', selection: '3.kernel', ...common }), analysisOf({ kind: 'wholeSpectrum', selection: '1.kernel', ...common, matrix: 'gaussNewton' })])
    for (const { negative, build } of lab.results('wholeSpectrum')) expect([negative, build]).toEqual([0, 'kronecker'])
  })
})
