import type { Operations } from '../../engine/operations.ts'
import type { Tensor } from '../../engine/tensor.ts'
import { windowsOn, type WindowGeometry, type WindowOptions } from '../../engine/windows.ts'
import type { Layer, MaybeTensor } from '../layer.ts'

type Image = readonly [height: number, width: number, channels: number]

/** Maximum of every window. Piecewise linear: its derivatives pick the entries that won. Saves where they are. */
export function maxPooling(image: Image, options: WindowOptions): Layer {
  const windows = windowsOn(image, options)
  return {
    ...piecewiseLinear('maxPool', windows, {
      along: (ops, tangent, argmax) => ops.takeAt(tangent, argmax, windows),
      back: (ops, gradient, argmax) => ops.putAt(gradient, argmax, windows),
    }),
    forward(ops, x) {
      const { output, argmax } = ops.maxPool(x, windows)
      return { output, saved: [argmax] }
    },
  }
}

/** Mean of every window over the pixels that lie in the image. */
export function averagePooling(image: Image, options: WindowOptions): Layer {
  const windows = windowsOn(image, options)
  return {
    ...piecewiseLinear('averagePool', windows, {
      along: (ops, tangent) => ops.averagePool(tangent, windows),
      back: (ops, gradient) => ops.averageBack(gradient, windows),
    }),
    forward(ops, x) {
      return { output: ops.averagePool(x, windows), saved: [x] }
    },
  }
}

/** Mean over the whole image, [channels]. */
export function globalAveragePooling(image: Image): Layer {
  const [kernelHeight, kernelWidth, channels] = image
  const pool = averagePooling(image, { kernelHeight, kernelWidth, stride: Math.max(kernelHeight, kernelWidth), padding: 'valid' })
  return { ...pool, kind: 'globalAveragePool', outputShape: [1, 1, channels] }
}

interface LinearMap {
  along(ops: Operations, tangent: Tensor, saved: Tensor): Tensor
  back(ops: Operations, gradient: Tensor, saved: Tensor): Tensor
}

/** Everything but the forward pass of a map whose derivative does not change with its input almost everywhere. */
function piecewiseLinear(kind: string, windows: WindowGeometry, map: LinearMap): Omit<Layer, 'forward'> {
  const back = (ops: Operations, gradient: MaybeTensor, saved: (index: number) => Tensor, wanted: boolean): MaybeTensor =>
    wanted && gradient ? map.back(ops, gradient, saved(0)) : null
  return {
    kind,
    parameters: [],
    statistics: [],
    outputShape: [windows.outHeight, windows.outWidth, windows.channels],
    backward: (ops, outputGradient, saved, _parameters, wants) => ({ input: back(ops, outputGradient, saved, wants.input), parameters: [] }),
    forwardTangent: (ops, inputTangent, _parameterTangents, saved) => inputTangent && map.along(ops, inputTangent, saved(0)),
    backwardTangent: (ops, { outputGradientTangent }, saved, _parameters, wants) => ({
      input: back(ops, outputGradientTangent, saved, wants.input),
      parameters: [],
    }),
  }
}
