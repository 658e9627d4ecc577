import { PANEL } from './layout.ts'
import { multiply } from './product.ts'
import type { Pace, Problem } from './problem.ts'

/** Smaller matrices are reduced in narrower panels: what lies within a panel is done vector by vector. */
const SMALL = 1024

/** Multiplications of a call, so that a cancel is heard soon. */
const CALL = 4e7

/**
 * Householder reduction of the lower triangle to tridiagonal form. Leaves reflectors in the rows, diagonal, off-diagonal
 * and h in their places; what lies above the diagonal stays as it was.
 */
export async function reduceToTridiagonal(problem: Problem, pace: Pace, onShare: (done: number) => void): Promise<void> {
  const { size, matrix } = problem.layout
  const stride = 8 * size
  const width = size < SMALL ? PANEL / 2 : PANEL
  for (let top = size - 1; top >= 0; top -= width) {
    const rows = Math.min(width, top + 1)
    await reducePanel(problem, top, rows, pace)
    const rest = top + 1 - rows
    if (rest > 0) {
      const upwards = { stride: 2 ** 32 - stride, order: 'columns', turn: rows } as const
      const [reflectors, products] = [matrix + top * stride, lastProduct(problem)]
      await multiply(
        problem,
        {
          address: matrix, stride, rows: rest, columns: rest, terms: 2 * rows, how: 'subtract', lower: true,
          left: { ...upwards, address: reflectors, second: products }, right: { ...upwards, address: products, second: reflectors },
        },
        pace,
      )
    }
    onShare(1 - (rest / size) ** 3)
  }
}

async function reducePanel(problem: Problem, top: number, rows: number, pace: Pace): Promise<void> {
  const { size, matrix, diagonal, offDiagonal, halfSquares, partials, columnWork } = problem.layout
  const places = [lastProduct(problem), diagonal, offDiagonal, halfSquares, partials, columnWork]
  for (let row = top; row > top - rows;) {
    const work = (row + 1) ** 2
    const count = Math.min(row - top + rows, Math.max(1, Math.floor(CALL / work)))
    problem.run('reduceRows', [matrix, 8 * size, top, row, count, ...places], count * work)
    row -= count
    await pace.rest()
  }
}

/** Products lie upwards from the last row of the panel, in the order of the reflectors' rows. */
function lastProduct({ layout: { panel, size } }: Problem): number {
  return panel + 8 * size * (PANEL - 1)
}
