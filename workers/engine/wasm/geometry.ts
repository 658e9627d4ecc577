import { EngineError } from '../engine.ts'
import type { Operand } from '../tensor.ts'
import { imageSize, type WindowGeometry } from '../windows.ts'

/** Bytes from which on an offset inside one padded image would no longer be a signed 32-bit number. */
const MOST_BYTES = 2 ** 31

/**
 * Windows along one axis. With `spread` s the places a, a + s, … see other pixels than their neighbours: every such
 * *phase* is a convolution of its own on the image without the zeros in between, with the taps first, first + s, ….
 */
interface Axis {
  /** Zeros before the first pixel, pixels used, and the size with all zeros that windows can reach. */
  readonly before: number
  readonly used: number
  readonly padded: number
  readonly phases: readonly { readonly first: number; readonly taps: number; readonly start: number }[]
}

/** Throws `EngineError('compile')` for windows that cannot be: they would lead a kernel out of its buffers. */
export function checkWindows(geometry: WindowGeometry, pooling: boolean): void {
  const { stride, spread, padTop, padLeft, ...sizes } = geometry
  const counts = [...Object.values(sizes), stride, spread]
  const possible =
    counts.every((count) => Number.isInteger(count) && count > 0) &&
    [padTop, padLeft].every((pad) => Number.isInteger(pad) && pad >= 0) &&
    (stride === 1 || spread === 1) &&
    (!pooling || (spread === 1 && everyWindowHasPixels(geometry)))
  if (!possible) throw new EngineError('compile', `wasm engine: impossible windows ${JSON.stringify(geometry)}; use windowsOn or windowsBack`)
}

/** Throws `EngineError('compile')` unless the operand holds one image per row. */
export function checkImages(images: Operand, size: number, count: number): void {
  if (images.cols !== size || images.rows !== count) {
    throw new EngineError('compile', `wasm engine: ${images.buffer.label} is ${images.rows}×${images.cols}, but ${count} images of ${size} numbers are expected`)
  }
}

function everyWindowHasPixels({ height, width, kernelHeight, kernelWidth, outHeight, outWidth, stride, padTop, padLeft }: WindowGeometry): boolean {
  const reaches = (size: number, kernel: number, out: number, pad: number): boolean => pad < kernel && (out - 1) * stride - pad < size
  return reaches(height, kernelHeight, outHeight, padTop) && reaches(width, kernelWidth, outWidth, padLeft)
}

function axisOf(size: number, kernel: number, out: number, pad: number, { stride, spread }: WindowGeometry): Axis {
  const places = (phase: number): number => Math.ceil((out - phase) / spread)
  const shifts = Array.from({ length: spread }, (_, phase) => {
    const first = (((pad - phase) % spread) + spread) % spread
    const taps = places(phase) > 0 && first < kernel ? Math.ceil((kernel - first) / spread) : 0
    return { first, taps, shift: (phase + first - pad) / spread }
  })
  const seen = shifts.filter(({ taps }) => taps > 0)
  const before = Math.max(0, ...seen.map(({ shift }) => -shift))
  const ends = shifts.map(({ taps, shift }, phase) => (taps > 0 ? before + shift + (places(phase) - 1) * stride + taps : 0))
  const padded = Math.max(1, ...ends)
  return {
    before,
    padded,
    used: Math.max(0, Math.min(size, padded - before)),
    phases: shifts.map(({ first, taps, shift }) => ({ first, taps, start: taps > 0 ? before + shift : 0 })),
  }
}

/**
 * The windows of a product as words, in the layout of assembly/windows.ts. The transposed product sums over the
 * places, so that it takes zeros between pixels into the padded image; the other one splits into phases.
 */
export function patchWords(geometry: WindowGeometry, images: number, transposed: boolean): number[] {
  checkWindows(geometry, false)
  const { channels, kernelWidth, outHeight, outWidth } = geometry
  const dilation = transposed ? geometry.spread : 1
  const seen: WindowGeometry = transposed ? { ...geometry, spread: 1 } : geometry
  const spreadOut = (size: number): number => (size - 1) * dilation + 1
  const vertical = axisOf(spreadOut(geometry.height), geometry.kernelHeight, outHeight, geometry.padTop, seen)
  const horizontal = axisOf(spreadOut(geometry.width), kernelWidth, outWidth, geometry.padLeft, seen)
  const pixel = 4 * channels
  const pitch = horizontal.padded * pixel
  // Rows are copied by whole vectors, which may reach 12 bytes behind the last one.
  const slot = Math.ceil((vertical.padded * pitch + 16) / 16) * 16
  if (slot >= MOST_BYTES || 4 * imageSize(geometry) >= MOST_BYTES) {
    throw new EngineError('compile', `wasm engine: an image of ${slot} bytes with its padding is too large; use smaller images`)
  }
  const pixelsUsed = (used: number): number => Math.ceil(used / dilation)
  return [
    ...[images, outHeight * outWidth, outHeight, outWidth],
    ...[seen.stride * pixel, seen.stride * pitch, seen.spread, pixel, kernelWidth, pitch, slot],
    ...[vertical.before * pitch + horizontal.before * pixel, pixelsUsed(vertical.used), pixelsUsed(horizontal.used) * pixel],
    ...[geometry.width * pixel, dilation],
    ...vertical.phases.flatMap((row) =>
      horizontal.phases.flatMap((column) => [row.taps, column.taps, row.first, column.first, row.start * pitch + column.start * pixel]),
    ),
  ]
}
