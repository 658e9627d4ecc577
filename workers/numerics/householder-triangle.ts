/** Householder QR of a tall matrix that is stored by columns (Householder 1958; Golub and Van Loan, §5.2). */
import { makeReflector } from './householder-reflector.ts'

export interface TriangularFactor {
  /** R, [n, n] row-major, upper triangular. */
  readonly triangle: Float64Array
  /** [n, m]: row j holds the reflector of column j from place j on. */
  readonly reflectors: Float64Array
  /** (n) uᵀu/2 of each reflector, zero where none was needed. */
  readonly halfSquares: Float64Array
  readonly length: number
}

/** Factors A = Q R, where row j of `columns`, [n, m] with m ≥ n, is column j of A. Overwrites `columns`. */
export function reduceRowsToTriangle(columns: Float64Array, n: number, length: number): TriangularFactor {
  const triangle = new Float64Array(n * n)
  const halfSquares = new Float64Array(n)
  for (let j = 0; j < n; j++) {
    const u = columns.subarray(j * length + j, (j + 1) * length)
    const { image, halfSquare } = makeReflector(u, 0)
    triangle[j * n + j] = image
    halfSquares[j] = halfSquare
    for (let k = j + 1; k < n; k++) {
      const column = columns.subarray(k * length + j, (k + 1) * length)
      if (halfSquare > 0) reflect(column, u, halfSquare)
      triangle[j * n + k] = column[0]
    }
  }
  return { triangle, reflectors: columns, halfSquares, length }
}

/** Rows Q x for every row x of `rows`, [count, n]; Q is the m × n factor. Result [count, m]. */
export function applyReflectors({ reflectors, halfSquares, length }: TriangularFactor, rows: Float64Array): Float64Array {
  const n = halfSquares.length
  const count = rows.length / n
  const result = new Float64Array(count * length)
  for (let i = 0; i < count; i++) {
    const x = result.subarray(i * length, (i + 1) * length)
    x.set(rows.subarray(i * n, (i + 1) * n))
    for (let j = n - 1; j >= 0; j--) {
      if (halfSquares[j] > 0) reflect(x.subarray(j), reflectors.subarray(j * length + j, (j + 1) * length), halfSquares[j])
    }
  }
  return result
}

/** x ← (I − u uᵀ/h) x. */
function reflect(x: Float64Array, u: Float64Array, halfSquare: number): void {
  let even = 0
  let odd = 0
  const whole = x.length - (x.length % 2)
  for (let k = 0; k < whole; k += 2) {
    even += u[k] * x[k]
    odd += u[k + 1] * x[k + 1]
  }
  if (whole < x.length) even += u[whole] * x[whole]
  const factor = (even + odd) / halfSquare
  for (let k = 0; k < x.length; k++) x[k] -= factor * u[k]
}
