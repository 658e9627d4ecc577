import { Operand, rowOf } from './operand'
import { listBytes, PANEL_STEP } from './tile'

/** Rows of a panel of A, columns of a panel of B. */
export const PANEL_ROWS: u32 = 4
export const PANEL_COLUMNS: u32 = 8

/** Bytes of one step along k of a packed panel of B. */
export const B_STEP: usize = 32

/** Stores the transpose of a 4×4 block whose rows start at r0…r3; the rows of the result are `step` bytes apart. */
// @ts-ignore: decorator
@inline
export function transposeBlock(r0: usize, r1: usize, r2: usize, r3: usize, to: usize, step: usize): void {
  const a = v128.load(r0)
  const b = v128.load(r1)
  const c = v128.load(r2)
  const d = v128.load(r3)
  const ab = v128.shuffle<u32>(a, b, 0, 4, 1, 5)
  const cd = v128.shuffle<u32>(c, d, 0, 4, 1, 5)
  const ab2 = v128.shuffle<u32>(a, b, 2, 6, 3, 7)
  const cd2 = v128.shuffle<u32>(c, d, 2, 6, 3, 7)
  v128.store(to, v128.shuffle<u64>(ab, cd, 0, 2))
  v128.store(to + step, v128.shuffle<u64>(ab, cd, 1, 3))
  v128.store(to + 2 * step, v128.shuffle<u64>(ab2, cd2, 0, 2))
  v128.store(to + 3 * step, v128.shuffle<u64>(ab2, cd2, 1, 3))
}

/** Transposes k columns of the four rows r, r + 1, … into `to`; a row behind `lastRow` repeats `lastRow`. */
export function transposeRows(x: Operand, r: u32, lastRow: u32, k0: u32, k: u32, to: usize, step: usize): void {
  const skip: usize = k0 << 2
  let r0 = rowOf(x, min(r, lastRow)) + skip
  let r1 = rowOf(x, min(r + 1, lastRow)) + skip
  let r2 = rowOf(x, min(r + 2, lastRow)) + skip
  let r3 = rowOf(x, min(r + 3, lastRow)) + skip
  const whole = r0 + ((k & ~3) << 2)
  const end = r0 + (k << 2)
  while (r0 < whole) {
    transposeBlock(r0, r1, r2, r3, to, step)
    r0 += 16
    r1 += 16
    r2 += 16
    r3 += 16
    to += 4 * step
  }
  while (r0 < end) {
    store<f32>(to, load<f32>(r0))
    store<f32>(to, load<f32>(r1), 4)
    store<f32>(to, load<f32>(r2), 8)
    store<f32>(to, load<f32>(r3), 12)
    r0 += 4
    r1 += 4
    r2 += 4
    r3 += 4
    to += step
  }
}

/**
 * Packs rows [i0, i0 + rows) × [k0, k0 + k) of op(a) into panels of four rows, k steps of four values each.
 * Rows that fill up the last panel hold arbitrary values, which only reach rows that are never written.
 */
export function packA(a: Operand, transposed: bool, m: u32, i0: u32, rows: u32, k0: u32, k: u32, to: usize): void {
  const panelBytes = <usize>k * PANEL_STEP
  if (!transposed) {
    for (let i: u32 = 0; i < rows; i += PANEL_ROWS, to += panelBytes) transposeRows(a, i0 + i, m - 1, k0, k, to, PANEL_STEP)
    return
  }
  const skip: usize = i0 << 2
  const panels = (rows + PANEL_ROWS - 1) / PANEL_ROWS
  for (let step: u32 = 0; step < k; step++, to += PANEL_STEP) {
    let from = rowOf(a, k0 + step) + skip
    let panel = to
    for (let p: u32 = 0; p < panels; p++, from += 16, panel += panelBytes) v128.store(panel, v128.load(from))
  }
}

/**
 * Leaves out of packed panels of A the steps along k at which all four rows are zero: what they would add to a sum that
 * began at +0 is nothing, to the bit, as long as B is finite there. `lists` gets for every panel how many steps are left,
 * and behind that where each finds its row of B, in bytes from the first one.
 */
export function leaveOutZeros(panels: usize, rows: u32, k: u32, bStride: usize, lists: usize): void {
  const zero = f32x4.splat(0)
  const panelBytes = <usize>k * PANEL_STEP
  for (let i: u32 = 0; i < rows; i += PANEL_ROWS, panels += panelBytes, lists += listBytes(k)) {
    let left: u32 = 0
    let place: u32 = 0
    for (let step: u32 = 0; step < k; step++, place += <u32>bStride) {
      const x = v128.load(panels + step * PANEL_STEP)
      v128.store(panels + left * PANEL_STEP, x)
      store<u32>(lists + (left << 2), place, 4)
      left += u32(v128.any_true(f32x4.ne(x, zero)))
    }
    store<u32>(lists, left)
  }
}

/** Packs all of op(b) [k, n] into panels of eight columns, k steps of eight values each. */
export function packB(b: Operand, transposed: bool, k: u32, n: u32, to: usize): void {
  const panelBytes = <usize>k * B_STEP
  if (transposed) {
    for (let j: u32 = 0; j < n; j += PANEL_COLUMNS, to += panelBytes) {
      transposeRows(b, j, n - 1, 0, k, to, B_STEP)
      if (j + 4 < n) transposeRows(b, j + 4, n - 1, 0, k, to + 16, B_STEP)
    }
    return
  }
  const panels = (n + PANEL_COLUMNS - 1) / PANEL_COLUMNS
  for (let step: u32 = 0; step < k; step++, to += B_STEP) {
    let from = rowOf(b, step)
    let panel = to
    for (let p: u32 = 0; p < panels; p++, from += 32, panel += panelBytes) {
      v128.store(panel, v128.load(from))
      v128.store(panel, v128.load(from, 16), 16)
    }
  }
}

/** Packs rows [k0, k0 + k) × columns [j, j + 8) of op(b) [·, n] into one panel; columns from n on hold arbitrary values. */
export function packPanel(b: Operand, transposed: bool, k0: u32, k: u32, j: u32, n: u32, to: usize): void {
  if (transposed) {
    transposeRows(b, j, n - 1, k0, k, to, B_STEP)
    if (j + 4 < n) transposeRows(b, j + 4, n - 1, k0, k, to + 16, B_STEP)
    return
  }
  for (let step: u32 = 0; step < k; step++, to += B_STEP) {
    const from = rowOf(b, k0 + step) + (j << 2)
    v128.store(to, v128.load(from))
    v128.store(to, v128.load(from, 16), 16)
  }
}
