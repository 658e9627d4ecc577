import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { setWasmPaths, type BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { backend_util as shapes, type TensorInfo } from '@tensorflow/tfjs-core'

type Geometry = ReturnType<typeof shapes.computePool2DInfo>
type Shape4 = [number, number, number, number]
type Padding = 'same' | 'valid'

interface FilterAttributes {
  readonly strides: number | [number, number]
  readonly pad: Padding
  readonly filterShape: Shape4
}

interface PoolAttributes {
  readonly filterSize: number | [number, number]
  readonly strides: number | [number, number]
  readonly pad: Padding
}

let patched = false

/**
 * Makes tfjs-wasm the backend, with the two kernels that keep it from training convolutional networks: the gradient
 * of a convolution's filter is missing there, and the gradient of max pooling takes the smallest positive number for
 * the smallest number.
 */
export async function useTfjsWasm(): Promise<void> {
  const installed = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')
  if (!patched) setWasmPaths(`${dirname(installed)}/wasm-out/`)
  await tf.setBackend('wasm')
  if (patched) return
  patched = true
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend, attrs }) => filterGradient(backend as BackendWasm, inputs as Record<'x' | 'dy', TensorInfo>, attrs as unknown as FilterAttributes),
  })
  tf.unregisterKernel('MaxPoolGrad', 'wasm')
  tf.registerKernel({
    kernelName: 'MaxPoolGrad',
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend, attrs }) => poolGradient(backend as BackendWasm, inputs as Record<'input' | 'dy', TensorInfo>, attrs as unknown as PoolAttributes),
  })
}

/** The windows of x as columns, times dy: a product without transposes, the only fast one of this backend. */
function filterGradient(backend: BackendWasm, { x, dy }: Record<'x' | 'dy', TensorInfo>, { strides, pad, filterShape }: FilterAttributes): TensorInfo {
  const geometry = shapes.computeConv2DInfo(x.shape as Shape4, filterShape, strides, 1, pad)
  const [entries, filters] = [filterShape[0] * filterShape[1] * filterShape[2], filterShape[3]]
  const windows = geometry.batchSize * geometry.outHeight * geometry.outWidth
  const columns = backend.makeOutput([1, entries, windows], 'float32')
  writeColumns(floatsOf(backend, columns), floatsOf(backend, x), geometry)
  const inputs = { a: columns, b: { ...dy, shape: [1, windows, filters] } }
  const product = tf.getKernel('BatchMatMul', 'wasm').kernelFunc({ inputs, backend, attrs: { transposeA: false, transposeB: false } }) as TensorInfo
  backend.disposeData(columns.dataId)
  return { ...product, shape: [...filterShape] }
}

/** columns[(ky, kx, c), (image, oy, ox)] ← the pixel there, 0 outside of the image. */
function writeColumns(columns: Float32Array, x: Float32Array, geometry: Geometry): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, strideHeight, strideWidth, filterHeight, filterWidth, padInfo } = geometry
  let to = 0
  for (let ky = 0; ky < filterHeight; ky++) {
    for (let kx = 0; kx < filterWidth; kx++) {
      for (let c = 0; c < inChannels; c++) {
        for (let image = 0; image < batchSize; image++) {
          for (let oy = 0; oy < outHeight; oy++) {
            const iy = oy * strideHeight + ky - padInfo.top
            const row = (image * inHeight + iy) * inWidth
            const inside = iy >= 0 && iy < inHeight
            for (let ox = 0; ox < outWidth; ox++) {
              const ix = ox * strideWidth + kx - padInfo.left
              columns[to++] = inside && ix >= 0 && ix < inWidth ? x[(row + ix) * inChannels + c] : 0
            }
          }
        }
      }
    }
  }
}

/** Every window's gradient goes to its first largest entry. */
function poolGradient(backend: BackendWasm, { input, dy }: Record<'input' | 'dy', TensorInfo>, { filterSize, strides, pad }: PoolAttributes): TensorInfo {
  const geometry = shapes.computePool2DInfo(input.shape as Shape4, filterSize, strides, 1, pad)
  const output = backend.makeOutput(input.shape, 'float32')
  const [x, gradient, result] = [input, dy, output].map((tensor) => floatsOf(backend, tensor))
  result.fill(0)
  const { batchSize, outHeight, outWidth, inChannels } = geometry
  let from = 0
  for (let image = 0; image < batchSize; image++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++) {
        for (let c = 0; c < inChannels; c++) result[largestIn(x, geometry, image, oy, ox, c)] += gradient[from++]
      }
    }
  }
  return output
}

/** Index of the first largest entry of a window. */
function largestIn(x: Float32Array, geometry: Geometry, image: number, oy: number, ox: number, c: number): number {
  const { inHeight, inWidth, inChannels, strideHeight, strideWidth, filterHeight, filterWidth, padInfo } = geometry
  const [top, left] = [oy * strideHeight - padInfo.top, ox * strideWidth - padInfo.left]
  const [bottom, right] = [Math.min(inHeight, top + filterHeight), Math.min(inWidth, left + filterWidth)]
  let [largest, place] = [-Infinity, -1]
  for (let iy = Math.max(0, top); iy < bottom; iy++) {
    for (let ix = Math.max(0, left); ix < right; ix++) {
      const index = ((image * inHeight + iy) * inWidth + ix) * inChannels + c
      if (x[index] > largest) [largest, place] = [x[index], index]
    }
  }
  return place
}

/** The numbers of a tensor in the backend's memory. Not to be kept: the memory may move when it grows. */
function floatsOf(backend: BackendWasm, tensor: TensorInfo): Float32Array {
  return backend.typedArrayFromHeap(tensor) as Float32Array
}
