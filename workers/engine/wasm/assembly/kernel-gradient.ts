import { Operand } from './operand'
import { packPanel, PANEL_COLUMNS } from './pack'
import { ADD, START, sumNarrow, sumWide, TILE_BYTES, Walk } from './window-tile'
import { padImage, Windows } from './windows'

/** Bytes of one step along k of a packed panel of B. */
const B_STEP: usize = 32

/** Windows that are summed before their sum joins the others, if a row of the image has no more. */
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
function tableBytes(m: u32): usize {
  return <usize>((m + 3) / 4) * TILE_BYTES
}

/** Bytes of scratch for a transposed factor of windows. */
export function gradientScratch(windows: Windows, m: u32): usize {
  return <usize>imagesAtATime(windows) * windows.slot + panelBytes(windows) + tableBytes(m) + offsetof<Walk>()
}

/** Tiles of the entries of a window and their sums, `stride` bytes apart; entries that fill up the last tile go to row m. */
function listEntries(windows: Windows, m: u32, table: usize, sums: usize, stride: usize): void {
  const run = windows.kernelWidth * windows.pixel
  let row: usize = 0
  let within: usize = 0
  for (let i: u32 = 0; i < ((m + 3) & ~3); i++) {
    const entry = table + (i >> 2) * TILE_BYTES + ((i & 3) << 2)
    store<u32>(entry, <u32>(i < m ? row + within : 0))
    store<u32>(entry, <u32>(sums + min(i, m) * stride), 16)
    within += 4
    if (within < run) continue
    within = 0
    row += windows.pitch * windows.dilation
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
  const panel = scratch + <usize>together * windows.slot
  const table = panel + panelBytes(windows)
  const walk = changetype<Walk>(table + tableBytes(m))
  listEntries(windows, m, table, sums, stride)
  walk.stride = windows.step
  walk.steps = windows.outWidth
  walk.runJump = <usize>windows.rowStep - windows.outWidth * windows.step
  let how = first ? START : ADD
  for (let image: u32 = 0; image < windows.images; image += together) {
    walk.groups = min(together, windows.images - image)
    for (let i: u32 = 0; i < <u32>walk.groups; i++) padImage(windows, images, image + i, scratch + <usize>i * windows.slot)
    for (let y: u32 = 0; y < windows.outHeight; y += rowsTogether) {
      walk.runs = min(rowsTogether, windows.outHeight - y)
      walk.groupJump = <usize>windows.slot - walk.runs * windows.rowStep
      const place = image * windows.places + y * windows.outWidth
      const places = walk.groups * walk.runs * walk.steps
      for (let j: u32 = 0; j < n; j += PANEL_COLUMNS) {
        packPanel(b, transposedB, place, places, j, n, panel)
        const offset = scratch + <usize>y * windows.rowStep
        if (n - j > 4) sumWide(table, (m + 3) / 4, offset, walk, panel, <usize>j << 2, how)
        else sumNarrow(table, (m + 3) / 4, offset, walk, panel, <usize>j << 2, how)
      }
      how = ADD
    }
  }
}
