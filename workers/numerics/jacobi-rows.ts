/** One-sided Jacobi: rotates the rows of a square matrix until they are orthogonal. */
import { dot, float64Space as space } from './vector-space.ts'

/** Sweeps over all pairs of rows; 6 to 12 are usual. */
const MAX_SWEEPS = 60
/** Cosine between two rows at the rounding level of a dot product. */
const EPSILON = 2 ** -52
/**
 * Rows shorter than this part of the longest count as zero: exact dependence shrinks them by 10⁻¹⁶ in every
 * sweep, down to where their squares would underflow.
 */
const NULL_LENGTH = 1e-140

export interface OrthogonalRows {
  /** (n) lengths of the rotated rows, descending. */
  readonly lengths: Float64Array
  /** [n, n] rotated rows divided by their lengths; rows of length zero are completed to an orthonormal set. */
  readonly directions: Float64Array
  /** J, [n, n] orthogonal: J · matrix = diag(lengths) · directions. */
  readonly rotation: Float64Array
  readonly sweeps: number
  /** False when pairs were still turning after the last sweep. */
  readonly settled: boolean
}

/** `matrix` is [n, n], row-major, with entries of the order of one at most. */
export function jacobiRows(matrix: Float64Array, n: number): OrthogonalRows {
  const rows = splitRows(matrix.slice(), n)
  const turns = splitRows(identity(n), n)
  let sweeps = 0
  let settled = n < 2
  while (!settled && sweeps < MAX_SWEEPS) {
    sortByLength(rows, turns)
    const active = rows.filter((row) => space.norm(row) > NULL_LENGTH * space.norm(rows[0])) // sorted, so a prefix
    settled = sweep(active, turns, EPSILON * Math.sqrt(n)) === 0
    sweeps++
  }
  sortByLength(rows, turns)
  const lengths = Float64Array.from(rows, (row) => space.norm(row))
  return { lengths, directions: normalisedRows(rows, lengths), rotation: joinRows(turns), sweeps, settled }
}

/** Rotates every pair of rows once; returns how many pairs were not orthogonal. */
function sweep(rows: readonly Float64Array[], turns: readonly Float64Array[], tolerance: number): number {
  let turned = 0
  for (let i = 0; i < rows.length - 1; i++) {
    for (let j = i + 1; j < rows.length; j++) {
      const alpha = dot(rows[i], rows[i])
      const beta = dot(rows[j], rows[j])
      const gamma = dot(rows[i], rows[j])
      if (Math.abs(gamma) <= tolerance * Math.sqrt(alpha) * Math.sqrt(beta)) continue
      const zeta = (beta - alpha) / (2 * gamma)
      const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta))
      const cosine = 1 / Math.sqrt(1 + tangent * tangent)
      rotate(rows[i], rows[j], cosine, cosine * tangent)
      rotate(turns[i], turns[j], cosine, cosine * tangent)
      turned++
    }
  }
  return turned
}

function rotate(x: Float64Array, y: Float64Array, cosine: number, sine: number): void {
  for (let k = 0; k < x.length; k++) {
    const a = x[k]
    const b = y[k]
    x[k] = cosine * a - sine * b
    y[k] = sine * a + cosine * b
  }
}

/** Longest first: speeds convergence up and gives the order of the result (de Rijk 1989). */
function sortByLength(rows: Float64Array[], turns: Float64Array[]): void {
  const order = rows.map((row, index) => ({ row, turn: turns[index], length: space.norm(row), index }))
  order.sort((a, b) => b.length - a.length || a.index - b.index)
  order.forEach(({ row, turn }, place) => {
    rows[place] = row
    turns[place] = turn
  })
}

function normalisedRows(rows: readonly Float64Array[], lengths: Float64Array): Float64Array {
  const floor = NULL_LENGTH * (lengths[0] ?? 0)
  const unit: Float64Array[] = []
  rows.forEach((row, i) => {
    unit.push(lengths[i] > floor ? row.map((value) => value / lengths[i]) : completion(unit, row.length))
  })
  return joinRows(unit)
}

/** A unit vector orthogonal to the given ones, grown from the axis that they cover least. */
function completion(unit: readonly Float64Array[], n: number): Float64Array {
  const cover = new Float64Array(n)
  for (const row of unit) row.forEach((value, k) => (cover[k] += value * value))
  const x = new Float64Array(n)
  x[cover.indexOf(Math.min(...cover))] = 1
  space.projectOut(unit, x)
  space.projectOut(unit, x)
  space.scale(1 / space.norm(x), x)
  return x
}

function identity(n: number): Float64Array {
  const matrix = new Float64Array(n * n)
  for (let i = 0; i < n; i++) matrix[i * n + i] = 1
  return matrix
}

function splitRows(matrix: Float64Array, n: number): Float64Array[] {
  return Array.from({ length: n }, (_, i) => matrix.subarray(i * n, (i + 1) * n))
}

function joinRows(rows: readonly Float64Array[]): Float64Array {
  const n = rows.length
  const joined = new Float64Array(n * n)
  rows.forEach((row, i) => joined.set(row, i * n))
  return joined
}
