import { describe, expect, test } from 'vitest'
import { createWasmEngine } from '../../engine/wasm/wasm-engine.ts'
import { clusters, PLAIN, trainerBench } from '../../training/test-bench.ts'
import type { Burst } from '../../training/trainer.ts'
import { testPacing } from '../test-pacing.ts'
import { CPU_CHUNK, train } from './train.ts'

const trainer = async (learningRate = 0.05) => trainerBench(await createWasmEngine(), clusters(50, 8, 3), [6, 5], 3).trainer({ ...PLAIN, batchSize: 8, learningRate })

function hooks() {
  const bursts: Burst[] = []
  const epochs: number[] = []
  let done = 0
  return {
    bursts,
    epochs,
    onBurst: (burst: Burst) => {
      bursts.push(burst)
      done += burst.steps
    },
    onEpoch: () => Promise.resolve(void epochs.push(done)),
  }
}

describe('training', () => {
  test('tells every step once and every end of an epoch', async () => {
    const seen = hooks()
    await train(await trainer(), { epochs: 3 }, seen, testPacing(), CPU_CHUNK)
    expect(seen.epochs).toEqual([7, 14, 21])
    let next = 0
    for (const { firstStep, steps, losses } of seen.bursts) {
      expect([firstStep, losses.length]).toEqual([next, steps])
      next += steps
    }
    expect(next).toBe(21)
  })

  test('takes no more steps than asked for', async () => {
    const run = await trainer()
    await train(run, { epochs: 3, steps: 9 }, hooks(), testPacing(), CPU_CHUNK)
    expect(run.position).toEqual({ epoch: 1, cursor: 16, step: 9 })
  })

  test('stops between two bursts', async () => {
    const run = await trainer()
    const pacing = testPacing()
    await train(run, { epochs: 1000 }, { ...hooks(), onBurst: pacing.stop }, pacing, CPU_CHUNK)
    expect(run.position.step).toBe(1)
  })

  test('that diverges names step, value and rate', async () => {
    const seen = hooks()
    await expect(train(await trainer(1e20), { epochs: 50 }, seen, testPacing(), CPU_CHUNK)).rejects.toMatchObject({
      code: 'diverged',
      message: expect.stringMatching(/^Training diverged: the loss of step \d+ is (NaN|Infinity|[\d.e+]+) at learning rate 100000000000000000000, batch size 8\./) as string,
    })
    for (const { losses } of seen.bursts) expect(losses.every(Number.isFinite)).toBe(true)
  })
})
