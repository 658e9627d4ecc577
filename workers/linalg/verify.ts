import { multiply } from './product.ts'
import type { Pace, Problem } from './problem.ts'

/** How well eigenpairs fulfil what makes them some. Empty without vectors. */
export interface Verification {
  /** Which pairs were looked at, ascending: all up to size 256. */
  readonly checked: readonly number[]
  /** ‖A v − λ v‖ of those. */
  readonly residuals: Float64Array
  /** Largest |vᵢ · vⱼ|, i ≠ j, and |vᵢ · vᵢ − 1| among them. */
  readonly orthogonality: number
}

/**
 * Up to this size every pair is looked at, and of larger matrices so many pairs: looking at all would take 1.5 n³
 * multiplications, more than going back to the matrix does.
 */
const SMALL = 256
const SAMPLE = 128

/** Uses the rotation's place: the vectors are in the result by now. */
export async function verify(problem: Problem, eigenvalues: Float64Array, pace: Pace): Promise<Verification> {
  const { size, vectors, matrix, rotation, result } = problem.layout
  if (!vectors) return { checked: [], residuals: new Float64Array(0), orthogonality: 0 }
  const checked = size <= SMALL ? Array.from({ length: size }, (_, i) => i) : spread(size)
  const count = checked.length
  const stride = 8 * size
  const all = problem.floats(result, size * size)
  const place = problem.floats(rotation, size * size)
  let rows = result
  let products = rotation
  if (count < size) {
    checked.forEach((i, r) => place.set(all.subarray(i * size, (i + 1) * size), r * size))
    rows = rotation
    products = rotation + count * stride
  }
  const vectorsOf = { address: rows, stride, order: 'rows' } as const
  const shape = { address: products, rows: count, terms: size, left: vectorsOf, how: 'assign' } as const
  await multiply(problem, { ...shape, stride, columns: size, right: { address: matrix, stride, order: 'columns' } }, pace)
  const residuals = residualsOf(problem.floats(products, count * size), problem.floats(rows, count * size), checked.map((i) => eigenvalues[i]))
  await multiply(problem, { ...shape, stride: 8 * count, columns: count, right: vectorsOf, lower: true }, pace)
  return { checked, residuals, orthogonality: farthestFromUnit(problem.floats(products, count * count), count) }
}

/** From the first to the last, evenly. */
function spread(size: number): readonly number[] {
  return Array.from({ length: SAMPLE }, (_, i) => Math.floor((i * (size - 1)) / (SAMPLE - 1)))
}

function residualsOf(products: Float64Array, rows: Float64Array, values: readonly number[]): Float64Array {
  const size = rows.length / values.length
  return Float64Array.from(values, (value, r) => {
    let square = 0
    for (let at = r * size; at < (r + 1) * size; at++) {
      const difference = products[at] - value * rows[at]
      square += difference * difference
    }
    return Math.sqrt(square)
  })
}

/** Largest |entry| of the difference between a lower triangle [count, count] and that of the identity. */
function farthestFromUnit(overlaps: Float64Array, count: number): number {
  let farthest = 0
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) farthest = Math.max(farthest, Math.abs(overlaps[i * count + j] - (i === j ? 1 : 0)))
  }
  return farthest
}
