import { biasAt, isMasked, isShaped, maskAt, reluFloor, shape } from './shape'
import { ASSIGN, putColumns, targetAt, targetIsDense, writeMode } from './write'

// @ts-ignore: decorator
@inline
function shaped(masked: bool, bias: usize, mask: usize, floor: v128, sum: v128): v128 {
  const value = f32x4.pmax(bias != 0 ? f32x4.add(sum, v128.load(bias)) : sum, floor)
  return masked ? v128.and(value, f32x4.gt(v128.load(mask), f32x4.splat(0))) : value
}

/** Row r by whole vectors: the last may reach into the row behind it. */
// @ts-ignore: decorator
@inline
function storeRow(masked: bool, r: u32, sums: usize, bytes: usize, floor: v128): void {
  const to = targetAt(r, 0)
  const mask = masked ? maskAt(r) : 0
  const bias = biasAt()
  if (bias != 0) {
    for (let j: usize = 0; j < bytes; j += 16) v128.store(to + j, shaped(masked, bias + j, mask + j, floor, v128.load(sums + j)))
  } else {
    for (let j: usize = 0; j < bytes; j += 16) v128.store(to + j, shaped(masked, 0, mask + j, floor, v128.load(sums + j)))
  }
}

/** Row r column by column, in any mode, leaving its neighbours alone. */
function putRow(r: u32, sums: usize, n: u32): void {
  for (let j: u32 = 0; j < n; j += 4) {
    const sum = v128.load(sums + (j << 2))
    putColumns(r, j, n - j, isShaped() ? shape(r, j << 2, sum) : sum)
  }
}

/**
 * Shapes and writes the finished sums of rows [i0, i0 + rows) of m, `stride` bytes apart. Where rows lie one behind the
 * other, what a row spills into the next is overwritten by it; the last row spills nothing.
 */
export function finishRows(sums: usize, stride: usize, i0: u32, rows: u32, m: u32, n: u32): void {
  const spills = writeMode() == ASSIGN && ((n & 3) == 0 || targetIsDense(n))
  const end = min(i0 + rows, (n & 3) == 0 ? m : m - 1)
  const bytes: usize = n << 2
  const floor = reluFloor()
  let r = i0
  if (spills && isMasked()) {
    for (; r < end; r++, sums += stride) storeRow(true, r, sums, bytes, floor)
  } else if (spills) {
    for (; r < end; r++, sums += stride) storeRow(false, r, sums, bytes, floor)
  }
  for (; r < i0 + rows; r++, sums += stride) putRow(r, sums, n)
}
