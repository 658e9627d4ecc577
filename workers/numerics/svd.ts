/**
 * Thin singular value decomposition: Householder QR, then one-sided Jacobi on the triangular factor
 * (Hestenes 1958; Drmač and Veselić 2008). Jacobi finds small singular values to high relative accuracy
 * and its vectors are orthogonal to rounding. All inner loops run along rows.
 */
import { unitScale } from './binary-scale.ts'
import { applyReflectors, reduceRowsToTriangle } from './householder-triangle.ts'
import { jacobiRows } from './jacobi-rows.ts'
import { conventionalSign } from './sign-convention.ts'

export interface Svd {
  /** r = min(rows, columns). */
  readonly rank: number
  /** (r) descending, not negative. */
  readonly singularValues: Float64Array
  /** U, [rows, r], orthonormal columns; the largest |entry| of each is positive. */
  readonly left: Float64Array
  /** V, [columns, r], orthonormal columns: W = U S Vᵀ. */
  readonly right: Float64Array
  /** Jacobi sweeps used, and how they ended. */
  readonly sweeps: number
  readonly outcome: 'converged' | 'max-steps'
}

/** Decomposes a matrix [rows, columns], row-major; throws when it is empty or not finite. */
export function svd(matrix: Float64Array, rows: number, columns: number): Svd {
  if (!(rows >= 1 && columns >= 1) || matrix.length !== rows * columns) {
    throw new RangeError(`svd: ${matrix.length} entries do not fill a ${rows} x ${columns} matrix with both sides from 1 on`)
  }
  const scale = unitScale(matrix, 'svd')
  const wide = rows < columns
  const shortSide = Math.min(rows, columns)
  const longSide = Math.max(rows, columns)
  // Rows of this matrix, [short, long], are the columns of the tall one among W and Wᵀ.
  const tallColumns = wide ? matrix.map((value) => value * scale) : scaledTranspose(matrix, rows, columns, scale)
  const factor = reduceRowsToTriangle(tallColumns, shortSide, longSide)
  const { lengths, directions, rotation, sweeps, settled } = jacobiRows(factor.triangle, shortSide)
  const longVectors = applyReflectors(factor, rotation) // rows: Q J^T, [short, long]
  const left = wide ? directions : longVectors
  const right = wide ? longVectors : directions
  fixSigns(left, right, shortSide)
  return Object.freeze({
    rank: shortSide,
    singularValues: lengths.map((value) => value / scale),
    left: scaledTranspose(left, shortSide, rows, 1),
    right: scaledTranspose(right, shortSide, columns, 1),
    sweeps,
    outcome: settled ? 'converged' : 'max-steps',
  })
}

function fixSigns(left: Float64Array, right: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const u = row(left, i, count)
    if (conventionalSign(u) > 0) continue
    for (const vector of [u, row(right, i, count)]) for (let k = 0; k < vector.length; k++) vector[k] = -vector[k]
  }
}

function row(rows: Float64Array, i: number, count: number): Float64Array {
  const length = rows.length / count
  return rows.subarray(i * length, (i + 1) * length)
}

/** Transpose of [rows, columns], times a factor. */
function scaledTranspose(matrix: Float64Array, rows: number, columns: number, factor: number): Float64Array {
  const transpose = new Float64Array(matrix.length)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) transpose[j * rows + i] = matrix[i * columns + j] * factor
  }
  return transpose
}
