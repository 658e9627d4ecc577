import { LaneBlock, LANE_COLUMNS, LANE_ROWS, LANE_STEP, lanePanelBytes, LaneTile, sumLanes } from './lane-tile'
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
  return <usize>rows * offsetof<LaneTile>()
}

/** Stores columns [j, j + 3) of rows [k, k + count) of op(B), each with an offset, which grows by `step`. */
export function packLaneSteps(b: Operand, transposed: bool, k: u32, count: u32, j: u32, n: u32, offset: usize, step: usize, to: usize): void {
  const end = to + count * LANE_STEP
  if (transposed) {
    for (; to < end; to += LANE_STEP, offset += step, k++) {
      for (let i: u32 = 0; i < LANE_COLUMNS; i++) store<f32>(to + (i << 2), load<f32>(rowOf(b, min(j + i, n - 1)) + (k << 2)))
      store<u32>(to, <u32>offset, 12)
    }
  } else if (b.index != 0) {
    for (; to < end; to += LANE_STEP, offset += step, k++) storeStep(rowOf(b, k) + (j << 2), offset, to)
  } else {
    for (let from = rowOf(b, k) + (j << 2); to < end; to += LANE_STEP, offset += step, from += b.rowStride) storeStep(from, offset, to)
  }
}

// @ts-ignore: decorator
@inline
function storeStep(from: usize, offset: usize, to: usize): void {
  v128.store(to, i32x4.replace_lane(v128.load(from), 3, <i32>offset))
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
        packLaneSteps(b, transposed, k, channels, j, n, y * pitch + (x << 2), planeBytes(windows), to)
        k += channels
        to += channels * LANE_STEP
      }
    }
  }
}

/** Puts a tile into the table. */
// @ts-ignore: decorator
@inline
export function listLanes(table: usize, count: u32, from: usize, sums: usize, rows: u32, first: u32, end: u32): void {
  const tile = changetype<LaneTile>(table + count * <u32>offsetof<LaneTile>())
  tile.a = from
  tile.sum = sums
  tile.count = rows
  tile.firstRow = first
  tile.endRow = end
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
    for (let i: u32 = 0; i < columns; i += LANE_ROWS) {
      listLanes(table, count++, from + (x + i << 2), sums + (done + i) * stride, min(LANE_ROWS, columns - i), first, end)
    }
    done += columns
    if (++y < windows.outHeight) continue
    y = 0
    image++
  }
  return count
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
