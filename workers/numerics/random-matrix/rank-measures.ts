/** Single numbers that say how far a kernel is from a random matrix, from its singular values. */

export interface RankMeasures {
  /** ν₁. */
  readonly spectralNorm: number
  /** ‖W‖²_F/ν₁², between 1 and the rank. */
  readonly stableRank: number
  /** ν₊²/ν₁² (Martin and Mahoney 2021): about one for a random matrix, small where values lie far outside the bulk. */
  readonly marchenkoPasturSoftRank: number
}

/** @param edge ν₊, the end of the bulk. Throws for a matrix of zeros. */
export function rankMeasures(singularValues: ArrayLike<number>, edge: number): RankMeasures {
  if (!(edge >= 0 && edge < Infinity)) throw new RangeError(`rankMeasures: edge=${edge} is not a finite number from 0 on`)
  let largest = 0
  for (let i = 0; i < singularValues.length; i++) {
    const value = singularValues[i]
    if (!(value >= 0 && value < Infinity)) throw new RangeError(`rankMeasures: singular value ${i} is ${value}; give finite values from 0 on`)
    largest = Math.max(largest, value)
  }
  if (largest === 0) throw new RangeError('rankMeasures: no singular value lies above zero; give a matrix whose entries are not all zero')
  const relative = Array.from(singularValues, (value) => value / largest)
  return Object.freeze({
    spectralNorm: largest,
    stableRank: relative.reduce((sum, value) => sum + value * value, 0),
    marchenkoPasturSoftRank: (edge / largest) * (edge / largest),
  })
}
