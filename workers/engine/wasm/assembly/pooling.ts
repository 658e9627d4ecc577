import { firstRow, Operand } from './operand'
import { lanesBelow } from './write'

/** Head of a pooling descriptor; its operands follow. Windows of maxPool and pool alike. */
@unmanaged
export class Pooling {
  kind: u32
  apply: u32
  images: u32
  height: u32
  width: u32
  channels: u32
  kernelHeight: u32
  kernelWidth: u32
  outHeight: u32
  outWidth: u32
  stride: u32
  padTop: u32
  padLeft: u32
}

/** Word of the first operand. */
export const OPERANDS: usize = 13

/** First pixel, along one axis, of the window at a place. */
// @ts-ignore: decorator
@inline
export function firstPixel(place: u32, stride: u32, pad: u32): u32 {
  return <u32>max<i32>(0, <i32>(place * stride) - <i32>pad)
}

/** The pixel behind the last. */
// @ts-ignore: decorator
@inline
export function endPixel(place: u32, stride: u32, pad: u32, kernel: u32, size: u32): u32 {
  return <u32>min<i32>(<i32>size, <i32>(place * stride + kernel) - <i32>pad)
}

/** Byte of a pixel at which the vector of channels from c on is taken: the last four again where fewer are left. */
// @ts-ignore: decorator
@inline
export function channelsFrom(c: u32, channels: u32): usize {
  return (channels >= 4 ? min(c, channels - 4) : 0) << 2
}

/** Stores four channels, or as many as there are where a pixel has fewer. */
// @ts-ignore: decorator
@inline
export function storeChannels(place: usize, channels: u32, value: v128): void {
  v128.store(place, channels >= 4 ? value : v128.bitselect(value, v128.load(place), lanesBelow(channels)))
}

/** Start of row r of an operand, or 0 where it is absent. */
// @ts-ignore: decorator
@inline
export function rowOrNone(operand: Operand, r: u32): usize {
  return operand.base != 0 ? firstRow(operand) + r * operand.rowStride : 0
}
