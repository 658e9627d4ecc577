/** Overlaps of two sets of directions, and what random directions would give. */
import { float64Space as space } from './vector-space.ts'

/** Overlap |a · b| of random unit vectors in n dimensions, a · b being close to N(0, 1/n). */
export interface RandomOverlap {
  /** √(2/(π n)). */
  readonly mean: number
  /** 1/√n, exact. */
  readonly rms: number
  /** 1.96/√n: one in twenty random overlaps is larger. */
  readonly quantile95: number
}

const NORMAL_QUANTILE_975 = 1.959963984540054

/**
 * |A Bᵀ|, [p, q] row-major, for unit rows A [p, n] and B [q, n]. Divide rows by their lengths first where they
 * are not unit vectors.
 */
export function overlapMatrix(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const left = rowsOf(a, n, 'first')
  const right = rowsOf(b, n, 'second')
  const overlaps = new Float64Array(left.length * right.length)
  left.forEach((row, i) => {
    const products = space.coefficients(right, row)
    for (let j = 0; j < products.length; j++) overlaps[i * right.length + j] = Math.abs(products[j])
  })
  return overlaps
}

export function randomOverlap(n: number): RandomOverlap {
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`randomOverlap: n=${n} is not a whole number from 1 on`)
  const rms = 1 / Math.sqrt(n)
  return Object.freeze({ mean: Math.sqrt(2 / Math.PI) * rms, rms, quantile95: NORMAL_QUANTILE_975 * rms })
}

/**
 * Mean overlap within `halfWidth` places of the diagonal over the mean of all: one where the diagonal is like the
 * rest, min-side/(2 halfWidth + 1) or so where everything lies on it. NaN when every overlap is zero.
 *
 * @param overlaps [rows, columns], not negative
 */
export function diagonalSharpness(overlaps: ArrayLike<number>, rows: number, columns: number, halfWidth: number): number {
  if (overlaps.length !== rows * columns || overlaps.length === 0) {
    throw new RangeError(`diagonalSharpness: ${overlaps.length} overlaps do not fill ${rows} x ${columns}`)
  }
  if (!Number.isInteger(halfWidth) || halfWidth < 0) {
    throw new RangeError(`diagonalSharpness: halfWidth=${halfWidth} is not a whole number from 0 on`)
  }
  let near = 0
  let nearCount = 0
  let all = 0
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const overlap = overlaps[i * columns + j]
      all += overlap
      if (Math.abs(i - j) > halfWidth) continue
      near += overlap
      nearCount++
    }
  }
  return near / nearCount / (all / overlaps.length)
}

/** Weight product hᵢ · w/‖w‖ of unit rows [k, n] with the weights (thesis Eq. 7.2), (k), signed. */
export function weightProduct(eigenvectors: Float64Array, weights: Float64Array): Float64Array {
  const length = space.norm(weights)
  if (!(length > 0 && length < Infinity)) throw new RangeError(`weightProduct: ‖w‖=${length}; give finite weights that are not all zero`)
  return space.coefficients(rowsOf(eigenvectors, weights.length, 'eigenvector'), weights).map((product) => product / length)
}

function rowsOf(matrix: Float64Array, n: number, name: string): Float64Array[] {
  const count = matrix.length / n
  if (!Number.isInteger(count)) throw new RangeError(`overlap: ${matrix.length} entries of the ${name} set are no rows of length ${n}`)
  return Array.from({ length: count }, (_, i) => matrix.subarray(i * n, (i + 1) * n))
}
