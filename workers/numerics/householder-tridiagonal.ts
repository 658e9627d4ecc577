/**
 * Householder reduction of a symmetric matrix to tridiagonal form, T = Qᵀ A Q (Martin, Reinsch and
 * Wilkinson 1968). Works upwards from the last row on the lower triangle, so that every inner loop runs
 * along a row.
 */
import { makeReflector } from './householder-reflector.ts'

export interface Tridiagonal {
  /** (n) diagonal of T. */
  readonly diagonal: Float64Array
  /** (n) below the diagonal: entry i couples i and i + 1; the last one is zero. */
  readonly offDiagonal: Float64Array
}

export interface Reduction extends Tridiagonal {
  /** (n) uᵀu/2 of the reflector I − u uᵀ/h stored in row i of the matrix; zero where none was needed. */
  readonly halfSquares: Float64Array
}

/** Reduces the lower triangle of `a`, [n, n], in place; row i then starts with the i entries of reflector i. */
export function reduceToTridiagonal(a: Float64Array, n: number): Reduction {
  const diagonal = new Float64Array(n)
  const offDiagonal = new Float64Array(n)
  const halfSquares = new Float64Array(n)
  const work = new Float64Array(n)
  for (let i = n - 1; i > 0; i--) {
    const u = a.subarray(i * n, i * n + i)
    const { image, halfSquare } = makeReflector(u, i - 1)
    offDiagonal[i - 1] = image
    halfSquares[i] = halfSquare
    if (halfSquare > 0) applyBothSides(a, n, u, halfSquare, work)
    diagonal[i] = a[i * n + i]
  }
  if (n > 0) diagonal[0] = a[0]
  return { diagonal, offDiagonal, halfSquares }
}

/** Leading block ← H block H with H = I − u uᵀ/h, as the rank-two update block − u qᵀ − q uᵀ. */
function applyBothSides(a: Float64Array, n: number, u: Float64Array, halfSquare: number, q: Float64Array): void {
  const size = u.length
  symmetricProduct(a, n, u, q)
  let overlap = 0
  for (let k = 0; k < size; k++) {
    q[k] /= halfSquare
    overlap += u[k] * q[k]
  }
  const shift = overlap / (2 * halfSquare)
  for (let k = 0; k < size; k++) q[k] -= shift * u[k]
  for (let j = 0; j < size; j++) {
    const row = j * n
    const uj = u[j]
    const qj = q[j]
    for (let k = 0; k <= j; k++) a[row + k] -= uj * q[k] + qj * u[k]
  }
}

/** y ← (leading block) x from its lower triangle: one pass serves both triangles. */
function symmetricProduct(a: Float64Array, n: number, x: Float64Array, y: Float64Array): void {
  const size = x.length
  y.fill(0, 0, size)
  for (let j = 0; j < size; j++) {
    const row = j * n
    const xj = x[j]
    let even = 0
    let odd = 0
    let k = 0
    for (; k + 1 < j; k += 2) {
      const left = a[row + k]
      const right = a[row + k + 1]
      even += left * x[k]
      odd += right * x[k + 1]
      y[k] += left * xj
      y[k + 1] += right * xj
    }
    for (; k < j; k++) {
      even += a[row + k] * x[k]
      y[k] += a[row + k] * xj
    }
    y[j] += even + odd + a[row + j] * xj
  }
}

/** Qᵀ, [n, n], of the reflectors that `reduceToTridiagonal` left in the rows of `a`. */
export function accumulateReflectors(a: Float64Array, n: number, halfSquares: Float64Array): Float64Array {
  const rows = new Float64Array(n * n)
  for (let i = 0; i < n; i++) rows[i * n + i] = 1
  for (let i = 1; i < n; i++) {
    if (halfSquares[i] > 0) reflectLeadingRows(rows, n, a.subarray(i * n, i * n + i), halfSquares[i])
  }
  return rows
}

/** Leading block ← block (I − u uᵀ/h). */
function reflectLeadingRows(rows: Float64Array, n: number, u: Float64Array, halfSquare: number): void {
  const size = u.length
  for (let r = 0; r < size; r++) {
    const row = r * n
    let overlap = 0
    for (let k = 0; k < size; k++) overlap += rows[row + k] * u[k]
    const factor = overlap / halfSquare
    for (let k = 0; k < size; k++) rows[row + k] -= factor * u[k]
  }
}
