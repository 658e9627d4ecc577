/** A reflection I − u uᵀ/h that maps a vector to one of its axes (Householder 1958). */
export interface Reflector {
  /** Entry at the pivot after the reflection; all others become zero. */
  readonly image: number
  /** h = uᵀu/2; zero where the vector has the form already and no reflection is needed. */
  readonly halfSquare: number
}

/** Turns x into the u of the reflector that keeps only the entry `pivot`; scaled, so nothing overflows. */
export function makeReflector(x: Float64Array, pivot: number): Reflector {
  let scale = 0
  for (let k = 0; k < x.length; k++) if (k !== pivot) scale = Math.max(scale, Math.abs(x[k]))
  if (scale === 0) return { image: x[pivot], halfSquare: 0 }
  scale = Math.max(scale, Math.abs(x[pivot]))
  let square = 0
  for (let k = 0; k < x.length; k++) {
    x[k] /= scale
    square += x[k] * x[k]
  }
  const kept = x[pivot]
  // The sign opposite to the pivot's avoids cancellation in u.
  const length = kept < 0 ? Math.sqrt(square) : -Math.sqrt(square)
  x[pivot] = kept - length
  return { image: scale * length, halfSquare: square - kept * length }
}
