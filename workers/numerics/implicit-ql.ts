/**
 * Implicit QL iteration for a symmetric tridiagonal matrix (Dubrulle, Martin and Wilkinson 1968).
 * The plane rotations are collected and applied to the rows of the vectors in column panels, so that a
 * panel stays in cache while many rotations pass over it.
 */
import type { Tridiagonal } from './householder-tridiagonal.ts'

/** More than about 2 sweeps per eigenvalue is rare; at 50 something is wrong with the input. */
export const MAX_SWEEPS = 50
/**
 * Sweeps after which a coupling at the rounding level of the whole matrix counts as zero. Before that the
 * test is relative to the neighbouring entries, which keeps small eigenvalues of graded matrices accurate;
 * where rounding noise has filled them it would never be met.
 */
const PATIENT_SWEEPS = 10
const EPSILON = 2 ** -52
const PANEL_COLUMNS = 64
const PENDING_ROTATIONS = 16384

/** Row-wise vectors that follow the rotations of an eigenvalue iteration. */
export interface FollowingRows {
  /** [n, columns]: becomes Zᵀ · rows, where Z holds the eigenvectors of T as columns. */
  readonly values: Float64Array
  readonly columns: number
}

/**
 * Replaces `diagonal` by the eigenvalues of T, unsorted, and destroys `offDiagonal`.
 * Throws, naming the eigenvalue, when one has not settled after MAX_SWEEPS sweeps.
 */
export function implicitQl({ diagonal: d, offDiagonal: e }: Tridiagonal, following: FollowingRows): void {
  const n = d.length
  const rotations = new PendingRotations(following)
  const rounding = EPSILON * tridiagonalSize(d, e)
  for (let l = 0; l < n; l++) {
    for (let sweeps = 0; ; sweeps++) {
      const m = blockEnd(d, e, l, sweeps < PATIENT_SWEEPS ? EPSILON * rounding : rounding)
      if (m === l) break
      if (sweeps === MAX_SWEEPS) {
        throw new Error(`symmetricEigen: eigenvalue ${l} of ${n} did not settle in ${MAX_SWEEPS} sweeps; check the matrix`)
      }
      sweep(d, e, l, m, rotations)
    }
  }
  rotations.flush()
}

function tridiagonalSize(d: Float64Array, e: Float64Array): number {
  let size = 0
  for (let i = 0; i < d.length; i++) size = Math.max(size, Math.abs(d[i]) + Math.abs(e[i]))
  return size
}

/** Last index of the unreduced block that starts at l. */
function blockEnd(d: Float64Array, e: Float64Array, l: number, negligible: number): number {
  let m = l
  while (m < d.length - 1) {
    const coupling = Math.abs(e[m])
    if (coupling <= EPSILON * (Math.abs(d[m]) + Math.abs(d[m + 1])) || coupling <= negligible) break
    m++
  }
  return m
}

/** One QL sweep with Wilkinson's shift over the block l … m. */
function sweep(d: Float64Array, e: Float64Array, l: number, m: number, rotations: PendingRotations): void {
  const half = (d[l + 1] - d[l]) / (2 * e[l])
  const root = hypotenuse(half, 1)
  let g = d[m] - d[l] + e[l] / (half + (half < 0 ? -root : root))
  let sine = 1
  let cosine = 1
  let shift = 0
  for (let i = m - 1; i >= l; i--) {
    const f = sine * e[i]
    const b = cosine * e[i]
    const r = hypotenuse(f, g)
    e[i + 1] = r
    if (r === 0) {
      d[i + 1] -= shift
      e[m] = 0
      return
    }
    sine = f / r
    cosine = g / r
    const base = d[i + 1] - shift
    const spread = (d[i] - base) * sine + 2 * cosine * b
    shift = sine * spread
    d[i + 1] = base + shift
    g = cosine * spread - b
    rotations.add(i, cosine, sine)
  }
  d[l] -= shift
  e[l] = g
  e[m] = 0
}

/** √(a² + b²) without overflow, from exactly rounded operations only. */
function hypotenuse(a: number, b: number): number {
  const p = Math.abs(a)
  const q = Math.abs(b)
  const large = p > q ? p : q
  if (large === 0) return 0
  const ratio = (p > q ? q : p) / large
  return large * Math.sqrt(1 + ratio * ratio)
}

class PendingRotations {
  readonly #target: FollowingRows
  readonly #rows = new Int32Array(PENDING_ROTATIONS)
  readonly #cosines = new Float64Array(PENDING_ROTATIONS)
  readonly #sines = new Float64Array(PENDING_ROTATIONS)
  #count = 0

  constructor(target: FollowingRows) {
    this.#target = target
  }

  /** Rotates rows i and i + 1 of the target, now or later but in order. */
  add(i: number, cosine: number, sine: number): void {
    if (this.#target.columns === 0) return
    if (this.#count === PENDING_ROTATIONS) this.flush()
    this.#rows[this.#count] = i
    this.#cosines[this.#count] = cosine
    this.#sines[this.#count] = sine
    this.#count++
  }

  flush(): void {
    const { columns } = this.#target
    for (let start = 0; start < columns; start += PANEL_COLUMNS) {
      this.#rotatePanel(start, Math.min(columns, start + PANEL_COLUMNS))
    }
    this.#count = 0
  }

  #rotatePanel(start: number, end: number): void {
    const { values, columns } = this.#target
    for (let step = 0; step < this.#count; step++) {
      const upper = this.#rows[step] * columns
      rotate(values, upper + start, upper + columns + start, end - start, this.#cosines[step], this.#sines[step])
    }
  }
}

function rotate(values: Float64Array, upper: number, lower: number, length: number, cosine: number, sine: number): void {
  for (let k = 0; k < length; k++) {
    const a = values[upper + k]
    const b = values[lower + k]
    values[lower + k] = sine * a + cosine * b
    values[upper + k] = cosine * a - sine * b
  }
}
