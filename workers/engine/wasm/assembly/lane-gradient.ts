import { PlaceBlock } from './entry-tile'
import { listLanes, packLaneSteps } from './lane-product'
import { LaneBlock, LANE_COLUMNS, LANE_ROWS, LANE_STEP, LaneTile, sumLanes } from './lane-tile'
import { Operand } from './operand'
import { endPlace, firstPlace, groupsOf, Windows } from './windows'

/** More rows of places than any block has. */
const ALL_ROWS: u32 = 0x7fffffff

/** Most columns of B for which the entries of a window are laid side by side in the lanes. */
const MOST_COLUMNS: u32 = 6

// @ts-ignore: decorator
@inline
export function gradientTakesLanes(n: u32): bool {
  return n <= MOST_COLUMNS
}

/** Bytes of the tiles for windows of m entries. */
// @ts-ignore: decorator
@inline
export function laneEntryBytes(windows: Windows, m: u32): usize {
  return <usize>groupsOf(windows, m, LANE_ROWS) * offsetof<LaneTile>()
}

/**
 * Lists the entries of a window, with the rows of places at which they see pixels unless a block holds several images;
 * returns how many tiles they fill.
 */
export function listLaneEntries(windows: Windows, m: u32, single: bool, table: usize, sums: usize, stride: usize): u32 {
  const run = windows.kernelWidth * (windows.pixel >> 2)
  let count: u32 = 0
  for (let q: u32 = 0, row: u32 = 0; q < m; q += run, row++) {
    const first = single ? firstPlace(windows, row) : 0
    const end = single ? endPlace(windows, row) : ALL_ROWS
    for (let i: u32 = 0; i < run; i += LANE_ROWS) {
      const from = row * windows.pitch + (i << 2)
      listLanes(table, count++, from, sums + (q + i) * stride, min(LANE_ROWS, run - i), first, end)
    }
  }
  return count
}

/** The places of a block, one step each with the offset of its window, columns [j, j + 3) of op(B). */
function packPlaces(windows: Windows, block: PlaceBlock, b: Operand, transposed: bool, place: u32, j: u32, n: u32, to: usize): void {
  for (let image: u32 = 0; image < block.images; image++) {
    for (let y = block.firstRow; y < block.endRow; y++) {
      packLaneSteps(b, transposed, place, block.steps, j, n, image * windows.slot + y * windows.rowStep, windows.step, to)
      place += block.steps
      to += block.steps * LANE_STEP
    }
  }
}

/** Adds the places of a block, the first of which is row `place` of op(B). */
export function sumLaneBlock(windows: Windows, block: PlaceBlock, lanes: LaneBlock, b: Operand, transposed: bool, place: u32, n: u32,
  panel: usize, table: usize, tiles: u32, fresh: bool): void {
  lanes.firstRow = block.firstRow
  lanes.endRow = block.firstRow + block.images * (block.endRow - block.firstRow)
  lanes.steps = block.steps
  lanes.base = block.base
  lanes.stride = block.stride
  lanes.spare = block.spare
  for (let j: u32 = 0; j < n; j += LANE_COLUMNS) {
    packPlaces(windows, block, b, transposed, place, j, n, panel)
    sumLanes(table, tiles, lanes, panel, <usize>j << 2, fresh)
  }
}
