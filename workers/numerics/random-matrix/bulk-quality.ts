/**
 * How well the Marchenko–Pastur law fits the bulk of a kernel. Singular values of a random matrix repel each other, so
 * their distance to the law falls like log M/M, not like 1/√M of independent values: it is compared with random matrices of
 * the same shape, whose s is found in the same way.
 */
import { log } from '../deterministic-math.ts'
import type { Pacing } from '../pacing.ts'
import { Pacer } from '../pacing.ts'
import { createRandom } from '../random.ts'
import type { EdgeDefinition } from './bulk-edge.ts'
import { ascendingValues, bulkEnd, fitBulk } from './bulk-fit.ts'
import type { NullQuantiles } from './kolmogorov-smirnov.ts'
import { exceedance, kolmogorovDistance, nullQuantiles } from './kolmogorov-smirnov.ts'
import { marchenkoPasturCdf } from './marchenko-pastur-cdf.ts'
import { gaussianSingularValues } from './random-spectra.ts'

export interface BulkQualityOptions {
  /** Simulated matrices; 100 by default. */
  readonly replicates?: number
  /** 1 by default. */
  readonly seed?: number
  readonly pacing?: Pacing
}

export interface BulkQuality {
  /** Kolmogorov distance of the bulk to the law. */
  readonly distance: number
  /** Values of the bulk: up to the edge and the 99 % fluctuation of it. */
  readonly bulk: number
  /** Distances of random matrices of the same shape. */
  readonly null: NullQuantiles
  /** Share of random matrices that fit no better; small means that the bulk is not that of a random matrix. */
  readonly pValue: number
  readonly replicates: number
  /** Sides of the simulated matrices: smaller, with distances scaled as log M/M, where the kernel is large. */
  readonly simulatedRows: number
  readonly simulatedColumns: number
}

const DEFAULT_REPLICATES = 100
const LARGEST_SHORT_SIDE = 300
const SPECTRUM_WORK = 60
const FIT_WORK = 1500

/**
 * Fit of the law with standard deviation `sd` to the values of the bulk; null when asked to stop. Throws when no singular
 * value lies in the bulk.
 *
 * @param singularValues (min side) of a rows × columns matrix
 * @param kind how `sd` was found, see `EdgeDefinition`
 */
export async function bulkQuality(
  singularValues: ArrayLike<number>,
  rows: number,
  columns: number,
  { sd, kind }: { readonly sd: number; readonly kind: EdgeDefinition['kind'] },
  { replicates = DEFAULT_REPLICATES, seed = 1, pacing = {} }: BulkQualityOptions = {},
): Promise<BulkQuality | null> {
  if (!(Number.isInteger(replicates) && replicates >= 1)) throw new RangeError(`bulkQuality: replicates=${replicates} is not a whole number from 1 on`)
  const bulk = bulkOf(ascendingValues(singularValues, rows, columns), rows, columns, sd)
  if (bulk.length === 0) throw new RangeError(`bulkQuality: all singular values lie above the edge of a bulk with sd=${sd}; use another edge definition`)
  const shrink = Math.min(1, LARGEST_SHORT_SIDE / Math.min(rows, columns))
  const [simulatedRows, simulatedColumns] = [Math.round(rows * shrink), Math.round(columns * shrink)]
  const short = Math.min(simulatedRows, simulatedColumns)
  const factor = shrink < 1 ? rigidity(Math.min(rows, columns)) / rigidity(short) : 1
  const distance = distanceOf(bulk, rows, columns, sd)
  const pacer = new Pacer(pacing)
  const random = createRandom(seed, 'Marchenko–Pastur null')
  const distances = new Float64Array(replicates)
  for (let i = 0; i < replicates; i++) {
    const values = gaussianSingularValues(simulatedRows, simulatedColumns, random).reverse()
    distances[i] = factor * simulatedDistance(values, simulatedRows, simulatedColumns, kind)
    if (await pacer.shouldStopAfter(SPECTRUM_WORK * short * short + (kind === 'fit' ? FIT_WORK * short : 0))) return null
  }
  distances.sort()
  return Object.freeze({
    distance,
    bulk: bulk.length,
    null: nullQuantiles(distances),
    pValue: exceedance(distances, distance),
    replicates,
    simulatedRows,
    simulatedColumns,
  })
}

/** How the largest deviation of a count of M repelling values falls, as a share of them. */
function rigidity(count: number): number {
  return log(count) / count
}

function simulatedDistance(values: Float64Array, rows: number, columns: number, kind: EdgeDefinition['kind']): number {
  if (kind === 'fit') return fitBulk(values, rows, columns).distance
  const sd = kind === 'initialiser' ? 1 : Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / (rows * columns))
  return distanceOf(bulkOf(values, rows, columns, sd), rows, columns, sd)
}

function bulkOf(ascending: Float64Array, rows: number, columns: number, sd: number): Float64Array {
  const end = bulkEnd(rows, columns, sd)
  return ascending.filter((value) => value <= end)
}

function distanceOf(bulk: Float64Array, rows: number, columns: number, sd: number): number {
  return bulk.length === 0 ? 1 : kolmogorovDistance(bulk, (nu) => marchenkoPasturCdf(nu, rows, columns, sd))
}
