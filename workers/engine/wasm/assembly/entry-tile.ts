import { multiplyAdd } from './tile'

/** Bytes of one step along k of a packed panel of B. */
const B_STEP: usize = 32

/** Entries of a full tile. */
export const TILE_ENTRIES: u32 = 4

/** Up to four neighbouring entries of a window, their sums, and the rows of places at which they see pixels of the image. */
@unmanaged
export class EntryTile {
  a: usize
  sum: usize
  count: u32
  firstRow: u32
  endRow: u32
}

/** The places of a block: rows [firstRow, endRow) of `steps` places in each of `images` images. All distances in bytes. */
@unmanaged
export class PlaceBlock {
  firstRow: u32
  endRow: u32
  steps: u32
  images: u32
  step: usize
  rowStep: usize
  slot: usize
  /** Where the first image starts. */
  base: usize
  /** From a row of sums to the next, and the row for sums that are not wanted. */
  stride: usize
  spare: usize
}

// @ts-ignore: decorator
@inline
function keep(fresh: bool, place: usize, left: v128, right: v128): void {
  v128.store(place, fresh ? left : f32x4.add(v128.load(place), left))
  v128.store(place, fresh ? right : f32x4.add(v128.load(place, 16), right), 16)
}

/**
 * Sums of 4×8 tiles of a kernel gradient over the places of a block, in order, added to the sums there unless `fresh`.
 * Rows of places that see only zeros are left out.
 * @param panel packed panel of eight columns of B, one step per place
 * @param column bytes from the start of a row of sums
 */
export function sumEntries(table: usize, tiles: u32, block: PlaceBlock, panel: usize, column: usize, fresh: bool): void {
  const step = block.step
  const stride = block.stride
  const spare = block.spare + column
  for (; tiles > 0; tiles--, table += offsetof<EntryTile>()) {
    const tile = changetype<EntryTile>(table)
    const firstRow = max(block.firstRow, tile.firstRow)
    const rows = <i32>(min(block.endRow, tile.endRow) - firstRow)
    let p = block.base + tile.a + firstRow * block.rowStep
    let b = panel + (firstRow - block.firstRow) * block.steps * B_STEP
    let c00 = f32x4.splat(0)
    let c01 = c00
    let c10 = c00
    let c11 = c00
    let c20 = c00
    let c21 = c00
    let c30 = c00
    let c31 = c00
    if (rows > 0) {
      for (let images = block.images; ;) {
        for (let row = rows; ;) {
          for (let left = block.steps; ;) {
            const b0 = v128.load(b)
            const b1 = v128.load(b, 16)
            let x = v128.load_splat<f32>(p)
            c00 = multiplyAdd(x, b0, c00)
            c01 = multiplyAdd(x, b1, c01)
            x = v128.load_splat<f32>(p, 4)
            c10 = multiplyAdd(x, b0, c10)
            c11 = multiplyAdd(x, b1, c11)
            x = v128.load_splat<f32>(p, 8)
            c20 = multiplyAdd(x, b0, c20)
            c21 = multiplyAdd(x, b1, c21)
            x = v128.load_splat<f32>(p, 12)
            c30 = multiplyAdd(x, b0, c30)
            c31 = multiplyAdd(x, b1, c31)
            b += B_STEP
            p += step
            if (--left == 0) break
          }
          p += block.rowStep - block.steps * step
          if (--row == 0) break
        }
        if (--images == 0) break
        p += block.slot - rows * block.rowStep
        b += (block.endRow - block.firstRow - rows) * block.steps * B_STEP
      }
    }
    const sum = tile.sum + column
    const count = tile.count
    keep(fresh, sum, c00, c01)
    keep(fresh, count > 1 ? sum + stride : spare, c10, c11)
    keep(fresh, count > 2 ? sum + 2 * stride : spare, c20, c21)
    keep(fresh, count > 3 ? sum + 3 * stride : spare, c30, c31)
  }
}
