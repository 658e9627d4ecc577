import { describe, expect, test } from 'vitest'
import type { Experiment, MonitorSettings } from '../../src/contracts/experiment.ts'
import type { CurvatureSeriesResult } from '../../src/contracts/results.ts'
import { eventGate, miniExperiment, testLab, withTraining, type TestLab } from './test-lab.ts'
import { createMemoryStore } from './store.ts'

const settings: MonitorSettings = { selection: 'all', every: 10, samples: 60, largest: 3, probes: 2, steps: 8 }
const plain = withTraining({ epochs: 2 }, miniExperiment({ analyses: [] }))
const followed: Experiment = { ...plain, monitor: settings }

async function trained(experiment = followed, lab?: TestLab): Promise<TestLab> {
  const opened = lab ?? (await testLab())
  await opened.open(experiment)
  await opened.session.train()
  return opened
}

/** Everything but the time it took. */
function numbers(lab: TestLab): Omit<CurvatureSeriesResult, 'provenance'> {
  const series = lab.results('curvature').at(-1)
  if (series === undefined) throw new Error('expected curvature')
  const { provenance: _, ...rest } = series
  return rest
}

const steps = (lab: TestLab): readonly number[] => Array.from(numbers(lab).step)

describe('a run that is interrupted', () => {
  test('and resumed has the same looks as one that is not', async () => {
    const whole = numbers(await trained())
    const gate = eventGate()
    const lab = await testLab({ onEvent: gate.onEvent })
    await lab.open(followed)
    const running = lab.session.train()
    await gate.when((event) => event.type === 'result' && event.result.kind === 'curvature' && event.result.step.length === 2)
    await lab.session.pause()
    await running
    expect(steps(lab).length).toBeLessThan(4)
    await lab.session.train()
    expect(numbers(lab)).toEqual(whole)
  })

  test('and stepped batch by batch too', async () => {
    const whole = numbers(await trained())
    const lab = await testLab()
    await lab.open(followed)
    for (let i = 0; i < 13; i++) await lab.session.step('batch')
    expect(steps(lab)).toEqual([0, 10])
    await lab.session.train()
    expect(numbers(lab)).toEqual(whole)
  })

  test('and reset has the same looks when it is trained again', async () => {
    const lab = await trained()
    const whole = numbers(lab)
    lab.clear()
    await lab.session.reset()
    expect(steps(lab)).toEqual([0])
    await lab.session.train()
    expect(numbers(lab)).toEqual(whole)
  })

  test('and changed keeps the looks before the change', async () => {
    const lab = await testLab()
    await lab.open(followed)
    await lab.session.step('epoch')
    await lab.session.change({ learningRate: 0.01 })
    await lab.session.train()
    const { step, stabilityLimit } = numbers(lab)
    expect(Array.from(step)).toEqual([0, 10, 20, 30])
    expect(Array.from(stabilityLimit, Math.round)).toEqual([60, 60, 300, 300])
  })
})

describe('looks at checkpoints', () => {
  test('of a run that was not followed come with its analyses, and change no weight', async () => {
    const lab = await trained(plain)
    const before = lab.fingerprint()
    await lab.session.update(followed)
    expect(lab.results('curvature')).toHaveLength(0)
    await lab.session.analyse(null)
    expect(steps(lab)).toEqual([0, 15, 30])
    await lab.session.update(withTraining({ epochs: 3 }, followed))
    await lab.session.train()
    expect(steps(lab)).toEqual([0, 15, 30, 40])
    expect(lab.fingerprint()).not.toBe(before)
    expect(lab.fingerprint()).toBe((await trained(withTraining({ epochs: 3 }, plain))).fingerprint())
  })

  test('stopped on the way begin again', async () => {
    const gate = eventGate()
    const lab = await testLab({ onEvent: gate.onEvent })
    await lab.open(plain)
    await lab.session.train()
    await lab.session.update(followed)
    const running = lab.session.analyse(null)
    await gate.when((event) => event.type === 'result' && event.result.kind === 'curvature')
    await lab.session.cancel()
    await running
    await lab.session.analyse(null)
    expect(steps(lab)).toEqual([0, 15, 30])
  })
})

describe('what was followed', () => {
  test('comes back when the experiment is opened again', async () => {
    const store = createMemoryStore(null)
    const first = await trained(followed, await testLab({ store }))
    const again = await testLab({ store })
    await again.open(followed)
    expect(numbers(again)).toEqual(numbers(first))
    expect(again.ofType('progress').filter(({ progress }) => progress.stage === 'analyses')).toHaveLength(0)
  })

  test('is stale when its settings change while the run goes on', async () => {
    const gate = eventGate()
    const lab = await testLab({ onEvent: gate.onEvent })
    await lab.open(followed)
    const running = lab.session.train()
    await gate.when((event) => event.type === 'result' && event.result.kind === 'curvature')
    await lab.session.update({ ...followed, monitor: { ...settings, largest: 1 } })
    await running
    expect(lab.stage('training')).toBe('done')
    expect(lab.ofType('stale').at(-1)).toEqual({ type: 'stale', results: ['curvature'] })
    await lab.session.analyse(null)
    expect(numbers(lab)).toMatchObject({ largest: 1, step: Float64Array.of(0, 15, 30) })
  })

  test('of weights that the network does not have is refused at once and in words, until it is changed', async () => {
    const lab = await testLab()
    await expect(lab.open({ ...followed, monitor: { ...settings, selection: '9.kernel' } })).rejects.toMatchObject({ code: 'bad-settings', message: 'The selection 9.kernel is not part of the network 12-8-6-4.' })
    expect(lab.stage('analyses')).toBe('failed')
    await expect(lab.session.train()).rejects.toMatchObject({ code: 'bad-settings' })
    expect(lab.stage('training')).toBe('idle')
    await lab.session.update(followed)
    await lab.session.runAll()
    expect([lab.stage('training'), lab.stage('analyses')]).toEqual(['done', 'done'])
  })

  test('up to fewer epochs is the beginning of the same series', async () => {
    const lab = await trained()
    await lab.session.update(withTraining({ epochs: 1 }, followed))
    expect(steps(lab)).toEqual([0, 10])
    await lab.session.update(followed)
    expect(steps(lab)).toEqual([0, 10, 20, 30])
  })

  test('is stale under other settings, and under none', async () => {
    const lab = await trained()
    for (const monitor of [{ ...settings, largest: 2 }, null]) {
      lab.clear()
      await lab.session.update({ ...followed, monitor })
      expect(lab.ofType('stale')).toEqual([{ type: 'stale', results: ['curvature'] }])
      await lab.session.update(followed)
      expect(steps(lab)).toEqual([0, 10, 20, 30])
    }
  })

  test('is exported with one array per quantity', async () => {
    const lab = await trained()
    const { readNpz } = await import('../data/npz.ts')
    const arrays = readNpz((await lab.session.exportResult('curvature', null)).bytes)
    expect(arrays.get('curvature_eigenvalues')?.shape).toEqual([4, 3])
    expect(arrays.get('curvature_step')?.data).toEqual(Float64Array.of(0, 10, 20, 30))
    expect(arrays.size).toBe(15)
  })
})
