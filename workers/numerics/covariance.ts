/** Covariance (ddof 1) of a series: as an operator, as a dense matrix, and its Gram counterpart over time. */
import type { CentredSeries } from './centred-series.ts'
import type { LinearOperator } from './linear-operator.ts'
import { fromFunction } from './linear-operator.ts'
import { float64Space as space } from './vector-space.ts'

/** Columns of a panel: T rows of a panel stay in cache for T up to a few hundred. */
const PANEL_COLUMNS = 512

/** Σ = Xᵀ X / (T − 1) on Rⁿ, one pass over the snapshots per product. */
export function covarianceOperator(series: CentredSeries): LinearOperator {
  const apply = async (x: Float64Array, y: Float64Array): Promise<void> => {
    y.fill(0)
    await series.forEachGroup((rows) => {
      space.addCombination(rows, space.coefficients(rows, x), y, 1) // Xᵀ (X x), (n)
    })
    space.scale(1 / (series.length - 1), y)
  }
  return fromFunction(series.size, apply, { positiveSemidefinite: true })
}

/** Σ, [n, n]. */
export async function denseCovariance(series: CentredSeries): Promise<Float64Array> {
  const n = series.size
  const matrix = new Float64Array(n * n)
  const lower = Array.from({ length: n }, (_, i) => matrix.subarray(i * n, i * n + i + 1))
  await series.forEachGroup((rows) => {
    const entries = new Float64Array(rows.length)
    lower.forEach((line, i) => {
      rows.forEach((row, r) => (entries[r] = row[i]))
      space.addCombination(rows, entries, line, 1)
    })
  }, n / 2)
  return finished(matrix, n, series.length)
}

/** X Xᵀ / (T − 1), [T, T]: its eigenvalues are those of Σ, the rest of Σ being zero. */
export async function gramMatrix(series: CentredSeries): Promise<Float64Array> {
  const T = series.length
  const matrix = new Float64Array(T * T)
  const panel = Array.from({ length: T }, () => new Float64Array(Math.min(PANEL_COLUMNS, series.size)))
  for (let from = 0; from < series.size; from += PANEL_COLUMNS) {
    const rows = panel.map((row) => row.subarray(0, Math.min(PANEL_COLUMNS, series.size - from)))
    for (let t = 0; t < T; t++) {
      series.read(t, from, rows[t])
      const products = space.coefficients(rows.slice(0, t + 1), rows[t])
      for (let s = 0; s <= t; s++) matrix[t * T + s] += products[s]
      await series.pause((t + 1) * rows[t].length)
    }
  }
  return finished(matrix, T, T)
}

/** Scales the lower triangle by 1/(T − 1) and mirrors it. */
function finished(matrix: Float64Array, n: number, length: number): Float64Array {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value = matrix[i * n + j] / (length - 1)
      matrix[i * n + j] = value
      matrix[j * n + i] = value
    }
  }
  return matrix
}
