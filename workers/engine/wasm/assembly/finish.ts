import { isShaped, shape } from './shape'
import { ACCUMULATE, ASSIGN, MOMENTUM, put, putColumns, SGD, targetAt, targetIsDense, velocityAt, writeMode } from './write'

// @ts-ignore: decorator
@inline
function finishWhole(how: u32, r: u32, sums: usize, n: u32): void {
  const bytes: usize = (n & ~3) << 2
  const place = targetAt(r, 0)
  const velocityPlace = velocityAt(r, 0)
  if (isShaped()) {
    for (let j: usize = 0; j < bytes; j += 16) put(how, place + j, velocityPlace + j, shape(r, j, v128.load(sums + j)))
  } else {
    for (let j: usize = 0; j < bytes; j += 16) put(how, place + j, velocityPlace + j, v128.load(sums + j))
  }
}

// @ts-ignore: decorator
@inline
function finished(r: u32, column: usize, sum: v128): v128 {
  return isShaped() ? shape(r, column, sum) : sum
}

/**
 * Shapes and writes the finished sums of rows [i0, i0 + rows) of m, `stride` bytes apart. Where rows lie one behind the
 * other, the last vector of a row may reach into the next one, which is written later.
 */
export function finishRows(sums: usize, stride: usize, i0: u32, rows: u32, m: u32, n: u32): void {
  const how = writeMode()
  const whole = n & ~3
  const tail: usize = whole << 2
  const spill = how == ASSIGN && targetIsDense(n)
  for (let r = i0; r < i0 + rows; r++, sums += stride) {
    if (how == ASSIGN) finishWhole(ASSIGN, r, sums, n)
    else if (how == ACCUMULATE) finishWhole(ACCUMULATE, r, sums, n)
    else if (how == SGD) finishWhole(SGD, r, sums, n)
    else finishWhole(MOMENTUM, r, sums, n)
    if (whole == n) continue
    const value = finished(r, tail, v128.load(sums + tail))
    if (spill && r + 1 < m) v128.store(targetAt(r, tail), value)
    else putColumns(r, whole, n - whole, value)
  }
}
