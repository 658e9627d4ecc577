/**
 * How windows slide over a batch of images. Images are [height, width, channels], channel last; a window of
 * kernelHeight × kernelWidth pixels is taken at each of outHeight × outWidth places. Pixel (ky, kx) of the window at
 * (oy, ox) is pixel (oy·stride + ky − padTop, ox·stride + kx − padLeft) of the image, spread out: between neighbouring
 * pixels stand `spread` − 1 zeros. Outside the image there are zeros (convolution) or nothing (pooling).
 */
export interface WindowGeometry {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly kernelHeight: number
  readonly kernelWidth: number
  readonly outHeight: number
  readonly outWidth: number
  readonly stride: number
  /** 1, but for the gradient of a strided convolution by its input. Never above 1 together with `stride`. */
  readonly spread: number
  readonly padTop: number
  readonly padLeft: number
}

export type Padding = 'same' | 'valid'

/** What a sliding window needs to know before the image is known. */
export interface WindowOptions {
  readonly kernelHeight: number
  readonly kernelWidth: number
  readonly stride: number
  readonly padding: Padding
}

/**
 * Windows on images [height, width, channels] by TensorFlow's rules: `same` gives ⌈size/stride⌉ places, with an odd
 * pixel of padding at the end; `valid` gives ⌊(size − kernel)/stride⌋ + 1.
 */
export function windowsOn(image: readonly [height: number, width: number, channels: number], options: WindowOptions): WindowGeometry {
  const { kernelHeight, kernelWidth, stride, padding } = options
  const [height, width, channels] = image
  const vertical = slide(height, kernelHeight, stride, padding)
  const horizontal = slide(width, kernelWidth, stride, padding)
  return {
    ...{ height, width, channels, kernelHeight, kernelWidth, stride, spread: 1 },
    ...{ outHeight: vertical.places, outWidth: horizontal.places, padTop: vertical.before, padLeft: horizontal.before },
  }
}

/**
 * The windows whose product with the flipped kernel is the gradient of a convolution by its input: they slide over
 * the output's gradient [outHeight, outWidth, filters], one place for every pixel of the input.
 */
export function windowsBack(forward: WindowGeometry, filters: number): WindowGeometry {
  return {
    height: forward.outHeight,
    width: forward.outWidth,
    channels: filters,
    kernelHeight: forward.kernelHeight,
    kernelWidth: forward.kernelWidth,
    outHeight: forward.height,
    outWidth: forward.width,
    stride: 1,
    spread: forward.stride,
    padTop: forward.kernelHeight - 1 - forward.padTop,
    padLeft: forward.kernelWidth - 1 - forward.padLeft,
  }
}

/** Numbers in one image. */
export function imageSize({ height, width, channels }: WindowGeometry): number {
  return height * width * channels
}

/** Numbers in one window: columns of the patch matrix. */
export function patchSize({ kernelHeight, kernelWidth, channels }: WindowGeometry): number {
  return kernelHeight * kernelWidth * channels
}

/** Windows of one image: rows of the patch matrix per sample. */
export function windowCount({ outHeight, outWidth }: WindowGeometry): number {
  return outHeight * outWidth
}

/** Row (or column) of the image that a place and an offset within the window fall on, or −1 outside and between. */
export function pixelAt(place: number, offset: number, { stride, spread }: WindowGeometry, pad: number, size: number): number {
  const spreadOut = place * stride + offset - pad
  if (spreadOut < 0 || spreadOut % spread !== 0) return -1
  const pixel = spreadOut / spread
  return pixel < size ? pixel : -1
}

function slide(size: number, kernel: number, stride: number, padding: Padding): { readonly places: number; readonly before: number } {
  if (padding === 'valid') return { places: Math.floor((size - kernel) / stride) + 1, before: 0 }
  const places = Math.ceil(size / stride)
  const missing = Math.max(0, (places - 1) * stride + kernel - size)
  return { places, before: Math.floor(missing / 2) }
}
