import { LaneBlock, LANE_COLUMNS, LANE_STEP, lanePanelBytes, LaneTile, sumLanes } from './lane-tile'
import { Operand, rowOf } from './operand'
import { endPixelRow, firstPixelRow, phaseAt, planeBytes, Windows } from './windows'

/** Most columns of B for which tiles of eight columns would waste too much. */
const MOST_COLUMNS: u32 = 6

/** Whether a product has so few columns that its windows are laid side by side in the lanes instead. */
// @ts-ignore: decorator
@inline
export function takesLanes(windows: Windows, n: u32): bool {
  return n <= MOST_COLUMNS && windows.spread == 1 && windows.step == windows.pixel
}

/** Bytes of the tiles of a strip: at worst every window is a row of its own. */
// @ts-ignore: decorator
@inline
export function laneTableBytes(rows: u32): usize {
  return <usize>(rows + 1 >> 1) * offsetof<LaneTile>()
}

/** Stores columns [j, j + 3) of row k of op(B) and an offset. */
// @ts-ignore: decorator
@inline
export function packLaneStep(b: Operand, transposed: bool, k: u32, j: u32, n: u32, offset: usize, to: usize): void {
  if (transposed) {
    for (let i: u32 = 0; i < LANE_COLUMNS; i++) store<f32>(to + (i << 2), load<f32>(rowOf(b, min(j + i, n - 1)) + (k << 2)))
    store<u32>(to, <u32>offset, 12)
  } else {
    v128.store(to, i32x4.replace_lane(v128.load(rowOf(b, k) + (j << 2)), 3, <i32>offset))
  }
}

/** Packs op(B) for images that lie channel by channel. */
export function packLaneKernel(windows: Windows, b: Operand, transposed: bool, n: u32, to: usize): void {
  const phase = phaseAt(windows, 0)
  const channels = windows.pixel >> 2
  const pitch = <usize>(windows.pitch / channels)
  for (let j: u32 = 0; j < n; j += LANE_COLUMNS) {
    let k: u32 = 0
    for (let y: u32 = 0; y < phase.tapRows; y++) {
      for (let x: u32 = 0; x < phase.tapColumns; x++) {
        for (let c: u32 = 0; c < channels; c++, k++, to += LANE_STEP) {
          packLaneStep(b, transposed, k, j, n, y * pitch + (x << 2) + c * planeBytes(windows), to)
        }
      }
    }
  }
}

/** Puts group `count` of up to four rows into the table. */
// @ts-ignore: decorator
@inline
export function listLanes(table: usize, count: u32, from: usize, sums: usize, rows: u32, first: u32, end: u32): void {
  const tile = changetype<LaneTile>(table + (count >> 1) * <u32>offsetof<LaneTile>())
  if ((count & 1) == 0) {
    tile.a0 = from
    tile.sum0 = sums
    tile.count0 = rows
    tile.firstRow = first
    tile.endRow = end
    // Stands until the second group comes, if one does.
    tile.a1 = from
    tile.sum1 = sums
    tile.count1 = 0
  } else {
    tile.a1 = from
    tile.sum1 = sums
    tile.count1 = rows
    tile.firstRow = min(tile.firstRow, first)
    tile.endRow = max(tile.endRow, end)
  }
}

/** Lists the windows [i0, i0 + rows); returns how many tiles they fill. */
function listStrip(windows: Windows, images: usize, slots: u32, table: usize, i0: u32, rows: u32, sums: usize, stride: usize): u32 {
  const pitch = windows.pitch / (windows.pixel >> 2)
  const taps = <i32>phaseAt(windows, 0).tapRows
  let image = i0 / windows.places
  let y = (i0 % windows.places) / windows.outWidth
  let x = (i0 % windows.places) % windows.outWidth
  let count: u32 = 0
  for (let done: u32 = 0; done < rows; x = 0) {
    const columns = min(windows.outWidth - x, rows - done)
    const from = images + <usize>(image % slots) * windows.slot + y * pitch
    const first = max(0, firstPixelRow(windows) - <i32>y)
    const end = max(first, min(taps, endPixelRow(windows) - <i32>y))
    for (let i: u32 = 0; i < columns; i += 4) {
      listLanes(table, count++, from + (x + i << 2), sums + (done + i) * stride, min(4, columns - i), first, end)
    }
    done += columns
    if (++y < windows.outHeight) continue
    y = 0
    image++
  }
  return count + 1 >> 1
}

/** `addWindows` for few columns. */
export function addLaneWindows(windows: Windows, kernel: usize, images: usize, slots: u32, table: usize, blockPlace: usize,
  n: u32, i0: u32, rows: u32, sums: usize, stride: usize, spare: usize, first: bool): void {
  const phase = phaseAt(windows, 0)
  const block = changetype<LaneBlock>(blockPlace)
  const tiles = listStrip(windows, images, slots, table, i0, rows, sums, stride)
  block.firstRow = 0
  block.endRow = phase.tapRows
  block.steps = phase.tapColumns * (windows.pixel >> 2)
  block.base = 0
  block.stride = stride
  block.spare = spare
  const panel = lanePanelBytes(block.steps * phase.tapRows, LANE_COLUMNS)
  for (let j: u32 = 0; j < n; j += LANE_COLUMNS, kernel += panel) sumLanes(table, tiles, block, kernel, <usize>j << 2, first)
}
