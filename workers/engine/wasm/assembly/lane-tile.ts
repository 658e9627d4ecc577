import { multiplyAdd } from './tile'

/** Columns of B that are taken at a time, and bytes of one step: three numbers and an offset. */
export const LANE_COLUMNS: u32 = 3
export const LANE_STEP: usize = 16

/** Up to eight rows of the product that lie side by side in an image, and the rows of steps at which they see pixels. */
@unmanaged
export class LaneTile {
  a: usize
  sum: usize
  count: u32
  firstRow: u32
  endRow: u32
}

/** Rows of a full tile. */
export const LANE_ROWS: u32 = 8

/** Rows [firstRow, endRow) of `steps` steps each; `base` is added to all addresses of A. Distances in bytes. */
@unmanaged
export class LaneBlock {
  firstRow: u32
  endRow: u32
  steps: u32
  base: usize
  /** From a row of sums to the next, and the row for sums that are not wanted. */
  stride: usize
  spare: usize
}

// @ts-ignore: decorator
@inline
function keepRow(fresh: bool, place: usize, sum: v128): void {
  v128.store(place, fresh ? sum : f32x4.add(v128.load(place), sum))
}

/** Adds the transpose of three sums of four lanes to rows [first, first + 4) of `count`; the fourth column gets nothing. */
// @ts-ignore: decorator
@inline
function keepLanes(fresh: bool, sum: usize, stride: usize, spare: usize, first: u32, count: u32, c0: v128, c1: v128, c2: v128): void {
  const zero = f32x4.splat(0)
  const low01 = v128.shuffle<u32>(c0, c1, 0, 4, 1, 5)
  const low2 = v128.shuffle<u32>(c2, zero, 0, 4, 1, 5)
  const high01 = v128.shuffle<u32>(c0, c1, 2, 6, 3, 7)
  const high2 = v128.shuffle<u32>(c2, zero, 2, 6, 3, 7)
  const row = sum + first * stride
  keepRow(fresh, count > first ? row : spare, v128.shuffle<u64>(low01, low2, 0, 2))
  keepRow(fresh, count > first + 1 ? row + stride : spare, v128.shuffle<u64>(low01, low2, 1, 3))
  keepRow(fresh, count > first + 2 ? row + 2 * stride : spare, v128.shuffle<u64>(high01, high2, 0, 2))
  keepRow(fresh, count > first + 3 ? row + 3 * stride : spare, v128.shuffle<u64>(high01, high2, 1, 3))
}

/**
 * Sums of 8×3 tiles, steps in order, added to the sums there unless `fresh`: what a product with few columns takes instead
 * of tiles of eight columns. Every step of the panel says where the rows of A stand then.
 * @param column bytes from the start of a row of sums
 */
export function sumLanes(table: usize, tiles: u32, block: LaneBlock, panel: usize, column: usize, fresh: bool): void {
  const steps = block.steps
  for (; tiles > 0; tiles--, table += offsetof<LaneTile>()) {
    const tile = changetype<LaneTile>(table)
    const firstRow = max(block.firstRow, tile.firstRow)
    const rows = <i32>(min(block.endRow, tile.endRow) - firstRow)
    const a = tile.a + block.base
    let c00 = f32x4.splat(0)
    let c01 = c00
    let c10 = c00
    let c11 = c00
    let c20 = c00
    let c21 = c00
    if (rows > 0) {
      let b = panel + (firstRow - block.firstRow) * steps * LANE_STEP
      const end = b + rows * steps * LANE_STEP
      while (true) {
        const at = a + load<u32>(b, 12)
        const v0 = v128.load(at)
        const v1 = v128.load(at, 16)
        let x = v128.load_splat<f32>(b)
        c00 = multiplyAdd(x, v0, c00)
        c01 = multiplyAdd(x, v1, c01)
        x = v128.load_splat<f32>(b, 4)
        c10 = multiplyAdd(x, v0, c10)
        c11 = multiplyAdd(x, v1, c11)
        x = v128.load_splat<f32>(b, 8)
        c20 = multiplyAdd(x, v0, c20)
        c21 = multiplyAdd(x, v1, c21)
        b += LANE_STEP
        if (b >= end) break
      }
    }
    const sum = tile.sum + column
    const stride = block.stride
    const spare = block.spare + column
    const count = tile.count
    if (fresh) {
      keepLanes(true, sum, stride, spare, 0, count, c00, c10, c20)
      keepLanes(true, sum, stride, spare, 4, count, c01, c11, c21)
    } else {
      keepLanes(false, sum, stride, spare, 0, count, c00, c10, c20)
      keepLanes(false, sum, stride, spare, 4, count, c01, c11, c21)
    }
  }
}

/** Bytes of the packed panels of B for k steps and up to n columns. */
export function lanePanelBytes(k: u32, n: u32): usize {
  return <usize>((n + LANE_COLUMNS - 1) / LANE_COLUMNS * k) * LANE_STEP
}
