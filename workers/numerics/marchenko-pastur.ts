/**
 * Marchenko–Pastur law for the singular values of a random matrix (Marchenko and Pastur 1967; thesis Eq. 4.2 after
 * the change of variable λ = ν²/N).
 *
 * For independent entries of standard deviation s in an M × N matrix, M ≤ N,
 * ρ(ν) = √((ν₊² − ν²)(ν² − ν₋²)) / (π s² M ν) on ν₋ ≤ ν ≤ ν₊, with ν± = s (√N ± √M). It integrates to one over
 * the M singular values; a matrix with more rows than columns follows the law of its transpose.
 */

export interface MarchenkoPasturEdges {
  /** ν₋. */
  readonly lower: number
  /** ν₊: singular values above it are outliers. */
  readonly upper: number
}

/** Where the standard deviation comes from. `entries` measures it and so includes the outliers' own share. */
export type DeviationSource = { readonly kind: 'initialiser'; readonly sd: number } | { readonly kind: 'entries' }

/** Ends of the bulk for entries of standard deviation `sd`. */
export function marchenkoPasturEdges(rows: number, columns: number, sd: number): MarchenkoPasturEdges {
  const [short, long] = checkedSides(rows, columns, sd)
  return Object.freeze({ lower: sd * (Math.sqrt(long) - Math.sqrt(short)), upper: sd * (Math.sqrt(long) + Math.sqrt(short)) })
}

/** ν₊ = s (√rows + √columns). */
export function marchenkoPasturEdge(rows: number, columns: number, sd: number): number {
  return marchenkoPasturEdges(rows, columns, sd).upper
}

/** ρ(ν); zero outside the bulk. */
export function marchenkoPasturDensity(nu: number, rows: number, columns: number, sd: number): number {
  const { lower, upper } = marchenkoPasturEdges(rows, columns, sd)
  const inside = (upper - nu) * (upper + nu) * (nu - lower) * (nu + lower)
  // A square matrix has ν₋ = 0, where the density has the finite limit ν₊ / (π s² M).
  if (nu === 0 && lower === 0) return upper / (Math.PI * sd * sd * Math.min(rows, columns))
  if (!(nu > lower && nu < upper)) return 0
  return Math.sqrt(inside) / (Math.PI * sd * sd * Math.min(rows, columns) * nu)
}

/** Number of singular values strictly above the edge. */
export function countOutliers(singularValues: ArrayLike<number>, edge: number): number {
  if (Number.isNaN(edge)) throw new RangeError('marchenkoPastur: the edge is NaN; give a number')
  return Array.from(singularValues).filter((value) => value > edge).length
}

/** Standard deviation of the entries of a kernel, as asked for. */
export function entryDeviation(kernel: Float64Array, source: DeviationSource): number {
  if (source.kind === 'initialiser') return source.sd
  if (kernel.length === 0) throw new RangeError('marchenkoPastur: a kernel without entries has no standard deviation')
  const mean = kernel.reduce((sum, value) => sum + value, 0) / kernel.length
  return Math.sqrt(kernel.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / kernel.length)
}

function checkedSides(rows: number, columns: number, sd: number): [number, number] {
  if (!(Number.isInteger(rows) && Number.isInteger(columns) && rows > 0 && columns > 0)) {
    throw new RangeError(`marchenkoPastur: ${rows} x ${columns} is not a matrix; give whole sides from 1 on`)
  }
  if (!(sd > 0 && sd < Infinity)) throw new RangeError(`marchenkoPastur: sd=${sd} is not a finite number above 0`)
  return rows < columns ? [rows, columns] : [columns, rows]
}
