import { afterEach, describe, expect, test } from 'vitest'
import { createReferenceEngine } from '../engine/reference/reference-engine.ts'
import { createWasmEngine } from '../engine/wasm/wasm-engine.ts'
import { Evaluation, type Reading } from '../operators/evaluation.ts'
import { createBreath } from './breathe.ts'
import { Crew } from './crew.ts'
import type { FromHelper } from './messages.ts'
import { ParallelEvaluation } from './parallel-evaluation.ts'
import { localCrew, type LocalCrew, type Manners } from './test-crew.ts'
import { evaluationBench, type EvaluationBench } from './test-networks.ts'

const breathe = createBreath()

/** Crews are dismissed after every test: their ports would keep the process alive. */
const crews: LocalCrew[] = []

afterEach(() => {
  for (const { crew } of crews.splice(0)) crew.dispose()
})

function open(manners: readonly Manners[]): LocalCrew {
  const crew = localCrew(manners)
  crews.push(crew)
  return crew
}

const POLITE: Manners = {}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await breathe()
}

async function expected({ engine, network, weights, data }: EvaluationBench): Promise<Reading> {
  const evaluation = await Evaluation.create(engine, network, weights, data)
  const reading = await evaluation.evaluate()
  evaluation.dispose()
  return reading
}

const mlp = async (samples = 2300, seed = 1): Promise<EvaluationBench> => evaluationBench(await createWasmEngine(), '20,12', [1, 1, 30], samples, seed)

/** All weights scaled, so that another pass has another result. */
async function scaleWeights({ engine, weights }: EvaluationBench, factor: number): Promise<void> {
  engine.write(weights, (await engine.read(weights)).map((weight) => factor * weight))
}

const countBlocks = (answers: readonly FromHelper[]): number => answers.filter(({ kind }) => kind === 'block').length

describe.each([
  ['dense layers', '20,12', [1, 1, 30]],
  ['convolutions and pooling', 'c4x3,p2,c6x3v,a2,16', [12, 12, 2]],
  ['batch norm and residual connections', 'c4x3b,r4b,r6/2b,g', [8, 8, 1]],
] as const)('%s', (_, layers, input) => {
  test.each([1001, 1730, 2000])('%i samples: loss and accuracy equal those of one thread to the bit, whatever the number of helpers', async (samples) => {
    const bench = evaluationBench(await createWasmEngine(), layers, input, samples)
    const alone = await expected(bench)
    for (const helpers of [1, 2, 3]) {
      const { crew, threads, told } = open(Array.from({ length: helpers }, () => POLITE))
      const evaluation = await ParallelEvaluation.create({ ...bench, crew })
      await until(() => evaluation.helpersReady === Math.min(helpers, Math.ceil(samples / 500) - 1))
      expect(await evaluation.evaluate()).toEqual(alone)
      expect(threads.reduce((sum, { answered }) => sum + countBlocks(answered), 0)).toBeGreaterThan(0)
      expect(told).toEqual([])
      evaluation.dispose()
    }
  })
})

test('the reading is that of the float64 reference to single precision', async () => {
  const [bench, judge] = [await mlp(), evaluationBench(createReferenceEngine(), '20,12', [1, 1, 30], 2300)]
  const evaluation = await ParallelEvaluation.create({ ...bench, crew: open([POLITE, POLITE]).crew })
  const [reading, truth] = [await evaluation.evaluate(), await expected(judge)]
  expect(Math.abs(reading.loss / truth.loss - 1)).toBeLessThan(1e-5)
  expect(reading.accuracy).toBe(truth.accuracy)
})

test('a helper gets its share of the samples and no more', async () => {
  const bench = await mlp(2300)
  const { crew, threads } = open([POLITE, POLITE])
  await ParallelEvaluation.create({ ...bench, crew })
  const held = threads.map(({ received: [first] }) => (first.kind === 'hold' ? first.contents[1].slot.length : 0))
  expect(held).toEqual([800, 500])
})

test('what helpers answer goes into the reading', async () => {
  const bench = await mlp()
  const boastful: Manners = {
    answer: (message, deliver) => {
      const raised = message.kind === 'block' ? { ...message, results: message.results.map((values) => values.map((value) => value + 1)) } : message
      deliver(raised)
    },
  }
  const evaluation = await ParallelEvaluation.create({ ...bench, crew: open([boastful]).crew })
  await until(() => evaluation.helpersReady === 1)
  const [{ loss }, truth] = [await evaluation.evaluate(), await expected(bench)]
  expect(loss - truth.loss).toBeGreaterThan(0.1)
})

test('every pass uses the present weights', async () => {
  const bench = await mlp()
  const evaluation = await ParallelEvaluation.create({ ...bench, crew: open([POLITE]).crew })
  for (const factor of [1, 0.5, -3]) {
    await scaleWeights(bench, factor)
    expect(await evaluation.evaluate()).toEqual(await expected(bench))
  }
})

test('evaluations share a crew', async () => {
  const { crew } = open([POLITE, POLITE])
  const benches = [await mlp(2300, 1), await mlp(1700, 2)]
  const evaluations = await Promise.all(benches.map((bench) => ParallelEvaluation.create({ ...bench, crew })))
  const readings = await Promise.all(evaluations.map((evaluation) => evaluation.evaluate()))
  expect(readings).toEqual(await Promise.all(benches.map(expected)))
})

describe('a helper that fails', () => {
  const refuses: Manners = { open: () => Promise.reject(new Error('no memory')) }
  const dies: Manners = { answer: (message, deliver, fail) => (message.kind === 'block' ? fail('crashed') : deliver(message)) }
  const isSilent: Manners = { answer: (message, deliver) => (message.kind === 'block' ? undefined : deliver(message)) }
  const errsLater: Manners = {
    answer: (message, deliver) => (message.kind === 'block' ? deliver({ kind: 'failed', task: message.task, reason: 'trapped' }) : deliver(message)),
  }

  test.each([
    ['has no memory', refuses, ['no memory']],
    ['crashes in the middle', dies, ['crashed']],
    ['says so in the middle', errsLater, ['trapped']],
    ['never answers', isSilent, []],
  ])('%s: its blocks are done here, the reading is the same, and failures are told once', async (_, manners, told) => {
    const bench = await mlp(3300)
    const crew = open([manners, POLITE, manners])
    const evaluation = await ParallelEvaluation.create({ ...bench, crew: crew.crew })
    await until(() => crew.threads.every(({ answered }) => answered.length > 0))
    for (let pass = 0; pass < 3; pass++) expect(await evaluation.evaluate()).toEqual(await expected(bench))
    expect(crew.told).toEqual(told)
  })

  test('cannot be started: the main thread does everything', async () => {
    const told: string[] = []
    const refuse = () => {
      throw new Error('no threads here')
    }
    const bench = await mlp()
    const evaluation = await ParallelEvaluation.create({ ...bench, crew: new Crew(3, refuse, (reason) => told.push(reason)) })
    expect(await evaluation.evaluate()).toEqual(await expected(bench))
    expect(told).toEqual(['no threads here'])
  })

  test('computes with other kernels than the main thread: it is refused', async () => {
    const other = async () => {
      const engine = await createWasmEngine()
      return Object.create(engine, { info: { value: { ...engine.info, numericalVersion: 'other' } } }) as typeof engine
    }
    const bench = await mlp()
    const { crew, told } = open([{ open: other }])
    const evaluation = await ParallelEvaluation.create({ ...bench, crew })
    await until(() => told.length > 0)
    expect(told[0]).toContain('other')
    expect(await evaluation.evaluate()).toEqual(await expected(bench))
  })
})

describe('stopping in the middle', () => {
  test('the error of the rest comes through, and the next pass is right', async () => {
    const bench = await mlp(3300)
    const { crew, threads } = open([POLITE, POLITE])
    const evaluation = await ParallelEvaluation.create({ ...bench, crew })
    await until(() => evaluation.helpersReady === 2)
    await expect(evaluation.evaluate(() => Promise.reject(new Error('paused')))).rejects.toThrow('paused')
    expect(threads[0].received.at(-1)).toEqual({ kind: 'stop', round: 0 })
    await scaleWeights(bench, 2)
    expect(await evaluation.evaluate()).toEqual(await expected(bench))
  })

  test('answers of the former pass that come late are dropped', async () => {
    const late: (() => void)[] = []
    const hesitant: Manners = {
      answer: (message, deliver) => {
        if (message.kind === 'block' && message.round === 0) late.push(() => deliver(message))
        else deliver(message)
      },
    }
    const bench = await mlp(3300)
    const evaluation = await ParallelEvaluation.create({ ...bench, crew: open([hesitant]).crew })
    await until(() => evaluation.helpersReady === 1)
    let rests = 0
    const stopSoon = async () => {
      if (late.length > 0 || ++rests > 100) throw new Error('stop')
      await breathe()
    }
    await expect(evaluation.evaluate(stopSoon)).rejects.toThrow('stop')
    expect(late.length).toBeGreaterThan(0)
    await scaleWeights(bench, -1)
    const reading = evaluation.evaluate(() => {
      for (const deliver of late.splice(0)) deliver()
      return Promise.resolve()
    })
    expect(await reading).toEqual(await expected(bench))
  })

  test('a helper gives up a pass that nobody waits for', async () => {
    const bench = await mlp(30_000)
    const { crew, threads } = open([POLITE])
    const evaluation = await ParallelEvaluation.create({ ...bench, crew })
    await until(() => evaluation.helpersReady === 1)
    await expect(evaluation.evaluate(() => Promise.reject(new Error('stop')))).rejects.toThrow('stop')
    for (let i = 0; i < 100; i++) await breathe()
    expect(countBlocks(threads[0].answered)).toBeLessThan(10)
  })
})

describe('disposing', () => {
  test('frees what was allocated on every engine', async () => {
    const bench = await mlp()
    const { crew, threads } = open([POLITE, POLITE])
    const before = bench.engine.memoryBytes()
    for (let i = 0; i < 3; i++) {
      const evaluation = await ParallelEvaluation.create({ ...bench, crew })
      await evaluation.evaluate()
      await until(() => evaluation.helpersReady === 2)
      evaluation.dispose()
    }
    expect(bench.engine.memoryBytes()).toBe(before)
    await until(() => threads.every(({ engines: [engine] }) => engine.memoryBytes() === 0))
  })

  test('a helper that runs out of memory keeps nothing', async () => {
    const bench = await mlp()
    const { crew, threads, told } = open([{ open: () => createWasmEngine({ memoryLimit: 130_000 }) }])
    await ParallelEvaluation.create({ ...bench, crew })
    await until(() => told.length > 0)
    expect(told[0]).toContain('MB')
    expect(threads[0].engines[0].memoryBytes()).toBe(0)
  })

  test('a dismissed crew has ended its threads, and evaluations go on alone', async () => {
    const bench = await mlp()
    const { crew, threads, told } = open([POLITE, POLITE])
    const evaluation = await ParallelEvaluation.create({ ...bench, crew })
    await evaluation.evaluate()
    crew.dispose()
    expect(threads.map(({ isTerminated }) => isTerminated)).toEqual([true, true])
    expect(await evaluation.evaluate()).toEqual(await expected(bench))
    expect(told).toEqual([])
  })
})
