import { describe, expect, test } from 'vitest'
import fixture from '../../fixtures/optimisers/updates.json'
import { trainingSchema, type TrainingSettings } from '../../src/contracts/experiment.ts'
import { openNodeGpu } from '../cli/node-gpu.ts'
import type { Engine } from '../engine/engine.ts'
import { Recorder } from '../engine/recorder.ts'
import { createReferenceEngine } from '../engine/reference/reference-engine.ts'
import { createWasmEngine } from '../engine/wasm/wasm-engine.ts'
import { openDevice } from '../engine/webgpu/device.ts'
import { createWebGpuEngine } from '../engine/webgpu/webgpu-engine.ts'
import { buildNetwork } from '../networks/network.ts'
import { ratesAt } from './schedule.ts'
import { recordUpdate, stepKind } from './step-plans.ts'
import { PLAIN } from './test-bench.ts'

const gpu = await openNodeGpu()
const engines: { name: string; tolerance: number; create: () => Promise<Engine> }[] = [
  { name: 'reference', tolerance: 1e-12, create: () => Promise.resolve(createReferenceEngine()) },
  { name: 'wasm', tolerance: 2e-6, create: () => createWasmEngine() },
]
if (gpu !== null) engines.push({ name: 'webgpu', tolerance: 2e-6, create: async () => createWebGpuEngine(await openDevice(gpu)) })

/** A kernel of 6 × 5 and a bias of 5: the parameters of the fixture. */
const network = buildNetwork({ layers: [], activation: 'relu', initialiser: 'glorotUniform' }, 6, 5)

type Case = (typeof fixture.cases)[number]

/** The weights after every step at the gradients of the fixture. */
async function follow(engine: Engine, given: Case): Promise<number[][]> {
  const { learningRates, ...settings } = given.settings
  const training: TrainingSettings = trainingSchema.parse({ ...PLAIN, ...settings })
  const size = network.parameterCount
  const [weights, velocity, second, gradient, gradients] = ['weights', 'velocity', 'second', 'gradient', 'gradients'].map((label) => engine.allocate('float', size, label))
  engine.write(weights, Float64Array.from(fixture.initial))
  const ops = new Recorder('update', 1)
  const onBuffer = (buffer: typeof weights) => network.parameters.map(({ offset, shape }) => ops.fixed(buffer, offset, shape))
  recordUpdate(ops, network, onBuffer(weights), onBuffer(gradients), { velocity, second, gradient }, stepKind(training))
  const plan = await engine.compile(ops.finish())
  const trajectory: number[][] = []
  for (const [step, values] of fixture.gradients.entries()) {
    engine.write(gradients, Float64Array.from(values))
    const now = { learningRate: learningRates[step], momentum: training.momentum, weightDecay: training.weightDecay, batchSize: 1 }
    await plan.run({ ...ratesAt(training, now, step, step + 1), cursor: 0 }, 1)
    trajectory.push(Array.from(await engine.read(weights)))
  }
  return trajectory
}

describe.each(engines)('update rules on the $name engine', ({ tolerance, create }) => {
  test.each(fixture.cases)('$name follows $source over six steps', async (given) => {
    const trajectory = await follow(await create(), given)
    const errors = trajectory.flatMap((weights, step) => weights.map((value, i) => Math.abs(value - given.weights[step][i])))
    expect(Math.max(...errors)).toBeLessThan(tolerance)
  })
})

test('the weights of the fixture move at every step of every rule', () => {
  for (const { weights } of fixture.cases) {
    weights.forEach((now, step) => {
      const before = step === 0 ? fixture.initial : weights[step - 1]
      expect(now.some((value, i) => value !== before[i])).toBe(true)
    })
  }
})
