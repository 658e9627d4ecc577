/** Half width, in columns, of the band that counts as the diagonal. */
const BAND = 2

/** What |a·b| of two independent random unit vectors in n dimensions looks like (large n). */
export interface NullOverlap {
  readonly rootMeanSquare: number
  readonly mean: number
  /** 95 % of random overlaps lie below. */
  readonly quantile95: number
}

/** a·b is close to normal with variance 1/n: mean √(2/πn), two-sided 95 % quantile 1.96/√n. */
export function nullOverlap(dimension: number): NullOverlap {
  const rootMeanSquare = 1 / Math.sqrt(dimension)
  return { rootMeanSquare, mean: Math.sqrt(2 / Math.PI) * rootMeanSquare, quantile95: 1.959963984540054 * rootMeanSquare }
}

/** |aᵢ·bⱼ| of rows a [p, n] and b [q, n]: [p, q]. */
export function overlapMatrix(a: Float64Array, b: Float64Array, dimension: number): Float64Array {
  const [rows, cols] = [a.length / dimension, b.length / dimension]
  const values = new Float64Array(rows * cols)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      let sum = 0
      for (let k = 0; k < dimension; k++) sum += a[i * dimension + k] * b[j * dimension + k]
      values[i * cols + j] = Math.abs(sum)
    }
  }
  return values
}

/**
 * How much an overlap matrix [rows, cols] is concentrated on its diagonal: the mean of the entries within two columns
 * of j = i, over the mean of all. 1 where nothing is special about the diagonal.
 */
export function diagonalSharpness(values: Float32Array | Float64Array, rows: number, cols: number): number {
  let [near, nearCount, all] = [0, 0, 0]
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const value = values[i * cols + j]
      all += value
      if (Math.abs(i - j) > BAND) continue
      near += value
      nearCount++
    }
  }
  return all === 0 || nearCount === 0 ? 1 : near / nearCount / (all / (rows * cols))
}
