import { operandAt, rowOf } from './operand'
import { channelsFrom, endPixel, firstPixel, OPERANDS, Pooling, rowOrNone, storeChannels } from './pooling'

/** Whether a value comes before the best so far: it is larger, or the first NaN. */
// @ts-ignore: decorator
@inline
function wins(value: v128, best: v128): v128 {
  return v128.andnot(f32x4.eq(best, best), f32x4.le(value, best))
}

// @ts-ignore: decorator
@inline
function storeBest(output: usize, argmax: usize, skip: usize, channels: u32, best: v128, at: v128): void {
  if (output != 0) storeChannels(output + skip, channels, best)
  if (argmax != 0) storeChannels(argmax + skip, channels, at)
}

/** `count` windows of 2×2 pixels side by side from `from` on, the first pixel of all being pixel `place` of an image `width` wide. */
function largestOfFours(from: usize, count: u32, width: u32, channels: u32, place: u32, output: usize, argmax: usize): void {
  const pixel: usize = channels << 2
  const pitch = width * pixel
  const one = f32x4.splat(1)
  const below = f32x4.splat(<f32>width)
  const across = f32x4.splat(<f32>(width + 1))
  for (; count > 0; count--, from += 2 * pixel, place += 2) {
    const first = f32x4.splat(<f32>place)
    for (let c: u32 = 0; c < channels; c += 4) {
      const skip = channelsFrom(c, channels)
      const corner = from + skip
      let best = v128.load(corner)
      let value = v128.load(corner + pixel)
      let better = wins(value, best)
      best = v128.bitselect(value, best, better)
      let offset = v128.and(better, one)
      value = v128.load(corner + pitch)
      better = wins(value, best)
      best = v128.bitselect(value, best, better)
      offset = v128.bitselect(below, offset, better)
      value = v128.load(corner + pitch + pixel)
      better = wins(value, best)
      best = v128.bitselect(value, best, better)
      offset = v128.bitselect(across, offset, better)
      storeBest(output, argmax, skip, channels, best, f32x4.add(first, offset))
    }
    if (output != 0) output += pixel
    if (argmax != 0) argmax += pixel
  }
}

/** The window of `rows` rows of `columns` pixels at `from`. */
function largest(from: usize, pitch: usize, channels: u32, rows: u32, columns: u32, place: f32, width: f32, output: usize, argmax: usize): void {
  const pixel: usize = channels << 2
  for (let c: u32 = 0; c < channels; c += 4) {
    const skip = channelsFrom(c, channels)
    let row = from + skip
    let best = v128.load(row)
    let at = f32x4.splat(place)
    let rowPlace = at
    for (let y: u32 = 0; y < rows; y++, row += pitch, rowPlace = f32x4.add(rowPlace, f32x4.splat(width))) {
      let pixelPlace = rowPlace
      for (let next = row, end = row + columns * pixel; next < end; next += pixel, pixelPlace = f32x4.add(pixelPlace, f32x4.splat(1))) {
        const value = v128.load(next)
        const better = wins(value, best)
        best = v128.bitselect(value, best, better)
        at = v128.bitselect(pixelPlace, at, better)
      }
    }
    storeBest(output, argmax, skip, channels, best, at)
  }
}

/**
 * Maximum of every window and its place y·width + x, the first in row-major order among equals. Operands: x, output,
 * argmax; outputs with base 0 are skipped.
 */
export function maxPool(descriptor: usize): void {
  const head = changetype<Pooling>(descriptor)
  const channels = head.channels
  const width = head.width
  const pixel: usize = channels << 2
  const pitch = width * pixel
  let output = rowOrNone(operandAt(descriptor, OPERANDS + 4), 0)
  let argmax = rowOrNone(operandAt(descriptor, OPERANDS + 8), 0)
  for (let i: u32 = 0; i < head.images; i++) {
    const image = rowOf(operandAt(descriptor, OPERANDS), i)
    for (let oy: u32 = 0; oy < head.outHeight; oy++) {
      const y = firstPixel(oy, head.stride, head.padTop)
      const rows = endPixel(oy, head.stride, head.padTop, head.kernelHeight, head.height) - y
      // Windows that fours cannot take: all of other sizes, and those that the edge of the image clips.
      let ox = head.kernelWidth == 2 && head.stride == 2 && head.padLeft == 0 && rows == 2 ? min(head.outWidth, width / 2) : 0
      if (ox > 0) largestOfFours(image + y * pitch, ox, width, channels, y * width, output, argmax)
      if (output != 0) output += ox * pixel
      if (argmax != 0) argmax += ox * pixel
      for (; ox < head.outWidth; ox++) {
        const x = firstPixel(ox, head.stride, head.padLeft)
        const columns = endPixel(ox, head.stride, head.padLeft, head.kernelWidth, width) - x
        largest(image + y * pitch + x * pixel, pitch, channels, rows, columns, <f32>(y * width + x), <f32>width, output, argmax)
        if (output != 0) output += pixel
        if (argmax != 0) argmax += pixel
      }
    }
  }
}
