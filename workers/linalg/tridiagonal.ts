import type { ProductTask } from '../numerics/divide-and-conquer/product.ts'
import { tridiagonalEigenvectors } from '../numerics/divide-and-conquer/tridiagonal-eigenvectors.ts'
import type { VectorsTask } from '../numerics/divide-and-conquer/vectors.ts'
import { implicitQl } from '../numerics/implicit-ql.ts'
import { multiply, type Product } from './product.ts'
import type { Pace, Problem } from './problem.ts'

/** Multiplications that take as long as a division. */
const DIVISION = 4

/** Eigenvalues (n), descending, of the tridiagonal matrix; the rows of the rotation become its eigenvectors. */
export async function solveTridiagonal(problem: Problem, pace: Pace, onShare: (done: number) => void): Promise<Float64Array> {
  const { size, diagonal, offDiagonal, rotation, result } = problem.layout
  const options = {
    multiply: (task: ProductTask) => multiply(problem, productOf(task), pace),
    writeVectors: (task: VectorsTask) => writeVectors(problem, task, pace),
    rest: () => pace.rest(),
    onProgress: onShare,
  }
  const [main, couplings] = [problem.floats(diagonal, size).slice(), problem.floats(offDiagonal, Math.max(0, size - 1)).slice()]
  const [q, work] = [problem.floats(rotation, size * size), problem.floats(result, size * size)]
  return (await tridiagonalEigenvectors(main, couplings, q, work, options)).eigenvalues
}

/** Eigenvalues (n), descending, of the tridiagonal matrix. */
export function tridiagonalEigenvalues(problem: Problem): Float64Array {
  const { size, diagonal, offDiagonal } = problem.layout
  const values = problem.floats(diagonal, size).slice()
  const couplings = new Float64Array(size)
  couplings.set(problem.floats(offDiagonal, Math.max(0, size - 1)))
  implicitQl({ diagonal: values, offDiagonal: couplings }, { values: new Float64Array(0), columns: 0 })
  return values.sort().reverse()
}

/** By all threads; what the rows are made of is laid where the panels of other phases are. */
async function writeVectors(problem: Problem, task: VectorsTask, pace: Pace): Promise<void> {
  const { m, k, a, aOffset } = task
  let place = problem.layout.panel
  const places = [task.poles, task.numerators, task.origins, task.offsets].map((numbers) => {
    const start = place
    problem.floats(start, numbers.length).set(numbers)
    place += 16 * Math.ceil(numbers.length / 2)
    return start
  })
  await problem.runPieces('writeVectors', [a.byteOffset + 8 * aOffset, m, k, ...places], m, DIVISION * m * k, pace)
}

function productOf({ m, n, k, a, aOffset, aStride, b, bOffset, bStride, c, cOffset, cStride }: ProductTask): Product {
  return {
    address: c.byteOffset + 8 * cOffset,
    stride: 8 * cStride,
    rows: m,
    columns: n,
    terms: k,
    left: { address: a.byteOffset + 8 * aOffset, stride: 8 * aStride, order: 'rows' },
    right: { address: b.byteOffset + 8 * bOffset, stride: 8 * bStride, order: 'columns' },
    how: 'assign',
  }
}
