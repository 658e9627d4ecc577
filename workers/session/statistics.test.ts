import { describe, expect, test } from 'vitest'
import { DEFAULT_STATISTICS, type StatisticsSettings } from '../../src/contracts/spectral.ts'
import type { Experiment } from '../../src/contracts/experiment.ts'
import type { EigenvectorResult, LabResult } from '../../src/contracts/results.ts'
import { testPacing } from '../experiments/test-pacing.ts'
import { buildNetwork } from '../networks/network.ts'
import type { Artifact, ArtifactKind, ArtifactKinds, Artifacts, WholeArtifact } from './analysis-artifacts.ts'
import { keyOf, storeArtifact, storedArtifact, type AnalysisContext, type StorageContext } from './analysis-context.ts'
import { runStatistics, type StatisticsContext } from './statistics-stage.ts'
import { createMemoryStore } from './store.ts'
import { analysisOf, miniExperiment, testLab, withTraining, type TestLab } from './test-lab.ts'

const statistics: StatisticsSettings = { ...DEFAULT_STATISTICS, unfoldingWindow: 3, averagingWindow: 2, nullVectors: 200 }
const base: Experiment = {
  ...withTraining({ epochs: 2 }),
  statistics,
  analyses: [
    analysisOf({ kind: 'hessian', selection: '2.kernel', samples: 100, largest: 6, smallest: 4, tolerance: 1e-5, maxProducts: 48 }),
    analysisOf({ kind: 'wholeSpectrum', selection: 'all', samples: 60 }),
    analysisOf({ kind: 'singularValues', edge: 'entries' }),
  ],
}

async function finished(experiment = base): Promise<TestLab> {
  const lab = await testLab()
  await lab.open(experiment)
  await lab.session.runAll()
  return lab
}

const vectorsOf = (lab: TestLab, kind: 'spectrum' | 'wholeSpectrum'): EigenvectorResult => {
  const found = lab.results('eigenvectors').findLast(({ source }) => source.kind === kind)
  if (found === undefined) throw new Error(`expected statistics of a ${kind}`)
  return found
}

const lengths = (vectors: EigenvectorResult): number => vectors.participation.length

describe('statistics of eigenvectors', () => {
  test('know the place of each vector in the whole spectrum, of those at the bottom too', async () => {
    const lab = await finished()
    expect(Array.from(vectorsOf(lab, 'spectrum').index)).toEqual([1, 2, 3, 4, 5, 6, 45, 46, 47, 48])
    const whole = vectorsOf(lab, 'wholeSpectrum')
    expect([lengths(whole), whole.index[0], whole.index[185], whole.dimension]).toEqual([186, 1, 186, 186])
  })

  test('share every vector out among the layers, and agree with the spectrum on its products with the weights', async () => {
    const lab = await finished()
    const { layers, concentration } = vectorsOf(lab, 'wholeSpectrum')
    expect(layers.map(({ layer, parameters }) => [layer, parameters])).toEqual([[1, 104], [2, 54], [3, 28]])
    for (let i = 0; i < 186; i++) expect(concentration[i] + concentration[186 + i] + concentration[372 + i]).toBeCloseTo(1, 12)
    const [spectrum] = lab.results('spectrum')
    const own = vectorsOf(lab, 'spectrum')
    own.weightProduct.forEach((value, i) => expect(value).toBeCloseTo(spectrum.weightProduct[i], 12))
    own.participation.forEach((value, i) => expect(value).toBeCloseTo(spectrum.participation[i], 12))
  })

  test('average p-values over neighbours and leave the ends out', async () => {
    const { porterThomas } = vectorsOf(await finished(), 'spectrum')
    const { pValues, averages, window, nullVectors } = porterThomas
    expect([window, nullVectors, averages.length]).toEqual([2, 200, 10])
    expect(Array.from(averages, Number.isNaN)).toEqual([true, true, false, false, false, false, false, false, true, true])
    expect(averages[4]).toBeCloseTo(pValues.slice(2, 7).reduce((sum, p) => sum + p, 0) / 5, 12)
  })

  test('with the weights of another epoch are the same where the epoch is the same', async () => {
    const same = vectorsOf(await finished({ ...base, statistics: { ...statistics, weightsEpoch: 2 } }), 'spectrum')
    expect(same.otherWeightProduct).toEqual({ epoch: 2, values: same.weightProduct })
    const other = vectorsOf(await finished({ ...base, statistics: { ...statistics, weightsEpoch: 0 } }), 'spectrum')
    expect(other.otherWeightProduct?.epoch).toBe(0)
    expect(other.otherWeightProduct?.values).not.toEqual(other.weightProduct)
  })
})

describe('spacings', () => {
  test('have mean 1 and say how many levels were left out', async () => {
    const lab = await finished()
    const whole = lab.results('spacings').find(({ source }) => source.kind === 'wholeSpectrum')
    expect(whole?.problem).toBeNull()
    expect((whole?.levels ?? 0) + (whole?.dropped ?? 0)).toBe(186)
    expect(whole?.dropped).toBeGreaterThan(0)
    const spacings = whole?.spacings ?? new Float64Array(0)
    expect(spacings.reduce((sum, value) => sum + value, 0) / spacings.length).toBeCloseTo(1, 12)
    for (const law of [whole?.wigner, whole?.poisson]) {
      expect(law?.distance).toBeGreaterThan(0)
      expect(law?.pValue).toBeLessThanOrEqual(1)
    }
  })

  test('of too few levels say why there are none and what to do', async () => {
    const lab = await finished({ ...base, statistics: { ...statistics, unfoldingWindow: 200 } })
    const whole = lab.results('spacings').find(({ source }) => source.kind === 'wholeSpectrum')
    expect(whole?.spacings).toHaveLength(0)
    expect(whole?.problem).toMatch(/^\d+ levels are more than rounding away from 0; a window of 200 needs at least \d+\. Choose a smaller window or a larger matrix\.$/)
  })

  test('leave out the null space of the last kernel, which weight decay moves to 2λ', async () => {
    for (const weightDecay of [0, 0.01]) {
      const lab = await finished({ ...withTraining({ weightDecay, epochs: 1 }, base), analyses: [analysisOf({ kind: 'wholeSpectrum', selection: '3.kernel', samples: 100 })] })
      const [{ dropped, levels }] = lab.results('spacings')
      expect(dropped).toBeGreaterThanOrEqual(6)
      expect(levels + dropped).toBe(24)
    }
  })

  test('leave out the null space of biases, which weight decay does not move', async () => {
    const lab = await finished({ ...withTraining({ weightDecay: 0.01, epochs: 1 }, base), statistics: { ...statistics, unfoldingWindow: 1 }, analyses: [analysisOf({ kind: 'wholeSpectrum', selection: '3.bias', samples: 100 })] })
    expect(lab.results('spacings')[0]).toMatchObject({ levels: 3, dropped: 1 })
  })
})

describe('changed statistics', () => {
  test('recompute no spectrum', async () => {
    const lab = await finished()
    const kept = (kind: 'spectrum' | 'wholeSpectrum' | 'singularValues'): LabResult | undefined => lab.results(kind).at(-1)
    const before = [kept('spectrum'), kept('wholeSpectrum'), kept('singularValues')]
    lab.clear()
    await lab.session.update({ ...base, statistics: { ...statistics, averagingWindow: 3, unfoldingWindow: 5, weightsEpoch: 1 } })
    expect([kept('spectrum'), kept('wholeSpectrum'), kept('singularValues')]).toEqual(before)
    expect([lab.ofType('spectrumProgress'), lab.ofType('training'), lab.ofType('stale')].map(({ length }) => length)).toEqual([0, 0, 0])
    expect(vectorsOf(lab, 'wholeSpectrum').porterThomas.window).toBe(3)
    expect(vectorsOf(lab, 'spectrum').otherWeightProduct?.epoch).toBe(1)
    expect(lab.results('spacings')[0].window).toBe(5)
    expect(lab.stage('analyses')).toBe('done')
  })

  test('that ask for an epoch without checkpoint fail in words and keep the spectra', async () => {
    const lab = await finished()
    lab.clear()
    await lab.session.update({ ...base, statistics: { ...statistics, weightsEpoch: 99 } })
    expect(lab.results('spectrum')).toHaveLength(1)
    const failed = lab.ofType('stage').find(({ status }) => status.state === 'failed')
    expect(failed).toMatchObject({ stage: 'analyses', status: { error: { code: 'not-ready', message: 'There is no checkpoint of epoch 99; there are 0, 1, 2.' } } })
    await expect(lab.session.analyse(null)).rejects.toMatchObject({ code: 'not-ready' })
    await lab.session.update(base)
    expect(lab.stage('analyses')).toBe('done')
  })
})

describe('vectors that are too many to be stored', () => {
  const network = buildNetwork(miniExperiment().network, 12, 4)
  const context = (): StatisticsContext & StorageContext & Pick<AnalysisContext, 'atHand'> => ({
    bench: { network },
    experiment: base,
    trainingKey: 'training',
    state: { position: { epoch: 2, step: 30, cursor: 0 }, weights: Float32Array.from({ length: 186 }, (_, i) => i + 1), velocity: new Float32Array(186) },
    stateAt: () => { throw new Error('not asked for') },
    store: createMemoryStore(null),
    atHand: new Map(),
    pacing: testPacing(),
    emit: () => undefined,
    provenance: (samples, seed, seconds) => ({ dataset: 'd', datasetHash: 'h', samples, seed, engine: 'e', precision: 'float64', numericalVersion: '1', bitExact: true, epoch: 2, seconds, appVersion: 'test' }),
  })

  const measured = async () => {
    const whole = await finished()
    const [result] = whole.results('wholeSpectrum')
    const eigenvectors = Float64Array.from({ length: 186 * 186 }, (_, at) => Number(at % 187 === 0))
    const artifact: WholeArtifact = { result, eigenvectors, statistics: null }
    const held: Artifact[] = []
    const hold = (_: number, changed: Artifact): Promise<void> => Promise.resolve(void held.push(changed))
    const of = (given: WholeArtifact): Artifacts => ({ of: <K extends ArtifactKind>(kind: K) => [given as Artifact].filter((artifact): artifact is ArtifactKinds[K] => artifact.result.kind === kind) })
    return { artifact, held, hold, of }
  }

  test('are stored as what was measured on them, to be told again with their new place and average', async () => {
    const { artifact, held, hold, of } = await measured()
    const at = context()
    const first = await runStatistics(at, of(artifact), hold)
    expect(held).toHaveLength(1)
    const settings = base.analyses[1]
    await storeArtifact(at, settings, held[0], 1000)
    const stored = await storedArtifact<WholeArtifact>(at, settings, 4)
    expect([stored?.eigenvectors, stored?.result.analysis]).toEqual([null, 4])
    if (stored === null) throw new Error('expected an artifact')
    const again = await runStatistics({ ...at, experiment: { ...base, statistics: { ...statistics, averagingWindow: 4 } } }, of(stored), hold)
    const [before, after] = [first, again].map((results) => results.find(({ kind }) => kind === 'eigenvectors') as EigenvectorResult)
    expect(after.source).toMatchObject({ analysis: 4 })
    expect(after.participation).toEqual(before.participation)
    expect(after.porterThomas).toMatchObject({ window: 4, pValues: before.porterThomas.pValues })
    expect(held).toHaveLength(1)
  })

  test('are stored whole where there is room', async () => {
    const { artifact } = await measured()
    const at = context()
    await storeArtifact(at, base.analyses[1], artifact)
    expect((await at.store.get<WholeArtifact>(keyOf(at, base.analyses[1])))?.eigenvectors).toHaveLength(186 * 186)
  })
})
