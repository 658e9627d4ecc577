import { describe, expect, test } from 'vitest'
import { DEFAULT_STATISTICS } from '../../../src/contracts/spectral.ts'
import { layersOf } from '../../../src/contracts/layers.ts'
import { buildNetwork } from '../../networks/network.ts'
import { selectParameters } from '../../networks/selection.ts'
import { createRandom } from '../../numerics/random.ts'
import { symmetricEigen } from '../../numerics/symmetric-eigen.ts'
import { vectorSet } from '../overlap/vector-set.ts'
import { testPacing } from '../test-pacing.ts'
import { layerRanges } from './layers.ts'
import { levelSpacings } from './level-spacings.ts'
import { averagedAnew, eigenvectorStatistics, type EigenvectorStatistics, type WeightsToCompare } from './statistics.ts'

const network = buildNetwork({ layers: layersOf('6b,4'), activation: 'relu', initialiser: 'glorotUniform' }, 8, 3)
const all = selectParameters(network, 'all')
const { size } = all
const settings = { ...DEFAULT_STATISTICS, averagingWindow: 2, nullVectors: 300 }

/** A random symmetric matrix of the Gaussian orthogonal ensemble: eigenvalues and eigenvectors, rows [n, n]. */
function randomMatrix(n: number) {
  const random = createRandom(5, 'goe')
  const matrix = new Float64Array(n * n)
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = random.normal() * (i === j ? Math.SQRT2 : 1)
  return symmetricEigen(matrix, n)
}

const { eigenvectors, eigenvalues } = randomMatrix(size)
const weights = Float64Array.from({ length: size }, (_, i) => 1 + (i % 3))

async function statisticsOf(vectors: Float64Array | Float32Array, compared: WeightsToCompare = { own: weights, other: null }, selection = all): Promise<EigenvectorStatistics> {
  const found = await eigenvectorStatistics(vectorSet(vectors, selection.size), selection, compared, settings, 3, testPacing(), () => undefined)
  if (found === null) throw new Error('expected statistics')
  return found
}

describe('layers of a selection', () => {
  test('join what belongs to one number, batch norm included', () => {
    expect(layerRanges(all).map(({ start, end, share }) => [start, end, share.layer, share.name, share.parameters])).toEqual([
      [0, 60, 1, 'dense_1', 60],
      [60, 88, 2, 'dense_2', 28],
      [88, 103, 3, 'dense_3', 15],
    ])
    expect(layerRanges(selectParameters(network, '1.gamma+3.kernel')).map(({ start, end }) => [start, end])).toEqual([[0, 6], [6, 18]])
  })
})

describe('statistics of vectors', () => {
  test('of unit vectors along an axis: one entry, one layer, not random', async () => {
    const axes = new Float64Array(3 * size)
    for (const [row, entry] of [[0, 3], [1, 70], [2, 102]]) axes[row * size + entry] = 1
    const { participation, concentration, weightProduct, porterThomas, randomParticipation } = await statisticsOf(axes)
    expect(Array.from(participation)).toEqual([1, 1, 1])
    expect(randomParticipation).toBeCloseTo(3 / (size + 2), 12)
    expect(Array.from(concentration)).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1])
    const length = Math.sqrt(weights.reduce((sum, entry) => sum + entry * entry, 0))
    expect(Array.from(weightProduct, (value) => value * length)).toEqual([3, 70, 102].map((entry) => expect.closeTo(weights[entry], 12) as number))
    for (const p of porterThomas.pValues) expect(p).toBeLessThan(0.01)
    expect(Array.from(porterThomas.averages)).toEqual([NaN, NaN, NaN])
  })

  test('of a random matrix look random: participation 3/(n + 2), p-values spread over [0, 1]', async () => {
    const { participation, porterThomas, randomParticipation } = await statisticsOf(eigenvectors)
    expect(participation.reduce((sum, value) => sum + value, 0) / size / randomParticipation).toBeCloseTo(1, 1)
    const mean = porterThomas.pValues.reduce((sum, p) => sum + p, 0) / size
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 / Math.sqrt(12 * size))
    const inner = porterThomas.averages.filter((value) => !Number.isNaN(value))
    expect(inner).toHaveLength(size - 4)
    const [low, high] = porterThomas.band
    expect(inner.filter((value) => value < low || value > high).length / inner.length).toBeLessThan(0.2)
  })

  test('share every vector among the layers; squared products with the weights add up to 1', async () => {
    const { concentration, weightProduct } = await statisticsOf(eigenvectors)
    for (let i = 0; i < size; i++) expect(concentration[i] + concentration[size + i] + concentration[2 * size + i]).toBeCloseTo(1, 12)
    expect(weightProduct.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 11)
  })

  test('do not depend on single or double precision of what is kept beyond its rounding', async () => {
    const [double, single] = [await statisticsOf(eigenvectors), await statisticsOf(Float32Array.from(eigenvectors))]
    double.participation.forEach((value, i) => expect(single.participation[i]).toBeCloseTo(value, 6))
  })

  test('compare with other weights, and with weights that are zero', async () => {
    const { otherWeightProduct, weightProduct } = await statisticsOf(eigenvectors, { own: weights.map(() => 0), other: { epoch: 4, weights } })
    expect(weightProduct.every((value) => value === 0)).toBe(true)
    expect(otherWeightProduct?.epoch).toBe(4)
    expect(otherWeightProduct?.values).toEqual((await statisticsOf(eigenvectors)).weightProduct)
  })

  test('averaged anew are those of the other window', async () => {
    const { porterThomas } = await statisticsOf(eigenvectors)
    const wide = averagedAnew(porterThomas, 7)
    expect(wide.window).toBe(7)
    expect(wide.averages.filter(Number.isNaN)).toHaveLength(14)
    expect(wide.averages[20]).toBeCloseTo(porterThomas.pValues.slice(13, 28).reduce((sum, p) => sum + p, 0) / 15, 12)
    expect(averagedAnew(wide, 2)).toEqual(porterThomas)
  })

  test('stopped give nothing', async () => {
    const pacing = testPacing()
    const stop = (done: number): void => (done === 5 ? pacing.stop() : undefined)
    expect(await eigenvectorStatistics(vectorSet(eigenvectors, size), all, { own: weights, other: null }, settings, 3, pacing, stop)).toBeNull()
  })
})

describe('spacings of levels', () => {
  const spacingsOf = async (values: Float64Array, window = 5, nullAt = 0, within = 0) => levelSpacings({ values, nullAt, within }, window, 3, testPacing())

  test('of a random matrix follow the Wigner surmise, of independent levels the Poisson law', async () => {
    const random = createRandom(2, 'poisson')
    const independent = Float64Array.from({ length: size }, () => random.uniform() + 1).sort((a, b) => b - a)
    const [wigner, poisson] = [await spacingsOf(eigenvalues), await spacingsOf(independent)]
    expect(wigner?.wigner.pValue).toBeGreaterThan(0.01)
    expect(wigner?.poisson.pValue).toBeLessThan(0.01)
    expect(poisson?.poisson.pValue).toBeGreaterThan(0.01)
    expect(poisson?.wigner.pValue).toBeLessThan(0.01)
    expect(wigner?.wigner.band[0]).toBeLessThan(wigner?.wigner.band[1] ?? NaN)
  })

  test('leave out levels that are null to rounding, wherever the null space lies', async () => {
    const shifted = Float64Array.from([...eigenvalues.map((value) => value + 40), ...Array<number>(30).fill(0.02)]).sort((a, b) => b - a)
    const found = await spacingsOf(shifted, 5, 0.02, 1e-9)
    expect([found?.levels, found?.dropped, found?.problem]).toEqual([size, 30, null])
    const without = await spacingsOf(eigenvalues.map((value) => value + 40))
    expect(found?.spacings).toEqual(without?.spacings)
  })

  test('of too few levels are none, with the reason', async () => {
    const found = await spacingsOf(eigenvalues.slice(0, 8), 50)
    expect(found?.spacings).toHaveLength(0)
    expect(found?.problem).toContain('8 levels are more than rounding away from 0; a window of 50 needs at least')
    expect(found?.wigner.pValue).toBeNaN()
  })
})
