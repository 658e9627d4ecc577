import { describe, expect, test } from 'vitest'
import type { LabEvent } from '../../src/contracts/session.ts'
import { eventGate, miniExperiment, testLab, withTraining } from './test-lab.ts'

/** Stage changes, results and the end, in order and without repetition. */
function outline(events: readonly LabEvent[]): string[] {
  const words = events.flatMap((event) => {
    if (event.type === 'stage') return [`${event.stage} ${event.status.state}`]
    if (event.type === 'result') return [event.result.kind === 'overlap' ? event.result.overlap : event.result.kind]
    return event.type === 'training' || event.type === 'progress' || event.type === 'spectrumProgress' ? [] : [event.type]
  })
  return words.filter((word, i) => word !== words[i - 1])
}

const long = withTraining({ epochs: 2000 })

describe('opening', () => {
  test('loads, builds and tells what is to be paid, and never trains', async () => {
    const lab = await testLab()
    await lab.open()
    expect(outline(lab.events)).toEqual([
      'training idle', 'measurement idle', 'analyses idle',
      'data running', 'data done', 'data',
      'network running', 'network', 'engine', 'network done',
      'checkpoints', 'training idle', 'estimates', 'idle',
    ])
    expect(lab.ofType('data')[0].data).toMatchObject({ name: 'mnist', trainSamples: 240, testSamples: 60, shape: [4, 3, 1], classes: 4 })
    expect(lab.ofType('network')[0].network).toMatchObject({ layers: '12-8-6-4', parameterCount: 186 })
    expect(lab.ofType('estimates')[0].estimates.map(({ stage }) => stage)).toEqual(['training', 'measurement', 'analyses'])
  })

  test('a session without an experiment says what to do', async () => {
    const { session } = await testLab()
    const calls = [
      () => session.runAll(),
      () => session.train(),
      () => session.step('batch'),
      () => session.analyse(null),
      () => session.reset(),
      () => session.change({ learningRate: 1 }),
      () => session.update(miniExperiment()),
      () => session.exportRun(),
      () => session.adoptData(),
      () => session.importWeights([{ name: 'x.npz', bytes: new Uint8Array(0) }]),
    ]
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'not-ready', remedy: expect.stringContaining('Open') as string })
  })
})

describe('running everything', () => {
  test('trains, measures and analyses in order, with all results', async () => {
    const lab = await testLab()
    await lab.open()
    lab.clear()
    await lab.session.runAll()
    expect(outline(lab.events)).toEqual([
      'training running', 'checkpoints', 'training done', 'estimates',
      'analyses running', 'singularValues', 'spectrum',
      'measurement running', 'measurement done', 'principalComponents',
      'singularHessian', 'singularPca', 'hessianWeights', 'hessianVelocities', 'eigenvectors', 'spacings',
      'analyses done', 'estimates', 'idle',
    ])
    const { update } = lab.ofType('training').at(-1) ?? { update: null }
    expect(update).toMatchObject({ epoch: 3, step: 45, epochs: 3, stepsPerEpoch: 15 })
    expect(update?.history?.epoch).toEqual([0, 1, 2, 3])
    expect(update?.history?.testAccuracy[3]).toBeGreaterThan(0.9)
    expect(lab.ofType('checkpoints').at(-1)?.epochs).toEqual([0, 1, 2, 3])
  })

  test('tells the loss of every batch once and in order', async () => {
    const lab = await testLab()
    await lab.open()
    await lab.session.train()
    let next = 0
    for (const { update } of lab.ofType('training')) {
      if (update.batches === null) continue
      expect(update.batches.firstStep).toBe(next)
      next += update.batches.losses.length
    }
    expect(next).toBe(45)
  })

  test('results say where they come from', async () => {
    const lab = await testLab()
    await lab.open()
    await lab.session.runAll()
    const [spectrum] = lab.results('spectrum')
    expect(spectrum.provenance).toMatchObject({ dataset: 'mnist', samples: 200, seed: 7, engine: 'CPU (WebAssembly SIMD)', precision: 'float32', bitExact: true, epoch: 3, appVersion: 'test' })
    expect([spectrum.dimension, spectrum.eigenvalues.length, spectrum.outcome]).toEqual([48, 7, 'converged'])
    const [drift] = lab.results('principalComponents')
    expect([drift.snapshots, drift.dimension, drift.weights.variances.length]).toEqual([31, 48, 6])
    const overlaps = new Map(lab.results('overlap').map((overlap) => [overlap.overlap, overlap]))
    expect(overlaps.get('singularHessian')).toMatchObject({ layer: 2, rows: 6, cols: 7, rowsDone: 6, dimension: 48 })
    expect(overlaps.get('hessianVelocities')).toMatchObject({ layer: null, rows: 6, cols: 7 })
  })

  test('a second run of the same experiment gives the same bits, in another session too', async () => {
    const outcome = async () => {
      const lab = await testLab()
      await lab.open()
      await lab.session.runAll()
      return [lab.fingerprint(), lab.results('spectrum')[0].eigenvalues, lab.results('principalComponents')[0].weights.variances]
    }
    expect(await outcome()).toEqual(await outcome())
  })

  test('an analysis that cannot be done does not keep the others from being done', async () => {
    const lab = await testLab()
    const { analyses } = miniExperiment()
    const impossible = { ...analyses[1], maxProducts: 3 } as (typeof analyses)[1]
    await lab.open(miniExperiment({ analyses: [analyses[0], impossible, analyses[2]] }))
    await expect(lab.session.runAll()).rejects.toMatchObject({ code: 'bad-settings', message: 'lanczos: maxProducts=3 cannot give 7 pairs; allow at least 7' })
    expect(lab.results('principalComponents')).toHaveLength(1)
    expect(lab.results('overlap').map(({ overlap }) => overlap)).toEqual(['singularPca'])
    expect([lab.stage('measurement'), lab.stage('analyses')]).toEqual(['done', 'failed'])
  })

  test('too few snapshots are refused in words', async () => {
    const lab = await testLab()
    await lab.open(miniExperiment({ measurement: { selection: '2.kernel', unit: 'epoch', epochs: 2 } }))
    await expect(lab.session.runAll()).rejects.toMatchObject({ code: 'bad-settings', message: 'The measurement gives 3 snapshots; principal components need at least 4.' })
    expect(lab.stage('measurement')).toBe('failed')
  })

  test('more snapshots than memory allows are refused, the rest is done', async () => {
    const lab = await testLab()
    await lab.open(miniExperiment({ measurement: { selection: 'all', unit: 'batch', epochs: 5000 }, training: { ...miniExperiment().training, batchSize: 1, epochs: 0 } }))
    await expect(lab.session.runAll()).rejects.toMatchObject({ code: 'out-of-memory' })
    expect(lab.results('spectrum')).toHaveLength(1)
  })

  test('no epochs analyse the initial weights', async () => {
    const lab = await testLab()
    await lab.open(withTraining({ epochs: 0 }))
    await lab.session.runAll()
    expect(lab.results('spectrum')[0].provenance.epoch).toBe(0)
    expect(lab.stage('training')).toBe('done')
  })
})

describe('steps', () => {
  test('a batch, then an epoch: to its end', async () => {
    const lab = await testLab()
    await lab.open()
    await lab.session.step('batch')
    expect(lab.ofType('training').at(-1)?.update).toMatchObject({ step: 1 })
    expect(lab.stage('training')).toBe('paused')
    await lab.session.step('epoch')
    expect(lab.ofType('training').at(-1)?.update).toMatchObject({ step: 15, epoch: 1 })
    await lab.session.train()
    expect(lab.ofType('training').at(-1)?.update).toMatchObject({ step: 45, epoch: 3 })
  })

  test('beyond the last epoch extend the experiment, which then describes the run', async () => {
    const lab = await testLab()
    await lab.open(withTraining({ epochs: 1 }))
    await lab.session.train()
    await lab.session.step('epoch')
    expect(lab.experiment()?.training.epochs).toBe(2)
    expect([lab.stage('training'), lab.ofType('checkpoints').at(-1)?.epochs]).toEqual(['done', [0, 1, 2]])
    const stepped = lab.fingerprint()
    const other = await testLab()
    await other.open(withTraining({ epochs: 2 }))
    await other.session.train()
    expect(other.fingerprint()).toBe(stepped)
  })
})

describe('stopping', () => {
  test('a pause in the middle of an epoch, and going on, gives the bits of an uninterrupted run', async () => {
    const gate = eventGate()
    const lab = await testLab({ onEvent: gate.onEvent })
    await lab.open(withTraining({ epochs: 60 }))
    const running = lab.session.train()
    for (let i = 0; i < 3; i++) {
      await gate.when((event) => event.type === 'training' && event.update.batches !== null)
      await lab.session.pause()
      expect(lab.stage('training')).toBe('paused')
      if (i < 2) void lab.session.train()
    }
    await running
    const { update } = lab.ofType('training').at(-1) ?? {}
    expect(update?.epoch).toBeLessThan(60)
    await lab.session.train()
    const other = await testLab()
    await other.open(withTraining({ epochs: 60 }))
    await other.session.train()
    expect(lab.fingerprint()).toBe(other.fingerprint())
  })

  test('a pause before anything runs is harmless, and keeps what is being opened', async () => {
    const lab = await testLab()
    const opening = lab.open()
    await lab.session.pause()
    await opening
    expect(lab.stage('network')).toBe('done')
  })

  test('a computation that was stopped before its turn does nothing', async () => {
    const lab = await testLab()
    const opening = lab.open()
    const running = lab.session.runAll()
    await lab.session.cancel()
    await Promise.all([opening, running])
    expect(lab.stage('training')).toBe('idle')
    expect(lab.ofType('result')).toHaveLength(0)
  })

  test('cancelling the measurement keeps what was found before, and a later run completes it', async () => {
    const gate = eventGate()
    const lab = await testLab({ onEvent: gate.onEvent })
    await lab.open(miniExperiment({ measurement: { selection: '2.kernel', unit: 'batch', epochs: 400 } }))
    const running = lab.session.runAll()
    await gate.when((event) => event.type === 'progress' && event.progress.stage === 'measurement')
    await lab.session.cancel()
    await running
    expect([lab.stage('measurement'), lab.stage('analyses')]).toEqual(['paused', 'paused'])
    expect([lab.results('singularValues').length, lab.results('spectrum').length, lab.results('principalComponents').length]).toEqual([1, 1, 0])
    const files = await lab.session.exportResult('spectrum', null)
    expect(files.bytes.length).toBeGreaterThan(48 * 7 * 8)
    lab.clear()
    await lab.session.update(miniExperiment())
    await lab.session.runAll()
    expect(lab.results('principalComponents')).toHaveLength(1)
    expect(lab.stage('analyses')).toBe('done')
  })

  test('cancelling the Hessian keeps the pairs so far, which a later run does not take for the result', async () => {
    const gate = eventGate()
    const lab = await testLab({ onEvent: gate.onEvent })
    const [, hessian, pca] = miniExperiment().analyses
    await lab.open(miniExperiment({ analyses: [{ ...hessian, selection: 'all', largest: 60, smallest: 60, maxProducts: 186, tolerance: 1e-7 } as typeof hessian, pca] }))
    const running = lab.session.runAll()
    await gate.when((event) => event.type === 'spectrumProgress')
    await lab.session.cancel()
    await running
    const [partial] = lab.results('spectrum')
    expect(partial.outcome).toBe('cancelled')
    expect(partial.eigenvalues.length).toBeGreaterThan(0)
    expect([lab.stage('measurement'), lab.stage('analyses'), lab.results('overlap').length]).toEqual(['idle', 'paused', 0])
    await lab.session.runAll()
    expect(lab.results('spectrum').at(-1)?.outcome).not.toBe('cancelled')
    expect(lab.results('spectrum').at(-1)?.eigenvalues).toHaveLength(120)
  })

  test('every breath lets a pause through: it takes effect long before the end', async () => {
    const gate = eventGate()
    const lab = await testLab({ onEvent: gate.onEvent })
    await lab.open(long)
    const running = lab.session.runAll()
    await gate.when((event) => event.type === 'training')
    await lab.session.pause()
    await running
    expect(lab.ofType('training').at(-1)?.update.epoch).toBeLessThan(2000)
    expect(lab.ofType('result')).toHaveLength(0)
    expect(lab.events.at(-1)).toEqual({ type: 'idle' })
  })
})

describe('reset', () => {
  test('goes back to the initial weights; the run repeated has the same fingerprint', async () => {
    const lab = await testLab()
    await lab.open()
    await lab.session.runAll()
    const first = lab.fingerprint()
    lab.clear()
    await lab.session.reset()
    expect(lab.ofType('training').at(-1)?.update).toMatchObject({ epoch: 0, step: 0, fingerprint: null })
    expect(lab.ofType('training').at(-1)?.update.history?.epoch).toEqual([])
    expect(lab.ofType('stale')).toEqual([{ type: 'stale', results: ['singularValues', 'spectrum', 'principalComponents', 'overlap', 'spacings', 'eigenvectors', 'check'] }])
    expect([lab.stage('training'), lab.stage('measurement'), lab.stage('analyses')]).toEqual(['idle', 'stale', 'stale'])
    await lab.session.train()
    expect(lab.fingerprint()).toBe(first)
  })

  test('stops what runs', async () => {
    const gate = eventGate()
    const lab = await testLab({ onEvent: gate.onEvent })
    await lab.open(long)
    const running = lab.session.train()
    await gate.when((event) => event.type === 'training' && event.update.step > 20)
    await lab.session.reset()
    await running
    expect(lab.ofType('training').at(-1)?.update.step).toBe(0)
  })
})

describe('divergence', () => {
  test('is told with step, value and rate; the last checkpoint and the results stay', async () => {
    const lab = await testLab()
    await lab.open()
    await lab.session.runAll()
    const [good, epochs] = [lab.fingerprint(), 3]
    await lab.session.change({ learningRate: 100, weightDecay: 1 })
    await lab.session.update({ ...(lab.experiment() ?? miniExperiment()), training: { ...(lab.experiment() ?? miniExperiment()).training, epochs: 30 } })
    await expect(lab.session.train()).rejects.toMatchObject({
      code: 'diverged',
      message: expect.stringMatching(/^Training diverged: the loss of step \d+ is [\d.e+]+ at learning rate 100, batch size 16\./) as string,
    })
    expect(lab.stage('training')).toBe('failed')
    const { update } = lab.ofType('training').at(-1) ?? {}
    expect(update?.epoch).toBeGreaterThanOrEqual(epochs)
    expect(update?.history?.trainLoss.every(Number.isFinite)).toBe(true)
    if (update?.epoch === epochs) expect(update.fingerprint).toBe(good)
    // A smaller rate goes on from there.
    await lab.session.change({ learningRate: 0.001, weightDecay: 0 })
    await lab.session.step('batch')
    expect(lab.stage('training')).toBe('paused')
  })
})
