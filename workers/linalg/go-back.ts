import { BACK_PANEL } from './layout.ts'
import { multiply, type Product } from './product.ts'
import type { Pace, Problem } from './problem.ts'

/** Smaller matrices take fewer reflectors at a time: what these have to do with each other is done for every time. */
const SMALL = 1024

/**
 * Rows of the rotation ← rows · H₁ H₂ … Hₙ₋₁ with the reflectors that the reduction left below the diagonal, many at a
 * time as I − Uᵀ T U (Schreiber and Van Loan 1989): eigenvectors of the tridiagonal matrix become those of the matrix.
 */
export async function rotateBack(problem: Problem, pace: Pace, onShare: (done: number) => void): Promise<void> {
  const { size, rotation, panel, overlaps, steps, inner, triangle } = problem.layout
  const stride = 8 * size
  const width = size < SMALL ? BACK_PANEL / 2 : BACK_PANEL
  for (let first = 0; first < size; first += width) {
    const count = Math.min(width, size - first)
    const columns = first + count
    const narrow = 8 * count
    const reflectors = { address: panel, stride } as const
    const along = { ...reflectors, order: 'rows' } as const
    const rows = { address: rotation, stride, order: 'rows' } as const
    const product = (entry: Product): Promise<void> => multiply(problem, entry, pace)
    copyReflectors(problem, first, count)
    await product({ address: inner, stride: narrow, rows: count, columns: count, terms: columns, left: along, right: along, how: 'assign' })
    formTriangle(problem, first, count)
    const t = { address: triangle, stride: narrow, order: 'rows' } as const
    await product({ address: steps, stride, rows: count, columns, terms: count, left: t, right: { ...reflectors, order: 'columns' }, how: 'assign' })
    await product({ address: overlaps, stride: narrow, rows: size, columns: count, terms: columns, left: rows, right: along, how: 'assign' })
    const taken = { address: overlaps, stride: narrow, order: 'rows' } as const
    await product({ address: rotation, stride, rows: size, columns, terms: count, left: taken, right: { address: steps, stride, order: 'columns' }, how: 'subtract' })
    onShare((columns / size) ** 2)
  }
}

/** [count, n] the u of reflectors first … first + count − 1, zeros behind them. */
function copyReflectors(problem: Problem, first: number, count: number): void {
  const { size, matrix, panel } = problem.layout
  const to = problem.floats(panel, count * size)
  for (let r = 0; r < count; r++) {
    const i = first + r
    to.set(problem.floats(matrix + 8 * i * size, i), r * size)
    to.fill(0, r * size + i, (r + 1) * size)
  }
}

/** T, upper triangular, from the overlaps U Uᵀ of the reflectors and their h. */
function formTriangle(problem: Problem, first: number, count: number): void {
  const overlaps = problem.floats(problem.layout.inner, count * count)
  const t = problem.floats(problem.layout.triangle, count * count)
  const halfSquares = problem.floats(problem.layout.halfSquares + 8 * first, count)
  t.fill(0)
  for (let j = 0; j < count; j++) {
    if (halfSquares[j] === 0) continue
    const factor = 1 / halfSquares[j]
    t[j * count + j] = factor
    for (let i = 0; i < j; i++) {
      let sum = 0
      for (let k = i; k < j; k++) sum += t[i * count + k] * overlaps[k * count + j]
      t[i * count + j] = -factor * sum
    }
  }
}
