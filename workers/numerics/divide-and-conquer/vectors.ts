/** Eigenvectors of diag(d) + ρ z zᵀ from its eigenvalues: the task handed to `writeVectors`, and the default for one thread. */

/** Row j of A [m, k], rows one after the other ← unit vector of numerators[i] / ((poles[i] − origins[j]) − offsets[j]). */
export interface VectorsTask {
  readonly m: number
  readonly k: number
  /** (k) */
  readonly poles: Float64Array
  /** (k) */
  readonly numerators: Float64Array
  /** (m) */
  readonly origins: Float64Array
  /** (m) */
  readonly offsets: Float64Array
  readonly a: Float64Array
  readonly aOffset: number
}

/** Squares are summed from the first to the last. */
export function plainVectors({ m, k, poles, numerators, origins, offsets, a, aOffset }: VectorsTask): void {
  for (let j = 0; j < m; j++) writeVector(k, poles, numerators, origins[j], offsets[j], a, aOffset + j * k)
}

function writeVector(k: number, poles: Float64Array, numerators: Float64Array, origin: number, offset: number, a: Float64Array, to: number): void {
  let square = 0
  for (let i = 0; i < k; i++) {
    const entry = numerators[i] / (poles[i] - origin - offset)
    a[to + i] = entry
    square += entry * entry
  }
  const factor = 1 / Math.sqrt(square)
  for (let i = 0; i < k; i++) a[to + i] *= factor
}
