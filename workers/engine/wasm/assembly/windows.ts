/** The windows of a product, as geometry.ts on the host lays them out; the phases follow. All distances in bytes. */
@unmanaged
export class Windows {
  images: u32
  /** Windows of one image, and of one of its rows. */
  places: u32
  outHeight: u32
  outWidth: u32
  /** From a window to the next one of its phase, and to the one below. */
  step: u32
  rowStep: u32
  spread: u32
  pixel: u32
  kernelWidth: u32
  /** From a row of a padded image to the next, and from a padded image to the next. */
  pitch: u32
  slot: u32
  /** Zeros before the first pixel. */
  head: u32
  /** Rows of the image that are copied, and bytes of each. */
  rows: u32
  rowBytes: u32
  sourcePitch: u32
  /** Distance in pixels at which neighbouring pixels are copied. */
  dilation: u32
}

const PHASES: usize = 64
const PHASE_BYTES: usize = 20

/** The windows at every spread-th place from one place on: which taps of the kernel fall on pixels for them. */
@unmanaged
export class Phase {
  tapRows: u32
  tapColumns: u32
  firstRow: u32
  firstColumn: u32
  /** Where the first of these windows starts in a padded image. */
  start: u32
}

// @ts-ignore: decorator
@inline
export function phaseAt(windows: Windows, phase: u32): Phase {
  return changetype<Phase>(changetype<usize>(windows) + PHASES + phase * PHASE_BYTES)
}

/** Bytes of one channel of an image that is stored channel by channel. */
// @ts-ignore: decorator
@inline
export function planeBytes(windows: Windows): usize {
  return (windows.slot - 16) / (windows.pixel >> 2) & ~3
}

/** First row of pixels in a padded image, and the row behind the last. */
// @ts-ignore: decorator
@inline
export function firstPixelRow(windows: Windows): i32 {
  return windows.head / windows.pitch
}

// @ts-ignore: decorator
@inline
export function endPixelRow(windows: Windows): i32 {
  return windows.head / windows.pitch + (windows.rows - 1) * windows.dilation + 1
}

/** First row of places at which row `row` of a window lies on pixels, and the one behind the last. */
// @ts-ignore: decorator
@inline
export function firstPlace(windows: Windows, row: u32): u32 {
  const step = <i32>(windows.rowStep / windows.pitch)
  return max(0, (firstPixelRow(windows) - <i32>row + step - 1) / step)
}

// @ts-ignore: decorator
@inline
export function endPlace(windows: Windows, row: u32): u32 {
  const step = <i32>(windows.rowStep / windows.pitch)
  const reach = endPixelRow(windows) - 1 - <i32>row
  return reach < 0 ? 0 : min(windows.outHeight, reach / step + 1)
}

/** Groups of up to `size` neighbouring entries that the m entries of a window make, row by row. */
// @ts-ignore: decorator
@inline
export function groupsOf(windows: Windows, m: u32, size: u32): u32 {
  const run = windows.kernelWidth * (windows.pixel >> 2)
  return (run + size - 1) / size * (m / run)
}
