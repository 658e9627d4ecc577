/**
 * Sums over rows of float64 numbers, in the order of `float64Space` in numerics: rows in fours from the first on, what is
 * left over one by one. A list holds the addresses of `count` rows. Rows are swept in stretches that stay in cache, with
 * the sums carried from one to the next.
 */
import { eightDots, fourDots, partialDot, wholeDot } from './dots'
import { addEight, addFour, addOne } from './sums'

/** Entries of a sweep that reads rows once: y stays in cache, and eight rows at a time are read far enough to be fetched ahead. */
const SWEEP: u32 = 16384
/** Bytes that the rows of a stretch have together where they are read twice: the second reading comes from cache. */
const STRETCH_BYTES: u32 = 1048576
/** Fewest entries of a stretch. Like all cuts a multiple of 4, so that partial sums go on where they were. */
const LEAST_STRETCH: u32 = 128
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

/** y ← y − rowsᵀ c, then sums ← rows · y, in one reading of the rows. */
export function subtractAndTake(list: usize, count: u32, y: usize, n: u32, c: usize, sums: usize): void {
  clear(sums, count)
  const step = max(LEAST_STRETCH, (STRETCH_BYTES / (8 * max(count, 1))) & ~3)
  for (let start: u32 = 0; start < n; start += step) {
    const at = <usize>start << 3
    const length = min(step, n - start)
    add(list, count, at, y + at, length, c, -1)
    take(list, count, y, start, length, sums)
  }
  finish(list, count, y, n, sums)
}

/** x · x. */
export function square(x: usize, n: u32): f64 {
  memory.fill(partial, 0, 32)
  partialDot(x, x, n, partial)
  return wholeDot(partial, x, x, n)
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
