import { afterEach, describe, expect, test } from 'vitest'
import { createWasmEngine } from '../engine/wasm/wasm-engine.ts'
import { selectParameters } from '../networks/selection.ts'
import { createRandom } from '../numerics/random.ts'
import { splitInputs } from '../operators/background.ts'
import { Curvature, type CurvatureOperator, type CurvatureOptions, type Linearisation } from '../operators/curvature.ts'
import { createBreath } from './breathe.ts'
import type { FromHelper } from './messages.ts'
import { openCurvature, openCurvatureCrew, shouldShareProducts } from './open-curvature.ts'
import { OrderedSum } from './ordered-sum.ts'
import { ParallelCurvature } from './parallel-curvature.ts'
import { localCrew, localThread, type LocalCrew, type Manners } from './test-crew.ts'
import { evaluationBench, type EvaluationBench } from './test-networks.ts'

const breathe = createBreath()
const HESSIAN: CurvatureOptions = { matrix: 'hessian', weightDecay: 0 }

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

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await breathe()
}

const mlp = async (samples = 2300): Promise<EvaluationBench> => evaluationBench(await createWasmEngine(), '20,12', [1, 1, 30], samples)

interface Readings {
  readonly linearisation: Linearisation
  readonly products: readonly Float64Array[]
}

/** Loss, gradient and two products. */
async function readings(curvature: CurvatureOperator): Promise<Readings> {
  const linearisation = await curvature.linearise()
  return { linearisation, products: [await product(curvature, 1), await product(curvature, 2)] }
}

async function product(curvature: CurvatureOperator, seed: number): Promise<Float64Array> {
  const random = createRandom(seed, 'vector')
  const [x, y] = [Float64Array.from({ length: curvature.size }, () => random.normal()), new Float64Array(curvature.size)]
  await curvature.apply(x, y)
  return y
}

async function alone({ engine, network, weights, data }: EvaluationBench, selection = 'all', options = HESSIAN): Promise<Readings> {
  const curvature = await Curvature.create(engine, network, weights, data, selectParameters(network, selection), options)
  const result = await readings(curvature)
  curvature.dispose()
  return result
}

const shared = ({ engine, network, weights, data }: EvaluationBench, { crew }: LocalCrew, selection = 'all', options = HESSIAN): Promise<ParallelCurvature> =>
  ParallelCurvature.create({ engine, network, weights, data, selection: selectParameters(network, selection), options, crew })

const countBlocks = (answers: readonly FromHelper[]): number => answers.filter(({ kind }) => kind === 'block').length

describe.each([
  ['dense layers', '20,12', [1, 1, 30], 'all', { matrix: 'hessian', weightDecay: 0 }],
  ['one kernel, with weight decay', '20,12', [1, 1, 30], '2.kernel', { matrix: 'gaussNewton', weightDecay: 0.01 }],
  ['two layers with one between', '9,8,7', [1, 1, 10], '1.kernel+3.bias', { matrix: 'empiricalFisher', weightDecay: 0.01 }],
  ['convolutions and pooling', 'c4x3,p2,c6x3v,a2,16', [12, 12, 2], 'all', { matrix: 'hessian', weightDecay: 0.01 }],
  ['batch norm and residual connections', 'c4x3b,r6/2b,g', [8, 8, 1], 'all', { matrix: 'fisher', weightDecay: 0 }],
] as const)('%s', (_, layers, input, selection, options) => {
  test.each([1001, 2000])('%i samples: loss, gradient and products equal those of one thread to the bit, whatever the number of helpers', async (samples) => {
    const bench = evaluationBench(await createWasmEngine(), layers, input, samples)
    const expected = await alone(bench, selection, options)
    for (const helpers of [1, 2, 3]) {
      const crew = open(Array.from({ length: helpers }, () => ({})))
      const curvature = await shared(bench, crew, selection, options)
      await until(() => curvature.helpersReady === Math.min(helpers, Math.ceil(samples / 500) - 1))
      expect(await readings(curvature)).toEqual(expected)
      expect(crew.threads.reduce((sum, { answered }) => sum + countBlocks(answered), 0)).toBeGreaterThan(2)
      expect(crew.told).toEqual([])
      curvature.dispose()
    }
  })
})

test('inputs split into background and the rest give the bits of one thread, too', async () => {
  const bench = await mlp()
  const random = createRandom(9, 'ink')
  bench.engine.write(bench.data.inputs, Float32Array.from({ length: bench.data.samples * 30 }, (_, i) => (random.uniform() < 0.2 ? random.normal() : -0.4 - 1e-3 * Math.floor(i / 30))))
  expect(await splitInputs(bench.engine, bench.network, bench.data, selectParameters(bench.network, 'all'))).not.toBeNull()
  const expected = await alone(bench)
  const crew = open([{}, {}])
  const curvature = await shared(bench, crew)
  await until(() => curvature.helpersReady === 2)
  expect(await readings(curvature)).toEqual(expected)
})

test('helpers that come too late for the linearisation make up for it', async () => {
  const bench = await mlp()
  const crew = open([{}, {}])
  const curvature = await shared(bench, crew)
  const linearisation = await curvature.linearise()
  await until(() => curvature.helpersReady === 2)
  const before = crew.threads.map(({ answered }) => countBlocks(answered))
  const products = [await product(curvature, 1), await product(curvature, 2)]
  expect({ linearisation, products }).toEqual(await alone(bench))
  crew.threads.forEach(({ answered }, i) => expect(countBlocks(answered)).toBeGreaterThan(before[i]))
})

test('products follow the weights of the latest linearisation', async () => {
  const bench = await mlp()
  const curvature = await shared(bench, open([{}]))
  for (const factor of [1, 0.5, -3]) {
    bench.engine.write(bench.weights, (await bench.engine.read(bench.weights)).map((weight) => factor * weight))
    expect(await readings(curvature)).toEqual(await alone(bench))
  }
})

test('what helpers answer goes into the product', async () => {
  const bench = await mlp()
  const boastful: Manners = {
    answer: (message, deliver) => deliver(message.kind === 'block' ? { ...message, results: message.results.map((values) => values.map((value) => value + 1)) } : message),
  }
  const curvature = await shared(bench, open([boastful]))
  await until(() => curvature.helpersReady === 1)
  const [{ products }, truth] = [await readings(curvature), await alone(bench)]
  products.forEach((values, i) => values.forEach((value, j) => expect(value - truth.products[i][j]).toBeGreaterThan(0.9)))
})

describe('a helper that fails', () => {
  const refuses: Manners = { open: () => Promise.reject(new Error('no memory')) }
  const dies: Manners = { answer: (message, deliver, fail) => (message.kind === 'block' ? fail('crashed') : deliver(message)) }
  const isSilent: Manners = { answer: (message, deliver) => (message.kind === 'block' ? undefined : deliver(message)) }
  const diesInTheProduct: Manners = { answer: (message, deliver, fail) => (message.kind === 'block' && message.results.length === 1 ? fail('crashed later') : deliver(message)) }

  test.each([
    ['has no memory', refuses, ['no memory']],
    ['crashes in the middle', dies, ['crashed']],
    ['crashes in a product, when it alone has linearised its blocks', diesInTheProduct, ['crashed later']],
    ['never answers', isSilent, []],
  ])('%s: its blocks are done here, the bits are the same, and failures are told once', async (_, manners, told) => {
    const bench = await mlp(3300)
    const crew = open([manners, {}])
    const curvature = await shared(bench, crew)
    await until(() => crew.threads.every(({ answered }) => answered.length > 0))
    const expected = await alone(bench)
    for (let round = 0; round < 2; round++) expect(await readings(curvature)).toEqual(expected)
    expect(crew.told).toEqual(told)
  })
})

test('the error of the rest comes through, and the next product is right', async () => {
  const bench = await mlp(3300)
  let isPaused = false
  const rest = () => (isPaused ? Promise.reject(new Error('paused')) : Promise.resolve())
  const curvature = await shared(bench, open([{}, {}]), 'all', { ...HESSIAN, rest })
  await until(() => curvature.helpersReady === 2)
  const expected = await alone(bench)
  expect(await readings(curvature)).toEqual(expected)
  isPaused = true
  await expect(product(curvature, 1)).rejects.toThrow('paused')
  await expect(curvature.linearise()).rejects.toThrow('paused')
  isPaused = false
  expect(await readings(curvature)).toEqual(expected)
})

test('disposing frees what was allocated on every engine', async () => {
  const bench = await mlp()
  const { crew, threads } = open([{}, {}])
  const before = bench.engine.memoryBytes()
  for (let i = 0; i < 3; i++) {
    const curvature = await shared(bench, { crew, threads, told: [] })
    await readings(curvature)
    await until(() => curvature.helpersReady === 2)
    curvature.dispose()
  }
  expect(bench.engine.memoryBytes()).toBe(before)
  await until(() => threads.every(({ engines: [engine] }) => engine.memoryBytes() === 0))
})

describe('choosing', () => {
  test('sharing pays for products of some size on several cores of the CPU engine only', async () => {
    const { engine, network } = evaluationBench(await createWasmEngine(), '50,50', [28, 28, 1], 1)
    const pays = (selection: string, samples: number, cores: number) => shouldShareProducts(engine, network, selectParameters(network, selection), samples, cores)
    expect([pays('all', 2000, 2), pays('all', 2000, 1), pays('all', 500, 2), pays('3.kernel', 2000, 2), pays('3.kernel', 50_000, 2)]).toEqual([true, false, false, false, true])
  })

  test('a crew is opened for the selection that needs it, and used where it helps', async () => {
    const { engine, network, weights, data } = evaluationBench(await createWasmEngine(), '50,50', [28, 28, 1], 1200)
    const [whole, last] = ['all', '3.bias'].map((text) => selectParameters(network, text))
    const source = { cores: 3, start: () => localThread() }
    const crew = openCurvatureCrew(source, engine, network, [last, whole], 1200, () => undefined)
    expect(crew?.size).toBe(2)
    const kinds = await Promise.all([openCurvature(engine, network, weights, data, whole, HESSIAN, crew), openCurvature(engine, network, weights, data, last, HESSIAN, crew), openCurvature(engine, network, weights, data, whole, HESSIAN, null)])
    expect(kinds.map((curvature) => curvature.constructor)).toEqual([ParallelCurvature, Curvature, Curvature])
    crew?.dispose()
    expect(openCurvatureCrew(source, engine, network, [last], 1200, () => undefined)).toBeNull()
  })

  test('batch norm by the statistics of the samples keeps them on one thread', async () => {
    const { engine, network, weights, data } = evaluationBench(await createWasmEngine(), 'c8x3b,g', [12, 12, 2], 1200)
    const selection = selectParameters(network, 'all')
    const { crew } = open([{}])
    expect(shouldShareProducts(engine, network, selection, 1200, 2)).toBe(true)
    expect(await openCurvature(engine, network, weights, data, selection, { ...HESSIAN, batchNorm: 'training' }, crew)).toBeInstanceOf(Curvature)
  })
})

test('an ordered sum rounds after every term, in the order of the terms', () => {
  const terms = [1, 2 ** -24, 2 ** -24, -1].map((value) => Float32Array.of(value, -0))
  const [forward, shuffled] = [Float32Array.of(0, -0), Float32Array.of(0, -0)]
  const [a, b] = [new OrderedSum(forward), new OrderedSum(shuffled)]
  for (const i of [0, 1, 2, 3]) a.add(i, terms[i])
  for (const i of [3, 1, 0, 2]) b.add(i, terms[i])
  expect([...forward]).toEqual([0, -0])
  expect([...shuffled]).toEqual([0, -0])
})
