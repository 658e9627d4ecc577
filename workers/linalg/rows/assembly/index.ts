/**
 * Sums over rows of float64 numbers, in the order of `float64Space` in numerics: rows in fours from the first on, what is
 * left over one by one. A list holds the addresses of `count` rows. Rows are swept in stretches that stay in cache, with
 * the sums carried from one to the next.
 */
import { eightDots, fourDots, partialDot, wholeDot } from './dots'
import { addEight, addFour, addOne } from './sums'

/** Entries of a sweep that reads rows once: y stays in cache, and eight rows at a time are read far enough to be fetched ahead. */
const SWEEP: u32 = 16384
/** Partial sums of the rows left over. */
const PARTIAL_BYTES: usize = 96
const partial = memory.data(96, 16)

/** sums ← rows · y. */
export function coefficients(list: usize, count: u32, y: usize, n: u32, sums: usize): void {
  clear(sums, count)
  for (let start: u32 = 0; start < n; start += SWEEP) take(list, count, y, start, min(SWEEP, n - start), sums)
  finish(list, count, y, n, sums)
}

/** y ← y + sign · rowsᵀ c, where `offset` is how far into the rows the bytes of y begin. */
export function combine(list: usize, count: u32, offset: usize, y: usize, length: u32, c: usize, sign: f64): void {
  for (let start: u32 = 0; start < length; start += SWEEP) {
    const at = <usize>start << 3
    add(list, count, offset + at, y + at, min(SWEEP, length - start), c, sign)
  }
}

/** x · x. */
export function square(x: usize, n: u32): f64 {
  memory.fill(partial, 0, 32)
  partialDot(x, x, n, partial)
  return wholeDot(partial, x, x, n)
}

/** x ← alpha x. */
export function scale(x: usize, n: u32, alpha: f64): void {
  const factor = f64x2.splat(alpha)
  const whole = x + (<usize>(n & ~1) << 3)
  for (; x < whole; x += 16) v128.store(x, f64x2.mul(v128.load(x), factor))
  if (n & 1) store<f64>(x, load<f64>(x) * alpha)
}

function clear(sums: usize, count: u32): void {
  memory.fill(sums, 0, <usize>count << 3)
  memory.fill(partial, 0, PARTIAL_BYTES)
}

/** Adds what a stretch gives to the sums. */
function take(list: usize, count: u32, y: usize, start: u32, length: u32, sums: usize): void {
  const offset = <usize>start << 3
  const grouped = count & ~3
  let j: u32 = 0
  for (; j + 8 <= grouped; j += 8) eightDots(list + (j << 2), offset, y + offset, length, sums + (j << 3))
  if (j < grouped) fourDots(list + (j << 2), offset, y + offset, length, sums + (j << 3))
  for (j = grouped; j < count; j++) partialDot(load<u32>(list + (j << 2)) + offset, y + offset, length, partial + ((j - grouped) << 5))
}

/** Puts the partial sums of the rows left over together. */
function finish(list: usize, count: u32, y: usize, n: u32, sums: usize): void {
  const grouped = count & ~3
  for (let j = grouped; j < count; j++) store<f64>(sums + (j << 3), wholeDot(partial + ((j - grouped) << 5), load<u32>(list + (j << 2)), y, n))
}

function add(list: usize, count: u32, offset: usize, y: usize, length: u32, c: usize, sign: f64): void {
  const grouped = count & ~3
  let j: u32 = 0
  for (; j + 8 <= grouped; j += 8) addEight(list + (j << 2), offset, y, length, c + (j << 3), sign)
  if (j < grouped) addFour(list + (j << 2), offset, y, length, c + (j << 3), sign)
  for (j = grouped; j < count; j++) addOne(load<u32>(list + (j << 2)) + offset, y, length, sign * load<f64>(c + (j << 3)))
}
