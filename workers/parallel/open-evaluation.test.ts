import { expect, test } from 'vitest'
import { layersOf } from '../../src/contracts/layers.ts'
import { createReferenceEngine } from '../engine/reference/reference-engine.ts'
import { createWasmEngine } from '../engine/wasm/wasm-engine.ts'
import { buildNetwork } from '../networks/network.ts'
import { Evaluation } from '../operators/evaluation.ts'
import { helperCount, openCrew, openEvaluation, shouldParallelise } from './open-evaluation.ts'
import { localCrew, localThread } from './test-crew.ts'
import { evaluationBench } from './test-networks.ts'

const networkOf = (layers: string) => buildNetwork({ layers: layersOf(layers), activation: 'relu', initialiser: 'heNormal' }, [32, 32, 3], 10)

test('sharing pays for large evaluations on several cores of the CPU engine only', async () => {
  const [engine, large] = [await createWasmEngine(), networkOf('256,128,64')]
  expect(shouldParallelise(engine, large, 10_000, 2)).toBe(true)
  expect(shouldParallelise(engine, large, 10_000, 1)).toBe(false)
  expect(shouldParallelise(engine, large, 1000, 8)).toBe(false)
  expect(shouldParallelise(engine, networkOf('50'), 10_000, 8)).toBe(false)
  expect(shouldParallelise(createReferenceEngine(), large, 10_000, 8)).toBe(false)
})

test('one helper per further core, at most seven, each with a block at least', async () => {
  const [engine, network] = [await createWasmEngine(), networkOf('256,128,64')]
  const helpers = (samples: number, cores: number) => helperCount(engine, network, samples, cores)
  expect([helpers(10_000, 2), helpers(10_000, 6), helpers(10_000, 64), helpers(1500, 8), helpers(400, 8)]).toEqual([1, 5, 7, 2, 0])
})

test('without a crew, or with too little to do, an evaluation is the plain one', async () => {
  const bench = evaluationBench(await createWasmEngine(), '20', [1, 1, 30], 1200)
  const { crew } = localCrew([{}])
  for (const offered of [null, crew]) expect(await openEvaluation(bench.engine, bench.network, bench.weights, bench.data, offered)).toBeInstanceOf(Evaluation)
  crew.dispose()
})

test('a crew is opened where it helps', async () => {
  const engine = await createWasmEngine()
  const source = { cores: 4, start: () => localThread() }
  const crew = openCrew(source, engine, networkOf('256,128,64'), 10_000, () => undefined)
  expect(crew?.size).toBe(3)
  crew?.dispose()
  expect(openCrew(source, engine, networkOf('50'), 1000, () => undefined)).toBeNull()
})
