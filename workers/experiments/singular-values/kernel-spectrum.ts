import type { NetworkSettings, SingularValuesAnalysis } from '../../../src/contracts/experiment.ts'
import type { HeavyTail, KernelSpectrum, KernelStatistics } from '../../../src/contracts/results.ts'
import { initialDeviation } from '../../networks/initialise.ts'
import { bulkEdge, type BulkEdge, type KernelMatrix } from '../../numerics/random-matrix/bulk-edge.ts'
import { bulkQuality } from '../../numerics/random-matrix/bulk-quality.ts'
import { fitHeavyTail } from '../../numerics/random-matrix/power-law.ts'
import { rankMeasures } from '../../numerics/random-matrix/rank-measures.ts'
import { createRandom } from '../../numerics/random.ts'
import { symmetricEigenvalues } from '../../numerics/symmetric-eigen.ts'
import type { Pacing } from '../deps.ts'
import { kernelValues, type KernelDecomposition } from './decompose.ts'

type Edge = SingularValuesAnalysis['edge']

export interface KernelOptions {
  readonly edge: Edge
  readonly initialiser: NetworkSettings['initialiser']
  readonly weights: Float32Array | Float64Array
  /** The flat state before training. */
  readonly initial: Float32Array | Float64Array
  readonly seed: number
  readonly pacing: Pacing
}

/** Singular values of a kernel against the Marchenko–Pastur law (Eq. 4.2, corrected), its start and chance; null when stopped. */
export async function kernelSpectrum(kernel: KernelDecomposition, options: KernelOptions): Promise<KernelSpectrum | null> {
  const { parameter, rows, cols, decomposition } = kernel
  const { weights, initial, seed } = options
  const { singularValues } = decomposition
  const matrix = { values: kernelValues(parameter, weights), rows, columns: cols }
  const edges = await allEdges(kernel, matrix, options)
  if (edges === null) return null
  const chosen = edges[options.edge]
  const statistics = await kernelStatistics(kernel, edges, options)
  return (
    statistics && {
      layer: parameter.layer,
      name: parameter.name,
      rows,
      cols,
      singularValues,
      deviation: chosen.sd,
      lowerEdge: chosen.lower,
      upperEdge: chosen.edge,
      outliers: chosen.outliers,
      initial: valuesOnly(kernelValues(parameter, initial), rows, cols),
      permuted: valuesOnly(permuted(matrix.values, seed), rows, cols),
      statistics,
    }
  )
}

type Edges = Readonly<Record<Edge, BulkEdge>>

async function allEdges({ parameter, decomposition }: KernelDecomposition, matrix: KernelMatrix, { initialiser, seed, pacing }: KernelOptions): Promise<Edges | null> {
  const control = { yieldControl: pacing.breathe, shouldStop: () => pacing.signal.aborted }
  const find = (definition: Parameters<typeof bulkEdge>[2]): Promise<BulkEdge | null> => bulkEdge(matrix, decomposition.singularValues, definition, control)
  const fromInitialiser = await find({ kind: 'initialiser', sd: initialDeviation(parameter, initialiser) })
  const entries = await find({ kind: 'entries' })
  const fit = await find({ kind: 'fit' })
  const shuffled = await find({ kind: 'permuted', seed })
  if (fromInitialiser === null || entries === null || fit === null || shuffled === null) return null
  return { initialiser: fromInitialiser, entries, fit, permuted: shuffled }
}

async function kernelStatistics({ rows, cols, decomposition }: KernelDecomposition, edges: Edges, { edge, seed, pacing }: KernelOptions): Promise<KernelStatistics | null> {
  const { singularValues } = decomposition
  const chosen = edges[edge]
  const control = { yieldControl: pacing.breathe, shouldStop: () => pacing.signal.aborted }
  const quality = await bulkQuality(singularValues, rows, cols, chosen, { seed, pacing: control })
  if (quality === null) return null
  const { spectralNorm, stableRank, marchenkoPasturSoftRank } = rankMeasures(singularValues, chosen.edge)
  return {
    edges: { initialiser: edges.initialiser.edge, entries: edges.entries.edge, fit: edges.fit.edge, permuted: edges.permuted.edge },
    permutedSpread: edges.permuted.permuted?.deviation ?? 0,
    edgeFluctuation: chosen.fluctuation === null ? 0 : chosen.fluctuation.quantile99 - chosen.fluctuation.median,
    fittedDeviation: edges.fit.sd,
    bulkDistance: quality.distance,
    bulkPValue: quality.pValue,
    heavyTail: heavyTailOf(singularValues),
    spectralNorm,
    stableRank,
    softRank: marchenkoPasturSoftRank,
  }
}

/** The entries in random order: what is left of the kernel is their distribution. */
function permuted(values: Float64Array, seed: number): Float64Array {
  return Float64Array.from(createRandom(seed, 'permuted singular values').permutation(values.length), (from) => values[from])
}

/**
 * Singular values (min side), descending, from the Gram matrix of the shorter side: a fraction of the work of an SVD, exact to
 * about 1e-8 of the largest, which a curve does not show.
 */
function valuesOnly(values: Float64Array, rows: number, cols: number): Float64Array {
  const tall = rows >= cols
  const short = Math.min(rows, cols)
  const long = Math.max(rows, cols)
  const at = tall ? (i: number, j: number): number => values[i * cols + j] : (i: number, j: number): number => values[j * cols + i]
  const gram = new Float64Array(short * short)
  for (let k = 0; k < long; k++) {
    for (let i = 0; i < short; i++) {
      const factor = at(k, i)
      for (let j = 0; j <= i; j++) gram[i * short + j] += factor * at(k, j)
    }
  }
  for (let i = 0; i < short; i++) for (let j = 0; j < i; j++) gram[j * short + i] = gram[i * short + j]
  return symmetricEigenvalues(gram, short).map((value) => Math.sqrt(Math.max(0, value)))
}

/** The power law that fits the tail of the eigenvalues ν² best, and whether it means anything. */
function heavyTailOf(singularValues: Float64Array): HeavyTail {
  const { valid, reason, fit } = fitHeavyTail(singularValues.map((value) => value * value))
  return {
    exponent: fit?.alpha ?? NaN,
    standardError: fit?.standardError ?? NaN,
    from: fit?.minimum ?? NaN,
    tailCount: fit?.tail ?? 0,
    distance: fit?.distance ?? NaN,
    valid,
    reason,
  }
}
