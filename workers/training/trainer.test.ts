import { isDecayed } from '../networks/network.ts'
import { describe, expect, test } from 'vitest'
import type { TrainingSettings } from '../../src/contracts/experiment.ts'
import type { Engine } from '../engine/engine.ts'
import { createReferenceEngine } from '../engine/reference/reference-engine.ts'
import { createWasmEngine } from '../engine/wasm/wasm-engine.ts'
import { createRandom } from '../numerics/random.ts'
import { clusters, PLAIN, SEEDS, trainerBench, trainTo, type Samples } from './test-bench.ts'

const FEATURES = 8
const WIDTHS = [FEATURES, 6, 5, 3]
const samples = clusters(10, FEATURES, 3)

/** Mean loss of one batch and its gradient by plain loops over scalars, float64, with ReLU and softmax. */
function batchLoss(w: Float64Array, { images, labels }: Samples, batch: readonly number[]): { readonly loss: number; readonly gradient: Float64Array } {
  const gradient = new Float64Array(w.length)
  let loss = 0
  for (const sample of batch) {
    const activations: number[][] = [Array.from(images.subarray(sample * FEATURES, (sample + 1) * FEATURES))]
    let offset = 0
    const offsets: number[] = []
    for (let layer = 1; layer < WIDTHS.length; layer++) {
      const [inputs, outputs] = [WIDTHS[layer - 1], WIDTHS[layer]]
      offsets.push(offset)
      const z = Array.from({ length: outputs }, (_, j) => w[offset + inputs * outputs + j] + activations[layer - 1].reduce((sum, a, i) => sum + a * w[offset + i * outputs + j], 0))
      activations.push(layer === WIDTHS.length - 1 ? z : z.map((value) => Math.max(value, 0)))
      offset += inputs * outputs + outputs
    }
    const logits = activations[WIDTHS.length - 1]
    const total = logits.reduce((sum, z) => sum + Math.exp(z), 0)
    loss += (Math.log(total) - logits[labels[sample]]) / batch.length
    let delta = logits.map((z, k) => (Math.exp(z) / total - (k === labels[sample] ? 1 : 0)) / batch.length)
    for (let layer = WIDTHS.length - 1; layer >= 1; layer--) {
      const [inputs, outputs] = [WIDTHS[layer - 1], WIDTHS[layer]]
      const at = offsets[layer - 1]
      const before = activations[layer - 1]
      delta.forEach((d, j) => {
        before.forEach((a, i) => (gradient[at + i * outputs + j] += a * d))
        gradient[at + inputs * outputs + j] += d
      })
      delta = before.map((a, i) => (a > 0 ? delta.reduce((sum, d, j) => sum + d * w[at + i * outputs + j], 0) : 0))
    }
  }
  return { loss, gradient }
}

/** Batches of an epoch: the permutation of the seed, cut into pieces. */
function batchesOf(epoch: number, batchSize: number): number[][] {
  const order = Array.from(createRandom(SEEDS.shuffle, `shuffle/${epoch}`).permutation(10))
  return Array.from({ length: Math.ceil(10 / batchSize) }, (_, b) => order.slice(b * batchSize, (b + 1) * batchSize))
}

type Form = 'keras' | 'pytorch'

/** Eq. 2.5 by hand: v ← βv − η(g + 2λW), w ← w + v; in PyTorch's form v ← βv + g, w ← w − ηv. */
function byHand(initial: Float32Array, decayed: readonly boolean[], settings: TrainingSettings, epochs: number, form: Form = 'keras'): Float64Array {
  const w = Float64Array.from(initial)
  const v = new Float64Array(w.length)
  const { momentum: beta, weightDecay, batchSize, schedule } = settings
  for (let epoch = 0; epoch < epochs; epoch++) {
    const eta = settings.learningRate * (schedule.kind === 'exponential' ? schedule.decay ** epoch : 1)
    for (const batch of batchesOf(epoch, batchSize)) {
      const { gradient: g } = batchLoss(w, samples, batch)
      for (let i = 0; i < w.length; i++) {
        const gradient = g[i] + (decayed[i] ? 2 * weightDecay * w[i] : 0)
        v[i] = form === 'keras' ? beta * v[i] - eta * gradient : beta * v[i] + gradient
        w[i] += form === 'keras' ? v[i] : -eta * v[i]
      }
    }
  }
  return w
}

const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)

const bench = (engine: Engine) => trainerBench(engine, samples, WIDTHS.slice(1, -1), 3)

async function weightsAfter(engine: Engine, settings: TrainingSettings, epochs: number) {
  const { network, initial, trainer: create } = bench(engine)
  const trainer = create(settings)
  await trainTo(trainer, epochs)
  const decayed = network.parameters.flatMap((parameter) => Array.from({ length: parameter.size }, () => isDecayed(parameter, 'kernels')))
  return { weights: await engine.read(trainer.weights), initial, decayed }
}

describe.each([
  { name: 'reference', tolerance: 1e-12, create: () => Promise.resolve(createReferenceEngine()) },
  { name: 'wasm', tolerance: 1e-5, create: () => createWasmEngine() },
])('SGD on the $name engine', ({ tolerance, create }) => {
  test.each([
    { name: 'plain', settings: PLAIN },
    { name: 'with momentum', settings: { ...PLAIN, momentum: 0.9, learningRate: 0.03 } },
    { name: 'with weight decay', settings: { ...PLAIN, weightDecay: 0.05 } },
    { name: 'with momentum, weight decay and a falling rate', settings: { ...PLAIN, momentum: 0.8, weightDecay: 0.01, schedule: { kind: 'exponential', decay: 0.7 } } },
  ] satisfies { name: string; settings: TrainingSettings }[])('$name equals plain loops, a smaller last batch included', async ({ settings }) => {
    const { weights, initial, decayed } = await weightsAfter(await create(), settings, 4)
    expect(largest(weights, byHand(initial, decayed, settings, 4))).toBeLessThan(tolerance)
    expect(largest(weights, initial)).toBeGreaterThan(0.05)
  })
})

describe('momentum', () => {
  const settings: TrainingSettings = { ...PLAIN, momentum: 0.9, learningRate: 0.02 }

  test('at a constant rate is the same in PyTorch’s form', async () => {
    const { weights, initial, decayed } = await weightsAfter(createReferenceEngine(), settings, 3)
    expect(largest(weights, byHand(initial, decayed, settings, 3, 'pytorch'))).toBeLessThan(1e-12)
  })

  test('at a falling rate follows Eq. 2.5, where PyTorch’s form differs', async () => {
    const falling: TrainingSettings = { ...settings, schedule: { kind: 'exponential', decay: 0.5 } }
    const { weights, initial, decayed } = await weightsAfter(createReferenceEngine(), falling, 3)
    expect(largest(weights, byHand(initial, decayed, falling, 3, 'keras'))).toBeLessThan(1e-12)
    expect(largest(weights, byHand(initial, decayed, falling, 3, 'pytorch'))).toBeGreaterThan(1e-3)
  })
})

describe('bursts', () => {
  test('never cross the end of an epoch, a smaller last batch or a recorded change', async () => {
    const { trainer: create } = bench(createReferenceEngine())
    const trainer = create({ ...PLAIN, changes: [{ step: 4, learningRate: 0.01 }] })
    const bursts: number[][] = []
    while (trainer.position.step < 6) {
      const { firstStep, steps, settings } = await trainer.advance(100)
      bursts.push([firstStep, steps, settings.learningRate])
    }
    // Ten samples in batches of 4: two whole batches and a rest of 2.
    expect(bursts).toEqual([
      [0, 2, 0.1],
      [2, 1, 0.1],
      [3, 1, 0.1],
      [4, 1, 0.01],
      [5, 1, 0.01],
    ])
    expect(trainer.position).toEqual({ epoch: 2, cursor: 0, step: 6 })
  })

  test('tell the mean cross entropy of every batch before its step', async () => {
    const { trainer: create, initial } = bench(createReferenceEngine())
    const { losses } = await create(PLAIN).advance(1)
    const { loss } = batchLoss(Float64Array.from(initial), samples, batchesOf(0, 4)[0])
    expect(losses).toEqual(Float32Array.of(loss))
  })

  test('of any length give the same bits', async () => {
    const many = clusters(200, FEATURES, 3)
    const runs = await Promise.all(
      [1, 7, 1000].map(async (burst) => {
        const engine = await createWasmEngine()
        const trainer = trainerBench(engine, many, [6, 5], 3).trainer({ ...PLAIN, momentum: 0.9 })
        await trainTo(trainer, 2, burst)
        return engine.read(trainer.weights)
      }),
    )
    expect(runs[1]).toEqual(runs[0])
    expect(runs[2]).toEqual(runs[0])
  })
})

describe('repeatability', () => {
  const many = clusters(90, FEATURES, 3)
  const settings: TrainingSettings = { ...PLAIN, batchSize: 8, momentum: 0.9, weightDecay: 0.001, schedule: { kind: 'exponential', decay: 0.9 } }

  test('the same seeds give the same bits, another shuffle others', async () => {
    const run = async (shuffle: number) => {
      const engine = await createWasmEngine()
      const trainer = trainerBench(engine, many, [6, 5], 3).trainer(settings, { ...SEEDS, shuffle })
      await trainTo(trainer, 2)
      return engine.read(trainer.weights)
    }
    const [first, again, other] = [await run(1), await run(1), await run(2)]
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
  })

  test.each([
    { name: 'the end of an epoch', stop: 12 },
    { name: 'the middle of an epoch', stop: 17 },
  ])('a run resumed at $name, on another engine instance, ends with the bits of an uninterrupted one', async ({ stop }) => {
    const whole = trainerBench(await createWasmEngine(), many, [6, 5], 3)
    const uninterrupted = whole.trainer(settings)
    await trainTo(uninterrupted, 3)

    const first = trainerBench(await createWasmEngine(), many, [6, 5], 3).trainer(settings)
    while (first.position.step < stop) await first.advance(Math.min(5, stop - first.position.step))
    const state = await first.snapshot()
    const second = trainerBench(await createWasmEngine(), many, [6, 5], 3).trainer(settings)
    second.restore(state)
    await trainTo(second, 3)
    expect(await second.snapshot()).toEqual(await uninterrupted.snapshot())
  })

  test('a change made while training is repeated bit for bit from its record', async () => {
    const live = trainerBench(await createWasmEngine(), many, [6, 5], 3)
    const trainer = live.trainer(settings)
    while (trainer.position.step < 15) await trainer.advance(15 - trainer.position.step)
    const changes = [{ step: trainer.nextStep, learningRate: 0.02, batchSize: 16, weightDecay: 0.01 }]
    trainer.configure({ ...settings, changes }, SEEDS)
    await trainTo(trainer, 3)

    const replay = trainerBench(await createWasmEngine(), many, [6, 5], 3).trainer({ ...settings, changes })
    await trainTo(replay, 3)
    expect(await replay.snapshot()).toEqual(await trainer.snapshot())
  })

  test('a burst that is under way has claimed its steps: a change made meanwhile comes after it', async () => {
    const trainer = trainerBench(await createWasmEngine(), many, [6, 5], 3).trainer(settings)
    const burst = trainer.advance(5)
    expect([trainer.position.step, trainer.nextStep]).toEqual([0, 5])
    await burst
    expect([trainer.position.step, trainer.nextStep]).toEqual([5, 5])
  })
})

test('training learns clusters', async () => {
  const trainer = trainerBench(await createWasmEngine(), clusters(300, FEATURES, 3), [6, 5], 3).trainer({ ...PLAIN, batchSize: 10 })
  const first = (await trainer.advance(1)).losses[0]
  await trainTo(trainer, 5)
  expect((await trainer.advance(1)).losses[0]).toBeLessThan(0.3 * first)
})

test('thousands of steps and many batch sizes take no further memory', async () => {
  const engine = await createWasmEngine()
  const { trainer: create } = trainerBench(engine, clusters(500, FEATURES, 3), [6, 5], 3)
  const trainer = create({ ...PLAIN, momentum: 0.9, learningRate: 0.01 })
  await trainTo(trainer, 1)
  const before = engine.memoryBytes()
  await trainTo(trainer, 31)
  expect(trainer.position.step).toBe(31 * 125)
  expect(engine.memoryBytes()).toBe(before)
  const sizes = async (from: number): Promise<number> => {
    for (let batchSize = from; batchSize < from + 30; batchSize++) {
      trainer.configure({ ...PLAIN, batchSize, learningRate: 0.01 }, SEEDS)
      await trainTo(trainer, trainer.position.epoch + 1)
    }
    return engine.memoryBytes()
  }
  const [few, many] = [await sizes(5), await sizes(5)]
  expect(many).toBe(few)
  trainer.dispose()
})
