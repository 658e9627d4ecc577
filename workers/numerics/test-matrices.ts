/** Matrices with known answers, for the tests of this folder and of the operators. */
import type { Random } from './random.ts'
import { dot, float64Space } from './vector-space.ts'

/** Random orthonormal rows [count, n], count ≤ n. */
export function orthonormalRows(count: number, n: number, random: Random): Float64Array {
  const basis: Float64Array[] = []
  const rows = new Float64Array(count * n)
  for (let i = 0; i < count; i++) {
    const x = float64Space.random(n, random)
    float64Space.projectOut(basis, x)
    float64Space.projectOut(basis, x)
    float64Space.scale(1 / float64Space.norm(x), x)
    basis.push(x)
    rows.set(x, i * n)
  }
  return rows
}

/** Symmetric matrix [n, n] with the given eigenvalues and random eigenvectors. */
export function symmetricWithSpectrum(eigenvalues: ArrayLike<number>, random: Random): Float64Array {
  const n = eigenvalues.length
  const rows = orthonormalRows(n, n, random)
  const matrix = new Float64Array(n * n)
  for (let q = 0; q < n; q++) {
    for (let i = 0; i < n; i++) {
      const factor = eigenvalues[q] * rows[q * n + i]
      for (let j = 0; j < n; j++) matrix[i * n + j] += factor * rows[q * n + j]
    }
  }
  return symmetrised(matrix, n)
}

/** Mean of a matrix [n, n] and its transpose. */
export function symmetrised(matrix: Float64Array, n: number): Float64Array {
  return matrix.map((value, index) => (value + matrix[(index % n) * n + Math.floor(index / n)]) / 2)
}

/** Largest |⟨row i, row j⟩ − δᵢⱼ| of rows [count, n]. */
export function orthonormalityError(rows: Float64Array, n: number): number {
  const count = rows.length / n
  let worst = 0
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      const product = dot(rows.subarray(i * n, (i + 1) * n), rows.subarray(j * n, (j + 1) * n))
      worst = Math.max(worst, Math.abs(product - (i === j ? 1 : 0)))
    }
  }
  return worst
}

/** Largest ‖A v − λ v‖ over eigenvector rows [count, n] of a symmetric matrix [n, n]. */
export function eigenResidual(matrix: Float64Array, eigenvalues: Float64Array, rows: Float64Array): number {
  const n = Math.sqrt(matrix.length)
  let worst = 0
  eigenvalues.forEach((value, q) => {
    const v = rows.slice(q * n, (q + 1) * n)
    const residual = Float64Array.from(v, (entry, i) => dot(matrix.subarray(i * n, (i + 1) * n), v) - value * entry)
    worst = Math.max(worst, float64Space.norm(residual))
  })
  return worst
}

/** Transpose of [rows, columns]. */
export function transposed(matrix: Float64Array, rows: number, columns: number): Float64Array {
  return Float64Array.from({ length: rows * columns }, (_, at) => matrix[(at % rows) * columns + Math.floor(at / rows)])
}
