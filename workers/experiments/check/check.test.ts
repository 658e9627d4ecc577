import { describe, expect, test } from 'vitest'
import { createWasmEngine } from '../../engine/wasm/wasm-engine.ts'
import { openLinalg } from '../../linalg/linalg.ts'
import { symmetricEigen } from '../../numerics/symmetric-eigen.ts'
import { Interrupted } from '../deps.ts'
import { columnsOf, curvatureOf, matrixBench, NO_DECAY } from '../test-matrix.ts'
import { testPacing } from '../test-pacing.ts'
import { DENSE_LIMIT, denseEigenvalues, tooLargeForDense } from './dense-reference.ts'
import { referenceProduct } from './reference-product.ts'
import { checkItem, notDone, overall } from './verdict.ts'

const linalg = await openLinalg(null)

describe('verdicts', () => {
  test('are good up to the first bound, tolerable up to the second, bad beyond and for what is no number', () => {
    const verdicts = [0, 1, 1.5, 2, 2.5, Infinity, NaN].map((value) => checkItem('name', 'what', value, 1, 2).verdict)
    expect(verdicts).toEqual(['good', 'good', 'tolerable', 'tolerable', 'bad', 'bad', 'bad'])
  })

  test('together are the worst of what was done', () => {
    const [good, tolerable, bad] = [0, 1.5, 3].map((value) => checkItem('name', 'what', value, 1, 2))
    const none = notDone('name', 'why')
    expect([[good, tolerable, bad], [good, none, tolerable], [none, good], [none], []].map(overall)).toEqual(['bad', 'tolerable', 'good', 'not done', 'not done'])
    expect(none).toMatchObject({ value: null, what: 'why', verdict: 'not done' })
  })
})

describe('the matrix written out', () => {
  test.each(['all', '2.kernel'])('of %s has the eigenvalues of its columns', async (selection) => {
    const bench = matrixBench()
    const decay = { weightDecay: 0.02, decayed: 'kernels' } as const
    const { values, size } = await columnsOf(bench, curvatureOf(selection), decay)
    const found = await denseEigenvalues(bench.deps, () => Promise.resolve(linalg), bench.state, curvatureOf(selection), decay, () => undefined)
    symmetricEigen(values, size).eigenvalues.forEach((value, i) => expect(found?.[i]).toBeCloseTo(value, 10))
  })

  test('is left alone where it is too large', async () => {
    const bench = matrixBench({ layers: '60,40' })
    expect(bench.network.parameterCount).toBeGreaterThan(DENSE_LIMIT)
    expect(await denseEigenvalues(bench.deps, () => Promise.resolve(linalg), bench.state, curvatureOf('all'), NO_DECAY, () => undefined)).toBeNull()
    expect(tooLargeForDense(2923)).toContain('2923')
  })

  test('stopped gives up its memory', async () => {
    const pacing = testPacing()
    const bench = matrixBench({ engine: await createWasmEngine(), pacing: { ...pacing, now: () => performance.now() * 1e6 } })
    const before = bench.engine.memoryBytes()
    await expect(denseEigenvalues(bench.deps, () => Promise.resolve(linalg), bench.state, curvatureOf('all'), NO_DECAY, () => pacing.stop())).rejects.toBeInstanceOf(Interrupted)
    expect(bench.engine.memoryBytes()).toBe(before)
  })
})

describe('a product by plain loops', () => {
  const x = (size: number): Float64Array => Float64Array.from({ length: size }, (_, i) => (i % 2 === 0 ? 1 : -0.5))

  test('agrees with the CPU engine to single precision, for every matrix and part', async () => {
    const bench = matrixBench({ engine: await createWasmEngine() })
    for (const matrix of ['hessian', 'gaussNewton', 'empiricalFisher'] as const) {
      const { value, verdict } = await referenceProduct(bench.deps, bench.state, curvatureOf('2.kernel', { matrix, part: 'class1' }), NO_DECAY, x(24))
      expect(value).toBeGreaterThan(0)
      expect(value).toBeLessThan(2e-5)
      expect(verdict).toBe('good')
    }
  })

  test('finds a product that is wrong by a thousandth', async () => {
    const bench = matrixBench()
    const wrong: typeof bench.deps.openMatrix = async (...given) => {
      const operator = await bench.deps.openMatrix(...given)
      const apply = async (from: Float64Array, to: Float64Array): Promise<void> => {
        await operator.apply(from, to)
        to.forEach((entry, i) => (to[i] = 1.002 * entry))
      }
      return { size: operator.size, symmetric: true, apply, linearise: () => operator.linearise(), dispose: () => operator.dispose() }
    }
    const exact = await referenceProduct(bench.deps, bench.state, curvatureOf('all'), NO_DECAY, x(79))
    expect(exact.value).toBe(0)
    expect((await referenceProduct({ ...bench.deps, openMatrix: wrong }, bench.state, curvatureOf('all'), NO_DECAY, x(79))).verdict).toBe('bad')
  })

  test('is made on a hundred samples at most', async () => {
    const bench = matrixBench({ samples: 150 })
    expect((await referenceProduct(bench.deps, bench.state, curvatureOf('2.bias'), NO_DECAY, x(4))).what).toContain('on 100 samples')
    expect((await referenceProduct(bench.deps, bench.state, curvatureOf('2.bias', { samples: 30 }), NO_DECAY, x(4))).what).toContain('on 30 samples')
  })
})
