import { operandAt, rowOf } from './operand'
import { channelsFrom, endPixel, firstPixel, OPERANDS, Pooling, rowOrNone, storeChannels } from './pooling'
import { lanesBelow } from './write'

/** What to apply, in the numbering of the encoder. */
const TAKE_AT: u32 = 0
const PUT_AT: u32 = 1
const AVERAGE_POOL: u32 = 2
const AVERAGE_BACK: u32 = 3

/** Channel by channel the pixel of an image that argmax names; a place outside the image counts as its last pixel. */
function takeWindow(image: usize, channels: u32, pixels: u32, argmax: usize, to: usize): void {
  for (let c: u32 = 0; c < channels << 2; c += 4) {
    const pixel = min(<u32>load<f32>(argmax + c), pixels - 1)
    store<f32>(to + c, load<f32>(image + (pixel * channels << 2) + c))
  }
}

/** Mean of `rows` rows of `columns` pixels at `from`. */
function averageWindow(from: usize, pitch: usize, channels: u32, rows: u32, columns: u32, to: usize): void {
  const pixel: usize = channels << 2
  const count = f32x4.splat(<f32>(rows * columns))
  for (let c: u32 = 0; c < channels; c += 4) {
    const skip = channelsFrom(c, channels)
    let row = from + skip
    let sum = f32x4.splat(0)
    for (let y: u32 = 0; y < rows; y++, row += pitch) {
      for (let next = row, end = row + columns * pixel; next < end; next += pixel) sum = f32x4.add(sum, v128.load(next))
    }
    storeChannels(to + skip, channels, f32x4.div(sum, count))
  }
}

/** The windows of one replay: whether they go to where argmax says or in equal shares, and whether two may meet in a pixel. */
let put: bool = false
let meet: bool = false

/** What a window gives to each of `rows` rows of `columns` pixels at `to`, the first of them pixel `place` of an image `width` wide. */
// @ts-ignore: decorator
@inline
function spreadWindow(put: bool, meet: bool, to: usize, pitch: usize, channels: u32, rows: u32, columns: u32, place: f32, width: f32, from: usize, argmax: usize): void {
  const pixel: usize = channels << 2
  const count = f32x4.splat(<f32>(rows * columns))
  for (let c: u32 = 0; c < channels; c += 4) {
    // Sums must meet every channel once, so that the last vector is masked; copies may meet it twice.
    const skip: usize = meet ? c << 2 : channelsFrom(c, channels)
    const lanes = lanesBelow(channels - c)
    let value = v128.load(from + skip)
    if (!put) value = f32x4.div(value, count)
    const at = put ? v128.load(argmax + skip) : value
    let row = to + skip
    let rowPlace = f32x4.splat(place)
    for (let y: u32 = 0; y < rows; y++, row += pitch, rowPlace = f32x4.add(rowPlace, f32x4.splat(width))) {
      let pixelPlace = rowPlace
      for (let next = row, end = row + columns * pixel; next < end; next += pixel, pixelPlace = f32x4.add(pixelPlace, f32x4.splat(1))) {
        if (meet) {
          const old = v128.load(next)
          const gets = put ? v128.and(lanes, f32x4.eq(at, pixelPlace)) : lanes
          v128.store(next, v128.bitselect(f32x4.add(old, value), old, gets))
        } else {
          storeChannels(next, channels, put ? v128.and(value, f32x4.eq(at, pixelPlace)) : value)
        }
      }
    }
  }
}

/** `spreadWindow` for `count` windows of 2×2 pixels side by side, from pixel `place` on. */
// @ts-ignore: decorator
@inline
function spreadFours(put: bool, to: usize, count: u32, width: u32, channels: u32, place: u32, from: usize, argmax: usize): void {
  const pixel: usize = channels << 2
  const pitch = width * pixel
  const one = f32x4.splat(1)
  const below = f32x4.splat(<f32>width)
  const across = f32x4.splat(<f32>(width + 1))
  for (; count > 0; count--, to += 2 * pixel, place += 2, from += pixel, argmax += pixel) {
    const first = f32x4.splat(<f32>place)
    for (let c: u32 = 0; c < channels; c += 4) {
      const skip = channelsFrom(c, channels)
      const corner = to + skip
      const value = v128.load(from + skip)
      const share = f32x4.mul(value, f32x4.splat(0.25))
      const offset = put ? f32x4.sub(v128.load(argmax + skip), first) : share
      storeChannels(corner, channels, put ? v128.and(value, f32x4.eq(offset, f32x4.splat(0))) : share)
      storeChannels(corner + pixel, channels, put ? v128.and(value, f32x4.eq(offset, one)) : share)
      storeChannels(corner + pitch, channels, put ? v128.and(value, f32x4.eq(offset, below)) : share)
      storeChannels(corner + pitch + pixel, channels, put ? v128.and(value, f32x4.eq(offset, across)) : share)
    }
  }
}

function putFours(to: usize, count: u32, width: u32, channels: u32, place: u32, from: usize, argmax: usize): void {
  spreadFours(true, to, count, width, channels, place, from, argmax)
}

function shareFours(to: usize, count: u32, width: u32, channels: u32, place: u32, from: usize): void {
  spreadFours(false, to, count, width, channels, place, from, 0)
}

function spread(to: usize, pitch: usize, channels: u32, rows: u32, columns: u32, place: f32, width: f32, from: usize, argmax: usize): void {
  if (put && meet) spreadWindow(true, true, to, pitch, channels, rows, columns, place, width, from, argmax)
  else if (put) spreadWindow(true, false, to, pitch, channels, rows, columns, place, width, from, argmax)
  else if (meet) spreadWindow(false, true, to, pitch, channels, rows, columns, place, width, from, argmax)
  else spreadWindow(false, false, to, pitch, channels, rows, columns, place, width, from, argmax)
}

/** Whether windows side by side cover every pixel of the image. */
function covers(head: Pooling): bool {
  const stride = head.stride
  return stride == head.kernelHeight && stride == head.kernelWidth &&
    head.outHeight * stride - head.padTop >= head.height && head.outWidth * stride - head.padLeft >= head.width
}

/** The windows of one image, in order. */
function everyWindow(head: Pooling, image: usize, windows: usize, argmax: usize): void {
  const apply = head.apply
  const channels = head.channels
  const width = head.width
  const pixel: usize = channels << 2
  const pitch = width * pixel
  for (let oy: u32 = 0; oy < head.outHeight; oy++) {
    const y = firstPixel(oy, head.stride, head.padTop)
    const rows = endPixel(oy, head.stride, head.padTop, head.kernelHeight, head.height) - y
    // Windows that fours cannot take: all of other sizes, and those that the edge of the image clips.
    const alone = !meet && (apply == PUT_AT || apply == AVERAGE_BACK)
    const fours = alone && head.kernelWidth == 2 && head.stride == 2 && head.padLeft == 0 && rows == 2 ? min(head.outWidth, width / 2) : 0
    if (fours > 0 && apply == PUT_AT) putFours(image + y * pitch, fours, width, channels, y * width, windows, argmax)
    else if (fours > 0) shareFours(image + y * pitch, fours, width, channels, y * width, windows)
    windows += fours * pixel
    argmax += fours * pixel
    for (let ox = fours; ox < head.outWidth; ox++, windows += pixel, argmax += pixel) {
      const x = firstPixel(ox, head.stride, head.padLeft)
      const columns = endPixel(ox, head.stride, head.padLeft, head.kernelWidth, width) - x
      const corner = image + y * pitch + x * pixel
      if (apply == TAKE_AT) takeWindow(image, channels, head.height * width, argmax, windows)
      else if (apply == AVERAGE_POOL) averageWindow(corner, pitch, channels, rows, columns, windows)
      else spread(corner, pitch, channels, rows, columns, <f32>(y * width + x), <f32>width, windows, argmax)
    }
  }
}

/** The linear maps of pooling, windows in order. Operands: x, argmax, to. */
export function pool(descriptor: usize): void {
  const head = changetype<Pooling>(descriptor)
  const x = operandAt(descriptor, OPERANDS)
  const places = operandAt(descriptor, OPERANDS + 4)
  const to = operandAt(descriptor, OPERANDS + 8)
  const pixels = head.height * head.width
  put = head.apply == PUT_AT
  meet = head.stride < max(head.kernelHeight, head.kernelWidth)
  for (let i: u32 = 0; i < head.images; i++) {
    const argmax = places.base != 0 ? rowOf(places, i) : 0
    if (head.apply == TAKE_AT || head.apply == AVERAGE_POOL) {
      everyWindow(head, rowOf(x, i), rowOrNone(to, i * head.outHeight * head.outWidth), argmax)
    } else {
      const image = rowOrNone(to, i * pixels)
      if (meet || !covers(head)) memory.fill(image, 0, pixels * head.channels << 2)
      everyWindow(head, image, rowOf(x, i), argmax)
    }
  }
}
