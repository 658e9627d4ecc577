import { prepareMatrix, restoreMatrix } from './inspect.ts'
import { rotateBack } from './go-back.ts'
import type { Pace, Problem } from './problem.ts'
import { reduceToTridiagonal } from './reduce.ts'
import { solveTridiagonal, tridiagonalEigenvalues } from './tridiagonal.ts'
import { verify, type Verification } from './verify.ts'

/** What a decomposition says beside its vectors, which lie in the result. */
export interface Decomposition extends Verification {
  /** (n) descending. */
  readonly eigenvalues: Float64Array
}

/** Shares of the time that the phases take at large sizes, with vectors and without. */
const SHARES = { reduce: 0.45, solve: 0.25, back: 0.25, verify: 0.05 }

/**
 * Eigenvalues and, if the problem has room for them, eigenvectors: Householder reduction, divide and conquer, reflectors
 * applied to the vectors, order and signs, residuals. The matrix is put back at the end. Throws RangeError for entries that
 * are not finite or not symmetric.
 */
export async function decompose(problem: Problem, pace: Pace): Promise<Decomposition> {
  const { vectors } = problem.layout
  const share = vectors ? SHARES : { reduce: 1, solve: 0, back: 0, verify: 0 }
  let begun = 0
  const phase = (name: string, part: number): ((done: number) => void) => {
    const start = begun
    begun += part
    pace.onProgress(name, start)
    return (done) => pace.onProgress(name, start + part * done)
  }
  const scale = await prepareMatrix(problem, pace)
  await reduceToTridiagonal(problem, pace, phase('reducing to tridiagonal form', share.reduce))
  const telling = phase('solving the tridiagonal problem', share.solve)
  const values = vectors ? await solveTridiagonal(problem, pace, telling) : tridiagonalEigenvalues(problem)
  await pace.rest()
  if (vectors) {
    await rotateBack(problem, pace, phase('rotating the vectors back', share.back))
    await arrangeRows(problem, pace)
  }
  phase('checking', share.verify)
  await restoreMatrix(problem, 1, pace)
  const { checked, residuals, orthogonality } = await verify(problem, values, pace)
  if (scale !== 1) await restoreMatrix(problem, 1 / scale, pace)
  const unscaled = (numbers: Float64Array) => numbers.map((number) => number / scale)
  return { eigenvalues: unscaled(values), checked, residuals: unscaled(residuals), orthogonality }
}

/** Unit rows with the signs of the convention, from the rotation to the result. */
async function arrangeRows(problem: Problem, pace: Pace): Promise<void> {
  const { size, rotation, result, order } = problem.layout
  problem.words(order, size).set(Uint32Array.from({ length: size }, (_, i) => i))
  await problem.runPieces('arrange', [result, 8 * size, size, 0, rotation, order], size, 4 * size * size, pace)
}
