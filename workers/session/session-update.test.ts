import { denseLayers } from '../../src/contracts/layers.ts'
import { describe, expect, test } from 'vitest'
import type { Experiment } from '../../src/contracts/experiment.ts'
import { eventGate, miniExperiment, miniSource, testLab, withTraining, type TestLab } from './test-lab.ts'

const base = miniExperiment()
const analysesWith = (changes: object): Experiment['analyses'] => base.analyses.map((analysis) => (analysis.kind === 'hessian' ? { ...analysis, ...changes } : analysis))

async function finished(experiment = base, lab?: TestLab): Promise<TestLab> {
  const opened = lab ?? (await testLab())
  await opened.open(experiment)
  await opened.session.runAll()
  opened.clear()
  return opened
}

/** Types of the events, each once. */
const types = (lab: TestLab): readonly string[] => [...new Set(lab.events.map(({ type }) => type))].sort()

describe('the view', () => {
  test('changes nothing that is computed', async () => {
    const lab = await finished()
    await lab.session.update({ ...base, view: { ...base.view, clip: 0.5, logLoss: true, focus: 'training' } })
    expect(lab.events).toEqual([])
    await lab.session.runAll()
    expect(lab.results('spectrum')).toHaveLength(1)
  })

  test('another kernel gives other overlaps and nothing else', async () => {
    const wide = miniExperiment({ analyses: base.analyses.map((analysis) => (analysis.kind === 'hessian' ? { ...analysis, selection: 'all' } : analysis)) })
    const lab = await finished(wide)
    await lab.session.update({ ...wide, view: { ...wide.view, kernel: 1 } })
    expect(types(lab)).toEqual(['idle', 'result'])
    expect(lab.results('overlap').find(({ overlap }) => overlap === 'singularHessian')).toMatchObject({ layer: 1, rows: 8 })
  })

  test('may change while training runs, without stopping it or losing a change made meanwhile', async () => {
    const gate = eventGate()
    const lab = await testLab({ onEvent: gate.onEvent })
    const experiment = withTraining({ epochs: 30 })
    await lab.open(experiment)
    const running = lab.session.runAll()
    await gate.when((event) => event.type === 'training' && event.update.step > 5)
    await lab.session.change({ learningRate: 0.02 })
    const changed = lab.experiment() ?? experiment
    await lab.session.update({ ...changed, view: { ...changed.view, logLoss: true } })
    await running
    expect(lab.ofType('training').at(-1)?.update).toMatchObject({ epoch: 30, learningRate: 0.02 })
    expect([lab.stage('training'), lab.stage('analyses')]).toEqual(['done', 'done'])
  })
})

describe('analyses', () => {
  test('changed do not retrain; what is still valid stays, what is not is told as stale', async () => {
    const lab = await finished()
    const changed = { ...base, analyses: analysesWith({ largest: 6 }) }
    await lab.session.update(changed)
    expect(lab.ofType('stale')).toEqual([{ type: 'stale', results: ['spectrum', 'overlap', 'spacings', 'eigenvectors', 'check'] }])
    expect([lab.stage('training'), lab.stage('measurement'), lab.stage('analyses')]).toEqual([undefined, 'done', 'stale'])
    expect(lab.results('principalComponents')).toHaveLength(1)
    lab.clear()
    await lab.session.runAll()
    expect(lab.ofType('training')).toHaveLength(0)
    expect(lab.results('spectrum').at(-1)?.eigenvalues).toHaveLength(8)
  })

  test('changed back are restored, not computed', async () => {
    const lab = await finished()
    await lab.session.update({ ...base, analyses: analysesWith({ largest: 6 }) })
    lab.clear()
    await lab.session.update(base)
    expect(lab.ofType('spectrumProgress')).toHaveLength(0)
    expect(lab.results('spectrum')).toHaveLength(1)
    expect(lab.results('overlap').length).toBeGreaterThan(0)
    expect(lab.ofType('stage').findLast(({ stage }) => stage === 'analyses')?.status).toMatchObject({ state: 'done', restored: true })
  })

  test('changed while training runs do not stop it; the run ends with the new ones', async () => {
    const gate = eventGate()
    const lab = await testLab({ onEvent: gate.onEvent })
    const experiment = withTraining({ epochs: 30 })
    await lab.open(experiment)
    const running = lab.session.runAll()
    await gate.when((event) => event.type === 'training' && event.update.step > 5)
    await lab.session.update({ ...experiment, analyses: analysesWith({ largest: 3, smallest: 0 }) })
    await running
    expect(lab.ofType('training').at(-1)?.update.epoch).toBe(30)
    expect(lab.results('spectrum')[0].eigenvalues).toHaveLength(3)
  })

  test('of a checkpoint on the timeline are those of its weights', async () => {
    const lab = await finished()
    await lab.session.analyse(1)
    expect(lab.results('spectrum')[0].provenance.epoch).toBe(1)
    const early = lab.results('spectrum')[0].eigenvalues
    const other = await finished(withTraining({ epochs: 1 }))
    other.clear()
    await other.session.analyse(null)
    expect(other.results('spectrum')[0].eigenvalues).toEqual(early)
    expect(lab.ofType('training')).toHaveLength(0)
  })

  test('of a checkpoint that is not there are those of the last, which is said', async () => {
    const lab = await finished()
    await lab.session.analyse(77)
    expect(lab.ofType('notice')[0].notice).toMatchObject({ level: 'warning', message: 'There is no checkpoint of epoch 77; epoch 3 is analysed instead.' })
    expect(lab.results('spectrum')[0].provenance.epoch).toBe(3)
  })

  test('with a selection that the network does not have are refused at once; training is still possible', async () => {
    const lab = await testLab()
    const wrong = { ...base, analyses: analysesWith({ selection: '7.kernel' }) }
    await expect(lab.open(wrong)).rejects.toMatchObject({ code: 'bad-settings', message: 'The selection 7.kernel is not part of the network 12-8-6-4.' })
    expect(lab.stage('analyses')).toBe('failed')
    await lab.session.train()
    expect(lab.stage('training')).toBe('done')
    lab.clear()
    await lab.session.update(base)
    await lab.session.runAll()
    expect(lab.results('spectrum')).toHaveLength(1)
    expect(lab.ofType('training')).toHaveLength(0)
  })
})

describe('training settings', () => {
  test('changed before a run make what there is stale; changed back they restore all of it', async () => {
    const lab = await finished()
    const other = withTraining({ learningRate: 0.01 })
    await lab.session.update(other)
    expect([lab.stage('training'), lab.stage('measurement'), lab.stage('analyses')]).toEqual(['stale', 'stale', 'stale'])
    expect(lab.ofType('stale')[0].results).toEqual(['singularValues', 'spectrum', 'principalComponents', 'overlap', 'spacings', 'eigenvectors', 'check'])
    expect(lab.ofType('checkpoints').at(-1)?.epochs).toEqual([])
    lab.clear()
    await lab.session.update(base)
    const { status } = lab.ofType('stage').findLast(({ stage }) => stage === 'training') ?? {}
    expect(status).toMatchObject({ state: 'done', restored: true })
    expect(lab.ofType('training').at(-1)?.update.history?.epoch).toEqual([0, 1, 2, 3])
    expect([lab.results('spectrum').length, lab.results('principalComponents').length, lab.stage('analyses')]).toEqual([1, 1, 'done'])
    expect(lab.ofType('spectrumProgress')).toHaveLength(0)
  })

  test('changed while training runs stop it', async () => {
    const gate = eventGate()
    const lab = await testLab({ onEvent: gate.onEvent })
    await lab.open(withTraining({ epochs: 2000 }))
    const running = lab.session.runAll()
    await gate.when((event) => event.type === 'training' && event.update.step > 5)
    await lab.session.update(withTraining({ epochs: 2, learningRate: 0.01 }))
    await running
    await lab.session.runAll()
    expect(lab.ofType('training').at(-1)?.update).toMatchObject({ epoch: 2, learningRate: 0.01 })
  })

  test('more epochs go on, fewer go back, with the bits of runs made so from the start', async () => {
    const prints = new Map<number, string | null | undefined>()
    for (const epochs of [2, 3, 5]) {
      const lab = await testLab()
      await lab.open(withTraining({ epochs }))
      await lab.session.train()
      prints.set(epochs, lab.fingerprint())
    }
    const lab = await finished(withTraining({ epochs: 3 }))
    for (const epochs of [5, 2, 3]) {
      await lab.session.update(withTraining({ epochs }))
      await lab.session.runAll()
      expect(lab.fingerprint()).toBe(prints.get(epochs))
      expect(lab.ofType('checkpoints').at(-1)?.epochs.at(-1)).toBe(epochs)
      expect(lab.results('spectrum').at(-1)?.provenance.epoch).toBe(epochs)
    }
    lab.clear()
    await lab.session.update(withTraining({ epochs: 5 }))
    expect(lab.ofType('training').at(-1)?.update.epoch).toBe(5)
    expect(lab.ofType('stage').findLast(({ stage }) => stage === 'training')?.status).toMatchObject({ state: 'done', restored: true })
  })

  test('two quick changes: the later one wins, whatever the first would have built', async () => {
    const lab = await finished()
    const first = lab.session.update(miniExperiment({ network: { ...base.network, layers: denseLayers(3) }, measurement: { ...base.measurement, selection: 'all' } }))
    const second = lab.session.update(base)
    await Promise.allSettled([first, second])
    expect(lab.ofType('network').at(-1)?.network.layers ?? '12-8-6-4').toBe('12-8-6-4')
    await lab.session.runAll()
    expect(lab.results('spectrum').at(-1)?.dimension).toBe(48)
  })

  test('a change and a run asked for in one breath come in that order', async () => {
    const lab = await finished()
    const update = lab.session.update(withTraining({ epochs: 1, learningRate: 0.01 }))
    const run = lab.session.runAll()
    await Promise.all([update, run])
    expect(lab.ofType('training').at(-1)?.update).toMatchObject({ epoch: 1, learningRate: 0.01 })
  })
})

describe('changes while training', () => {
  test('are recorded so that the experiment repeats the run bit for bit', async () => {
    const gate = eventGate()
    const lab = await testLab({ onEvent: gate.onEvent })
    await lab.open(withTraining({ epochs: 20 }))
    const running = lab.session.train()
    await gate.when((event) => event.type === 'training' && event.update.step > 3)
    await lab.session.change({ learningRate: 0.02 })
    await gate.when((event) => event.type === 'training' && event.update.step > 60)
    await lab.session.change({ batchSize: 40, weightDecay: 0.001 })
    await running
    const recorded = lab.experiment() ?? base
    expect(recorded.training.changes).toHaveLength(2)
    expect(recorded.training).toMatchObject({ learningRate: 0.05, batchSize: 16 })
    const replay = await testLab()
    await replay.open(recorded)
    await replay.session.train()
    expect(replay.fingerprint()).toBe(lab.fingerprint())
    expect(replay.ofType('training').at(-1)?.update.step).toBe(lab.ofType('training').at(-1)?.update.step)
  })

  test('survive a reload when they were made at a pause', async () => {
    const lab = await testLab()
    await lab.open()
    await lab.session.step('epoch')
    await lab.session.change({ learningRate: 0.02 })
    const again = await testLab({ store: lab.environment.store })
    await again.open(lab.experiment())
    expect(again.ofType('training').at(-1)?.update).toMatchObject({ epoch: 1, learningRate: 0.02 })
    expect(again.stage('training')).toBe('paused')
  })

  test('before the first step just change the setting', async () => {
    const lab = await testLab()
    await lab.open()
    await lab.session.change({ batchSize: 8 })
    expect(lab.experiment()?.training).toMatchObject({ batchSize: 8, changes: [] })
  })

  test('that no experiment may have are refused, and the run goes on', async () => {
    const lab = await testLab()
    await lab.open()
    await expect(lab.session.change({ learningRate: -1 })).rejects.toMatchObject({ code: 'bad-settings', message: expect.stringContaining('learningRate') as string })
    await lab.session.runAll()
    expect(lab.stage('analyses')).toBe('done')
  })
})

describe('storage', () => {
  test('a reload resumes in the middle of an epoch, with the bits of an uninterrupted run', async () => {
    const lab = await testLab()
    await lab.open()
    for (let i = 0; i < 20; i++) await lab.session.step('batch')
    const again = await testLab({ store: lab.environment.store })
    await again.open()
    expect(again.ofType('training').at(-1)?.update).toMatchObject({ step: 20 })
    await again.session.train()
    const whole = await testLab()
    await whole.open()
    await whole.session.train()
    expect(again.fingerprint()).toBe(whole.fingerprint())
  })

  test('a reload shows everything without computing', async () => {
    const lab = await finished()
    const again = await testLab({ store: lab.environment.store })
    await again.open()
    expect([again.stage('training'), again.stage('measurement'), again.stage('analyses')]).toEqual(['done', 'done', 'done'])
    expect(again.ofType('spectrumProgress')).toHaveLength(0)
    expect(again.results('overlap').length).toBe(4)
  })

  test('a reset is a reset after a reload too', async () => {
    const lab = await finished()
    await lab.session.reset()
    const again = await testLab({ store: lab.environment.store })
    await again.open()
    expect(again.stage('training')).toBe('idle')
  })

  test('another network does not load the data again', async () => {
    const fetched: string[] = []
    const lab = await testLab({ source: miniSource((url) => fetched.push(url)) })
    await lab.open()
    const once = fetched.length
    await lab.session.update(miniExperiment({ network: { ...base.network, layers: denseLayers(5, 5) } }))
    expect(fetched).toHaveLength(once)
    await lab.session.update(miniExperiment({ dataset: { ...base.dataset, trainSamples: 100 } }))
    expect(fetched.length).toBeGreaterThan(once)
    expect(lab.ofType('data').at(-1)?.data.trainSamples).toBe(100)
  })
})

describe('failures', () => {
  test('a network that is too large is refused; the next one works', async () => {
    const lab = await finished()
    const large = miniExperiment({ network: { ...base.network, layers: denseLayers(4096, 4096) } })
    await expect(lab.session.update(large)).rejects.toMatchObject({ code: 'bad-settings', message: expect.stringContaining('the limit is 4000000') as string })
    expect(lab.stage('network')).toBe('failed')
    await expect(lab.session.runAll()).rejects.toMatchObject({ code: 'not-ready' })
    await lab.session.update(base)
    expect([lab.stage('network'), lab.stage('training')]).toEqual(['done', 'done'])
  })

  test('more samples than there are are refused', async () => {
    const lab = await testLab()
    await expect(lab.open(miniExperiment({ dataset: { ...base.dataset, trainSamples: 60000 } }))).rejects.toMatchObject({ code: 'bad-data', message: expect.stringContaining('60000') as string })
    expect(lab.stage('data')).toBe('failed')
  })

  test('opening another experiment while one loads gives up the first as cancelled', async () => {
    const lab = await testLab()
    const first = lab.open()
    const second = lab.open(withTraining({ epochs: 1 }))
    await expect(first).rejects.toMatchObject({ code: 'cancelled' })
    await second
    expect([lab.stage('data'), lab.stage('network')]).toEqual(['done', 'done'])
    await lab.session.runAll()
    expect(lab.ofType('training').at(-1)?.update.epochs).toBe(1)
  })
})
