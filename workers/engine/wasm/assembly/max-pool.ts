import { operandAt, rowOf } from './operand'
import { channelsFrom, endPixel, firstPixel, OPERANDS, Pooling, rowOrNone, storeChannels } from './pooling'

/** The largest of four channels over pixels [x, endX) × [y, endY) of an image, and where it is; the first NaN wins. */
// @ts-ignore: decorator
@inline
function largest(image: usize, width: u32, channels: u32, y: u32, endY: u32, x: u32, endX: u32, output: usize, argmax: usize): void {
  const pixel: usize = channels << 2
  let best = v128.load(image + <usize>(y * width + x) * pixel)
  let at = f32x4.splat(<f32>(y * width + x))
  for (let row = y; row < endY; row++) {
    let place: f32 = <f32>(row * width + x)
    let from = image + <usize>(row * width + x) * pixel
    const end = from + <usize>(endX - x) * pixel
    for (; from < end; from += pixel, place += 1) {
      const value = v128.load(from)
      const wins = v128.andnot(f32x4.eq(best, best), f32x4.le(value, best))
      best = v128.bitselect(value, best, wins)
      at = v128.bitselect(f32x4.splat(place), at, wins)
    }
  }
  if (output != 0) storeChannels(output, channels, best)
  if (argmax != 0) storeChannels(argmax, channels, at)
}

/**
 * Maximum of every window and its place y·width + x, the first in row-major order among equals. Operands: x, output,
 * argmax; outputs with base 0 are skipped.
 */
export function maxPool(descriptor: usize): void {
  const head = changetype<Pooling>(descriptor)
  const channels = head.channels
  const images = operandAt(descriptor, OPERANDS)
  const pixel: usize = channels << 2
  let output = rowOrNone(operandAt(descriptor, OPERANDS + 4), 0)
  let argmax = rowOrNone(operandAt(descriptor, OPERANDS + 8), 0)
  for (let i: u32 = 0; i < head.images; i++) {
    const image = rowOf(images, i)
    for (let oy: u32 = 0; oy < head.outHeight; oy++) {
      const y = firstPixel(oy, head.stride, head.padTop)
      const endY = endPixel(oy, head.stride, head.padTop, head.kernelHeight, head.height)
      for (let ox: u32 = 0; ox < head.outWidth; ox++) {
        const x = firstPixel(ox, head.stride, head.padLeft)
        const endX = endPixel(ox, head.stride, head.padLeft, head.kernelWidth, head.width)
        for (let c: u32 = 0; c < channels; c += 4) {
          const skip: usize = channelsFrom(c, channels) << 2
          largest(image + skip, head.width, channels, y, endY, x, endX, output != 0 ? output + skip : 0, argmax != 0 ? argmax + skip : 0)
        }
        if (output != 0) output += pixel
        if (argmax != 0) argmax += pixel
      }
    }
  }
}
