import { DataError } from './data-error.ts'
import type { ImageShape } from './dataset.ts'
import { shapeText, sizeOf, type NdArray } from './nd-array.ts'
import { standardizeInto } from './preprocess.ts'

export interface OwnImages {
  readonly images: Float32Array
  readonly raw?: Uint8Array
  /** Images with a channel of one single value, which standardisation turns into zeros. */
  readonly constant: number
}

/**
 * Sample shape of x: [N, features] is one row of features, [N, H, W] has one channel, [N, H, W, C] as is.
 * @throws DataError `shape`
 */
export function imageShape(name: string, { shape }: NdArray): ImageShape {
  const [, height = 0, width = 0, channels = 0] = shape
  if (sizeOf(shape) > 0) {
    if (shape.length === 2) return { height: 1, width: height, channels: 1 }
    if (shape.length === 3) return { height, width, channels: 1 }
    if (shape.length === 4) return { height, width, channels }
  }
  throw new DataError('shape', `${name}: shape ${shapeText(shape)}, expected (N, features), (N, H, W) or (N, H, W, C), none of them 0; reshape the array`)
}

function toFloat32(name: string, data: Float32Array | Float64Array, features: number): Float32Array {
  const images = new Float32Array(data.length)
  for (let i = 0; i < data.length; i++) {
    images[i] = data[i]
    if (!Number.isFinite(images[i])) {
      throw new DataError(
        'value',
        `${name}: ${data[i]} in sample ${Math.floor(i / features)}, feature ${i % features}, expected a finite float32; remove or repair that sample`,
      )
    }
  }
  return images
}

/**
 * Network input from the first `count` samples of x: bytes are standardised per image
 * and channel as the built-in sets are, floats are taken as given.
 * @throws DataError `shape` for other element types, `value` for NaN, infinity or only constant images
 */
export function ownImages(name: string, x: NdArray, shape: ImageShape, count: number): OwnImages {
  const features = sizeOf(x.shape.slice(1))
  const length = count * features
  if (x.dtype === 'u1') {
    // A view of the whole costs nothing; one of a part would keep the rest alive.
    const raw = length === x.data.length ? x.data : x.data.slice(0, length)
    const images = new Float32Array(length)
    const constant = standardizeInto(images, raw, shape)
    if (images.every((value) => value === 0)) {
      throw new DataError('value', `${name}: each of the ${count} images has one single value per channel (the first pixel is ${raw[0]}), expected varied images; check what was exported`)
    }
    return { images, raw, constant }
  }
  if (x.dtype === 'f4' || x.dtype === 'f8') return { images: toFloat32(name, x.data.subarray(0, length), features), constant: 0 }
  throw new DataError('shape', `${name}: element type ${x.dtype}, expected uint8, float32 or float64; convert it with x.astype('float32')`)
}
