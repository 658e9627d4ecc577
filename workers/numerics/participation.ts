/**
 * Inverse participation ratio Σⱼ h⁴ᵢⱼ of unit rows h [k, n]: (k). 1/n for a vector spread evenly, 3/n for a random one,
 * 1 for a single entry.
 */
export function inverseParticipationRatio(vectors: Float64Array, size: number): Float64Array {
  return Float64Array.from({ length: vectors.length / size }, (_, row) => {
    let sum = 0
    for (let i = row * size; i < (row + 1) * size; i++) {
      const square = vectors[i] * vectors[i]
      sum += square * square
    }
    return sum
  })
}

/** A part of a flat vector. */
export interface Range {
  readonly offset: number
  readonly size: number
}

/** Share of ‖h‖² that lies in each range (Eq. 7.8). */
export function layerConcentration(vector: Float64Array, ranges: readonly Range[]): Float64Array {
  const share = ({ offset, size }: Range): number => {
    let sum = 0
    for (let i = offset; i < offset + size; i++) sum += vector[i] * vector[i]
    return sum
  }
  const total = share({ offset: 0, size: vector.length })
  return Float64Array.from(ranges, (range) => share(range) / total)
}
