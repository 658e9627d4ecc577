import { PANEL } from './layout.ts'
import { multiply } from './product.ts'
import type { Pace, Problem } from './problem.ts'

/**
 * Rows of the rotation ← rows · H₁ H₂ … Hₙ₋₁ with the reflectors that the reduction left below the diagonal, `PANEL` at a
 * time as I − Uᵀ T U (Schreiber and Van Loan 1989): eigenvectors of the tridiagonal matrix become those of the matrix.
 */
export async function rotateBack(problem: Problem, pace: Pace, onShare: (done: number) => void): Promise<void> {
  const { size, rotation, panel, left, right, inner, triangle } = problem.layout
  const stride = 8 * size
  for (let first = 0; first < size; first += PANEL) {
    const count = Math.min(PANEL, size - first)
    const columns = first + count
    copyReflectors(problem, first, count)
    const reflectors = { address: panel, stride } as const
    const narrow = 8 * count
    const shape = { stride: narrow, columns: count, how: 'assign' } as const
    await multiply(problem, { ...shape, address: inner, rows: count, terms: columns, left: { ...reflectors, order: 'rows' }, right: { ...reflectors, order: 'rows' } }, pace)
    formTriangle(problem, first, count)
    const rows = { address: rotation, stride, order: 'rows' } as const
    await multiply(problem, { ...shape, address: left, rows: size, terms: columns, left: rows, right: { ...reflectors, order: 'rows' } }, pace)
    const overlaps = { address: left, stride: narrow, order: 'rows' } as const
    await multiply(problem, { ...shape, address: right, rows: size, terms: count, left: overlaps, right: { address: triangle, stride: narrow, order: 'columns' } }, pace)
    await multiply(
      problem,
      {
        address: rotation, stride, rows: size, columns, terms: count, how: 'subtract',
        left: { address: right, stride: narrow, order: 'rows' }, right: { ...reflectors, order: 'columns' },
      },
      pace,
    )
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
