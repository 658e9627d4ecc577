import { multiplyAdd } from './tile'

/** Bytes of one step along k of a packed panel of B. */
const B_STEP: usize = 32

/** Four rows of windows: where they start, where their sums are, and the rows of the kernel that see pixels of the image. */
@unmanaged
export class RowTile {
  a0: usize
  a1: usize
  a2: usize
  a3: usize
  sum0: usize
  sum1: usize
  sum2: usize
  sum3: usize
  firstRow: u32
  endRow: u32
}

/** A block of the kernel: rows [firstRow, endRow), `steps` numbers of each, `skip` bytes into it. */
@unmanaged
export class KernelBlock {
  firstRow: u32
  endRow: u32
  steps: u32
  skip: usize
  /** Bytes from a row of the padded image to the next. */
  pitch: usize
}

/**
 * Sums of 4×8 tiles, k in order; continues the sums there unless `fresh`. Rows of the kernel that see only zeros are left
 * out. The inner loop leaves between its four steps, so that rows of any length fit.
 * @param panel packed panel of eight columns of B, from the block on
 * @param column bytes from the start of a row of sums
 */
export function sumRows(table: usize, tiles: u32, block: KernelBlock, panel: usize, column: usize, fresh: bool): void {
  const steps = block.steps
  const pitch = block.pitch
  for (; tiles > 0; tiles--, table += offsetof<RowTile>()) {
    const tile = changetype<RowTile>(table)
    const firstRow = max(block.firstRow, tile.firstRow)
    let rows = <i32>(min(block.endRow, tile.endRow) - firstRow)
    const offset = firstRow * pitch + block.skip
    let p0 = tile.a0 + offset
    let p1 = tile.a1 + offset
    let p2 = tile.a2 + offset
    let p3 = tile.a3 + offset
    let b = panel + (firstRow - block.firstRow) * steps * B_STEP
    let c00 = f32x4.splat(0)
    let c01 = c00
    let c10 = c00
    let c11 = c00
    let c20 = c00
    let c21 = c00
    let c30 = c00
    let c31 = c00
    if (!fresh) {
      c00 = v128.load(tile.sum0 + column)
      c01 = v128.load(tile.sum0 + column, 16)
      c10 = v128.load(tile.sum1 + column)
      c11 = v128.load(tile.sum1 + column, 16)
      c20 = v128.load(tile.sum2 + column)
      c21 = v128.load(tile.sum2 + column, 16)
      c30 = v128.load(tile.sum3 + column)
      c31 = v128.load(tile.sum3 + column, 16)
    }
    for (; rows > 0; rows--) {
      let left = steps
      let b0: v128
      let b1: v128
      let x: v128
      while (true) {
        b0 = v128.load(b)
        b1 = v128.load(b, 16)
        x = v128.load_splat<f32>(p0)
        c00 = multiplyAdd(x, b0, c00)
        c01 = multiplyAdd(x, b1, c01)
        x = v128.load_splat<f32>(p1)
        c10 = multiplyAdd(x, b0, c10)
        c11 = multiplyAdd(x, b1, c11)
        x = v128.load_splat<f32>(p2)
        c20 = multiplyAdd(x, b0, c20)
        c21 = multiplyAdd(x, b1, c21)
        x = v128.load_splat<f32>(p3)
        c30 = multiplyAdd(x, b0, c30)
        c31 = multiplyAdd(x, b1, c31)
        if (left == 1) break
        b0 = v128.load(b, 32)
        b1 = v128.load(b, 48)
        x = v128.load_splat<f32>(p0, 4)
        c00 = multiplyAdd(x, b0, c00)
        c01 = multiplyAdd(x, b1, c01)
        x = v128.load_splat<f32>(p1, 4)
        c10 = multiplyAdd(x, b0, c10)
        c11 = multiplyAdd(x, b1, c11)
        x = v128.load_splat<f32>(p2, 4)
        c20 = multiplyAdd(x, b0, c20)
        c21 = multiplyAdd(x, b1, c21)
        x = v128.load_splat<f32>(p3, 4)
        c30 = multiplyAdd(x, b0, c30)
        c31 = multiplyAdd(x, b1, c31)
        if (left == 2) break
        b0 = v128.load(b, 64)
        b1 = v128.load(b, 80)
        x = v128.load_splat<f32>(p0, 8)
        c00 = multiplyAdd(x, b0, c00)
        c01 = multiplyAdd(x, b1, c01)
        x = v128.load_splat<f32>(p1, 8)
        c10 = multiplyAdd(x, b0, c10)
        c11 = multiplyAdd(x, b1, c11)
        x = v128.load_splat<f32>(p2, 8)
        c20 = multiplyAdd(x, b0, c20)
        c21 = multiplyAdd(x, b1, c21)
        x = v128.load_splat<f32>(p3, 8)
        c30 = multiplyAdd(x, b0, c30)
        c31 = multiplyAdd(x, b1, c31)
        if (left == 3) break
        b0 = v128.load(b, 96)
        b1 = v128.load(b, 112)
        x = v128.load_splat<f32>(p0, 12)
        c00 = multiplyAdd(x, b0, c00)
        c01 = multiplyAdd(x, b1, c01)
        x = v128.load_splat<f32>(p1, 12)
        c10 = multiplyAdd(x, b0, c10)
        c11 = multiplyAdd(x, b1, c11)
        x = v128.load_splat<f32>(p2, 12)
        c20 = multiplyAdd(x, b0, c20)
        c21 = multiplyAdd(x, b1, c21)
        x = v128.load_splat<f32>(p3, 12)
        c30 = multiplyAdd(x, b0, c30)
        c31 = multiplyAdd(x, b1, c31)
        if (left == 4) break
        left -= 4
        b += 4 * B_STEP
        p0 += 16
        p1 += 16
        p2 += 16
        p3 += 16
      }
      const jump = pitch - (steps - left << 2)
      b += left * B_STEP
      p0 += jump
      p1 += jump
      p2 += jump
      p3 += jump
    }
    v128.store(tile.sum0 + column, c00)
    v128.store(tile.sum0 + column, c01, 16)
    v128.store(tile.sum1 + column, c10)
    v128.store(tile.sum1 + column, c11, 16)
    v128.store(tile.sum2 + column, c20)
    v128.store(tile.sum2 + column, c21, 16)
    v128.store(tile.sum3 + column, c30)
    v128.store(tile.sum3 + column, c31, 16)
  }
}
