/** Four ways to say where the bulk of the singular values of a kernel ends, and which values lie outside. */
import { fromFunction } from '../linear-operator.ts'
import { lanczosEigenpairs } from '../lanczos.ts'
import { countOutliers, entryDeviation, marchenkoPasturEdges } from '../marchenko-pastur.ts'
import type { Pacing } from '../pacing.ts'
import { Pacer } from '../pacing.ts'
import type { Random } from '../random.ts'
import { createRandom } from '../random.ts'
import type { BulkFitOutcome } from './bulk-fit.ts'
import { ascendingValues, fitBulk } from './bulk-fit.ts'
import type { EdgeFluctuation } from './tracy-widom.ts'
import { edgeFluctuation } from './tracy-widom.ts'

/** Kernel as a matrix, row-major. */
export interface KernelMatrix {
  /** [rows, columns]. */
  readonly values: Float64Array
  readonly rows: number
  readonly columns: number
}

/**
 * `initialiser`: s given. `entries`: population standard deviation of the entries, outliers included. `fit`: s that makes the
 * law fit the values below the edge. `permuted`: mean of the largest singular value after the entries change places at random,
 * 5 times by default; this keeps what heavy tails of the entries alone do to the edge.
 */
export type EdgeDefinition =
  | { readonly kind: 'initialiser'; readonly sd: number }
  | { readonly kind: 'entries' }
  | { readonly kind: 'fit' }
  | { readonly kind: 'permuted'; readonly permutations?: number; readonly seed?: number }

export interface BulkEdge {
  readonly kind: EdgeDefinition['kind']
  /** Standard deviation of the law that goes with it; for `permuted` that of the entries. */
  readonly sd: number
  /** ν₋ of that law. */
  readonly lower: number
  /** ν₊, or the mean of the permuted matrices. */
  readonly edge: number
  /** Singular values strictly above the edge. */
  readonly outliers: number
  /** Where the largest singular value of a random matrix of this sd lies; null for a matrix of one entry. */
  readonly fluctuation: EdgeFluctuation | null
  /** Singular values above both the edge and the 99 % quantile of that fluctuation. */
  readonly certainOutliers: number
  /** `fit` only: how it ended. */
  readonly fit: { readonly outcome: BulkFitOutcome; readonly rounds: number; readonly distance: number } | null
  /** `permuted` only: number of permutations and sample standard deviation of their largest singular values. */
  readonly permuted: { readonly permutations: number; readonly deviation: number } | null
}

const DEFAULT_PERMUTATIONS = 5
/** Ritz values err by the square of the residual over the gap: 1e-12 · N^(2/3) or so of the value. */
const PERMUTED_TOLERANCE = 1e-6
const PERMUTED_PRODUCTS = 400

/**
 * Edge of the bulk of a kernel; null when asked to stop.
 *
 * @param singularValues (min side) of the kernel, from `svd`
 */
export async function bulkEdge(
  kernel: KernelMatrix,
  singularValues: ArrayLike<number>,
  definition: EdgeDefinition,
  pacing: Pacing = {},
): Promise<BulkEdge | null> {
  const { rows, columns } = kernel
  if (kernel.values.length !== rows * columns) {
    throw new RangeError(`bulkEdge: ${kernel.values.length} entries do not fill a ${rows} x ${columns} kernel`)
  }
  const sorted = ascendingValues(singularValues, rows, columns)
  const fit = definition.kind === 'fit' ? fitBulk(sorted, rows, columns) : null
  const sd = fit?.sd ?? deviation(kernel.values, definition)
  const { lower, upper } = marchenkoPasturEdges(rows, columns, sd)
  const permuted = definition.kind === 'permuted' ? await permutedEdge(kernel, definition, pacing) : undefined
  if (permuted === null) return null
  const edge = permuted?.mean ?? upper
  const fluctuation = rows * columns > 1 ? edgeFluctuation(rows, columns, sd) : null
  return Object.freeze({
    kind: definition.kind,
    sd,
    lower,
    edge,
    outliers: countOutliers(sorted, edge),
    fluctuation,
    certainOutliers: countOutliers(sorted, Math.max(edge, fluctuation?.quantile99 ?? 0)),
    fit: fit && Object.freeze({ outcome: fit.outcome, rounds: fit.rounds, distance: fit.distance }),
    permuted: permuted ? Object.freeze({ permutations: permuted.permutations, deviation: permuted.deviation }) : null,
  })
}

function deviation(values: Float64Array, definition: EdgeDefinition): number {
  const sd = entryDeviation(values, definition.kind === 'initialiser' ? definition : { kind: 'entries' })
  if (!(sd > 0 && sd < Infinity)) {
    throw new RangeError(`bulkEdge: the entries have standard deviation ${sd}, so there is no bulk; give a kernel whose entries are finite and differ`)
  }
  return sd
}

interface PermutedEdge {
  readonly mean: number
  readonly deviation: number
  readonly permutations: number
}

async function permutedEdge(
  kernel: KernelMatrix,
  { permutations = DEFAULT_PERMUTATIONS, seed = 1 }: { permutations?: number; seed?: number },
  pacing: Pacing,
): Promise<PermutedEdge | null> {
  if (!(Number.isInteger(permutations) && permutations >= 2)) {
    throw new RangeError(`bulkEdge: permutations=${permutations} is not a whole number from 2 on, which a standard deviation needs`)
  }
  const pacer = new Pacer(pacing)
  const random = createRandom(seed, 'permuted kernel')
  const largest: number[] = []
  for (let i = 0; i < permutations; i++) {
    const value = await largestSingularValue(permutedKernel(kernel, random), random, pacer)
    if (value === null) return null
    largest.push(value)
  }
  const mean = largest.reduce((sum, value) => sum + value, 0) / permutations
  const squares = largest.reduce((sum, value) => sum + (value - mean) * (value - mean), 0)
  return { mean, deviation: Math.sqrt(squares / (permutations - 1)), permutations }
}

function permutedKernel({ values, rows, columns }: KernelMatrix, random: Random): KernelMatrix {
  const order = random.permutation(values.length)
  return { values: Float64Array.from(order, (from) => values[from]), rows, columns }
}

/** √ of the largest eigenvalue of WᵀW; null when asked to stop. */
async function largestSingularValue({ values, rows, columns }: KernelMatrix, random: Random, pacer: Pacer): Promise<number | null> {
  const product = new Float64Array(rows)
  let stopped = false
  const operator = fromFunction(columns, async (x, y) => {
    y.fill(0)
    for (let i = 0; i < rows; i++) {
      let sum = 0
      for (let j = 0; j < columns; j++) sum += values[i * columns + j] * x[j]
      product[i] = sum
    }
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) y[j] += values[i * columns + j] * product[i]
    stopped = await pacer.shouldStopAfter(2 * values.length)
  })
  const pairs = await lanczosEigenpairs(operator, {
    largest: 1,
    maxProducts: Math.min(columns, PERMUTED_PRODUCTS),
    tolerance: PERMUTED_TOLERANCE,
    random,
    shouldStop: () => stopped,
  })
  return stopped ? null : Math.sqrt(Math.max(0, pairs.eigenvalues[0]))
}
