import { expect, test } from 'vitest'
import type { Experiment } from '../../contracts/experiment.ts'
import type { StageState } from '../../contracts/session.ts'
import type { ReplicaPlan, ReplicaRunner } from '../../client/replica-runner.ts'
import { createFrameThrottle } from '../../state/frame-throttle.ts'
import { initialState } from '../../state/lab-state.ts'
import { createLabStore, labActions } from '../../state/lab-store.ts'
import { followFurtherSeeds } from './further-seeds.ts'

function setUp(repeats = 3) {
  const base = initialState()
  const experiment: Experiment = { ...base.experiment, seeds: { ...base.experiment.seeds, repeats } }
  const store = createLabStore(initialState(experiment))
  const actions = labActions(store)
  const calls: string[] = []
  let plan: ReplicaPlan | null = null
  const note = (name: string) => (from?: number): Promise<void> => {
    calls.push(from === undefined ? name : `${name} ${String(from)}`)
    return Promise.resolve()
  }
  const runner: ReplicaRunner = {
    run: (given, offsets, task) => {
      plan = given
      calls.push(`run ${offsets.join(',')} ${task}`)
      return Promise.resolve()
    },
    pause: note('pause'),
    release: note('release'),
    reset: note('reset'),
  }
  const throttle = createFrameThrottle(actions.receiveReplicas, (callback) => {
    queueMicrotask(callback)
    return () => undefined
  })
  const files = { data: null, weights: null }
  const seeds = followFurtherSeeds({ store, actions, client: { files: () => files }, runner, throttle })
  const edit = (change: (experiment: Experiment) => Partial<Experiment>): void => {
    const { experiment: present } = store.getState()
    actions.setExperiment({ ...present, ...change(present) })
  }
  const tell = async (offset: number, state: StageState): Promise<void> => {
    plan?.onStatus(offset, { state, seconds: null, restored: false, error: null })
    await Promise.resolve()
  }
  const mainTrains = (): void => {
    const status = { state: 'running' as const, seconds: null, restored: false, error: null }
    actions.receive([{ type: 'stage', stage: 'training', status }])
  }
  return { store, actions, seeds, calls, edit, tell, mainTrains, plan: () => plan }
}

test('a run takes all seeds that are not done, with the settings of the moment', async () => {
  const { seeds, calls, tell, plan, store } = setUp()
  await seeds.run('all')
  await tell(1, 'done')
  await seeds.run('all')
  expect(calls).toEqual(['run 1,2 all', 'run 2 all'])
  expect(plan()?.experiment).toBe(store.getState().experiment)
  expect(plan()?.engine).toBe('wasm')
})

test('other numbers end the workers; another view leaves them alone', async () => {
  const { seeds, calls, edit, actions, tell } = setUp()
  await seeds.run('all')
  await tell(1, 'running')
  actions.setView({ focus: 'drift', kernel: 3 })
  expect(calls).toEqual(['run 1,2 all'])
  edit(({ training }) => ({ training: { ...training, learningRate: 0.3 } }))
  expect(calls).toEqual(['run 1,2 all', 'release'])
})

test('while the main seed trains on through a change, the further ones begin again with it', async () => {
  const { seeds, calls, edit, tell, mainTrains, plan, store } = setUp()
  await seeds.run('all')
  mainTrains()
  await tell(1, 'running')
  edit(({ measurement }) => ({ measurement: { ...measurement, epochs: measurement.epochs + 1 } }))
  expect(calls.slice(1)).toEqual(['release', 'run 1,2 all'])
  await tell(1, 'running')
  edit(({ training }) => ({ training: { ...training, changes: [{ step: 40, learningRate: 0.1 }] } }))
  expect(calls.slice(3)).toEqual(['release', 'run 1,2 all'])
  expect(plan()?.experiment.training.changes).toEqual(store.getState().experiment.training.changes)
})

test('a change that stops the main seed stops them too', async () => {
  const { seeds, calls, edit, tell, mainTrains } = setUp()
  await seeds.run('all')
  mainTrains()
  await tell(1, 'running')
  edit(({ training }) => ({ training: { ...training, batchSize: 64 } }))
  expect(calls.slice(1)).toEqual(['release'])
})

test('fewer repeats end those that are too many and no others', async () => {
  const { seeds, calls, edit } = setUp(4)
  await seeds.run('all')
  edit(({ seeds: given }) => ({ seeds: { ...given, repeats: 2 } }))
  expect(calls).toEqual(['run 1,2,3 all', 'release 2'])
})

test('a reset leaves nothing of them', async () => {
  const { seeds, calls, tell, store } = setUp()
  await seeds.run('all')
  await tell(1, 'done')
  await seeds.reset()
  expect(calls).toEqual(['run 1,2 all', 'reset'])
  expect(store.getState().replicas.map(({ status }) => status.state)).toEqual(['idle', 'idle'])
})
