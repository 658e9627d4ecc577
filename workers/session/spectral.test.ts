import { beforeAll, describe, expect, test } from 'vitest'
import { readNpz } from '../data/npz.ts'
import type { Analysis, Experiment } from '../../src/contracts/experiment.ts'
import type { LabResult } from '../../src/contracts/results.ts'
import { DEFAULT_STATISTICS } from '../../src/contracts/spectral.ts'
import { createMemoryStore, type ResultStore } from './store.ts'
import { analysisOf, eventGate, miniExperiment, testLab, withTraining, type TestLab } from './test-lab.ts'

const analyses: readonly Analysis[] = [
  analysisOf({ kind: 'hessian', selection: '2.kernel', samples: 100, largest: 5, smallest: 2, tolerance: 1e-5, maxProducts: 48, batches: 4, compare: 0 }),
  analysisOf({ kind: 'wholeSpectrum', selection: 'all', samples: 40, compare: 0 }),
  analysisOf({ kind: 'density', selection: 'all', samples: 60, probes: 3, steps: 12, compare: 0 }),
  analysisOf({ kind: 'trace', selection: 'all', samples: 60, method: 'hutchinson', probes: 6 }),
  analysisOf({ kind: 'demonstration', selection: '2.kernel', samples: 60, algorithm: 'lanczos', steps: 6 }),
  analysisOf({ kind: 'noiseFiltering', selection: '2.kernel', points: 3 }),
  analysisOf({ kind: 'singularValues', edge: 'permuted' }),
  analysisOf({ kind: 'demonstration', selection: '2.kernel', samples: 60, algorithm: 'power', steps: 4 }),
]
const base: Experiment = {
  ...withTraining({ epochs: 1, weightDecay: 0.001 }, miniExperiment({ analyses: [...analyses] })),
  statistics: { ...DEFAULT_STATISTICS, unfoldingWindow: 3, averagingWindow: 1, nullVectors: 100 },
}

async function opened(experiment = base, store: ResultStore = createMemoryStore(null)): Promise<TestLab> {
  const lab = await testLab({ store })
  await lab.open(experiment)
  return lab
}

async function finished(experiment = base, store?: ResultStore): Promise<TestLab> {
  const lab = await opened(experiment, store)
  await lab.session.runAll()
  return lab
}

/** What a result is of, and the result without the time it took. */
function told(lab: TestLab): ReadonlyMap<string, unknown> {
  return new Map(lab.ofType('result').map(({ result }) => [nameOf(result), untimed(result)]))
}

function nameOf(result: LabResult): string {
  if (result.kind === 'overlap') return `overlap ${result.overlap}`
  if (result.kind === 'spacings' || result.kind === 'eigenvectors') return `${result.kind} of ${JSON.stringify(result.source)}`
  return 'analysis' in result ? `${result.kind} ${result.analysis}` : result.kind
}

const TIMES = ['seconds', 'buildSeconds', 'solveSeconds']

function untimed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  if (Array.isArray(value)) return value.map(untimed)
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, TIMES.includes(name) ? null : untimed(entry)]))
}

let lab: TestLab
const store = createMemoryStore(null)
beforeAll(async () => {
  lab = await finished(base, store)
})

describe('every spectral analysis', () => {
  test('gives a result, and what follows from it', () => {
    expect([...told(lab).keys()].sort()).toEqual([
      'demonstration 4', 'demonstration 7', 'density 2',
      'eigenvectors of {"kind":"spectrum","analysis":0,"selection":"2.kernel","matrix":"hessian"}',
      'eigenvectors of {"kind":"wholeSpectrum","analysis":1,"selection":"all","matrix":"hessian"}',
      'noiseFiltering 5', 'overlap hessianTime', 'overlap layerNetwork', 'overlap singularHessian', 'singularValues 6',
      'spacings of {"kind":"wholeSpectrum","analysis":1,"selection":"all"}',
      'spectrum 0', 'trace 3', 'wholeSpectrum 1',
    ])
  })

  test('has the same bits in another session', async () => {
    expect(told(await finished())).toEqual(told(lab))
  })

  test('comes back from storage with everything that follows, without work', async () => {
    const again = await opened(base, store)
    expect(told(again)).toEqual(told(lab))
    expect(again.stage('analyses')).toBe('done')
    expect(again.ofType('spectrumProgress')).toHaveLength(0)
    const seconds = (of: TestLab) => of.results('wholeSpectrum').at(-1)?.provenance.seconds
    expect(seconds(again)).toBe(seconds(lab))
  })

  test('agrees with the others about one matrix', () => {
    const [whole, density, trace, spectrum] = [lab.results('wholeSpectrum')[0], lab.results('density').at(-1), lab.results('trace').at(-1), lab.results('spectrum')[0]]
    expect(whole.eigenvalues.reduce((sum, value) => sum + value, 0)).toBeCloseTo(whole.trace, 10)
    expect(density?.loss).toBe(trace?.loss)
    for (const result of [whole, density, trace, spectrum]) expect(result?.twiceWeightDecay).toBeCloseTo(0.002, 12)
    expect(density?.compared?.epoch).toBe(0)
    expect(whole.compared?.eigenvalues).toHaveLength(186)
    expect(spectrum.compared?.eigenvalues).toHaveLength(7)
    expect(spectrum.batches).toMatchObject({ count: 4, samples: 25 })
  })
})

describe('exports', () => {
  test.each<{ kind: LabResult['kind']; arrays: Record<string, readonly number[]> }>([
    { kind: 'spectrum', arrays: { eigenvalues: [7], eigenvectors: [7, 48], residuals: [7], converged: [7], iterations: [1], weight_product: [7], ipr: [7], batch_eigenvalues: [4, 7], compared_eigenvalues: [7] } },
    { kind: 'wholeSpectrum', arrays: { whole_eigenvalues: [186], whole_residuals: [186], whole_checked: [186], whole_eigenvectors: [186, 186], whole_compared_eigenvalues: [186] } },
    { kind: 'density', arrays: { raw_eigenvalues: [3, 12], raw_weights: [3, 12], raw_residuals: [3, 12] } },
    { kind: 'trace', arrays: { trace_products: [6], trace_estimates: [6], trace_standard_errors: [6], diagonal: [186], diagonal_standard_errors: [186] } },
    {
      kind: 'demonstration',
      arrays: { steps_alphas: [6], steps_betas: [6], steps_ritzValues: [21], steps_residuals: [21], steps_orthogonality: [6], a2_steps_rayleigh: [4], a2_steps_residuals: [4], a2_steps_angles: [4] },
    },
    { kind: 'noiseFiltering', arrays: { filter_removed: [3], filter_trainLoss: [3], filter_trainAccuracy: [3], filter_testLoss: [3], filter_testAccuracy: [3] } },
    { kind: 'eigenvectors', arrays: Object.fromEntries(([['all', 3, 186], ['2.kernel', 1, 7]] as const).flatMap(([name, layers, count]) => ['ipr', 'weight_product', 'concentration', 'porter_thomas_distance', 'porter_thomas_p'].map((what) => [`vectors_${name}_${what}`, what === 'concentration' ? [layers, count] : [count]]))) },
  ])('of $kind hold its arrays', async ({ kind, arrays }) => {
    const found = readNpz((await lab.session.exportResult(kind, null)).bytes)
    expect(Object.fromEntries([...found].map(([name, { shape }]) => [name, shape]))).toEqual(arrays)
  })

  test('of spacings are named after what they come from', async () => {
    expect([...readNpz((await lab.session.exportResult('spacings', null)).bytes).keys()]).toEqual(['spacings_all'])
  })

  test('keep the arrays of two spectra of one selection apart', async () => {
    const two = await finished({ ...base, analyses: [analyses[0], { ...analyses[0], matrix: 'gaussNewton' } as Analysis] })
    const names = [...readNpz((await two.session.exportResult('eigenvectors', null)).bytes).keys()]
    expect(names).toContain('vectors_2.kernel_ipr')
    expect(names).toContain('a2_vectors_2.kernel_ipr')
  })
})

describe('overlaps', () => {
  test('of a layer with the network are scalar products of vectors padded with zeros', async () => {
    const both = readNpz((await lab.session.exportRun().then(async ({ bytes }) => (await import('fflate')).unzipSync(bytes)))['arrays.npz'])
    const [layer, network] = [both.get('eigenvectors')?.data ?? [], both.get('whole_eigenvectors')?.data ?? []]
    const overlap = lab.results('overlap').findLast(({ overlap: kind }) => kind === 'layerNetwork')
    expect(overlap).toMatchObject({ rows: 7, cols: 186, dimension: 186, rowLabel: 'eigenvector of 2.kernel' })
    for (const [i, j] of [[0, 0], [3, 17], [6, 185]]) {
      const padded = new Float64Array(186)
      for (let k = 0; k < 48; k++) padded[104 + k] = Number(layer[i * 48 + k])
      const expected = Math.abs(padded.reduce((sum, entry, k) => sum + entry * Number(network[j * 186 + k]), 0))
      expect(overlap?.values[i * 186 + j]).toBeCloseTo(expected, 6)
    }
  })

  test('of a layer with the network need no whole network in the middle of the list', async () => {
    const twice = [analysisOf({ kind: 'wholeSpectrum', selection: 'all', samples: 40 }), analysisOf({ kind: 'wholeSpectrum', selection: 'all', samples: 40, matrix: 'gaussNewton' }), analyses[0]]
    const found = (await finished({ ...base, analyses: twice })).results('overlap').filter(({ overlap }) => overlap === 'layerNetwork')
    expect(found).toHaveLength(1)
  })

  test('of a checkpoint with itself are the identity', async () => {
    const same = await finished({ ...base, analyses: [{ ...analyses[0], smallest: 0, batches: 1, compare: 1 } as Analysis] })
    const overlap = same.results('overlap').find(({ overlap: kind }) => kind === 'hessianTime')
    expect(overlap).toMatchObject({ rows: 5, cols: 5, rowLabel: 'eigenvector at epoch 1', colLabel: 'eigenvector at epoch 1' })
    overlap?.values.forEach((value, at) => expect(value).toBeCloseTo(at % 6 === 0 ? 1 : 0, 6))
  })
})

describe('what is stopped or cannot be done', () => {
  test.each([0, 1, 2])('analysis %i with an epoch that has no checkpoint fails at once in words, and the others are done', async (index) => {
    const wrong = { ...analyses[index], compare: 7 } as Analysis
    const at = await opened({ ...base, analyses: [wrong, analyses[3]] })
    await expect(at.session.runAll()).rejects.toMatchObject({ code: 'not-ready', message: 'There is no checkpoint of epoch 7; there are 0, 1.' })
    expect(at.ofType('result').map(({ result }) => result.kind)).not.toContain(['spectrum', 'wholeSpectrum', 'density'][index])
    expect(at.results('trace').at(-1)?.outcome).toBe('converged')
  })

  test('a density keeps its finished probes, and is computed to the end when asked again', async () => {
    const gate = eventGate()
    const at = await testLab({ onEvent: gate.onEvent })
    const density = analysisOf({ kind: 'density', selection: 'all', samples: 100, probes: 8, steps: 20 })
    await at.open({ ...base, analyses: [density] })
    const running = at.session.runAll()
    await gate.when((event) => event.type === 'result' && event.result.kind === 'density' && event.result.probesDone === 2)
    await at.session.cancel()
    await running
    const partial = at.results('density').at(-1)
    expect(partial?.outcome).toBe('cancelled')
    expect(partial?.probesDone).toBeLessThan(8)
    expect(partial?.quadrature.probes).toBe(partial?.probesDone)
    await at.session.analyse(null)
    expect(at.results('density').at(-1)).toMatchObject({ probesDone: 8, outcome: 'max-steps' })
  })

  test.each([1, 2])('analysis %i stopped at the other checkpoint is not taken for finished', async (index) => {
    const gate = eventGate()
    const at = await testLab({ onEvent: gate.onEvent })
    await at.open({ ...base, analyses: [analyses[index]] })
    const running = at.session.runAll()
    await gate.when((event) => event.type === 'progress' && event.progress.what.includes(' at epoch 0: '))
    await at.session.cancel()
    await running
    await at.session.analyse(null)
    const kind = index === 1 ? 'wholeSpectrum' : 'density'
    expect(at.results(kind).at(-1)?.compared?.epoch).toBe(0)
  })
})
