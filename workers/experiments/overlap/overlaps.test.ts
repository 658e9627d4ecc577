import { describe, expect, test } from 'vitest'
import { createReferenceEngine } from '../../engine/reference/reference-engine.ts'
import { selectParameters, offsetInSelection } from '../../networks/selection.ts'
import { createRandom } from '../../numerics/random.ts'
import { symmetricEigen } from '../../numerics/symmetric-eigen.ts'
import { clusters, trainerBench } from '../../training/test-bench.ts'
import { decomposeKernels } from '../singular-values/decompose.ts'
import { testPacing } from '../test-pacing.ts'
import { partOverlaps, singularOverlaps, vectorOverlaps, type OverlapMatrix } from './overlaps.ts'
import { vectorSet } from './vector-set.ts'

const bench = trainerBench(createReferenceEngine(), clusters(10, 8, 3), [6, 5], 3)
const [, second] = decomposeKernels(bench.network, bench.initial)
const ignore = (): undefined => undefined

/** All n orthonormal eigenvectors of a random symmetric matrix, rows [n, n]. */
function basis(n: number): Float64Array {
  const random = createRandom(1, 'basis')
  const matrix = new Float64Array(n * n)
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = random.normal()
  return symmetricEigen(matrix, n).eigenvectors
}

describe('singular matrices against vectors', () => {
  test('are the scalar products with u vᵀ written out, inside a larger selection too', async () => {
    const selection = selectParameters(bench.network, '1.bias+2.kernel+3.bias')
    const offset = offsetInSelection(selection, second.parameter) ?? -1
    const vectors = basis(selection.size)
    const { values, rows, cols, rowsDone } = await singularOverlaps(second, vectorSet(vectors, selection.size), offset, testPacing(), ignore)
    expect([offset, rows, cols, rowsDone]).toEqual([6, 5, selection.size, 5])
    const { left, right, rank } = second.decomposition
    for (let i = 0; i < rank; i++) {
      const matrix = Float64Array.from({ length: 30 }, (_, at) => left[Math.floor(at / 5) * rank + i] * right[(at % 5) * rank + i])
      expect(matrix.reduce((sum, entry) => sum + entry * entry, 0)).toBeCloseTo(1, 12)
      for (let j = 0; j < cols; j++) {
        const product = matrix.reduce((sum, entry, at) => sum + entry * vectors[j * selection.size + offset + at], 0)
        expect(values[i * cols + j]).toBeCloseTo(Math.abs(product), 6)
      }
    }
  })

  test('over a complete basis have Σ F² = 1 in every row', async () => {
    const { values, rows, cols } = await singularOverlaps(second, vectorSet(basis(30), 30), 0, testPacing(), ignore)
    for (let i = 0; i < rows; i++) expect(values.subarray(i * cols, (i + 1) * cols).reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5)
  })
})

describe('vectors against vectors', () => {
  test('of the same basis are the identity, sharp on the diagonal', async () => {
    const { values, sharpness } = await vectorOverlaps(vectorSet(basis(40), 40), vectorSet(basis(40), 40), testPacing(), ignore)
    values.forEach((value, at) => expect(value).toBeCloseTo(at % 41 === 0 ? 1 : 0, 6))
    // 194 of 1600 entries lie within two columns of the diagonal.
    expect(sharpness).toBeCloseTo(1600 / 194, 3)
  })

  test('stopped before the first row are not numbers, and none is called done', async () => {
    const pacing = testPacing()
    pacing.stop()
    const { values, rowsDone } = await vectorOverlaps(vectorSet(basis(8), 8), vectorSet(basis(8), 8), pacing, ignore)
    expect(rowsDone).toBe(0)
    expect(values.every(Number.isNaN)).toBe(true)
  })

  test('tell partial matrices on the way and stop between two rows', async () => {
    const pacing = testPacing()
    let clock = 0
    const partial: OverlapMatrix[] = []
    const slow = { ...pacing, now: () => (clock += 30) }
    const { rowsDone, values } = await vectorOverlaps(vectorSet(basis(12), 12), vectorSet(basis(12), 12), slow, (matrix) => {
      partial.push(matrix)
      if (matrix.rowsDone >= 4) pacing.stop()
    })
    expect(rowsDone).toBeGreaterThanOrEqual(4)
    expect(rowsDone).toBeLessThan(12)
    expect(partial.map((matrix) => matrix.rowsDone)).toEqual([...partial.keys()].map((i) => (i + 1) * (rowsDone / partial.length)))
    expect(values.subarray(rowsDone * 12).every(Number.isNaN)).toBe(true)
    expect(partial[0].values).not.toBe(values)
  })
})

describe('vectors of a part of the space', () => {
  test('are compared as if padded with zeros, in single precision too', async () => {
    const [small, large] = [basis(5), basis(9)]
    const parts = [{ from: 0, to: 6, size: 2 }, { from: 2, to: 1, size: 3 }]
    const places = [6, 7, 1, 2, 3]
    const expected = (i: number, j: number): number => Math.abs(places.reduce((sum, place, k) => sum + small[i * 5 + k] * large[j * 9 + place], 0))
    for (const values of [large, Float32Array.from(large)]) {
      const found = await partOverlaps(vectorSet(small, 5), vectorSet(values, 9), parts, testPacing(), ignore)
      expect([found.rows, found.cols, found.rowsDone]).toEqual([5, 9, 5])
      found.values.forEach((value, at) => expect(value).toBeCloseTo(expected(Math.floor(at / 9), at % 9), 6))
    }
  })

  test('squared add up to 1 over a whole basis of the larger space', async () => {
    const { values } = await partOverlaps(vectorSet(basis(5), 5), vectorSet(basis(9), 9), [{ from: 0, to: 3, size: 5 }], testPacing(), ignore)
    for (let row = 0; row < 5; row++) expect(values.subarray(9 * row, 9 * row + 9).reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 6)
  })
})
