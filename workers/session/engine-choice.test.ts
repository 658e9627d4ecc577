import { denseLayers } from '../../src/contracts/layers.ts'
import { describe, expect, test } from 'vitest'
import { buildNetwork } from '../networks/network.ts'
import { EngineChooser } from './engine-choice.ts'
import type { EngineSource, SessionEnvironment } from './environment.ts'
import { fakeEngine } from './test-engines.ts'
import { eventGate, miniExperiment, miniSource, testLab, withTraining } from './test-lab.ts'
import { createMemoryStore } from './store.ts'

const { network: settings, training } = miniExperiment()
const network = buildNetwork(settings, 12, 4)

function chooser(...engines: EngineSource[]): EngineChooser {
  const environment: SessionEnvironment = { engines, data: () => miniSource(), store: createMemoryStore(null), now: () => performance.now(), breathe: () => Promise.resolve(), threads: null, linalgThreads: null, gpu: () => Promise.resolve(null), appVersion: 'test' }
  return new EngineChooser(environment)
}

describe('the automatic choice', () => {
  test('takes the faster engine and tells what both needed', async () => {
    const [slow, fast] = [fakeEngine('wasm', { delay: 5 }), fakeEngine('webgpu', { info: { label: 'fast one' } })]
    const { status, engine } = await chooser(slow.source, fast.source).choose('auto', network, training)
    expect(status).toMatchObject({ chosen: 'webgpu', automatic: true, label: 'fast one' })
    expect(engine.info.label).toBe('fast one')
    const [a, b] = status.options.map(({ millisecondsPerStep }) => millisecondsPerStep ?? NaN)
    expect(a).toBeGreaterThan(b)
  })

  test('never takes a software adapter, however fast, and says why', async () => {
    const { status } = await chooser(fakeEngine('webgpu', { info: { fallbackAdapter: true } }).source, fakeEngine('wasm', { delay: 2 }).source).choose('auto', network, training)
    expect(status.chosen).toBe('wasm')
    expect(status.options[0]).toMatchObject({ available: true, note: 'Software adapter: correct, but slower than the CPU engine.', millisecondsPerStep: null })
  })

  test('passes over an engine that does not open, with its reason', async () => {
    const { status } = await chooser(fakeEngine('webgpu', { refuses: 'no adapter today' }).source, fakeEngine('wasm').source).choose('auto', network, training)
    expect(status.chosen).toBe('wasm')
    expect(status.options[0]).toMatchObject({ available: false, note: 'no adapter today' })
  })

  test('passes over an engine that cannot hold the network, and takes it again for a smaller one', async () => {
    const small = fakeEngine('webgpu', { largestBuffer: 5000 })
    const choose = chooser(small.source, fakeEngine('wasm', { delay: 3 }).source)
    const large = buildNetwork({ ...settings, layers: denseLayers(100, 100) }, 12, 4)
    const refused = await choose.choose('auto', large, training)
    expect(refused.status.chosen).toBe('wasm')
    expect(refused.status.options[0]).toMatchObject({ available: false, note: expect.stringContaining('the limit is 5000') as string })
    const taken = await choose.choose('auto', network, training)
    expect(taken.status.chosen).toBe('webgpu')
    expect(taken.status.options[0]).toMatchObject({ available: true, note: null })
    expect(small.opened()).toBe(1)
  })

  test('never takes engines that are for explicit choice only', async () => {
    const { status } = await chooser(fakeEngine('reference', { automatic: false }).source, fakeEngine('wasm', { delay: 2 }).source).choose('auto', network, training)
    expect(status.chosen).toBe('wasm')
  })

  test('without any engine tells the reason of each', async () => {
    const choice = chooser(fakeEngine('webgpu', { refuses: 'no adapter' }).source, fakeEngine('wasm', { refuses: 'no SIMD' }).source).choose('auto', network, training)
    await expect(choice).rejects.toMatchObject({ code: 'device-unavailable', message: 'Every engine is not available here: fake webgpu: no adapter; fake wasm: no SIMD.' })
  })
})

describe('an explicit choice', () => {
  test('of an engine that is not to be had is refused with the reason and a remedy', async () => {
    const choice = chooser(fakeEngine('webgpu', { refuses: 'no adapter' }).source).choose('webgpu', network, training)
    await expect(choice).rejects.toMatchObject({ code: 'device-unavailable', message: 'fake webgpu is not available here: no adapter.', remedy: 'Choose "automatic" or the CPU engine.' })
  })

  test('of an engine that is not built in is refused', async () => {
    await expect(chooser(fakeEngine('wasm').source).choose('webgpu', network, training)).rejects.toMatchObject({ message: 'webgpu is not available here: it is not part of this build.' })
  })

  test('takes a software adapter', async () => {
    const { status } = await chooser(fakeEngine('webgpu', { info: { fallbackAdapter: true } }).source).choose('webgpu', network, training)
    expect(status).toMatchObject({ chosen: 'webgpu', automatic: false })
  })
})

describe('in a session', () => {
  const cpu = () => fakeEngine('wasm', { info: { label: 'CPU', numericalVersion: 'cpu' }, delay: 0.2 })
  const gpu = () => fakeEngine('webgpu', { info: { name: 'webgpu', label: 'GPU', numericalVersion: 'gpu' } })

  test('another engine retrains; the former one restores its run', async () => {
    const lab = await testLab({ engines: [cpu().source, gpu().source] })
    await lab.open(withTraining({ epochs: 2 }), 'wasm')
    await lab.session.train()
    await lab.session.chooseEngine('webgpu')
    expect([lab.ofType('engine').at(-1)?.engine.chosen, lab.stage('training')]).toEqual(['webgpu', 'stale'])
    await lab.session.train()
    await lab.session.chooseEngine('wasm')
    expect(lab.stage('training')).toBe('done')
  })

  test('an engine that is not to be had leaves everything as it is', async () => {
    const lab = await testLab({ engines: [cpu().source, fakeEngine('webgpu', { refuses: 'no adapter' }).source] })
    await lab.open(withTraining({ epochs: 2 }), 'wasm')
    await lab.session.train()
    lab.clear()
    await expect(lab.session.chooseEngine('webgpu')).rejects.toMatchObject({ code: 'device-unavailable' })
    expect(lab.events).toEqual([{ type: 'idle' }])
    await lab.session.step('epoch')
    expect(lab.ofType('training').at(-1)?.update.epoch).toBe(3)
  })

  test('the engine in use chosen again costs nothing', async () => {
    const lab = await testLab({ engines: [cpu().source] })
    await lab.open(withTraining({ epochs: 1 }), 'wasm')
    await lab.session.train()
    lab.clear()
    await lab.session.chooseEngine('auto')
    expect([...new Set(lab.events.map(({ type }) => type))]).toEqual(['engine', 'idle'])
    expect(lab.ofType('engine')[0].engine).toMatchObject({ chosen: 'wasm', automatic: true })
  })

  test('a device lost while training: a notice, another engine, and on from the last checkpoint', async () => {
    const gate = eventGate()
    const [first, second] = [gpu(), cpu()]
    const lab = await testLab({ engines: [first.source, second.source], onEvent: gate.onEvent })
    await lab.open(withTraining({ epochs: 8 }), 'webgpu')
    const running = lab.session.runAll()
    await gate.when((event) => event.type === 'checkpoints' && event.epochs.includes(2))
    const kept = lab.ofType('training').at(-1)?.update.history
    first.lose('driver reset')
    await running
    expect(lab.ofType('notice')[0].notice).toMatchObject({ level: 'error', message: expect.stringContaining('driver reset') as string })
    expect(lab.ofType('engine').at(-1)?.engine).toMatchObject({ chosen: 'wasm', automatic: true })
    expect(lab.ofType('engine').at(-1)?.engine.options[0].note).toContain('Lost a moment ago')
    const { update } = lab.ofType('training').at(-1) ?? {}
    expect(update?.epoch).toBe(8)
    expect(update?.history?.trainLoss.slice(0, 3)).toEqual(kept?.trainLoss.slice(0, 3))
    expect([lab.stage('training'), lab.stage('analyses')]).toEqual(['done', 'done'])
    expect(lab.results('spectrum')[0].provenance.engine).toBe('CPU')
    expect(first.opened()).toBe(1)
  })

  test('a device lost while nothing runs: the run stands where it stood, on another engine', async () => {
    const gate = eventGate()
    const [first, second] = [gpu(), cpu()]
    const lab = await testLab({ engines: [first.source, second.source], onEvent: gate.onEvent })
    await lab.open(withTraining({ epochs: 2 }), 'webgpu')
    await lab.session.train()
    const print = lab.fingerprint()
    lab.clear()
    first.lose('unplugged')
    await gate.when((event) => event.type === 'idle')
    expect(lab.ofType('engine')[0].engine.chosen).toBe('wasm')
    expect([lab.stage('training'), lab.fingerprint()]).toEqual(['done', print])
    await lab.session.analyse(null)
    expect(lab.results('spectrum')).toHaveLength(1)
    // The bits of a continued run are not those of its settings alone, so they are not taken for them.
    await lab.session.reset()
    expect(lab.stage('training')).toBe('idle')
  })
})
