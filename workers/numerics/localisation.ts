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

/** Mean and standard deviation of the inverse participation ratio of random unit vectors. */
export interface RandomParticipation {
  /** 3/(n + 2), close to 3/n. */
  readonly mean: number
  readonly deviation: number
}

/** Inverse participation ratio of a uniformly random unit vector in n dimensions, from its moments of order 4 and 8; exact. */
export function randomParticipation(n: number): RandomParticipation {
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`randomParticipation: n=${n} is not a whole number from 1 on`)
  // E Σⱼₖ hⱼ⁴hₖ⁴ = (105 + 9(n − 1))/((n + 2)(n + 4)(n + 6)); minus the squared mean, over one denominator.
  const variance = (24 * (n - 1)) / ((n + 2) * (n + 2) * (n + 4) * (n + 6))
  return Object.freeze({ mean: 3 / (n + 2), deviation: Math.sqrt(variance) })
}
