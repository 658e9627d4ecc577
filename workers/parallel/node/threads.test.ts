import { expect, test } from 'vitest'
import { createWasmEngine } from '../../engine/wasm/wasm-engine.ts'
import { selectParameters } from '../../networks/selection.ts'
import { Curvature } from '../../operators/curvature.ts'
import { Evaluation } from '../../operators/evaluation.ts'
import { Crew } from '../crew.ts'
import { ParallelCurvature } from '../parallel-curvature.ts'
import { ParallelEvaluation } from '../parallel-evaluation.ts'
import { evaluationBench } from '../test-networks.ts'
import { nodeThreads, startNodeThread } from './threads.ts'

test('threads of Node compute the bits of the main thread', async () => {
  const bench = evaluationBench(await createWasmEngine(), 'c4x3b,p2,16', [8, 8, 2], 2600)
  const told: string[] = []
  const crew = new Crew(2, () => nodeThreads.start(), (reason) => told.push(reason))
  const evaluation = await ParallelEvaluation.create({ ...bench, crew })
  while (evaluation.helpersReady < crew.size && told.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  const alone = await Evaluation.create(bench.engine, bench.network, bench.weights, bench.data)
  expect(await evaluation.evaluate()).toEqual(await alone.evaluate())
  expect(told).toEqual([])
  crew.dispose()
})

test('a thread whose code is missing is told, and the evaluation does without it', async () => {
  const bench = evaluationBench(await createWasmEngine(), '16', [1, 1, 20], 1600)
  const told: string[] = []
  const crew = new Crew(1, () => startNodeThread(new URL('./missing.mjs', import.meta.url)), (reason) => told.push(reason))
  const evaluation = await ParallelEvaluation.create({ ...bench, crew })
  while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(told[0]).toContain('missing.mjs')
  const alone = await Evaluation.create(bench.engine, bench.network, bench.weights, bench.data)
  expect(await evaluation.evaluate()).toEqual(await alone.evaluate())
})

test('products of threads of Node have the bits of the main thread', async () => {
  const { engine, network, weights, data } = evaluationBench(await createWasmEngine(), 'c4x3,p2,16', [8, 8, 2], 2600)
  const crew = new Crew(2, () => nodeThreads.start())
  const [selection, options] = [selectParameters(network, 'all'), { matrix: 'hessian', weightDecay: 0.01 }] as const
  const curvature = await ParallelCurvature.create({ engine, network, weights, data, selection, options, crew })
  while (curvature.helpersReady < crew.size) await new Promise((resolve) => setTimeout(resolve, 5))
  const alone = await Curvature.create(engine, network, weights, data, selection, options)
  expect(await curvature.linearise()).toEqual(await alone.linearise())
  const v = Float64Array.from({ length: selection.size }, (_, i) => 1 / (i - 7.5))
  const products = await Promise.all([alone, curvature].map(async (matrix) => {
    const y = new Float64Array(selection.size)
    await matrix.apply(v, y)
    return y
  }))
  expect(products[1]).toEqual(products[0])
  crew.dispose()
})
