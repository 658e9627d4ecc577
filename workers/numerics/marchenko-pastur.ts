/**
 * Marchenko–Pastur law of the singular values of a rows × cols matrix with independent entries of standard deviation
 * s. Corrected form of Eq. 4.2: with N = max, M = min of the sides,
 * ρ(ν) = √((ν₊² − ν²)(ν² − ν₋²)) / (π s² M ν) between the edges ν∓ = s(√N ∓ √M).
 */

export interface SingularEdges {
  readonly lower: number
  readonly upper: number
}

/** Edges of the bulk. `deviation` is the standard deviation s of the entries. */
export function marchenkoPasturEdges(rows: number, cols: number, deviation: number): SingularEdges {
  const [long, short] = [Math.sqrt(Math.max(rows, cols)), Math.sqrt(Math.min(rows, cols))]
  return { lower: deviation * (long - short), upper: deviation * (long + short) }
}

/** Density at ν, integrating to one; 0 outside the bulk. */
export function marchenkoPasturDensity(singularValue: number, rows: number, cols: number, deviation: number): number {
  const { lower, upper } = marchenkoPasturEdges(rows, cols, deviation)
  if (singularValue <= lower || singularValue >= upper) return 0
  const square = singularValue * singularValue
  return Math.sqrt((upper * upper - square) * (square - lower * lower)) / (Math.PI * deviation * deviation * Math.min(rows, cols) * singularValue)
}

/** Singular values above the upper edge. */
export function countOutliers(singularValues: Float64Array, upperEdge: number): number {
  return singularValues.reduce((count, value) => count + (value > upperEdge ? 1 : 0), 0)
}

/** Root mean square distance of the entries from their mean (ddof 0). */
export function entryDeviation(entries: Float64Array): number {
  const mean = entries.reduce((sum, value) => sum + value, 0) / entries.length
  return Math.sqrt(entries.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / entries.length)
}
