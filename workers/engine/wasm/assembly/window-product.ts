import { Operand } from './operand'
import { packPanel, PANEL_COLUMNS } from './pack'
import { CONTINUE, START, sumNarrow, sumWide, TILE_BYTES, Walk } from './window-tile'
import { padImage, Phase, phaseAt, Windows } from './windows'

/** Bytes of one step along k of a packed panel of B. */
const B_STEP: usize = 32

/** Most steps along k at a time: a panel of B stays in the first cache. */
const MOST_STEPS: u32 = 192

/** Where the rows of a strip and their padded images are. */
@unmanaged
export class WindowPlace {
  /** Packed panels of B, all phases. */
  kernel: usize
  /** Padded images: image i at (i mod slots)·slot. */
  images: usize
  slots: u32
  /** Images padded so far. */
  padded: u32
  /** Tiles of a strip. */
  table: usize
  walk: Walk
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
  return <usize>((rows + 3) / 4 + windows.spread * windows.spread) * TILE_BYTES
}

// @ts-ignore: decorator
@inline
function kernelBytes(k: u32, n: u32): usize {
  return <usize>((n + PANEL_COLUMNS - 1) / PANEL_COLUMNS) * k * B_STEP
}

/** Bytes of scratch for a factor of windows, in strips of `rows` rows. */
export function windowScratch(windows: Windows, k: u32, n: u32, rows: u32): usize {
  const bytes = kernelBytes(k, n) + <usize>slotsFor(windows, rows) * windows.slot + tableBytes(windows, rows)
  return bytes + offsetof<Walk>()
}

/** Prepares a term of windows, once per product. */
export function openWindows(place: WindowPlace, windows: Windows, b: Operand, transposed: bool, k: u32, n: u32, rows: u32, scratch: usize): void {
  place.kernel = scratch
  place.slots = slotsFor(windows, rows)
  place.images = scratch + kernelBytes(k, n)
  place.table = place.images + <usize>place.slots * windows.slot
  place.walk = changetype<Walk>(place.table + tableBytes(windows, rows))
  place.padded = 0
  packKernel(windows, b, transposed, k, n, scratch)
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

/** Adds the windows [i0, i0 + rows) of a phase to the table; returns how many tiles they fill. Missing rows go to `spare`. */
function listWindows(place: WindowPlace, windows: Windows, p: u32, i0: u32, rows: u32, sums: usize, stride: usize, spare: usize): u32 {
  const spread = windows.spread
  const start = phaseAt(windows, p).start
  const phaseRow = p / spread
  const phaseColumn = p % spread
  let image = i0 / windows.places
  let y = (i0 % windows.places) / windows.outWidth
  let x = (i0 % windows.places) % windows.outWidth
  let base = place.images + <usize>(image % place.slots) * windows.slot + start
  let count: u32 = 0
  let from = base
  for (let r: u32 = 0; r < rows; r++) {
    if (spread == 1 || (y % spread == phaseRow && x % spread == phaseColumn)) {
      from = base + (y / spread) * windows.rowStep + (x / spread) * windows.step
      const entry = place.table + (count >> 2) * TILE_BYTES + ((count & 3) << 2)
      store<u32>(entry, <u32>from)
      store<u32>(entry, <u32>(sums + r * stride), 16)
      count++
    }
    if (++x < windows.outWidth) continue
    x = 0
    if (++y < windows.outHeight) continue
    y = 0
    image++
    base = place.images + <usize>(image % place.slots) * windows.slot + start
  }
  for (; (count & 3) != 0; count++) {
    const entry = place.table + (count >> 2) * TILE_BYTES + ((count & 3) << 2)
    store<u32>(entry, <u32>from)
    store<u32>(entry, <u32>spare, 16)
  }
  return count >> 2
}

/** Runs along k in blocks: whole rows of the window where several fit, else equal parts of one. */
function sumPhase(place: WindowPlace, windows: Windows, phase: Phase, tiles: u32, kernel: usize, n: u32, first: bool): void {
  const run = phase.tapColumns * (windows.pixel >> 2)
  const k = run * phase.tapRows
  const walk = place.walk
  const parts = (run + MOST_STEPS - 1) / MOST_STEPS
  const most = (run + parts - 1) / parts
  const runs = parts > 1 ? 1 : max<u32>(1, MOST_STEPS / run)
  walk.stride = 4
  walk.groups = 1
  for (let y: u32 = 0, done: u32 = 0; y < phase.tapRows; y += runs) {
    walk.runs = min(runs, phase.tapRows - y)
    for (let from: u32 = 0; from < run; from += most) {
      const steps = min(most, run - from)
      walk.steps = steps
      walk.runJump = <usize>windows.pitch - (steps << 2)
      const how = first && done == 0 ? START : CONTINUE
      let panel = kernel + <usize>done * B_STEP
      const offset = <usize>y * windows.pitch + (from << 2)
      for (let j: u32 = 0; j < n; j += PANEL_COLUMNS, panel += <usize>k * B_STEP) {
        if (n - j > 4) sumWide(place.table, tiles, offset, walk, panel, <usize>j << 2, how)
        else sumNarrow(place.table, tiles, offset, walk, panel, <usize>j << 2, how)
      }
      done += steps * walk.runs
    }
  }
}

function clearSums(table: usize, tiles: u32, n: u32): void {
  for (let i: u32 = 0; i < 4 * tiles; i++) {
    const sums = <usize>load<u32>(table + (i >> 2) * TILE_BYTES + ((i & 3) << 2), 16)
    for (let j: u32 = 0; j < n; j += 4) v128.store(sums + (j << 2), f32x4.splat(0))
  }
}

/**
 * Adds the product of the windows [i0, i0 + rows) with B to the sums of a strip, rows `stride` bytes apart. Windows are
 * read where they lie in padded copies of their images. Sums run over k in order; zeros between the pixels of a spread
 * image are left out.
 */
export function addWindows(place: WindowPlace, windows: Windows, images: Operand, k: u32, n: u32,
  i0: u32, rows: u32, sums: usize, stride: usize, spare: usize, first: bool): void {
  const needed = (i0 + rows - 1) / windows.places
  for (; place.padded <= needed; place.padded++) {
    padImage(windows, images, place.padded, place.images + <usize>(place.padded % place.slots) * windows.slot)
  }
  let kernel = place.kernel
  for (let p: u32 = 0; p < windows.spread * windows.spread; p++) {
    const phase = phaseAt(windows, p)
    const tiles = listWindows(place, windows, p, i0, rows, sums, stride, spare)
    if (phase.tapRows * phase.tapColumns == 0) {
      if (first) clearSums(place.table, tiles, n)
      continue
    }
    sumPhase(place, windows, phase, tiles, kernel, n, first)
    kernel += kernelBytes(phase.tapRows * phase.tapColumns * (windows.pixel >> 2), n)
  }
}
