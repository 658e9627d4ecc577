import { addLaneWindows, laneTableBytes, packLaneKernel, takesLanes } from './lane-product'
import { lanePanelBytes } from './lane-tile'
import { Operand } from './operand'
import { packPanel, PANEL_COLUMNS } from './pack'
import { padImage, padPlanes } from './padding'
import { KernelBlock, RowTile, sumRows } from './row-tile'
import { endPixelRow, firstPixelRow, Phase, phaseAt, Windows } from './windows'

/** Bytes of one step along k of a packed panel of B. */
const B_STEP: usize = 32

/** Most steps along k at a time: a panel of B stays in the first cache. */
const MOST_STEPS: u32 = 192

/** What a term of windows keeps in the scratch while its product runs. */
@unmanaged
export class WindowPlace {
  /** Packed panels of B, all phases. */
  kernel: usize
  /** Padded images: image i at (i mod slots)·slot. */
  images: usize
  slots: u32
  /** Images padded so far. */
  padded: u32
  /** Tiles of a strip, then the block in progress. */
  table: usize
  block: usize
}

/** Images that a strip of `rows` windows can touch. */
// @ts-ignore: decorator
@inline
function slotsFor(windows: Windows, rows: u32): u32 {
  return min(windows.images, (rows + windows.places - 2) / windows.places + 1)
}

// @ts-ignore: decorator
@inline
function tableBytes(windows: Windows, rows: u32): usize {
  const tiles = (rows + 3) / 4 + windows.spread * windows.spread
  return max(<usize>tiles * offsetof<RowTile>(), laneTableBytes(rows))
}

// @ts-ignore: decorator
@inline
function panelBytes(k: u32, n: u32): usize {
  return <usize>((n + PANEL_COLUMNS - 1) / PANEL_COLUMNS * k) * B_STEP
}

// @ts-ignore: decorator
@inline
function kernelBytes(windows: Windows, k: u32, n: u32): usize {
  return takesLanes(windows, n) ? lanePanelBytes(k, n) : panelBytes(k, n)
}

/** Bytes of scratch for a factor of windows, in strips of `rows` rows. */
export function windowScratch(windows: Windows, k: u32, n: u32, rows: u32): usize {
  const images = <usize>slotsFor(windows, rows) * windows.slot
  return kernelBytes(windows, k, n) + images + tableBytes(windows, rows) + offsetof<KernelBlock>() + 16
}

/** Prepares a term of windows, once per product. */
export function openWindows(place: WindowPlace, windows: Windows, b: Operand, transposed: bool, k: u32, n: u32, rows: u32, scratch: usize): void {
  place.kernel = scratch
  place.slots = slotsFor(windows, rows)
  place.images = scratch + kernelBytes(windows, k, n)
  place.table = place.images + <usize>place.slots * windows.slot
  place.block = place.table + tableBytes(windows, rows)
  place.padded = 0
  if (takesLanes(windows, n)) packLaneKernel(windows, b, transposed, n, scratch)
  else packKernel(windows, b, transposed, k, n, scratch)
}

/** Packs op(B) phase by phase, each with the taps that fall on pixels, in order. */
function packKernel(windows: Windows, b: Operand, transposed: bool, k: u32, n: u32, to: usize): void {
  const spread = windows.spread
  const channels = windows.pixel >> 2
  for (let p: u32 = 0; p < spread * spread; p++) {
    const phase = phaseAt(windows, p)
    for (let j: u32 = 0; j < n; j += PANEL_COLUMNS) {
      if (spread == 1) {
        packPanel(b, transposed, 0, k, j, n, to)
        to += <usize>k * B_STEP
        continue
      }
      for (let y: u32 = 0; y < phase.tapRows; y++) {
        for (let x: u32 = 0; x < phase.tapColumns; x++, to += <usize>channels * B_STEP) {
          const tap = (phase.firstRow + y * spread) * windows.kernelWidth + phase.firstColumn + x * spread
          packPanel(b, transposed, tap * channels, channels, j, n, to)
        }
      }
    }
  }
}

/** Puts row `count` of a phase into the table: its window, its sums, and the kernel rows [first, end) that see pixels. */
// @ts-ignore: decorator
@inline
function listRow(table: usize, count: u32, from: usize, sums: usize, first: u32, end: u32): void {
  const lane: usize = (count & 3) << 2
  const at = table + (count >> 2) * <u32>offsetof<RowTile>()
  const tile = changetype<RowTile>(at)
  store<usize>(at + lane, from)
  store<usize>(at + lane, sums, 16)
  tile.firstRow = lane == 0 ? first : min(tile.firstRow, first)
  tile.endRow = lane == 0 ? end : max(tile.endRow, end)
}

/** Lists the windows [i0, i0 + rows) of a phase; returns how many tiles they fill. Missing rows go to `spare`. */
function listWindows(place: WindowPlace, windows: Windows, p: u32, i0: u32, rows: u32, sums: usize, stride: usize, spare: usize): u32 {
  const phase = phaseAt(windows, p)
  const spread = windows.spread
  const phaseRow = p / spread
  const phaseColumn = p % spread
  const taps = <i32>phase.tapRows
  const startRow = phase.start / windows.pitch
  const rowsPerPlace = windows.rowStep / windows.pitch
  let image = i0 / windows.places
  let y = (i0 % windows.places) / windows.outWidth
  let x = (i0 % windows.places) % windows.outWidth
  let count: u32 = 0
  let from: usize = 0
  let first: u32 = 0
  let end: u32 = 0
  for (let done: u32 = 0; done < rows; x = 0) {
    const columns = min(windows.outWidth - x, rows - done)
    if (spread == 1 || y % spread == phaseRow) {
      const start = place.images + <usize>(image % place.slots) * windows.slot + phase.start + y / spread * windows.rowStep
      const top = <i32>(startRow + y / spread * rowsPerPlace)
      first = max(0, firstPixelRow(windows) - top)
      end = max(<i32>first, min(taps, endPixelRow(windows) - top))
      for (let i: u32 = 0; i < columns; i++) {
        if (spread > 1 && (x + i) % spread != phaseColumn) continue
        from = start + (x + i) / spread * windows.step
        listRow(place.table, count++, from, sums + (done + i) * stride, first, end)
      }
    }
    done += columns
    if (++y < windows.outHeight) continue
    y = 0
    image++
  }
  for (; (count & 3) != 0; count++) listRow(place.table, count, from, spare, first, end)
  return count >> 2
}

/** The kernel in blocks: whole rows of it where several fit, else equal parts of one. */
function sumPhase(place: WindowPlace, windows: Windows, phase: Phase, tiles: u32, kernel: usize, n: u32, first: bool): void {
  const run = phase.tapColumns * (windows.pixel >> 2)
  const k = run * phase.tapRows
  const block = changetype<KernelBlock>(place.block)
  const parts = (run + MOST_STEPS - 1) / MOST_STEPS
  const most = (run + parts - 1) / parts
  const together = parts > 1 ? 1 : max<u32>(1, MOST_STEPS / run)
  block.pitch = windows.pitch
  let fresh = first
  for (let y: u32 = 0, done: u32 = 0; y < phase.tapRows; y += together) {
    block.firstRow = y
    block.endRow = min(y + together, phase.tapRows)
    for (let from: u32 = 0; from < run; from += most) {
      block.steps = min(most, run - from)
      block.skip = from << 2
      let panel = kernel + <usize>done * B_STEP
      for (let j: u32 = 0; j < n; j += PANEL_COLUMNS, panel += <usize>k * B_STEP) {
        sumRows(place.table, tiles, block, panel, <usize>j << 2, fresh)
      }
      fresh = false
      done += block.steps * (block.endRow - y)
    }
  }
}

function clearSums(table: usize, tiles: u32, n: u32): void {
  for (let i: u32 = 0; i < 4 * tiles; i++) {
    const sums = load<usize>(table + (i >> 2) * <u32>offsetof<RowTile>() + ((i & 3) << 2), 16)
    for (let j: u32 = 0; j < n; j += 4) v128.store(sums + (j << 2), f32x4.splat(0))
  }
}

function addRows(place: WindowPlace, windows: Windows, n: u32, i0: u32, rows: u32, sums: usize, stride: usize, spare: usize, first: bool): void {
  let kernel = place.kernel
  for (let p: u32 = 0; p < windows.spread * windows.spread; p++) {
    const phase = phaseAt(windows, p)
    const tiles = listWindows(place, windows, p, i0, rows, sums, stride, spare)
    if (phase.tapRows * phase.tapColumns == 0) {
      if (first) clearSums(place.table, tiles, n)
      continue
    }
    sumPhase(place, windows, phase, tiles, kernel, n, first)
    kernel += panelBytes(phase.tapRows * phase.tapColumns * (windows.pixel >> 2), n)
  }
}

/**
 * Adds the product of the windows [i0, i0 + rows) with B to the sums of a strip, rows `stride` bytes apart. Windows are
 * read where they lie in padded copies of their images, one image at a time. Sums run over k in order; rows of the kernel
 * and phases that see only zeros are left out.
 */
export function addWindows(place: WindowPlace, windows: Windows, images: Operand, n: u32,
  i0: u32, rows: u32, sums: usize, stride: usize, spare: usize, first: bool): void {
  const lanes = takesLanes(windows, n)
  const needed = (i0 + rows - 1) / windows.places
  for (; place.padded <= needed; place.padded++) {
    const to = place.images + <usize>(place.padded % place.slots) * windows.slot
    if (lanes) padPlanes(windows, images, place.padded, to)
    else padImage(windows, images, place.padded, to)
  }
  if (lanes) addLaneWindows(windows, place.kernel, place.images, place.slots, place.table, place.block, n, i0, rows, sums, stride, spare, first)
  else addRows(place, windows, n, i0, rows, sums, stride, spare, first)
}
