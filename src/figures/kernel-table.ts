import type { KernelSpectrum, SingularValuesResult } from '../contracts/results.ts'
import type { Cell, FigureTable } from './figure-spec.ts'

/** Columns as WeightWatcher names them. */
const COLUMNS = ['layer_id', 'name', 'N', 'M', 'Q', 'alpha', 'D', 'num_spikes', 'mp_softrank', 'stable_rank'] as const

/**
 * One row per kernel: the larger and the smaller side N and M, Q = N/M, the exponent of the tail (blank where it says
 * nothing) with its Kolmogorov–Smirnov distance, values above the bulk edge, soft rank and stable rank.
 */
export function kernelTable({ kernels }: SingularValuesResult): FigureTable {
  return { columns: COLUMNS, rows: kernels.map(kernelRow) }
}

function kernelRow({ layer, name, rows, cols, outliers, statistics: { heavyTail, softRank, stableRank } }: KernelSpectrum): Cell[] {
  const [n, m] = [Math.max(rows, cols), Math.min(rows, cols)]
  const finite = (value: number): Cell => (Number.isFinite(value) ? value : null)
  const tail = heavyTail.valid ? [finite(heavyTail.exponent), finite(heavyTail.distance)] : [null, null]
  return [layer, name, n, m, n / m, ...tail, outliers, finite(softRank), finite(stableRank)]
}
