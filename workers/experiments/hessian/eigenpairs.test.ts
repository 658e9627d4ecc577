import { describe, expect, test } from 'vitest'
import type { HessianAnalysis } from '../../../src/contracts/experiment.ts'
import { createReferenceEngine } from '../../engine/reference/reference-engine.ts'
import { createWasmEngine } from '../../engine/wasm/wasm-engine.ts'
import type { Engine } from '../../engine/engine.ts'
import { gather, selectParameters } from '../../networks/selection.ts'
import { symmetricEigen } from '../../numerics/symmetric-eigen.ts'
import { Curvature } from '../../operators/curvature.ts'
import { clusters, PLAIN, trainerBench, trainTo } from '../../training/test-bench.ts'
import type { MatrixDeps, Pacing } from '../deps.ts'
import { testPacing } from '../test-pacing.ts'
import { hessianEigenpairs } from './eigenpairs.ts'

const FEATURES = 8
const samples = clusters(60, FEATURES, 3)

async function trained(engine: Engine) {
  const bench = trainerBench(engine, samples, [6, 5], 3)
  const trainer = bench.trainer({ ...PLAIN, learningRate: 0.05, batchSize: 10 })
  await trainTo(trainer, 3)
  return { ...bench, weights: trainer.weights }
}

type Trained = Awaited<ReturnType<typeof trained>>

async function denseHessian({ engine, network, weights, data }: Trained, text: string, weightDecay: number): Promise<{ matrix: Float64Array; size: number }> {
  const selection = selectParameters(network, text)
  const { size } = selection
  const curvature = await Curvature.create(engine, network, weights, data, selection, { matrix: 'hessian', weightDecay })
  await curvature.linearise()
  const matrix = new Float64Array(size * size)
  const column = new Float64Array(size)
  for (let j = 0; j < size; j++) {
    const unit = new Float64Array(size)
    unit[j] = 1
    await curvature.apply(unit, column)
    for (let i = 0; i < size; i++) matrix[i * size + j] = column[i]
  }
  curvature.dispose()
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) expect(Math.abs(matrix[i * size + j] - matrix[j * size + i])).toBeLessThan(1e-14)
  return { matrix, size }
}

const settings = (selection: string, more: Partial<HessianAnalysis> = {}): HessianAnalysis => ({
  kind: 'hessian',
  selection,
  samples: 60,
  largest: 6,
  smallest: 4,
  tolerance: 1e-8,
  maxProducts: 200,
  matrix: 'hessian',
  decayTerm: true,
  part: 'first',
  batchNorm: 'inference',
  batches: 1,
  compare: null,
  memory: 2000,
  ...more,
})

const depsOf = ({ engine, network, data: train }: Trained, pacing: Pacing): MatrixDeps => ({
  engine,
  network,
  train,
  pacing,
  host: samples,
  openMatrix: (weights, data, selection, options) => Curvature.create(engine, network, weights, data, selection, options),
})

const find = async (state: Trained, analysis: HessianAnalysis, weightDecay = 0, pacing = testPacing()) => {
  const found = await hessianEigenpairs(depsOf(state, pacing), await state.engine.read(state.weights), analysis, { weightDecay, decayed: 'kernels' }, 11, () => undefined)
  if (found === null) throw new Error('expected eigenpairs')
  return found
}

describe('in float64', () => {
  test.each(['all', '2.kernel', '1.kernel+3.bias'])('both ends of the spectrum of %s are those of the dense Hessian', async (selection) => {
    const state = await trained(createReferenceEngine())
    const { matrix, size } = await denseHessian(state, selection, 0.01)
    const expected = symmetricEigen(matrix, size)
    const { pairs } = await find(state, settings(selection), 0.01)
    expect(pairs.outcome).toBe('converged')
    const places = [0, 1, 2, 3, 4, 5, size - 4, size - 3, size - 2, size - 1]
    places.forEach((place, i) => expect(pairs.eigenvalues[i]).toBeCloseTo(expected.eigenvalues[place], 9))
    expect(pairs.which).toEqual([...Array<string>(6).fill('largest'), ...Array<string>(4).fill('smallest')])
    // The leading eigenvector is simple: it must agree up to sign.
    const overlap = pairs.eigenvectors.subarray(0, size).reduce((sum, entry, i) => sum + entry * expected.eigenvectors[i], 0)
    expect(Math.abs(overlap)).toBeCloseTo(1, 9)
  })

  test.each(['1.kernel', '2.kernel', '3.kernel', '2.bias', '2.kernel+2.bias'])('the Hessian of the single layer %s has no negative eigenvalue', async (selection) => {
    const { matrix, size } = await denseHessian(await trained(createReferenceEngine()), selection, 0)
    const { eigenvalues } = symmetricEigen(matrix, size)
    expect(eigenvalues[size - 1]).toBeGreaterThan(-1e-12)
  })

  test('the whole Hessian has negative ones, from blocks across layers', async () => {
    const { matrix, size } = await denseHessian(await trained(createReferenceEngine()), 'all', 0)
    expect(symmetricEigen(matrix, size).eigenvalues[size - 1]).toBeLessThan(-1e-3)
  })

  test('weight decay shifts kernel entries by 2λ and biases not at all', async () => {
    const state = await trained(createReferenceEngine())
    const [bare, decayed] = [await denseHessian(state, '2.kernel+2.bias', 0), await denseHessian(state, '2.kernel+2.bias', 0.25)]
    const difference = decayed.matrix.map((value, i) => value - bare.matrix[i])
    difference.forEach((value, at) => {
      const [row, col] = [Math.floor(at / 35), at % 35]
      expect(value).toBeCloseTo(row === col && row < 30 ? 0.5 : 0, 12)
    })
  })

  test('the weight product is hᵢ·w/‖w‖ and the participation Σh⁴', async () => {
    const state = await trained(createReferenceEngine())
    const { pairs, weightProduct, participation } = await find(state, settings('2.kernel'))
    const w = gather(selectParameters(state.network, '2.kernel'), await state.engine.read(state.weights))
    const norm = Math.sqrt(w.reduce((sum, value) => sum + value * value, 0))
    pairs.eigenvalues.forEach((_, i) => {
      const h = pairs.eigenvectors.subarray(i * 30, (i + 1) * 30)
      expect(weightProduct[i]).toBeCloseTo(h.reduce((sum, entry, k) => sum + entry * w[k], 0) / norm, 12)
      expect(participation[i]).toBeCloseTo(h.reduce((sum, entry) => sum + entry ** 4, 0), 12)
    })
  })

  test('more pairs than parameters become all pairs there are', async () => {
    const { pairs } = await find(await trained(createReferenceEngine()), settings('3.bias', { largest: 40, smallest: 40 }))
    expect(pairs.eigenvalues).toHaveLength(3)
  })

  test('a selection of zero weights has the weight product 0', async () => {
    const bench = trainerBench(createReferenceEngine(), samples, [6, 5], 3)
    const state = { ...bench, weights: bench.trainer(PLAIN).weights }
    const { weightProduct } = await find(state, settings('2.bias', { largest: 2, smallest: 0 }))
    expect(Array.from(weightProduct)).toEqual([0, 0])
  })
})

describe('stopping', () => {
  test('before the first product gives nothing', async () => {
    const state = await trained(await createWasmEngine())
    const pacing = testPacing()
    pacing.stop()
    expect(await hessianEigenpairs(depsOf(state, pacing), await state.engine.read(state.weights), settings('all'), { weightDecay: 0, decayed: 'kernels' }, 11, () => undefined)).toBeNull()
  })

  test('meanwhile gives the pairs so far with honest residuals', async () => {
    const state = await trained(createReferenceEngine())
    const pacing = testPacing()
    let stopAfter = 8
    const stopping = { ...pacing, breathe: async () => (--stopAfter === 0 ? pacing.stop() : undefined) }
    const { pairs } = await find(state, settings('all', { largest: 20, smallest: 10, tolerance: 1e-12 }), 0, stopping)
    expect(pairs.outcome).toBe('cancelled')
    const curvature = await Curvature.create(state.engine, state.network, state.weights, state.data, selectParameters(state.network, 'all'), { matrix: 'hessian', weightDecay: 0 })
    await curvature.linearise()
    const n = curvature.size
    for (let i = 0; i < pairs.eigenvalues.length; i++) {
      const v = pairs.eigenvectors.slice(i * n, (i + 1) * n)
      const y = new Float64Array(n)
      await curvature.apply(v, y)
      const residual = Math.sqrt(y.reduce((sum, value, k) => sum + (value - pairs.eigenvalues[i] * v[k]) ** 2, 0))
      expect(residual).toBeLessThan(pairs.residuals[i] + 1e-9)
    }
  })

  test('leaves no memory behind', async () => {
    const state = await trained(await createWasmEngine())
    const before = state.engine.memoryBytes()
    await find(state, settings('all', { largest: 3, smallest: 0, tolerance: 1e-3 }))
    expect(state.engine.memoryBytes()).toBe(before)
  })
})

test('float32 on the CPU agrees with float64 to single precision', async () => {
  const [exact, single] = await Promise.all([trained(createReferenceEngine()), createWasmEngine().then(trained)])
  const [a, b] = [await find(exact, settings('2.kernel', { tolerance: 1e-5 })), await find(single, settings('2.kernel', { tolerance: 1e-5 }))]
  for (let i = 0; i < 6; i++) expect(b.pairs.eigenvalues[i] / a.pairs.eigenvalues[i]).toBeCloseTo(1, 4)
})
