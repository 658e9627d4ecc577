/**
 * The vector operations that the iterative methods need, over any storage of vectors.
 *
 * `B` below is a tall and skinny matrix whose columns are the vectors of a basis, [n, m] with m ≪ n.
 */
import type { Random } from './random.ts'

export interface VectorSpace<V> {
  zeros(n: number): V
  copy(x: V): V
  fromArray(values: ArrayLike<number>): V
  toArray(x: V): Float64Array
  dot(x: V, y: V): number
  /** ‖x‖, without overflow or underflow on the way. */
  norm(x: V): number
  /** y ← alpha x + y. */
  axpy(alpha: number, x: V, y: V): void
  /** x ← alpha x. */
  scale(alpha: number, x: V): void
  /** (n) independent standard normal entries. */
  random(n: number, random: Random): V
  /** Bᵀ y, (m). */
  coefficients(basis: readonly V[], y: V): Float64Array
  /** y ← y + sign · B c. */
  addCombination(basis: readonly V[], c: Float64Array, y: V, sign: 1 | -1): void
  /** One classical Gram–Schmidt pass: c = Bᵀ y, then y ← y − B c. Returns c, (m). */
  projectOut(basis: readonly V[], y: V): Float64Array
}

/** Vectors joined in one pass over y: four streams of loads keep y in registers and in cache. */
const GROUP = 4
/** Squares of numbers in this range neither overflow nor lose bits when summed. */
const SAFE_SQUARE_MIN = 1e-280
const SAFE_SQUARE_MAX = 1e300

export const float64Space: VectorSpace<Float64Array> = Object.freeze({
  zeros: (n: number) => new Float64Array(n),
  copy: (x: Float64Array) => x.slice(),
  fromArray: (values: ArrayLike<number>) => Float64Array.from(values),
  toArray: (x: Float64Array) => x.slice(),
  dot,
  norm,
  axpy,
  scale(alpha: number, x: Float64Array) {
    for (let i = 0; i < x.length; i++) x[i] *= alpha
  },
  random(n: number, random: Random) {
    const x = new Float64Array(n)
    for (let i = 0; i < n; i++) x[i] = random.normal()
    return x
  },
  coefficients,
  addCombination,
  projectOut(basis: readonly Float64Array[], y: Float64Array) {
    const c = coefficients(basis, y)
    addCombination(basis, c, y, -1)
    return c
  },
})

/** x · y in four interleaved partial sums, always in the same order. */
export function dot(x: Float64Array, y: Float64Array): number {
  const n = x.length
  const whole = n - (n % 4)
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  for (let i = 0; i < whole; i += 4) {
    a += x[i] * y[i]
    b += x[i + 1] * y[i + 1]
    c += x[i + 2] * y[i + 2]
    d += x[i + 3] * y[i + 3]
  }
  for (let i = whole; i < n; i++) a += x[i] * y[i]
  return a + b + (c + d)
}

function norm(x: Float64Array): number {
  return normOf(dot(x, x), () => x)
}

/** ‖x‖ from x · x, and from the entries themselves where that has overflowed or lost bits. */
export function normOf(square: number, entries: () => Float64Array): number {
  return square > SAFE_SQUARE_MIN && square < SAFE_SQUARE_MAX ? Math.sqrt(square) : scaledNorm(entries())
}

function scaledNorm(x: Float64Array): number {
  let largest = 0
  for (const value of x) largest = Math.max(largest, Math.abs(value))
  if (largest === 0 || !Number.isFinite(largest)) return largest
  let square = 0
  for (const value of x) square += (value / largest) * (value / largest)
  return largest * Math.sqrt(square)
}

function axpy(alpha: number, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i] += alpha * x[i]
}

function coefficients(basis: readonly Float64Array[], y: Float64Array): Float64Array {
  const c = new Float64Array(basis.length)
  const grouped = basis.length - (basis.length % GROUP)
  for (let j = 0; j < grouped; j += GROUP) fourDots(basis, j, y, c)
  for (let j = grouped; j < basis.length; j++) c[j] = dot(basis[j], y)
  return c
}

function fourDots(basis: readonly Float64Array[], first: number, y: Float64Array, c: Float64Array): void {
  const [p, q, r, s] = fourFrom(basis, first)
  let a = 0
  let b = 0
  let d = 0
  let e = 0
  for (let i = 0; i < y.length; i++) {
    const value = y[i]
    a += p[i] * value
    b += q[i] * value
    d += r[i] * value
    e += s[i] * value
  }
  c[first] = a
  c[first + 1] = b
  c[first + 2] = d
  c[first + 3] = e
}

function addCombination(basis: readonly Float64Array[], c: Float64Array, y: Float64Array, sign: 1 | -1): void {
  const grouped = basis.length - (basis.length % GROUP)
  for (let j = 0; j < grouped; j += GROUP) addFour(basis, j, c, y, sign)
  for (let j = grouped; j < basis.length; j++) axpy(sign * c[j], basis[j], y)
}

function addFour(basis: readonly Float64Array[], first: number, c: Float64Array, y: Float64Array, sign: number): void {
  const [p, q, r, s] = fourFrom(basis, first)
  const a = sign * c[first]
  const b = sign * c[first + 1]
  const d = sign * c[first + 2]
  const e = sign * c[first + 3]
  for (let i = 0; i < y.length; i++) y[i] += a * p[i] + b * q[i] + (d * r[i] + e * s[i])
}

function fourFrom<V>(basis: readonly V[], first: number): [V, V, V, V] {
  return [basis[first], basis[first + 1], basis[first + 2], basis[first + 3]]
}
