import { describe, expect, test } from 'vitest'
import type { HessianAnalysis } from '../../../src/contracts/experiment.ts'
import { createWasmEngine } from '../../engine/wasm/wasm-engine.ts'
import { symmetricEigen } from '../../numerics/symmetric-eigen.ts'
import { chosenSamples, equalBatches } from '../../operators/samples.ts'
import { Interrupted } from '../deps.ts'
import { columnsOf, curvatureOf, matrixBench, NO_DECAY, traceOf } from '../test-matrix.ts'
import { testPacing } from '../test-pacing.ts'
import { batchEigenvalues, hessianEigenpairs } from './eigenpairs.ts'
import { withMatrix } from './matrix.ts'

const bench = matrixBench()
const { labels } = bench.deps.host

const analysis = (more: Partial<HessianAnalysis> = {}): HessianAnalysis => ({
  kind: 'hessian',
  ...curvatureOf('2.kernel'),
  largest: 4,
  smallest: 2,
  tolerance: 1e-9,
  maxProducts: 24,
  batches: 1,
  compare: null,
  memory: 2000,
  ...more,
})

describe('the matrix of a part of the samples', () => {
  test('averaged over equal batches is that of all', async () => {
    const whole = await columnsOf(bench, curvatureOf('all'))
    const batches = await Promise.all(equalBatches(chosenSamples(labels, 'first', 40), 4).map((indices) => columnsOf(bench, curvatureOf('all'), NO_DECAY, indices)))
    const mean = batches.reduce((sum, batch) => sum + traceOf(batch), 0) / 4
    expect(mean).toBeCloseTo(traceOf(whole), 11)
    whole.values.forEach((entry, at) => expect(batches.reduce((sum, { values }) => sum + values[at], 0) / 4).toBeCloseTo(entry, 12))
  })

  test('averaged over classes, each by its share, is that of all', async () => {
    const parts = await Promise.all([0, 1, 2].map(async (k) => ({ share: labels.filter((label) => label === k).length / 40, trace: traceOf(await columnsOf(bench, curvatureOf('all', { part: `class${k}` }))) })))
    expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 14)
    expect(parts.reduce((sum, { share, trace }) => sum + share * trace, 0)).toBeCloseTo(traceOf(await columnsOf(bench, curvatureOf('all'))), 11)
  })

  test('numbered as a batch is that of its samples', async () => {
    const second = await columnsOf(bench, curvatureOf('2.kernel', { part: 'batch1', samples: 10 }))
    const same = await columnsOf(bench, curvatureOf('2.kernel'), NO_DECAY, Uint32Array.from({ length: 10 }, (_, i) => 10 + i))
    expect(second.values).toEqual(same.values)
  })

  test.each([
    ['class7', /^None of the 40 training samples is of class 7; their classes are 0 to 2\.$/],
    ['batch9', /^Batch 9 of 10 samples begins at sample 90; there are 40 training samples\.$/],
  ])('that is not there, %s, is refused in words', async (part, message) => {
    await expect(hessianEigenpairs(bench.deps, bench.state, analysis({ part, samples: 10 }), NO_DECAY, 1, () => undefined)).rejects.toMatchObject({ code: 'bad-settings', message: expect.stringMatching(message) as string })
  })
})

describe('eigenvalues on equal batches', () => {
  test('are those of the matrix of each batch', async () => {
    const found = await batchEigenvalues(bench.deps, bench.state, analysis({ batches: 4 }), NO_DECAY, 5, () => undefined)
    expect([found?.samples, found?.eigenvalues.length]).toEqual([10, 24])
    for (const [b, indices] of equalBatches(chosenSamples(labels, 'first', 40), 4).entries()) {
      const { values, size } = await columnsOf(bench, curvatureOf('2.kernel'), NO_DECAY, indices)
      const { eigenvalues } = symmetricEigen(values, size)
      for (let i = 0; i < 4; i++) expect(found?.eigenvalues[6 * b + i]).toBeCloseTo(eigenvalues[i], 8)
    }
  })

  test('leave out samples that would be left over', async () => {
    expect((await batchEigenvalues(bench.deps, bench.state, analysis({ batches: 7 }), NO_DECAY, 5, () => undefined))?.samples).toBe(5)
  })

  test('of more batches than samples are refused', async () => {
    await expect(batchEigenvalues(bench.deps, bench.state, analysis({ batches: 20, samples: 10 }), NO_DECAY, 5, () => undefined)).rejects.toMatchObject({ code: 'bad-settings' })
  })

  test('stopped on the way give nothing', async () => {
    const pacing = testPacing()
    const stopping = matrixBench({ pacing })
    const stop = (batch: number): void => (batch === 1 ? pacing.stop() : undefined)
    expect(await batchEigenvalues(stopping.deps, stopping.state, analysis({ batches: 4 }), NO_DECAY, 5, stop)).toBeNull()
  })
})

describe('memory of the engine', () => {
  const failures: readonly { readonly name: string; readonly error: Error }[] = [
    { name: 'fails', error: new Error('broken') },
    { name: 'is stopped', error: new Interrupted('stopped') },
  ]

  test.each(failures)('is free again when the work $name, for a part of the samples too', async ({ error }) => {
    const engine = await createWasmEngine()
    const at = matrixBench({ engine })
    const before = engine.memoryBytes()
    for (const part of ['first', 'class1', 'batch2']) {
      const work = withMatrix(at.deps, at.state, curvatureOf('all', { part, samples: 10 }), NO_DECAY, () => Promise.reject(error))
      await expect(work).rejects.toBe(error)
      expect(engine.memoryBytes()).toBe(before)
    }
  })

  test('is free again when the network has diverged, and when products cannot be opened', async () => {
    const engine = await createWasmEngine()
    const at = matrixBench({ engine })
    const before = engine.memoryBytes()
    await expect(withMatrix(at.deps, at.state.map(() => NaN), curvatureOf('all', { part: 'class1' }), NO_DECAY, () => Promise.resolve())).rejects.toMatchObject({ code: 'not-finite' })
    const closed = { ...at.deps, openMatrix: () => Promise.reject(new Error('no room')) }
    await expect(withMatrix(closed, at.state, curvatureOf('all', { part: 'class1' }), NO_DECAY, () => Promise.resolve())).rejects.toThrow('no room')
    expect(engine.memoryBytes()).toBe(before)
  })

  test('a restarted run in little memory finds the same pairs', async () => {
    const settings = analysis({ selection: 'all', largest: 3, smallest: 2, maxProducts: 400, tolerance: 1e-8 })
    const at = matrixBench({ layers: '40,20', samples: 20 })
    const [roomy, tight] = await Promise.all([2000, 0.4].map((memory) => hessianEigenpairs(at.deps, at.state, { ...settings, memory }, NO_DECAY, 5, () => undefined)))
    expect(tight?.pairs.outcome).toBe('converged')
    roomy?.pairs.eigenvalues.forEach((value, i) => expect(tight?.pairs.eigenvalues[i]).toBeCloseTo(value, 7))
  })
})
