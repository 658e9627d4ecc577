import { describe, expect, test } from 'vitest'
import { isLabErrorData } from '../../../src/contracts/errors.ts'
import type { MeasurementSettings, TrainingSettings } from '../../../src/contracts/experiment.ts'
import { createWasmEngine } from '../../engine/wasm/wasm-engine.ts'
import { gather, selectParameters } from '../../networks/selection.ts'
import type { SnapshotRecorder } from '../../numerics/snapshots.ts'
import { clusters, PLAIN, trainerBench, trainTo } from '../../training/test-bench.ts'
import { testPacing } from '../test-pacing.ts'
import { recordWeights, SNAPSHOT_BUDGET, snapshotCount } from './record.ts'

const CHUNK = { milliseconds: 1 }
const samples = clusters(50, 8, 3)
const settings: TrainingSettings = { ...PLAIN, batchSize: 8, momentum: 0.9, learningRate: 0.02 }

async function benchAt(epochs: number) {
  const bench = trainerBench(await createWasmEngine(), samples, [6, 5], 3)
  const trainer = bench.trainer(settings)
  await trainTo(trainer, epochs)
  return { ...bench, trained: trainer, state: await trainer.snapshot() }
}

type Bench = Awaited<ReturnType<typeof benchAt>>

async function record(bench: Bench, measurement: MeasurementSettings, pacing = testPacing(), training = settings): Promise<SnapshotRecorder> {
  const trainer = bench.trainer(training)
  trainer.restore(bench.state)
  const selection = selectParameters(bench.network, measurement.selection)
  try {
    return await recordWeights(bench.engine, trainer, selection, measurement, pacing, CHUNK, () => undefined)
  } finally {
    trainer.dispose()
  }
}

describe('recorded snapshots', () => {
  test.each(['2.kernel', 'all', '1.bias+3.kernel'])('of %s are the weights after every step, the first ones included', async (text) => {
    const bench = await benchAt(1)
    const recorder = await record(bench, { selection: text, unit: 'batch', epochs: 2 })
    expect(recorder.count).toBe(1 + 2 * 7)
    const selection = selectParameters(bench.network, text)
    const stepwise = bench.trainer(settings)
    stepwise.restore(bench.state)
    for (let t = 0; t < recorder.count; t++) {
      expect(recorder.get(t)).toEqual(Float32Array.from(gather(selection, await bench.engine.read(stepwise.weights))))
      if (t < recorder.count - 1) await stepwise.advance(1)
    }
  })

  test('per epoch are those at the ends of epochs', async () => {
    const bench = await benchAt(1)
    const [perEpoch, perBatch] = [await record(bench, { selection: 'all', unit: 'epoch', epochs: 4 }), await record(bench, { selection: 'all', unit: 'batch', epochs: 4 })]
    expect(perEpoch.count).toBe(5)
    for (let epoch = 0; epoch <= 4; epoch++) expect(perEpoch.get(epoch)).toEqual(perBatch.get(7 * epoch))
  })

  test('leave the trained network and the memory as they were', async () => {
    const bench = await benchAt(2)
    const before = bench.engine.memoryBytes()
    await record(bench, { selection: '2.kernel', unit: 'batch', epochs: 2 })
    expect(await bench.trained.snapshot()).toEqual(bench.state)
    expect(bench.engine.memoryBytes()).toBe(before)
  })

  test('end early when stopped', async () => {
    const bench = await benchAt(1)
    const pacing = testPacing()
    const stopping = { ...pacing, breathe: () => Promise.resolve(pacing.stop()) }
    expect((await record(bench, { selection: '2.kernel', unit: 'batch', epochs: 50 }, stopping)).count).toBe(2)
  })
})

describe('refusals', () => {
  test('a measurement that diverges is told with step and rate, and frees what it took', async () => {
    const bench = await benchAt(1)
    const before = bench.engine.memoryBytes()
    const failed = record(bench, { selection: '2.kernel', unit: 'batch', epochs: 20 }, testPacing(), { ...settings, learningRate: 100, weightDecay: 1 })
    await expect(failed).rejects.toSatisfy((error) => isLabErrorData(error) && error.code === 'diverged' && /step \d+ is [\d.e+]+ at learning rate 100/.test(error.message))
    expect(bench.engine.memoryBytes()).toBe(before)
  })

  test('more snapshots than memory allows are refused before anything is recorded', async () => {
    const network = trainerBench(await createWasmEngine(), samples, [1024, 1024], 3)
    const bench = { ...network, state: await network.trainer(settings).snapshot(), trained: network.trainer(settings) }
    const refused = record(bench, { selection: '2.kernel', unit: 'batch', epochs: 100 })
    await expect(refused).rejects.toMatchObject({
      code: 'out-of-memory',
      message: '701 snapshots of 1048576 parameters need 2940 MB; the limit is 839 MB, which holds 200.',
      remedy: 'Measure fewer epochs, record once per epoch, or choose one layer.',
    })
  })

  test('20,000 snapshots of 8,192 parameters fit, below a gigabyte', () => {
    const bytes = 20_000 * 8192 * 4
    expect(bytes).toBeLessThanOrEqual(SNAPSHOT_BUDGET)
    expect(SNAPSHOT_BUDGET).toBeLessThan(1e9)
  })

  test('snapshots are the start and one per batch or epoch', () => {
    expect(snapshotCount({ selection: 'all', unit: 'batch', epochs: 5 }, 313)).toBe(1566)
    expect(snapshotCount({ selection: 'all', unit: 'epoch', epochs: 5 }, 313)).toBe(6)
  })
})
