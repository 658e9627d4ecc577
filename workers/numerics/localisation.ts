/** Where the mass of a unit vector lies. */

/** Places from `start` up to but not including `end`. */
export interface EntryRange {
  readonly start: number
  readonly end: number
}

/** Inverse participation ratio Σⱼ hⱼ⁴ of a unit vector: 1/n when spread evenly, 3/n when random, 1 on one entry. */
export function inverseParticipationRatio(vector: Float64Array): number {
  let sum = 0
  for (const entry of vector) sum += entry * entry * (entry * entry)
  return sum
}

/** ‖h‖² within each range (thesis Eq. 7.8), (ranges); the parts of a unit vector over disjoint ranges sum to one. */
export function layerConcentration(vector: Float64Array, ranges: readonly EntryRange[]): Float64Array {
  return Float64Array.from(ranges, ({ start, end }) => {
    if (!(start >= 0 && start <= end && end <= vector.length)) {
      throw new RangeError(`layerConcentration: range ${start} to ${end} leaves a vector of length ${vector.length}`)
    }
    let sum = 0
    for (let j = start; j < end; j++) sum += vector[j] * vector[j]
    return sum
  })
}
