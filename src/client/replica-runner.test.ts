import { expect, onTestFinished, test } from 'vitest'
import { LabError } from '../contracts/errors.ts'
import { presets } from '../contracts/presets.ts'
import type { Experiment } from '../contracts/experiment.ts'
import type { LabEvent, Notice } from '../contracts/session.ts'
import { fakeWorker, type Answers, type FakeWorker } from './fake-session.test-helper.ts'
import { createReplicaRunner, type ReplicaPlan } from './replica-runner.ts'

const [{ experiment: quick }] = presets
const experiment: Experiment = { ...quick, seeds: { initialisation: 7, shuffle: 7, probes: 7, repeats: 4 } }
const stageDone = (stage: 'training' | 'analyses'): LabEvent => ({ type: 'stage', stage, status: { state: 'done', seconds: 1, restored: false, error: null } })

/** Calls of a worker wait here until the test lets them end. */
interface Pending {
  readonly seed: number
  readonly end: () => void
}

type Emit = FakeWorker['emit']

function setUp(cores: number, more: (emit: Emit) => Answers = () => ({})) {
  const workers: FakeWorker[] = []
  const pending: Pending[] = []
  const startWorker = (): FakeWorker => {
    const seed = (): number => (worker.calls.find(([name]) => name === 'open')?.[1] as Experiment).seeds.initialisation
    const emit: Emit = (event) => worker.emit(event)
    const worker: FakeWorker = fakeWorker({
      open: () => emit({ type: 'idle' }),
      reset: () => emit({ type: 'idle' }),
      runAll: () => new Promise<void>((resolve) => {
        pending.push({ seed: seed(), end: () => { void emit({ type: 'idle' }).then(resolve) } })
      }),
      pause: () => { pending.find((call) => call.seed === seed())?.end() },
      ...more(emit),
    })
    workers.push(worker)
    return worker
  }
  const runner = createReplicaRunner({ dataUrl: 'https://lab.test/data/', cores }, startWorker)
  onTestFinished(() => runner.release())
  const told: string[] = []
  const notices: Notice[] = []
  const plan: ReplicaPlan = {
    experiment,
    engine: 'wasm',
    files: { data: null, weights: null },
    bytesEach: 1e6,
    onStatus: (offset, { state, error }) => told.push(`${String(offset)} ${state}${error === null ? '' : `: ${error.message}`}`),
    onEvent: (offset, event) => told.push(`${String(offset)} event ${event.type}`),
    onNotice: (notice) => notices.push(notice),
  }
  const names = (worker: FakeWorker) => worker.calls.map(([name]) => name)
  return { runner, plan, workers, pending, told, notices, names }
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 30))

test('as many seeds run at once as there are cores besides one; each begins when another ends', async () => {
  const { runner, plan, workers, pending, told } = setUp(3)
  const run = runner.run(plan, [1, 2, 3], 'all')
  await soon()
  expect(pending.map(({ seed }) => seed)).toEqual([8, 9])
  pending[0].end()
  await expect.poll(() => pending.map(({ seed }) => seed)).toEqual([8, 9, 10])
  expect(workers.map((worker) => worker.terminated())).toEqual([true, false, false])
  pending[1].end()
  pending[2].end()
  await run
  expect(workers.map((worker) => worker.terminated())).toEqual([true, true, true])
  expect(told.filter((line) => line.endsWith('done')).sort()).toEqual(['1 done', '2 done', '3 done'])
})

test('a worker opens the experiment of its seed by itself, on the engine of the plan', async () => {
  const { runner, plan, workers, pending } = setUp(2)
  void runner.run({ ...plan, engine: 'wasm-relaxed' }, [3], 'all')
  await expect.poll(() => pending.length).toBe(1)
  const [, opened, options] = workers[0].calls[1]
  expect(opened).toEqual({ ...experiment, seeds: { initialisation: 10, shuffle: 10, probes: 10, repeats: 1 } })
  expect(options).toEqual({ engine: 'wasm-relaxed', dataUrl: 'https://lab.test/data/', cores: 1 })
})

test('a seed that fails is told with its reason and does not stop the others', async () => {
  const { runner, plan, told, workers } = setUp(2, (emit) => ({
    runAll: async () => {
      await emit({ type: 'idle' })
      if (workers.length === 1) throw new LabError('diverged', 'the loss is not finite', 'Lower the learning rate.')
    },
  }))
  await runner.run(plan, [1, 2], 'all')
  expect(told).toEqual(['1 running', '1 failed: the loss is not finite', '2 running', '2 done'])
  expect(workers.every((worker) => worker.terminated())).toBe(true)
})

test('events reach the page before the end is told; progress of analyses and notices do not', async () => {
  const { runner, plan, told } = setUp(2, (emit) => ({
    runAll: async () => {
      await emit({ type: 'notice', notice: { level: 'info', message: 'hello', remedy: null } })
      await emit({ type: 'estimates', estimates: [] })
      await emit(stageDone('training'))
      await emit({ type: 'idle' })
    },
  }))
  await runner.run(plan, [1], 'all')
  expect(told).toEqual(['1 running', '1 event stage', '1 done'])
})

test('a paused seed keeps its worker and goes on there; those that wait do not begin', async () => {
  const { runner, plan, workers, pending, told, names } = setUp(2)
  const run = runner.run(plan, [1, 2], 'all')
  await expect.poll(() => pending.length).toBe(1)
  await runner.pause()
  await run
  expect(told).toEqual(['1 running', '1 paused'])
  expect(workers.map((worker) => worker.terminated())).toEqual([false])
  const second = runner.run(plan, [1], 'all')
  await expect.poll(() => pending.length).toBe(2)
  pending[1].end()
  await second
  expect(workers).toHaveLength(1)
  expect(names(workers[0])).toEqual(['connect', 'open', 'runAll', 'pause', 'update', 'runAll', 'dispose'])
})

test('what was released is ended at once and not spoken of any more', async () => {
  const { runner, plan, workers, pending, told } = setUp(2)
  const run = runner.run(plan, [1, 2], 'all')
  await expect.poll(() => pending.length).toBe(1)
  await runner.release()
  await run
  expect(workers.map((worker) => worker.terminated())).toEqual([true])
  expect(told).toEqual(['1 running'])
})

test('seeds that are not wanted any more end, the others go on', async () => {
  const { runner, plan, workers, pending, told } = setUp(3)
  const run = runner.run(plan, [1, 2, 3], 'all')
  await expect.poll(() => pending.length).toBe(2)
  await runner.release(2)
  expect(workers.map((worker) => worker.terminated())).toEqual([false, true])
  pending[0].end()
  await run
  expect(told).toEqual(['1 running', '2 running', '1 done'])
})

test('after a reset every seed begins once at its initial weights', async () => {
  const { runner, plan, workers, names } = setUp(2, (emit) => ({ runAll: () => emit({ type: 'idle' }) }))
  await runner.reset()
  await runner.run(plan, [1], 'all')
  await runner.run(plan, [1], 'all')
  expect(workers.map(names)).toEqual([['connect', 'open', 'reset', 'runAll', 'dispose'], ['connect', 'open', 'runAll', 'dispose']])
})

test('stored results come back without computing, and only complete ones count as done', async () => {
  const { runner, plan, told, workers } = setUp(2, (emit) => ({
    open: async () => {
      await emit(stageDone('training'))
      if (workers.length === 1) await emit(stageDone('analyses'))
      await emit({ type: 'idle' })
    },
  }))
  await runner.run(plan, [1, 2], 'restore')
  expect(told.filter((line) => !line.includes('event'))).toEqual(['1 running', '1 done', '2 running', '2 idle'])
  expect(workers.flatMap((worker) => worker.calls.map(([name]) => name))).not.toContain('runAll')
})

test('the user\'s files are handed over', async () => {
  const { runner, plan, workers, names } = setUp(2, (emit) => ({
    open: async () => {
      await emit({ type: 'idle' })
      throw new LabError('bad-data', 'own data are missing', 'Drop them.')
    },
    adoptData: () => emit({ type: 'idle' }),
    importWeights: () => emit({ type: 'idle' }),
    runAll: () => emit({ type: 'idle' }),
  }))
  const files = [{ name: 'own.npz', bytes: Uint8Array.of(1) }]
  await runner.run({ ...plan, files: { data: { files, options: { testShare: 0.2 } }, weights: files } }, [1], 'all')
  expect(names(workers[0])).toEqual(['connect', 'open', 'inspectData', 'adoptData', 'importWeights', 'runAll', 'dispose'])
  expect(workers[0].calls[2]).toEqual(['inspectData', files, { testShare: 0.2 }])
})
