import { EntryTile, PlaceBlock, sumEntries, TILE_ENTRIES } from './entry-tile'
import { gradientTakesLanes, laneEntryBytes, listLaneEntries, sumLaneBlock } from './lane-gradient'
import { LaneBlock } from './lane-tile'
import { Operand } from './operand'
import { packPanel, PANEL_COLUMNS } from './pack'
import { padImage } from './padding'
import { endPlace, firstPlace, groupsOf, Windows } from './windows'

/** Bytes of one step along k of a packed panel of B: more than a step for the lanes takes. */
const B_STEP: usize = 32

/** Places that are summed before their sum joins the others, if a row of the image has no more. */
const MOST_PLACES: u32 = 256

// @ts-ignore: decorator
@inline
function imagesAtATime(windows: Windows): u32 {
  return min(windows.images, max<u32>(1, MOST_PLACES / windows.places))
}

// @ts-ignore: decorator
@inline
function rowsAtATime(windows: Windows): u32 {
  return min(windows.outHeight, max<u32>(1, MOST_PLACES / windows.outWidth))
}

// @ts-ignore: decorator
@inline
function panelBytes(windows: Windows): usize {
  return <usize>(imagesAtATime(windows) * rowsAtATime(windows) * windows.outWidth) * B_STEP
}

// @ts-ignore: decorator
@inline
function tableBytes(windows: Windows, m: u32, n: u32): usize {
  return gradientTakesLanes(n) ? laneEntryBytes(windows, m) : <usize>groupsOf(windows, m, TILE_ENTRIES) * offsetof<EntryTile>()
}

/** Bytes of scratch for a transposed factor of windows. */
export function gradientScratch(windows: Windows, m: u32, n: u32): usize {
  const images = <usize>imagesAtATime(windows) * windows.slot
  return images + panelBytes(windows) + tableBytes(windows, m, n) + offsetof<PlaceBlock>() + offsetof<LaneBlock>()
}

/** Lists the entries of a window with their sums; returns how many tiles they fill. */
function listEntries(windows: Windows, m: u32, table: usize, sums: usize, stride: usize): u32 {
  const run = windows.kernelWidth * (windows.pixel >> 2)
  for (let q: u32 = 0, row: u32 = 0; q < m; q += run, row++) {
    for (let i: u32 = 0; i < run; i += TILE_ENTRIES, table += offsetof<EntryTile>()) {
      const tile = changetype<EntryTile>(table)
      tile.a = row * windows.pitch + (i << 2)
      tile.sum = sums + (q + i) * stride
      tile.count = min(TILE_ENTRIES, run - i)
      tile.firstRow = firstPlace(windows, row)
      tile.endRow = endPlace(windows, row)
    }
  }
  return groupsOf(windows, m, TILE_ENTRIES)
}

/** Adds the places of a block, the first of which is row `place` of op(B). */
function sumWideBlock(block: PlaceBlock, b: Operand, transposed: bool, place: u32, n: u32, panel: usize, table: usize, tiles: u32, fresh: bool): void {
  const places = block.images * (block.endRow - block.firstRow) * block.steps
  for (let j: u32 = 0; j < n; j += PANEL_COLUMNS) {
    packPanel(b, transposed, place, places, j, n, panel)
    sumEntries(table, tiles, block, panel, <usize>j << 2, fresh)
  }
}

/**
 * Adds the transposed windows [m, places of all images] times op(B) to the sums [m, n], rows `stride` bytes apart, with a
 * spare row behind them. Up to 256 places are summed in order (more where one row of windows has more), then such
 * sums in order: rounding stays small over hundreds of thousands of places.
 */
export function addGradient(windows: Windows, images: Operand, b: Operand, transposedB: bool, m: u32, n: u32,
  sums: usize, stride: usize, scratch: usize, first: bool): void {
  const together = imagesAtATime(windows)
  const rowsTogether = rowsAtATime(windows)
  const lanes = gradientTakesLanes(n)
  const panel = scratch + <usize>together * windows.slot
  const table = panel + panelBytes(windows)
  const block = changetype<PlaceBlock>(table + tableBytes(windows, m, n))
  const laneBlock = changetype<LaneBlock>(changetype<usize>(block) + offsetof<PlaceBlock>())
  const tiles = lanes ? listLaneEntries(windows, m, together == 1, table, sums, stride) : listEntries(windows, m, table, sums, stride)
  block.steps = windows.outWidth
  block.step = windows.step
  block.rowStep = windows.rowStep
  block.slot = windows.slot
  block.base = scratch
  block.stride = stride
  block.spare = sums + m * stride
  let fresh = first
  for (let image: u32 = 0; image < windows.images; image += together) {
    block.images = min(together, windows.images - image)
    for (let i: u32 = 0; i < block.images; i++) padImage(windows, images, image + i, scratch + i * windows.slot)
    for (let y: u32 = 0; y < windows.outHeight; y += rowsTogether) {
      block.firstRow = y
      block.endRow = min(y + rowsTogether, windows.outHeight)
      const place = image * windows.places + y * windows.outWidth
      if (lanes) sumLaneBlock(windows, block, laneBlock, b, transposedB, place, n, panel, table, tiles, fresh)
      else sumWideBlock(block, b, transposedB, place, n, panel, table, tiles, fresh)
      fresh = false
    }
  }
}
