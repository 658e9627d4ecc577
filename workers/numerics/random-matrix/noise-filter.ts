/** A kernel with the noise taken out of its singular values: removed, shrunk, or cut at the edge of the bulk. */
import type { Svd } from '../svd.ts'

/**
 * Sets the smallest singular values to zero.
 *
 * @param singularValues (r) descending
 * @param share of them, in [0, 1]; the number removed is share · r, rounded
 */
export function removeSmallest(singularValues: Float64Array, share: number): Float64Array {
  checkDescending(singularValues)
  if (!(share >= 0 && share <= 1)) throw new RangeError(`removeSmallest: share=${share} is not in [0, 1]`)
  const kept = singularValues.length - Math.round(share * singularValues.length)
  return singularValues.map((value, i) => (i < kept ? value : 0))
}

/**
 * Optimal shrinkage for the Frobenius norm (Gavish and Donoho 2017, Eq. 7): ν ↦ s√N √((y² − β − 1)² − 4β)/y with
 * y = ν/(s√N), β = M/N ≤ 1; zero up to the edge y = 1 + √β. Restores what a low-rank matrix had before noise of deviation s.
 *
 * @param singularValues (min side) of a rows × columns matrix
 * @param sd s, standard deviation of the noise in each entry
 */
export function shrinkOptimally(singularValues: Float64Array, rows: number, columns: number, sd: number): Float64Array {
  checkDescending(singularValues)
  if (singularValues.length !== Math.min(rows, columns)) {
    throw new RangeError(`shrinkOptimally: ${singularValues.length} singular values; a ${rows} x ${columns} matrix has ${Math.min(rows, columns)}`)
  }
  if (!(sd > 0 && sd < Infinity)) throw new RangeError(`shrinkOptimally: sd=${sd} is not a finite number above 0`)
  const unit = sd * Math.sqrt(Math.max(rows, columns))
  const root = Math.sqrt(Math.min(rows, columns) / Math.max(rows, columns))
  return singularValues.map((value) => {
    const y = value / unit
    // (y² − β − 1)² − 4β = (y² − (1 + √β)²)(y² − (1 − √β)²); divided by y² before large values could overflow.
    if (!(y > 1 + root)) return 0
    const [upper, lower] = [(1 + root) / y, (1 - root) / y]
    return value * Math.sqrt((1 - upper * upper) * (1 - lower * lower))
  })
}

/** max(ν − threshold, 0). */
export function softThreshold(singularValues: Float64Array, threshold: number): Float64Array {
  checkDescending(singularValues)
  if (!(threshold >= 0 && threshold < Infinity)) throw new RangeError(`softThreshold: threshold=${threshold} is not a finite number from 0 on`)
  return singularValues.map((value) => Math.max(0, value - threshold))
}

/**
 * U diag(ν) Vᵀ, [rows, columns], with other singular values than the decomposition found.
 *
 * @param singularValues (rank)
 */
export function rebuild({ left, right, rank }: Svd, singularValues: Float64Array): Float64Array {
  if (singularValues.length !== rank) throw new RangeError(`rebuild: ${singularValues.length} singular values for a decomposition of ${rank}`)
  const [rows, columns] = [left.length / rank, right.length / rank]
  const matrix = new Float64Array(rows * columns)
  const used = Array.from(singularValues.keys()).filter((k) => singularValues[k] !== 0)
  // Rows of Vᵀ, so that the inner loop runs along memory.
  const rightRows = used.map((k) => Float64Array.from({ length: columns }, (_, j) => right[j * rank + k]))
  for (let i = 0; i < rows; i++) {
    const row = matrix.subarray(i * columns, (i + 1) * columns)
    used.forEach((k, at) => {
      const factor = left[i * rank + k] * singularValues[k]
      const vector = rightRows[at]
      for (let j = 0; j < columns; j++) row[j] += factor * vector[j]
    })
  }
  return matrix
}

function checkDescending(singularValues: Float64Array): void {
  singularValues.forEach((value, i) => {
    if (!(value >= 0 && value < Infinity)) throw new RangeError(`noise filter: singular value ${i} is ${value}; give finite values from 0 on`)
    if (i > 0 && value > singularValues[i - 1]) throw new RangeError(`noise filter: singular value ${i} is above the one before; sort descending`)
  })
}
