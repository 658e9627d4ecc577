import { DataError } from './data-error.ts'
import type { ImageShape } from './dataset.ts'
import { shapeText, sizeOf, type NdArray } from './nd-array.ts'
import { standardize } from './preprocess.ts'

export interface OwnImages {
  readonly images: Float32Array
  readonly raw?: Uint8Array
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
 * @throws DataError `shape` for other element types, `value` for NaN, infinity or a constant image
 */
export function ownImages(name: string, x: NdArray, shape: ImageShape, count: number): OwnImages {
  const features = sizeOf(x.shape.slice(1))
  const length = count * features
  if (x.dtype === 'u1') {
    const raw = x.data.slice(0, length)
    return { images: standardize(raw, shape), raw }
  }
  if (x.dtype === 'f4' || x.dtype === 'f8') return { images: toFloat32(name, x.data.subarray(0, length), features) }
  throw new DataError('shape', `${name}: element type ${x.dtype}, expected uint8, float32 or float64; convert it with x.astype('float32')`)
}
