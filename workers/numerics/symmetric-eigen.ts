/** Full eigendecomposition of dense symmetric and of tridiagonal matrices. */
import { unitScale } from './binary-scale.ts'
import { accumulateReflectors, reduceToTridiagonal } from './householder-tridiagonal.ts'
import { implicitQl } from './implicit-ql.ts'
import { fixRowSigns } from './sign-convention.ts'

export interface SymmetricEigen {
  /** (n) descending. */
  readonly eigenvalues: Float64Array
  /** [n, n] unit eigenvectors as rows, largest |entry| positive. */
  readonly eigenvectors: Float64Array
}

export interface TridiagonalEigen {
  /** (n) descending. */
  readonly eigenvalues: Float64Array
  /** [n, columns]: row i holds the wanted components of eigenvector i; signs are arbitrary. */
  readonly components: Float64Array
}

/**
 * |aᵢⱼ − aⱼᵢ| allowed relative to the largest |entry|: far above the rounding of any float64 product,
 * and below what a float32 computation leaves (about 1e-7), which must be symmetrised knowingly.
 */
const ASYMMETRY_TOLERANCE = 1e-10

/**
 * Eigenvalues and eigenvectors of a symmetric matrix [n, n], row-major; the input is not changed.
 * Householder reduction, then implicit QL; ‖A v − λ v‖ stays near n · 10⁻¹⁶ ‖A‖.
 * Throws for a matrix that is not square, not finite or not symmetric.
 */
export function symmetricEigen(matrix: Float64Array, n: number): SymmetricEigen {
  const { work, scale } = scaledCopy(matrix, n)
  const reduction = reduceToTridiagonal(work, n)
  const rows = accumulateReflectors(work, n, reduction.halfSquares)
  implicitQl(reduction, { values: rows, columns: n })
  const order = descendingOrder(reduction.diagonal)
  const eigenvectors = takeRows(rows, n, order)
  fixRowSigns(eigenvectors, n)
  return Object.freeze({ eigenvalues: takeValues(reduction.diagonal, order, 1 / scale), eigenvectors })
}

/** Eigenvalues alone, (n) descending: about a tenth of the work of `symmetricEigen`. */
export function symmetricEigenvalues(matrix: Float64Array, n: number): Float64Array {
  const { work, scale } = scaledCopy(matrix, n)
  const reduction = reduceToTridiagonal(work, n)
  implicitQl(reduction, { values: new Float64Array(0), columns: 0 })
  return takeValues(reduction.diagonal, descendingOrder(reduction.diagonal), 1 / scale)
}

/**
 * Eigenvalues of the symmetric tridiagonal matrix with diagonal `alphas` (n) and off-diagonal `betas` (n − 1).
 *
 * @param wanted components of each eigenvector: `first` gives quadrature weights, `last` Ritz residuals, both at
 *   O(n) work per eigenvalue
 */
export function tridiagonalEigen(
  alphas: Float64Array,
  betas: Float64Array,
  wanted: 'all' | 'first' | 'last' = 'all',
): TridiagonalEigen {
  const n = alphas.length
  if (betas.length !== Math.max(0, n - 1)) {
    throw new RangeError(`tridiagonalEigen: ${betas.length} off-diagonal entries for size ${n}; give ${Math.max(0, n - 1)}`)
  }
  const diagonal = Float64Array.from(alphas)
  const offDiagonal = new Float64Array(n)
  offDiagonal.set(betas)
  const scale = Math.min(unitScale(diagonal, 'tridiagonalEigen: diagonal'), largeEntryScale(offDiagonal))
  for (let i = 0; i < n; i++) {
    diagonal[i] *= scale
    offDiagonal[i] *= scale
  }
  const following = startingRows(n, wanted)
  implicitQl({ diagonal, offDiagonal }, following)
  const order = descendingOrder(diagonal)
  return Object.freeze({
    eigenvalues: takeValues(diagonal, order, 1 / scale),
    components: takeRows(following.values, following.columns, order),
  })
}

/** A zero diagonal must not hide large couplings, nor the reverse. */
function largeEntryScale(offDiagonal: Float64Array): number {
  const scale = unitScale(offDiagonal, 'tridiagonalEigen: off-diagonal')
  return offDiagonal.some((value) => value !== 0) ? scale : Infinity
}

function startingRows(n: number, wanted: 'all' | 'first' | 'last'): { values: Float64Array; columns: number } {
  if (wanted === 'all') {
    const values = new Float64Array(n * n)
    for (let i = 0; i < n; i++) values[i * n + i] = 1
    return { values, columns: n }
  }
  const values = new Float64Array(n)
  if (n > 0) values[wanted === 'first' ? 0 : n - 1] = 1
  return { values, columns: 1 }
}

function scaledCopy(matrix: Float64Array, n: number): { work: Float64Array; scale: number } {
  if (!Number.isInteger(n) || n < 0 || matrix.length !== n * n) {
    throw new RangeError(`symmetricEigen: ${matrix.length} entries do not fill a ${n} x ${n} matrix`)
  }
  const scale = unitScale(matrix, 'symmetricEigen')
  const work = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const lower = matrix[i * n + j] * scale
      const upper = matrix[j * n + i] * scale
      if (Math.abs(lower - upper) > ASYMMETRY_TOLERANCE) throw asymmetry(matrix, n, i, j)
      work[i * n + j] = (lower + upper) / 2
    }
  }
  return { work, scale }
}

function asymmetry(matrix: Float64Array, n: number, i: number, j: number): RangeError {
  const difference = Math.abs(matrix[i * n + j] - matrix[j * n + i])
  return new RangeError(
    `symmetricEigen: entries (${i}, ${j}) and (${j}, ${i}) differ by ${difference}; pass a symmetric matrix or average it with its transpose`,
  )
}

function descendingOrder(values: Float64Array): number[] {
  return Array.from(values, (_, i) => i).sort((i, j) => values[j] - values[i] || i - j)
}

function takeValues(values: Float64Array, order: readonly number[], factor: number): Float64Array {
  return Float64Array.from(order, (i) => values[i] * factor)
}

function takeRows(rows: Float64Array, columns: number, order: readonly number[]): Float64Array {
  const taken = new Float64Array(order.length * columns)
  order.forEach((from, to) => taken.set(rows.subarray(from * columns, (from + 1) * columns), to * columns))
  return taken
}
