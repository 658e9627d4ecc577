import { afterEach, describe, expect, test } from 'vitest'
import { LabError } from '../contracts/errors.ts'
import { presets } from '../contracts/presets.ts'
import type { LabEvent } from '../contracts/session.ts'
import { createLabClient } from './create-lab-client.ts'
import { fakeWorker, type Answers, type FakeWorker } from './fake-session.test-helper.ts'
import type { LabClient } from './lab-client.ts'

const experiment = presets[0].experiment
const dataUrl = 'https://lab.test/data/'
const open: LabClient[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.dispose()))
})

function setUp(answers: Answers = {}) {
  const workers: FakeWorker[] = []
  const events: LabEvent[] = []
  const connections: string[] = []
  const client = createLabClient(
    { dataUrl, onEvent: (event) => events.push(event), onConnection: (connection) => connections.push(connection) },
    () => {
      const worker = fakeWorker(answers)
      workers.push(worker)
      return worker
    },
  )
  open.push(client)
  const names = (worker: FakeWorker) => worker.calls.map(([name]) => name)
  return { client, workers, events, connections, names }
}

const never = () => new Promise(() => undefined)
const soon = () => new Promise((resolve) => setTimeout(resolve, 30))

describe('calls', () => {
  test('the listener is connected first and the experiment is opened with the data address', async () => {
    const { client, workers, connections } = setUp()
    await client.open(experiment, 'wasm')
    expect(workers[0].calls.map(([name]) => name)).toEqual(['connect', 'open'])
    expect(workers[0].calls[1]).toEqual(['open', experiment, { engine: 'wasm', dataUrl }])
    expect(connections).toEqual(['starting', 'ready'])
  })

  test('events of the session arrive in order, typed arrays included', async () => {
    const { client, workers, events } = setUp()
    await client.open(experiment, 'auto')
    const ritzValues = Float64Array.of(3, 1)
    const spectrum = { analysis: 1, products: 2, ofProducts: 9, ritzValues, residuals: new Float64Array(2) }
    await workers[0].emit({ type: 'spectrumProgress', spectrum })
    await workers[0].emit({ type: 'idle' })
    expect(events).toEqual([{ type: 'spectrumProgress', spectrum }, { type: 'idle' }])
  })

  test('a thrown LabError keeps code, message and remedy', async () => {
    const { client } = setUp({ train: () => { throw new LabError('diverged', 'the loss is not finite at step 12', 'Lower the learning rate.') } })
    const error = await client.train().catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(LabError)
    expect(error).toMatchObject({ code: 'diverged', message: 'the loss is not finite at step 12', remedy: 'Lower the learning rate.' })
  })

  test('any other error arrives as internal, with its message', async () => {
    const { client } = setUp({ train: () => { throw new TypeError('x is undefined') } })
    await expect(client.train()).rejects.toMatchObject({ name: 'LabError', code: 'internal', message: 'x is undefined' })
  })

  test('questions come back with their answers', async () => {
    const preview = { name: 'own', classes: 3 }
    const sketch = { parameterCount: 42310 }
    const { client, workers } = setUp({ inspectData: () => preview, sketchNetwork: () => sketch, downloadStatus: () => null })
    expect(await client.inspectData([], { testShare: 0.1 })).toEqual(preview)
    expect(await client.sketchNetwork(experiment)).toEqual(sketch)
    expect(await client.downloadStatus('cifar10')).toBeNull()
    await client.download('cifar10')
    await client.exportWeights('keras')
    expect(workers[0].calls.slice(-2)).toEqual([['download', 'cifar10'], ['exportWeights', 'keras']])
  })

  test('updates: the latest wins', async () => {
    const ends: (() => void)[] = []
    const { client, workers } = setUp({ update: () => new Promise<void>((resolve) => ends.push(resolve)) })
    const epochs = (n: number) => ({ ...experiment, training: { ...experiment.training, epochs: n } })
    const updates = [1, 2, 3].map((n) => client.update(epochs(n)))
    await soon()
    ends[0]()
    await soon()
    ends[1]()
    await Promise.all(updates)
    const sent = workers[0].calls.filter(([name]) => name === 'update').map(([, given]) => given)
    expect(sent).toEqual([epochs(1), epochs(3)])
  })
})

describe('a worker that fails', () => {
  test('rejects calls on their way, tells it, and a new worker opens the experiment again', async () => {
    const { client, workers, events, connections, names } = setUp({ train: never })
    await client.open(experiment, 'wasm')
    const training = client.train()
    const rejected = expect(training).rejects.toMatchObject({ code: 'internal', message: 'The lab worker failed: out of memory' })
    await soon()
    workers[0].crash('out of memory')
    await rejected
    expect(workers[0].terminated()).toBe(true)
    await client.pause()
    expect(names(workers[1])).toEqual(['connect', 'open', 'pause'])
    expect(workers[1].calls[1]).toEqual(['open', experiment, { engine: 'wasm', dataUrl }])
    expect(connections).toEqual(['starting', 'ready', 'restarting', 'ready'])
    expect(events).toEqual([{ type: 'notice', notice: expect.objectContaining({ level: 'warning', message: 'The lab worker failed: out of memory; started a new one' }) }])
  })

  test('opens the experiment as it was last, changes recorded by the session included', async () => {
    const { client, workers } = setUp()
    await client.open(experiment, 'wasm')
    await client.chooseEngine('reference')
    const changed = { ...experiment, training: { ...experiment.training, changes: [{ step: 8, learningRate: 0.1 }] } }
    await workers[0].emit({ type: 'experiment', experiment: changed })
    workers[0].crash('gone')
    await client.pause()
    expect(workers[1].calls[1]).toEqual(['open', changed, { engine: 'reference', dataUrl }])
  })

  test('hands the user\'s data over again', async () => {
    const { client, workers, names } = setUp()
    await client.open(experiment, 'auto')
    const files = [{ name: 'own.npz', bytes: Uint8Array.of(1, 2) }]
    await client.inspectData(files, { testShare: 0.2 })
    await client.adoptData()
    await client.inspectData([{ name: 'looked-at-only.csv', bytes: Uint8Array.of(3) }], { testShare: 0 })
    workers[0].crash('gone')
    await client.pause()
    expect(names(workers[1])).toEqual(['connect', 'open', 'inspectData', 'adoptData', 'pause'])
    expect(workers[1].calls[2]).toEqual(['inspectData', files, { testShare: 0.2 }])
  })

  test('is given up after three new ones', async () => {
    const { client, workers, connections, events } = setUp()
    for (let i = 0; i < 4; i++) {
      await client.pause()
      workers[i].crash('again')
    }
    await expect(client.pause()).rejects.toMatchObject({ code: 'internal', message: 'The lab worker failed several times in a row' })
    expect(workers).toHaveLength(4)
    expect(connections.at(-1)).toBe('failed')
    expect(events.at(-1)).toMatchObject({ notice: { level: 'error' } })
  })

  test('while it starts keeps calls waiting for the one after it', async () => {
    const { client, workers, names } = setUp()
    const opening = client.open(experiment, 'auto')
    workers[0].crash('did not load')
    await opening
    expect(names(workers[1])).toEqual(['connect', 'open'])
  })

  test('that cannot even be made is told, and calls reject', async () => {
    const events: LabEvent[] = []
    const client = createLabClient({ dataUrl, onEvent: (event) => events.push(event) }, () => { throw new Error('workers are blocked') })
    await expect(client.train()).rejects.toMatchObject({ message: 'workers are blocked' })
    expect(events).toHaveLength(1)
  })
})

test('dispose ends the session and the worker; calls on their way and later ones reject as cancelled', async () => {
  const { client, workers, names } = setUp({ train: never })
  const training = expect(client.train()).rejects.toMatchObject({ code: 'cancelled' })
  await soon()
  await client.dispose()
  await training
  expect(names(workers[0])).toEqual(['connect', 'train', 'dispose'])
  expect(workers[0].terminated()).toBe(true)
  await expect(client.pause()).rejects.toMatchObject({ code: 'cancelled' })
})
