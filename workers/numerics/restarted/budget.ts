/** How many vectors a restarted run holds, and what fits in a number of bytes. */

/** Below this a restart keeps too few directions of either end to converge in reasonable time. */
const SMALLEST_BASIS = 16
/** Above this the decomposition of the projected matrix, some ten times its cube, outweighs what a larger basis saves. */
const LARGEST_BASIS = 320
/** Next direction, product and panel of a rotation, in vectors. */
const WORK_VECTORS = 3
/** A pair found is a row of the store, and in the end a row of the result as well. */
const VECTORS_PER_PAIR = 2
/** Projected matrix, its copy, reduction, eigenvectors, their order. */
const PROJECTED_MATRICES = 5

/** Basis with which a run has room to converge quickly: twice the pairs and some, within limits. */
export function comfortableBasis(n: number, pairs: number): number {
  return Math.min(n, LARGEST_BASIS, 2 * pairs + 24)
}

/**
 * Bytes that `restartedLanczos` holds for a matrix of size n at most, which is when it copies the pairs found out of its
 * store: the pairs in either, the active basis, work space.
 *
 * @param basis size of the active basis; by default the smallest one, that is the least a run needs
 */
export function restartedLanczosBytes(n: number, pairs: number, basis = SMALLEST_BASIS): number {
  const m = Math.min(n, basis)
  return 8 * (n * (VECTORS_PER_PAIR * pairs + m + WORK_VECTORS) + PROJECTED_MATRICES * m * m)
}

/** Rows of the store: the pairs, the active basis, the next direction and a product. */
export function restartedRows(pairs: number, basis: number): number {
  return pairs + basis + 2
}

/**
 * Size of the basis within the budget, at most the comfortable one.
 * Throws, naming the largest number of pairs that fits, when not even the smallest one does.
 */
export function basisWithin(n: number, pairs: number, memoryBytes: number): number {
  const needed = restartedLanczosBytes(n, pairs)
  if (!(memoryBytes >= needed)) {
    const most = Math.floor((memoryBytes - restartedLanczosBytes(n, 0)) / (8 * VECTORS_PER_PAIR * n))
    const one = restartedLanczosBytes(n, 1)
    const remedy = most >= 1 ? `ask for at most ${most} pairs or allow more memory` : `allow at least ${one} bytes, which one pair needs`
    throw new RangeError(
      `restarted lanczos: memoryBytes=${memoryBytes} is less than the ${needed} bytes that ${pairs} pairs of size ${n} need; ${remedy}`,
    )
  }
  let basis = comfortableBasis(n, pairs)
  while (basis > SMALLEST_BASIS && restartedLanczosBytes(n, pairs, basis) > memoryBytes) basis--
  return basis
}
