import { Operand, rowOf } from './operand'
import { transposeBlock } from './pack'
import { planeBytes, Windows } from './windows'

/** Zeros [to, end) and up to 12 bytes more. */
// @ts-ignore: decorator
@inline
function clear(to: usize, end: usize): void {
  for (; to < end; to += 16) v128.store(to, f32x4.splat(0))
}

/** Copies `bytes` bytes and up to 12 more. */
// @ts-ignore: decorator
@inline
function copy(from: usize, to: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, v128.load(from + i))
}

/** Copies an image with zeros around it: every gap between two rows is written after the row above and before the row below. */
function padDense(windows: Windows, from: usize, to: usize): void {
  const pitch = <usize>windows.pitch
  const rowBytes = <usize>windows.rowBytes
  const rows = windows.rows
  let row = to + windows.head
  clear(to, row)
  for (let y: u32 = 0; y < rows; y++, from += windows.sourcePitch, row += pitch) {
    copy(from, row, rowBytes)
    clear(row + rowBytes, row + pitch)
  }
  clear(row, to + windows.slot)
}

/** The same with zeros between the pixels as well. */
function padDilated(windows: Windows, from: usize, to: usize): void {
  const pixel = <usize>windows.pixel
  const distance = pixel * windows.dilation
  clear(to, to + windows.slot)
  let row = to + windows.head
  for (let y: u32 = 0; y < windows.rows; y++, from += windows.sourcePitch, row += windows.pitch * windows.dilation) {
    for (let x: usize = 0, place = row; x < windows.rowBytes; x += pixel, place += distance) {
      for (let c: usize = 0; c < pixel; c += 4) store<f32>(place + c, load<f32>(from + x + c))
    }
  }
}

/** Copies image i with the zeros that its windows see to `to`, `slot` bytes. */
export function padImage(windows: Windows, images: Operand, i: u32, to: usize): void {
  if (windows.dilation == 1) padDense(windows, rowOf(images, i), to)
  else padDilated(windows, rowOf(images, i), to)
}

/** Moves up to four channels of `pixels` pixels to as many planes. */
function splitPixels(from: usize, pixel: usize, pixels: u32, channels: u32, to: usize, plane: usize): void {
  let x: u32 = 0
  if (channels == 4) {
    for (; x + 4 <= pixels; x += 4, from += 4 * pixel, to += 16) transposeBlock(from, from + pixel, from + 2 * pixel, from + 3 * pixel, to, plane)
  } else if (pixel == 12) {
    for (; x + 4 <= pixels; x += 4, from += 48, to += 16) splitTriples(from, to, plane)
  }
  for (; x < pixels; x++, from += pixel, to += 4) {
    for (let c: u32 = 0; c < channels; c++) store<f32>(to + c * plane, load<f32>(from + (c << 2)))
  }
}

/** Four pixels of exactly three channels. */
// @ts-ignore: decorator
@inline
function splitTriples(from: usize, to: usize, plane: usize): void {
  const a = v128.load(from)
  const b = v128.load(from, 16)
  const c = v128.load(from, 32)
  v128.store(to, v128.shuffle<u32>(v128.shuffle<u32>(a, b, 0, 3, 6, 6), c, 0, 1, 2, 5))
  v128.store(to + plane, v128.shuffle<u32>(v128.shuffle<u32>(a, b, 1, 4, 7, 7), c, 0, 1, 2, 6))
  v128.store(to + 2 * plane, v128.shuffle<u32>(v128.shuffle<u32>(a, b, 2, 5, 5, 5), c, 0, 1, 4, 7))
}

/** `padImage` channel by channel, so that neighbouring pixels of a channel are neighbours in memory. */
export function padPlanes(windows: Windows, images: Operand, i: u32, to: usize): void {
  const pixel = <usize>windows.pixel
  const channels = windows.pixel >> 2
  const plane = planeBytes(windows)
  const pitch = windows.pitch / channels
  clear(to, to + windows.slot)
  let row = to + windows.head / channels
  let from = rowOf(images, i)
  for (let y: u32 = 0; y < windows.rows; y++, from += windows.sourcePitch, row += pitch) {
    for (let c: u32 = 0; c < channels; c += 4) {
      splitPixels(from + (c << 2), pixel, windows.rowBytes / pixel, min(4, channels - c), row + c * plane, plane)
    }
  }
}
