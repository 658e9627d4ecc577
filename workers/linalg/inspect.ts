import { binaryExponent, powerOfTwo } from '../numerics/deterministic-math.ts'
import type { Pace, Problem } from './problem.ts'

/**
 * |aᵢⱼ − aⱼᵢ| allowed relative to the largest |entry|: far above the rounding of any float64 product,
 * and below what a float32 computation leaves (about 1e-7), which must be symmetrised knowingly.
 */
const ASYMMETRY_TOLERANCE = 1e-10

/** Keeps both the scale and its inverse normal doubles. */
const LARGEST_EXPONENT = 1000

const BAND = 64

/**
 * Makes the matrix exactly symmetric with its largest |entry| near one, and copies its diagonal; returns the power of two
 * that it was multiplied by. Throws a RangeError, and changes nothing, for a matrix that is not finite or not symmetric.
 */
export async function prepareMatrix(problem: Problem, pace: Pace): Promise<number> {
  const { size, matrix, outcomes, scalar, matrixDiagonal } = problem.layout
  const bands = Math.ceil(size / BAND)
  const work = size * size
  await problem.runPieces('inspect', [matrix, 8 * size, size, outcomes], bands, work, pace)
  let largest = 0
  let worst = [0, 0, 0]
  for (let band = 0; band < bands; band++) {
    const [greatest, ...difference] = problem.floats(outcomes + 32 * band, 4)
    if (greatest === Infinity) throw notFinite(problem)
    largest = Math.max(largest, greatest)
    if (difference[0] > worst[0]) worst = difference
  }
  const scale = scaleFor(largest)
  const [difference, row, column] = worst
  if (difference * scale > ASYMMETRY_TOLERANCE) {
    throw new RangeError(
      `symmetric eigenproblem: entries (${row}, ${column}) and (${column}, ${row}) differ by ${difference}; give a symmetric matrix or average it with its transpose`,
    )
  }
  problem.floats(scalar, 1)[0] = scale
  await problem.runPieces('symmetrise', [matrix, 8 * size, size, outcomes, scalar, matrixDiagonal], bands, work, pace)
  return scale
}

/** Puts the matrix, times a power of two, back into its place from its strict upper triangle and the copy of its diagonal. */
export async function restoreMatrix(problem: Problem, factor: number, pace: Pace): Promise<void> {
  const { size, matrix, outcomes, scalar, matrixDiagonal } = problem.layout
  problem.floats(scalar, 1)[0] = factor
  await problem.runPieces('restore', [matrix, 8 * size, size, outcomes, scalar, matrixDiagonal], Math.ceil(size / BAND), size * size, pace)
}

function scaleFor(largest: number): number {
  if (largest === 0) return 1
  return powerOfTwo(-Math.min(LARGEST_EXPONENT, Math.max(-LARGEST_EXPONENT, binaryExponent(largest))))
}

function notFinite(problem: Problem): RangeError {
  const { size, matrix } = problem.layout
  const at = problem.floats(matrix, size * size).findIndex((value) => !Number.isFinite(value))
  const [row, column] = [Math.floor(at / size), at % size]
  return new RangeError(`symmetric eigenproblem: entry (${row}, ${column}) is ${problem.floats(matrix + 8 * at, 1)[0]}; every entry must be finite`)
}
