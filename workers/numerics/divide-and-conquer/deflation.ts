/** Deflation of a rank-one update (Dongarra and Sorensen 1987): what the coupling does not change is set aside. */

/** Halves of the block in which a vector has entries. */
export const TOP = 1
export const BOTTOM = 2
const BOTH = TOP | BOTTOM

/** Two solved halves and their coupling: diag(d) + ρ z zᵀ in the basis of the rows of `q`. */
export interface CoupledHalves {
  /** Row r of the block lies at start + r · stride; entries of the other half are zero. */
  readonly q: Float64Array
  readonly start: number
  readonly stride: number
  /** Sizes of the halves: rows 0 … top − 1 have entries in columns 0 … top − 1, the rest in the rest. */
  readonly top: number
  readonly size: number
  /** (size) eigenvalue of each row; changed where rows are rotated. */
  readonly d: Float64Array
  /** (size) last entries of the upper rows, first entries of the lower ones, times the sign of the coupling; changed. */
  readonly z: Float64Array
  /** (size) rows by ascending d. */
  readonly order: Int32Array
  readonly rho: number
}

export interface Deflation {
  /** Rows that the update changes, by ascending d. */
  readonly kept: Int32Array
  /** The others: d and row are already an eigenpair. */
  readonly deflated: Int32Array
  /** (size) TOP, BOTTOM or both, by row. */
  readonly halves: Uint8Array
}

/**
 * Sets rows aside whose ρ |z| is within `tolerance`, or whose neighbour is so close that a rotation of the two, which
 * makes one z zero, changes the matrix by no more than that.
 */
export function deflate(block: CoupledHalves, tolerance: number): Deflation {
  const { size, top, z, order, rho } = block
  const halves = new Uint8Array(size).fill(BOTTOM).fill(TOP, 0, top)
  const kept = new Int32Array(size)
  const deflated = new Int32Array(size)
  let [keptCount, deflatedCount] = [0, 0]
  let previous = -1
  for (const row of order) {
    if (rho * Math.abs(z[row]) <= tolerance) {
      deflated[deflatedCount++] = row
      continue
    }
    if (previous >= 0) {
      if (rotateTogether(block, halves, previous, row, tolerance)) deflated[deflatedCount++] = previous
      else kept[keptCount++] = previous
    }
    previous = row
  }
  if (previous >= 0) kept[keptCount++] = previous
  return { kept: kept.subarray(0, keptCount), deflated: deflated.subarray(0, deflatedCount), halves }
}

/** Moves the whole coupling of two neighbours to `row`; false, and nothing done, where they are too far apart. */
function rotateTogether(block: CoupledHalves, halves: Uint8Array, previous: number, row: number, tolerance: number): boolean {
  const { d, z } = block
  const length = Math.sqrt(z[previous] * z[previous] + z[row] * z[row])
  const cosine = z[row] / length
  const sine = z[previous] / length
  if (Math.abs((d[row] - d[previous]) * cosine * sine) > tolerance) return false
  z[row] = length
  z[previous] = 0
  const [smaller, larger] = [d[previous], d[row]]
  d[previous] = smaller * cosine * cosine + larger * sine * sine
  d[row] = smaller * sine * sine + larger * cosine * cosine
  halves[row] |= halves[previous]
  halves[previous] = halves[row]
  rotateRows(block, halves[row], previous, row, cosine, sine)
  return true
}

function rotateRows({ q, start, stride, top, size }: CoupledHalves, halves: number, previous: number, row: number, cosine: number, sine: number): void {
  const from = (halves & TOP) === 0 ? top : 0
  const end = (halves & BOTTOM) === 0 ? top : size
  const [left, right] = [start + previous * stride, start + row * stride]
  for (let i = from; i < end; i++) {
    const [a, b] = [q[left + i], q[right + i]]
    q[left + i] = cosine * a - sine * b
    q[right + i] = sine * a + cosine * b
  }
}

/** Kept rows sorted into those with entries above only, in both halves, below only; ascending within each. */
export function byHalves({ kept, halves }: Deflation): { readonly rows: Int32Array; readonly above: number; readonly both: number } {
  const positions = Int32Array.from(kept, (_, at) => at)
  const only = (wanted: number): Int32Array => positions.filter((at) => halves[kept[at]] === wanted)
  const [above, both, below] = [only(TOP), only(BOTH), only(BOTTOM)]
  const rows = new Int32Array(kept.length)
  rows.set(above)
  rows.set(both, above.length)
  rows.set(below, above.length + both.length)
  return { rows, above: above.length, both: both.length }
}
