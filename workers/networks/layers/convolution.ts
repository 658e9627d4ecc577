import { sizeOf } from '../../engine/tensor.ts'
import { imageSize, windowsBack, windowCount, windowsOn, type WindowOptions } from '../../engine/windows.ts'
import type { Layer } from '../layer.ts'
import { linear } from './linear.ts'

/**
 * Convolution of images [height, width, channels] with a kernel [kh, kw, channels, filters] (cross-correlation, as
 * everywhere in the field), plus a bias per filter. Every product is one of patches: y = P(x)·K, dK = P(x)ᵀ·dy and
 * dx = P(dy)·flipped(K). Saves x.
 */
export function convolution(image: readonly [number, number, number], filters: number, options: WindowOptions, withBias = true): Layer {
  const windows = windowsOn(image, options)
  const back = windowsBack(windows, filters)
  const positions = options.kernelHeight * options.kernelWidth
  return linear('conv', {
    kernelShape: [options.kernelHeight, options.kernelWidth, windows.channels, filters],
    fans: { fanIn: positions * windows.channels, fanOut: positions * filters },
    outputShape: [windows.outHeight, windows.outWidth, filters],
    withBias,
    product: (ops, x, kernel) => ops.matmul(x, kernel, { patches: windows }),
    inputGradient: (ops, dy, kernel) => ops.matmul(dy, ops.flipKernel(kernel), { patches: back }),
    kernelGradient: (ops, x, dy) => ops.matmul(x, dy, { patches: windows, transposeA: true }),
    repeated: (ops, bias, x) => {
      const rows = sizeOf(x.shape) / imageSize(windows)
      const repeated = ops.broadcastRows(bias, rows * windowCount(windows))
      return { ...repeated, shape: [rows, windows.outHeight, windows.outWidth, filters] }
    },
  })
}
