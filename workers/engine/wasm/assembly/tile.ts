import { isShaped, shape } from './shape'
import { ACCUMULATE, ASSIGN, MOMENTUM, put, putColumns, SGD, targetAt, velocityAt, writeMode } from './write'

/** Bytes of one step along k of a packed panel of A: four rows. */
export const PANEL_STEP: usize = 16

/** Bytes of a panel's list of those steps along k, at most `k`, that are not left out. */
// @ts-ignore: decorator
@inline
export function listBytes(k: u32): usize {
  return (<usize>k + 1) << 2
}

// @ts-ignore: decorator
@inline
export function multiplyAdd(a: v128, b: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, sum)
  return f32x4.add(sum, f32x4.mul(a, b))
}

// @ts-ignore: decorator
@inline
function putWide(how: u32, r: u32, column: usize, left: v128, right: v128): void {
  const place = targetAt(r, column)
  const velocityPlace = velocityAt(r, column)
  put(how, place, velocityPlace, left)
  put(how, place + 16, velocityPlace + 16, right)
}

// @ts-ignore: decorator
@inline
function putTile(how: u32, row: u32, rows: i32, column: usize,
  c00: v128, c01: v128, c10: v128, c11: v128, c20: v128, c21: v128, c30: v128, c31: v128): void {
  putWide(how, row, column, c00, c01)
  if (rows > 1) putWide(how, row + 1, column, c10, c11)
  if (rows > 2) putWide(how, row + 2, column, c20, c21)
  if (rows > 3) putWide(how, row + 3, column, c30, c31)
}

/**
 * Adds k ≥ 1 products to the 4×8 tiles of a panel of columns, one tile below the other; k in order, each product
 * rounded before it is added.
 * @param a packed panels: four values per step
 * @param lists of the panels, made by `leaveOutZeros`; 0 where the panels hold all steps
 * @param panel first of eight adjacent values, the next step `bStride` bytes on
 * @param partial sums so far, rows `partialStride` bytes apart; read unless `first`, written unless `last`
 * @param row first row of the strip in the result, `rows` rows in all
 * @param column first column of the panel
 */
export function addWide(a: usize, lists: usize, panel: usize, bStride: usize, k: i32, partial: usize, partialStride: usize,
  first: bool, last: bool, row: u32, rows: i32, column: u32): void {
  const offset: usize = column << 2
  for (; rows > 0; rows -= 4, row += 4, partial += 4 * partialStride) {
    let c00 = f32x4.splat(0)
    let c01 = c00
    let c10 = c00
    let c11 = c00
    let c20 = c00
    let c21 = c00
    let c30 = c00
    let c31 = c00
    const partial2 = partial + 2 * partialStride
    if (!first) {
      c00 = v128.load(partial)
      c01 = v128.load(partial, 16)
      c10 = v128.load(partial + partialStride)
      c11 = v128.load(partial + partialStride, 16)
      c20 = v128.load(partial2)
      c21 = v128.load(partial2, 16)
      c30 = v128.load(partial2 + partialStride)
      c31 = v128.load(partial2 + partialStride, 16)
    }
    const next = a + <usize>k * PANEL_STEP
    // Written out for either case: one loop for both, even with the case known to the compiler, took 15 % longer.
    if (lists == 0) {
      let b = panel
      while (true) {
        const b0 = v128.load(b)
        const b1 = v128.load(b, 16)
        let x = v128.load_splat<f32>(a)
        c00 = multiplyAdd(x, b0, c00)
        c01 = multiplyAdd(x, b1, c01)
        x = v128.load_splat<f32>(a, 4)
        c10 = multiplyAdd(x, b0, c10)
        c11 = multiplyAdd(x, b1, c11)
        x = v128.load_splat<f32>(a, 8)
        c20 = multiplyAdd(x, b0, c20)
        c21 = multiplyAdd(x, b1, c21)
        x = v128.load_splat<f32>(a, 12)
        c30 = multiplyAdd(x, b0, c30)
        c31 = multiplyAdd(x, b1, c31)
        b += bStride
        a += PANEL_STEP
        if (a >= next) break
      }
    } else {
      const end = lists + (load<u32>(lists) << 2)
      for (let place = lists; place < end; place += 4, a += PANEL_STEP) {
        const b = panel + load<u32>(place, 4)
        const b0 = v128.load(b)
        const b1 = v128.load(b, 16)
        let x = v128.load_splat<f32>(a)
        c00 = multiplyAdd(x, b0, c00)
        c01 = multiplyAdd(x, b1, c01)
        x = v128.load_splat<f32>(a, 4)
        c10 = multiplyAdd(x, b0, c10)
        c11 = multiplyAdd(x, b1, c11)
        x = v128.load_splat<f32>(a, 8)
        c20 = multiplyAdd(x, b0, c20)
        c21 = multiplyAdd(x, b1, c21)
        x = v128.load_splat<f32>(a, 12)
        c30 = multiplyAdd(x, b0, c30)
        c31 = multiplyAdd(x, b1, c31)
      }
      a = next
      lists += listBytes(k)
    }
    if (!last) {
      v128.store(partial, c00)
      v128.store(partial, c01, 16)
      v128.store(partial + partialStride, c10)
      v128.store(partial + partialStride, c11, 16)
      v128.store(partial2, c20)
      v128.store(partial2, c21, 16)
      v128.store(partial2 + partialStride, c30)
      v128.store(partial2 + partialStride, c31, 16)
      continue
    }
    if (isShaped()) {
      c00 = shape(row, offset, c00)
      c01 = shape(row, offset + 16, c01)
      if (rows > 1) {
        c10 = shape(row + 1, offset, c10)
        c11 = shape(row + 1, offset + 16, c11)
      }
      if (rows > 2) {
        c20 = shape(row + 2, offset, c20)
        c21 = shape(row + 2, offset + 16, c21)
      }
      if (rows > 3) {
        c30 = shape(row + 3, offset, c30)
        c31 = shape(row + 3, offset + 16, c31)
      }
    }
    const how = writeMode()
    if (how == ASSIGN) putTile(ASSIGN, row, rows, offset, c00, c01, c10, c11, c20, c21, c30, c31)
    else if (how == ACCUMULATE) putTile(ACCUMULATE, row, rows, offset, c00, c01, c10, c11, c20, c21, c30, c31)
    else if (how == SGD) putTile(SGD, row, rows, offset, c00, c01, c10, c11, c20, c21, c30, c31)
    else putTile(MOMENTUM, row, rows, offset, c00, c01, c10, c11, c20, c21, c30, c31)
  }
}

// @ts-ignore: decorator
@inline
function finishNarrow(r: u32, column: u32, columns: i32, value: v128): void {
  putColumns(r, column, columns, isShaped() ? shape(r, column << 2, value) : value)
}

/** `addWide` for the last columns: 4×4 tiles of which the first `columns` columns exist. */
export function addNarrow(a: usize, lists: usize, panel: usize, bStride: usize, k: i32, partial: usize, partialStride: usize,
  first: bool, last: bool, row: u32, rows: i32, column: u32, columns: i32): void {
  for (; rows > 0; rows -= 4, row += 4, partial += 4 * partialStride) {
    let c0 = f32x4.splat(0)
    let c1 = c0
    let c2 = c0
    let c3 = c0
    const partial2 = partial + 2 * partialStride
    if (!first) {
      c0 = v128.load(partial)
      c1 = v128.load(partial + partialStride)
      c2 = v128.load(partial2)
      c3 = v128.load(partial2 + partialStride)
    }
    const next = a + <usize>k * PANEL_STEP
    if (lists == 0) {
      for (let b = panel; a < next; b += bStride, a += PANEL_STEP) {
        const b0 = v128.load(b)
        c0 = multiplyAdd(v128.load_splat<f32>(a), b0, c0)
        c1 = multiplyAdd(v128.load_splat<f32>(a, 4), b0, c1)
        c2 = multiplyAdd(v128.load_splat<f32>(a, 8), b0, c2)
        c3 = multiplyAdd(v128.load_splat<f32>(a, 12), b0, c3)
      }
    } else {
      const end = lists + (load<u32>(lists) << 2)
      for (let place = lists; place < end; place += 4, a += PANEL_STEP) {
        const b = panel + load<u32>(place, 4)
        const b0 = v128.load(b)
        c0 = multiplyAdd(v128.load_splat<f32>(a), b0, c0)
        c1 = multiplyAdd(v128.load_splat<f32>(a, 4), b0, c1)
        c2 = multiplyAdd(v128.load_splat<f32>(a, 8), b0, c2)
        c3 = multiplyAdd(v128.load_splat<f32>(a, 12), b0, c3)
      }
      a = next
      lists += listBytes(k)
    }
    if (!last) {
      v128.store(partial, c0)
      v128.store(partial + partialStride, c1)
      v128.store(partial2, c2)
      v128.store(partial2 + partialStride, c3)
      continue
    }
    finishNarrow(row, column, columns, c0)
    if (rows > 1) finishNarrow(row + 1, column, columns, c1)
    if (rows > 2) finishNarrow(row + 2, column, columns, c2)
    if (rows > 3) finishNarrow(row + 3, column, columns, c3)
  }
}
