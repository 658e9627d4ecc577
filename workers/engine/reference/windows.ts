import { pixelAt, windowCount, type WindowGeometry } from '../windows.ts'
import { at, fill, type Matrix } from './matrix.ts'

/** The matrix of all windows of images [rows, height·width·channels], zeros outside the image. */
export function patchMatrix(images: Matrix, windows: WindowGeometry): Matrix {
  const { channels, kernelHeight, kernelWidth } = windows
  const cols = kernelHeight * kernelWidth * channels
  const rows = images.rows * windowCount(windows)
  const values = new Float64Array(rows * cols)
  forEachPixel(images.rows, windows, (window, offset, image, pixel) => {
    for (let c = 0; c < channels; c++) values[window * cols + offset * channels + c] = at(images, image, pixel * channels + c)
  })
  return { values, rows, cols, start: (row) => row * cols }
}

/** Calls back for every pixel of every window that lies in its image, in order. */
function forEachPixel(images: number, windows: WindowGeometry, visit: (window: number, offset: number, image: number, pixel: number) => void): void {
  const { height, width, kernelHeight, kernelWidth, outHeight, outWidth, padTop, padLeft } = windows
  for (let image = 0; image < images; image++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++) {
        for (let ky = 0; ky < kernelHeight; ky++) {
          const y = pixelAt(oy, ky, windows, padTop, height)
          for (let kx = 0; kx < kernelWidth && y >= 0; kx++) {
            const x = pixelAt(ox, kx, windows, padLeft, width)
            if (x >= 0) visit((image * outHeight + oy) * outWidth + ox, ky * kernelWidth + kx, image, y * width + x)
          }
        }
      }
    }
  }
}

export function flipKernel(kernel: Matrix, positions: number, out: Matrix): void {
  const inputs = kernel.rows / positions
  fill(out, (row, input) => {
    const [position, filter] = [Math.floor(row / kernel.cols), row % kernel.cols]
    return at(kernel, (positions - 1 - position) * inputs + input, filter)
  })
}

export function maxPool(images: Matrix, windows: WindowGeometry, output: Matrix, argmax: Matrix): void {
  const { channels } = windows
  fill(output, () => -Infinity)
  fill(argmax, () => -1)
  forEachPixel(images.rows, windows, (window, _, image, pixel) => {
    for (let c = 0; c < channels; c++) {
      const value = at(images, image, pixel * channels + c)
      const best = at(output, window, c)
      if (at(argmax, window, c) >= 0 && !(value > best) && !(Number.isNaN(value) && !Number.isNaN(best))) continue
      output.values[output.start(window) + c] = value
      argmax.values[argmax.start(window) + c] = pixel
    }
  })
}

export function takeAt(images: Matrix, argmax: Matrix, windows: WindowGeometry, out: Matrix): void {
  const { channels } = windows
  const count = windowCount(windows)
  fill(out, (window, c) => at(images, Math.floor(window / count), argmaxAt(argmax, window, c, windows) * channels + c))
}

export function putAt(values: Matrix, argmax: Matrix, windows: WindowGeometry, out: Matrix): void {
  const count = windowCount(windows)
  fill(out, () => 0)
  for (let window = 0; window < values.rows * count; window++) {
    const pixels = Math.floor(window / count) * windows.height * windows.width
    for (let c = 0; c < windows.channels; c++) {
      out.values[out.start(pixels + argmaxAt(argmax, window, c, windows)) + c] += at(values, Math.floor(window / count), (window % count) * windows.channels + c)
    }
  }
}

export function averagePool(images: Matrix, windows: WindowGeometry, out: Matrix): void {
  const inside = pixelsInside(windows)
  fill(out, () => 0)
  forEachPixel(images.rows, windows, (window, _, image, pixel) => {
    for (let c = 0; c < windows.channels; c++) {
      out.values[out.start(window) + c] += at(images, image, pixel * windows.channels + c) / inside[window % inside.length]
    }
  })
}

export function averageBack(values: Matrix, windows: WindowGeometry, out: Matrix): void {
  const inside = pixelsInside(windows)
  const { height, width, channels } = windows
  fill(out, () => 0)
  forEachPixel(values.rows, windows, (window, _, image, pixel) => {
    const place = window % inside.length
    for (let c = 0; c < channels; c++) {
      out.values[out.start(image * height * width + pixel) + c] += at(values, image, place * channels + c) / inside[place]
    }
  })
}

export function augment(
  images: Matrix,
  codeOf: (row: number) => number,
  { height, width, channels }: { readonly height: number; readonly width: number; readonly channels: number },
  out: Matrix,
): void {
  fill(out, (row, c) => {
    const image = Math.floor(row / (height * width))
    const [y, x] = [Math.floor(row / width) % height, row % width]
    const code = codeOf(image)
    const mirrored = code >>> 16 === 1 ? width - 1 - x : x
    const [fromY, fromX] = [y + (code & 255) - 128, mirrored + ((code >>> 8) & 255) - 128]
    return fromY < 0 || fromY >= height || fromX < 0 || fromX >= width ? 0 : at(images, image, (fromY * width + fromX) * channels + c)
  })
}

/** `argmax` comes as one row per image. */
function argmaxAt(argmax: Matrix, window: number, channel: number, windows: WindowGeometry): number {
  const count = windowCount(windows)
  return at(argmax, Math.floor(window / count), (window % count) * windows.channels + channel)
}

function pixelsInside(windows: WindowGeometry): number[] {
  const inside = Array.from({ length: windowCount(windows) }, () => 0)
  forEachPixel(1, windows, (window) => inside[window]++)
  return inside
}
