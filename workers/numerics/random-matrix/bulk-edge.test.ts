import { describe, expect, it } from 'vitest'
import { createRandom } from '../random.ts'
import { svd } from '../svd.ts'
import type { BulkEdge, EdgeDefinition, KernelMatrix } from './bulk-edge.ts'
import { bulkEdge } from './bulk-edge.ts'
import { fitBulk } from './bulk-fit.ts'
import { bulkQuality } from './bulk-quality.ts'
import { kolmogorovDistance } from './kolmogorov-smirnov.ts'
import { gaussianSingularValues } from './random-spectra.ts'
import { rankMeasures } from './rank-measures.ts'

const given = <T>(value: T | null): T => {
  if (value === null) throw new Error('the computation was stopped')
  return value
}

/** Normal entries of deviation 0.1 and `spikes` rank-one parts of singular value 4, 5, …, over a bulk that ends at 1.93. */
function planted(rows: number, columns: number, spikes: number): KernelMatrix {
  const random = createRandom(rows + spikes, 'kernel')
  const values = Float64Array.from({ length: rows * columns }, () => 0.1 * random.normal())
  for (let k = 0; k < spikes; k++) {
    const [u, v] = [rows, columns].map((side) => Float64Array.from({ length: side }, () => random.normal() / Math.sqrt(side)))
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) values[i * columns + j] += (4 + k) * u[i] * v[j]
  }
  return { values, rows, columns }
}
const valuesOf = ({ values, rows, columns }: KernelMatrix): Float64Array => svd(values, rows, columns).singularValues
const edgeOf = async (kernel: KernelMatrix, definition: EdgeDefinition): Promise<BulkEdge> =>
  given(await bulkEdge(kernel, valuesOf(kernel), definition))

const DEFINITIONS: EdgeDefinition[] = [{ kind: 'initialiser', sd: 0.1 }, { kind: 'entries' }, { kind: 'fit' }, { kind: 'permuted' }]

describe.each(DEFINITIONS)('the edge by $kind', (definition) => {
  it('of a random kernel agrees with s (√N + √M) and leaves no certain outlier', async () => {
    for (const [rows, columns] of [[128, 64], [64, 128], [60, 60]]) {
      const edge = await edgeOf(planted(rows, columns, 0), definition)
      expect(Math.abs(edge.edge / (0.1 * (Math.sqrt(rows) + Math.sqrt(columns))) - 1)).toBeLessThan(0.08)
      expect(edge.certainOutliers).toBe(0)
      expect(edge.kind).toBe(definition.kind)
    }
  })

  it('finds five planted directions, or four where the others raise it', async () => {
    const { outliers, certainOutliers } = await edgeOf(planted(128, 64, 5), definition)
    const raised = definition.kind === 'entries' || definition.kind === 'permuted'
    expect(certainOutliers).toBe(raised ? 4 : 5)
    expect(outliers).toBeGreaterThanOrEqual(certainOutliers)
  })

  it('has finite values for the smallest kernels', async () => {
    for (const [rows, columns] of [[1, 2], [2, 1], [2, 2], [3, 2]]) {
      const edge = await edgeOf(planted(rows, columns, 0), definition)
      expect([edge.sd, edge.lower, edge.edge, edge.outliers].every(Number.isFinite)).toBe(true)
    }
  })

  it('refuses a kernel that does not fit its singular values or its sides', async () => {
    const kernel: KernelMatrix = { values: new Float64Array(6), rows: 2, columns: 3 }
    await expect(bulkEdge(kernel, [1], definition)).rejects.toThrow('1 singular values; a 2 x 3 matrix has 2')
    await expect(bulkEdge({ values: new Float64Array(5), rows: 2, columns: 3 }, [1, 1], definition)).rejects.toThrow('5 entries do not fill')
    await expect(bulkEdge({ values: new Float64Array(4), rows: 2, columns: 2 }, [1, NaN], definition)).rejects.toThrow('singular value 1 is NaN')
  })
})

describe('edge definitions differ', () => {
  it('when outliers inflate the deviation of the entries: the fit is not moved', async () => {
    const kernel = planted(128, 64, 5)
    const entries = await edgeOf(kernel, { kind: 'entries' })
    const fit = await edgeOf(kernel, { kind: 'fit' })
    const permuted = await edgeOf(kernel, { kind: 'permuted' })
    expect(entries.sd).toBeGreaterThan(0.11)
    expect(Math.abs(fit.sd / 0.1 - 1)).toBeLessThan(0.06)
    expect(fit.fit).toMatchObject({ outcome: 'converged' })
    expect(Math.abs(permuted.edge / entries.edge - 1)).toBeLessThan(0.05)
    expect(permuted.permuted?.deviation).toBeLessThan(0.1)
  })

  it('when single entries are large: only permuting keeps them', async () => {
    const kernel = planted(100, 50, 0)
    kernel.values[77] = 6
    expect((await edgeOf(kernel, { kind: 'permuted' })).edge).toBeGreaterThan(5.9)
    expect((await edgeOf(kernel, { kind: 'fit' })).certainOutliers).toBe(1)
  })

  it('and the permuted one is the largest singular value of matrices with the same entries', async () => {
    const kernel: KernelMatrix = { values: Float64Array.of(3, 0, 0, 0), rows: 2, columns: 2 }
    const edge = await edgeOf(kernel, { kind: 'permuted', permutations: 3 })
    expect(edge.edge).toBeCloseTo(3, 12)
    expect(edge.permuted).toEqual({ permutations: 3, deviation: expect.closeTo(0, 10) })
    expect(edge.outliers).toBe(0)
  })

  it('repeats to the bit and stops when asked', async () => {
    const kernel = planted(60, 30, 1)
    expect(await edgeOf(kernel, { kind: 'permuted' })).toEqual(await edgeOf(kernel, { kind: 'permuted' }))
    const large: KernelMatrix = { values: Float64Array.from({ length: 250_000 }, (_, i) => (i % 7) - 3), rows: 500, columns: 500 }
    expect(await bulkEdge(large, new Float64Array(500), { kind: 'permuted' }, { shouldStop: () => true })).toBeNull()
  })

  it('and constant kernels have none', async () => {
    const zeros: KernelMatrix = { values: new Float64Array(6), rows: 2, columns: 3 }
    await expect(bulkEdge(zeros, [0, 0], { kind: 'entries' })).rejects.toThrow('standard deviation 0')
    await expect(bulkEdge(zeros, [0, 0], { kind: 'fit' })).rejects.toThrow('half of the singular values are zero')
    await expect(bulkEdge(zeros, [0, 0], { kind: 'initialiser', sd: -1 })).rejects.toThrow('standard deviation -1')
    const six: KernelMatrix = { ...zeros, values: Float64Array.of(1, 2, 3, 4, 5, 6) }
    await expect(bulkEdge(six, [9, 1], { kind: 'permuted', permutations: 1 })).rejects.toThrow('permutations=1')
  })
})

describe('fitBulk', () => {
  it('finds the deviation of pure random matrices', () => {
    const random = createRandom(4, 'pure')
    for (const [rows, columns] of [[300, 150], [100, 100], [30, 400]]) {
      const { sd, outcome } = fitBulk(gaussianSingularValues(rows, columns, random).map((value) => 3 * value), rows, columns)
      expect(Math.abs(sd / 3 - 1)).toBeLessThan(0.05)
      expect(outcome).toBe('converged')
    }
  })

  it('says when no law fits a bulk, with finite values all the same', () => {
    const fit = fitBulk(Float64Array.from({ length: 40 }, (_, i) => 2 ** -i), 60, 40)
    expect(fit.outcome).toBe('no-bulk')
    expect([fit.sd, fit.distance].every(Number.isFinite)).toBe(true)
  })

  it('scales with the matrix', () => {
    const values = gaussianSingularValues(40, 30, createRandom(5, 'pure'))
    expect(fitBulk(values.map((value) => 8 * value), 40, 30).sd).toBe(8 * fitBulk(values, 40, 30).sd)
  })
})

describe('quality of the fit', () => {
  it.each(['initialiser', 'entries', 'fit'] as const)('has uniform p-values for random matrices, s by %s', async (kind) => {
    const random = createRandom(6, kind)
    const pValues: number[] = []
    for (let trial = 0; trial < 25; trial++) {
      const values = gaussianSingularValues(60, 40, random)
      const entries = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / 2400)
      const sd = { initialiser: 1, entries, fit: fitBulk(values, 60, 40).sd }[kind]
      pValues.push(given(await bulkQuality(values, 60, 40, { sd, kind }, { replicates: 40, seed: trial })).pValue)
    }
    // 1.36/√25 = 0.27 is exceeded once in twenty.
    expect(kolmogorovDistance(pValues.sort((a, b) => a - b), (p) => p)).toBeLessThan(0.32)
  })

  it('rejects a kernel whose rows differ in size', async () => {
    const random = createRandom(7, 'rows')
    const values = Float64Array.from({ length: 6000 }, (_, at) => (at < 3000 ? 1 : 0.2) * random.normal())
    const { singularValues } = svd(values, 100, 60)
    const quality = given(await bulkQuality(singularValues, 100, 60, { sd: fitBulk(singularValues, 100, 60).sd, kind: 'fit' }))
    expect(quality.pValue).toBeLessThan(0.02)
    expect(quality.distance).toBeGreaterThan(quality.null.quantile95)
  })

  it('simulates large kernels at a smaller size of the same shape', async () => {
    const values = gaussianSingularValues(1200, 600, createRandom(8, 'large'))
    const quality = given(await bulkQuality(values, 1200, 600, { sd: 1, kind: 'initialiser' }, { replicates: 20 }))
    expect(quality).toMatchObject({ simulatedRows: 600, simulatedColumns: 300, bulk: 600 })
    expect(quality.distance / quality.null.median).toBeGreaterThan(0.5)
    expect(quality.distance / quality.null.median).toBeLessThan(2)
  })

  it('stops when asked, and says when there is no bulk', async () => {
    const values = gaussianSingularValues(400, 400, createRandom(8, 'large'))
    expect(await bulkQuality(values, 400, 400, { sd: 1, kind: 'entries' }, { replicates: 9, pacing: { shouldStop: () => true } })).toBeNull()
    await expect(bulkQuality([5, 4], 2, 2, { sd: 0.1, kind: 'entries' })).rejects.toThrow('all singular values lie above the edge')
    await expect(bulkQuality([1], 1, 1, { sd: 1, kind: 'entries' }, { replicates: 0 })).rejects.toThrow('replicates=0')
  })
})

describe('rankMeasures', () => {
  it('of equal values is the rank, of one value one', () => {
    expect(rankMeasures([2, 2, 2, 2], 2)).toEqual({ spectralNorm: 2, stableRank: 4, marchenkoPasturSoftRank: 1 })
    expect(rankMeasures([4, 0], 1)).toEqual({ spectralNorm: 4, stableRank: 1, marchenkoPasturSoftRank: 1 / 16 })
    expect(rankMeasures([1e200, 1e200], 1e200).stableRank).toBe(2)
  })

  it('refuses a zero matrix', () => {
    expect(() => rankMeasures([0, 0], 1)).toThrow('no singular value lies above zero')
    expect(() => rankMeasures([1, NaN], 1)).toThrow('singular value 1 is NaN')
    expect(() => rankMeasures([1], NaN)).toThrow('edge=NaN')
  })
})
