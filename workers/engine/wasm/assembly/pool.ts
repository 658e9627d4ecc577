import { operandAt, rowOf } from './operand'
import { channelsFrom, endPixel, firstPixel, OPERANDS, Pooling, rowOrNone, storeChannels } from './pooling'
import { lanesBelow } from './write'

/** What to apply, in the numbering of the encoder. */
const TAKE_AT: u32 = 0
const PUT_AT: u32 = 1
const AVERAGE_POOL: u32 = 2

/** Images of one replay: what every window reads, and where it goes. */
let image: usize = 0
let argmax: usize = 0
let windows: usize = 0

/** Channel by channel the pixel that argmax names; a place outside the image counts as its last pixel. */
// @ts-ignore: decorator
@inline
function takeWindow(channels: u32, pixels: u32): void {
  for (let c: u32 = 0; c < channels; c++, windows += 4, argmax += 4) {
    const pixel = min(<u32>load<f32>(argmax), pixels - 1)
    store<f32>(windows, load<f32>(image + (<usize>(pixel * channels + c) << 2)))
  }
}

/** Mean of pixels [x, endX) × [y, endY). */
// @ts-ignore: decorator
@inline
function averageWindow(width: u32, channels: u32, y: u32, endY: u32, x: u32, endX: u32): void {
  const pixel: usize = channels << 2
  const count = f32x4.splat(<f32>((endY - y) * (endX - x)))
  for (let c: u32 = 0; c < channels; c += 4) {
    const skip: usize = channelsFrom(c, channels) << 2
    let sum = f32x4.splat(0)
    for (let row = y; row < endY; row++) {
      let from = image + <usize>(row * width + x) * pixel + skip
      const end = from + <usize>(endX - x) * pixel
      for (; from < end; from += pixel) sum = f32x4.add(sum, v128.load(from))
    }
    storeChannels(windows + skip, channels, f32x4.div(sum, count))
  }
  windows += pixel
}

/** Adds what a window gives to its pixels: its value where argmax says so, or the equal share of everyone. */
// @ts-ignore: decorator
@inline
function spreadWindow(put: bool, width: u32, channels: u32, y: u32, endY: u32, x: u32, endX: u32): void {
  const pixel: usize = channels << 2
  const count = f32x4.splat(<f32>((endY - y) * (endX - x)))
  for (let c: u32 = 0; c < channels; c += 4) {
    const skip: usize = c << 2
    const lanes = lanesBelow(channels - c)
    let value = v128.load(windows + skip)
    if (!put) value = f32x4.div(value, count)
    const at = put ? v128.load(argmax + skip) : value
    for (let row = y; row < endY; row++) {
      let place: f32 = <f32>(row * width + x)
      let to = image + <usize>(row * width + x) * pixel + skip
      const end = to + <usize>(endX - x) * pixel
      for (; to < end; to += pixel, place += 1) {
        const old = v128.load(to)
        const gets = put ? v128.and(lanes, f32x4.eq(at, f32x4.splat(place))) : lanes
        v128.store(to, v128.bitselect(f32x4.add(old, value), old, gets))
      }
    }
  }
  windows += pixel
  argmax += pixel
}

// @ts-ignore: decorator
@inline
function everyWindow(apply: u32, head: Pooling): void {
  for (let oy: u32 = 0; oy < head.outHeight; oy++) {
    const y = firstPixel(oy, head.stride, head.padTop)
    const endY = endPixel(oy, head.stride, head.padTop, head.kernelHeight, head.height)
    for (let ox: u32 = 0; ox < head.outWidth; ox++) {
      const x = firstPixel(ox, head.stride, head.padLeft)
      const endX = endPixel(ox, head.stride, head.padLeft, head.kernelWidth, head.width)
      if (apply == TAKE_AT) takeWindow(head.channels, head.height * head.width)
      else if (apply == AVERAGE_POOL) averageWindow(head.width, head.channels, y, endY, x, endX)
      else spreadWindow(apply == PUT_AT, head.width, head.channels, y, endY, x, endX)
    }
  }
}

/** The linear maps of pooling, windows in order. Operands: x, argmax, to. */
export function pool(descriptor: usize): void {
  const head = changetype<Pooling>(descriptor)
  const apply = head.apply
  const x = operandAt(descriptor, OPERANDS)
  const places = operandAt(descriptor, OPERANDS + 4)
  const to = operandAt(descriptor, OPERANDS + 8)
  const fromImages = apply == TAKE_AT || apply == AVERAGE_POOL
  const pixels = head.height * head.width
  for (let i: u32 = 0; i < head.images; i++) {
    argmax = places.base != 0 ? rowOf(places, i) : 0
    if (fromImages) {
      image = rowOf(x, i)
      windows = rowOrNone(to, i * head.outHeight * head.outWidth)
    } else {
      windows = rowOf(x, i)
      image = rowOrNone(to, i * pixels)
      memory.fill(image, 0, <usize>(pixels * head.channels) << 2)
    }
    if (apply == TAKE_AT) everyWindow(TAKE_AT, head)
    else if (apply == PUT_AT) everyWindow(PUT_AT, head)
    else if (apply == AVERAGE_POOL) everyWindow(AVERAGE_POOL, head)
    else everyWindow(3, head)
  }
}
