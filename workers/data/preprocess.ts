/**
 * Per-image standardisation: x/255, minus the mean, divided by the population
 * standard deviation (ddof 0, no epsilon) over height and width of each channel.
 *
 * For bytes v over n pixels with S1 = sum v and S2 = sum v^2 the factor 255 cancels:
 *
 *   z = (v/255 - mean) / std = (n v - S1) / sqrt(n S2 - S1^2)
 *
 * Both numerator and radicand are integers that float64 holds exactly, so z carries
 * two roundings (root, quotient) before the one to float32, and no summation order.
 *
 * A channel of one single value has deviation 0 and numerator 0: it becomes zeros. None
 * occurs in MNIST or CIFAR-10; in the user's own data the data set's notes count them.
 */
import { DataError } from './data-error.ts'
import { featureCount, type ImageShape } from './dataset.ts'

/** n^2 * 255^2 must stay below 2^53 for the sums above to be exact. */
export const MAX_PIXELS = Math.floor(Math.sqrt(2 ** 53) / 255)

function checkSizes(out: Float32Array, pixels: Uint8Array, shape: ImageShape): void {
  const { height, width, channels } = shape
  if (height * width > MAX_PIXELS) {
    throw new DataError('shape', `images: ${height} x ${width} pixels exceed ${MAX_PIXELS}; scale them down`)
  }
  if (out.length !== pixels.length || pixels.length % featureCount(shape) !== 0) {
    throw new DataError(
      'shape',
      `images: ${pixels.length} pixels into ${out.length} values; expected equal multiples of ${height} x ${width} x ${channels}`,
    )
  }
}

/** Fills `table` with the standardised value of each byte, for the channel of n pixels that starts at `start`; true when it is constant. */
function tabulate(table: Float32Array, pixels: Uint8Array, start: number, n: number, stride: number): boolean {
  let sum = 0
  let squares = 0
  for (let k = 0, i = start; k < n; k++, i += stride) {
    const v = pixels[i]
    sum += v
    squares += v * v
  }
  const radicand = n * squares - sum * sum
  const constant = radicand === 0
  const scale = constant ? 1 : Math.sqrt(radicand)
  for (let v = 0; v < 256; v++) table[v] = (n * v - sum) / scale
  return constant
}

/**
 * Standardises byte images into `out`.
 * @param out (count, H * W * C), same length as `pixels`
 * @param pixels (count, H, W, C), row-major
 * @returns number of images with a constant channel
 * @throws DataError `shape` for lengths that do not fit
 */
export function standardizeInto(out: Float32Array, pixels: Uint8Array, shape: ImageShape): number {
  checkSizes(out, pixels, shape)
  const size = featureCount(shape)
  const stride = shape.channels
  const table = new Float32Array(256)
  let constantImages = 0
  for (let start = 0; start < pixels.length; start += size) {
    const end = start + size
    let constant = false
    for (let channel = 0; channel < stride; channel++) {
      if (tabulate(table, pixels, start + channel, size / stride, stride)) constant = true
      for (let i = start + channel; i < end; i += stride) out[i] = table[pixels[i]]
    }
    if (constant) constantImages++
  }
  return constantImages
}

/** {@link standardizeInto} into a new array of the same length. */
export function standardize(pixels: Uint8Array, shape: ImageShape): Float32Array {
  const out = new Float32Array(pixels.length)
  standardizeInto(out, pixels, shape)
  return out
}

function isConstant(pixels: Uint8Array, start: number, end: number, stride: number): boolean {
  for (let at = start + stride; at < end; at += stride) if (pixels[at] !== pixels[start]) return false
  return true
}

/** Number of images with a channel of one single value. */
export function countConstant(pixels: Uint8Array, shape: ImageShape): number {
  const size = featureCount(shape)
  let images = 0
  for (let start = 0; start < pixels.length; start += size) {
    const channels = Array.from({ length: shape.channels }, (_, channel) => start + channel)
    if (channels.some((first) => isConstant(pixels, first, start + size, shape.channels))) images++
  }
  return images
}

/** The note, if any, for so many images with a constant channel. */
export function constantNote(images: number): string[] {
  if (images === 0) return []
  return [`${images} ${images === 1 ? 'image has' : 'images have'} a channel of one single value, which standardisation turns into zeros.`]
}
