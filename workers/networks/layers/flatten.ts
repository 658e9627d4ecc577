import type { Operations } from '../../engine/operations.ts'
import { sizeOf } from '../../engine/tensor.ts'
import type { Layer, MaybeTensor } from '../layer.ts'

/** Images [height, width, channels] as vectors, rows of pixels one behind the other; nothing is moved. */
export function flatten(image: readonly number[]): Layer {
  const size = sizeOf(image)
  const unflatten = (ops: Operations, gradient: MaybeTensor): MaybeTensor => gradient && ops.reshape(gradient, [sizeOf(gradient.shape) / size, ...image])
  return {
    kind: 'flatten',
    parameters: [],
    statistics: [],
    outputShape: [size],
    forward: (ops, x) => ({ output: ops.reshape(x, [sizeOf(x.shape) / size, size]), saved: [] }),
    backward: (ops, outputGradient, _saved, _parameters, wants) => ({ input: wants.input ? unflatten(ops, outputGradient) : null, parameters: [] }),
    forwardTangent: (ops, inputTangent) => inputTangent && ops.reshape(inputTangent, [sizeOf(inputTangent.shape) / size, size]),
    backwardTangent: (ops, { outputGradientTangent }, _saved, _parameters, wants) => ({
      input: wants.input ? unflatten(ops, outputGradientTangent) : null,
      parameters: [],
    }),
  }
}
