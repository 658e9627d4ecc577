import type { Operations } from '../../engine/operations.ts'
import type { Tensor } from '../../engine/tensor.ts'
import { addMaybe, type Layer, type ParameterSpec } from '../layer.ts'

/** A product that is linear in its input and in its kernel, with the adjoints of both maps. */
interface Bilinear {
  readonly kernelShape: readonly number[]
  readonly fans: Pick<ParameterSpec, 'fanIn' | 'fanOut'>
  readonly outputShape: readonly number[]
  readonly withBias: boolean
  product(ops: Operations, x: Tensor, kernel: Tensor): Tensor
  inputGradient(ops: Operations, outputGradient: Tensor, kernel: Tensor): Tensor
  kernelGradient(ops: Operations, x: Tensor, outputGradient: Tensor): Tensor
  /** The bias as the output of the input x: on every row, nothing copied. */
  repeated(ops: Operations, bias: Tensor, x: Tensor): Tensor
}

/** The layer y = product(x, kernel) + bias, with its gradients and tangents. Saves x. */
export function linear(kind: string, map: Bilinear): Layer {
  const [outputs] = map.kernelShape.slice(-1)
  const kernelSpec: ParameterSpec = { role: 'kernel', shape: map.kernelShape, ...map.fans }
  const biasSpec: ParameterSpec = { role: 'bias', shape: [outputs], ...map.fans }
  return {
    kind,
    parameters: map.withBias ? [kernelSpec, biasSpec] : [kernelSpec],
    statistics: [],
    outputShape: map.outputShape,

    forward(ops, x, [kernel, bias]) {
      const product = map.product(ops, x, kernel)
      return { output: map.withBias ? ops.addBias(product, bias) : product, saved: [x] }
    },

    backward(ops, outputGradient, saved, [kernel], wants) {
      const kernelGradient = wants.parameters[0] ? map.kernelGradient(ops, saved(0), outputGradient) : null
      const biasGradient = wants.parameters[1] ? ops.columnSum(outputGradient) : null
      return {
        input: wants.input ? map.inputGradient(ops, outputGradient, kernel) : null,
        parameters: map.withBias ? [kernelGradient, biasGradient] : [kernelGradient],
      }
    },

    forwardTangent(ops, inputTangent, [kernelTangent, biasTangent = null], saved, [kernel]) {
      const fromInput = inputTangent && map.product(ops, inputTangent, kernel)
      const fromKernel = kernelTangent && map.product(ops, saved(0), kernelTangent)
      const products = addMaybe(ops, fromInput, fromKernel)
      if (biasTangent === null) return products
      return products === null ? map.repeated(ops, biasTangent, saved(0)) : ops.addBias(products, biasTangent)
    },

    backwardTangent(ops, { outputGradient, outputGradientTangent, inputTangent, parameterTangents }, saved, [kernel], wants) {
      const [kernelTangent] = parameterTangents
      const fromGradient = wants.input && outputGradientTangent ? map.inputGradient(ops, outputGradientTangent, kernel) : null
      const fromKernel = wants.input && outputGradient && kernelTangent ? map.inputGradient(ops, outputGradient(), kernelTangent) : null
      const kernelFromGradient = wants.parameters[0] && outputGradientTangent ? map.kernelGradient(ops, saved(0), outputGradientTangent) : null
      const kernelFromInput = wants.parameters[0] && outputGradient && inputTangent ? map.kernelGradient(ops, inputTangent, outputGradient()) : null
      const kernelGradient = addMaybe(ops, kernelFromGradient, kernelFromInput)
      const biasGradient = wants.parameters[1] && outputGradientTangent ? ops.columnSum(outputGradientTangent) : null
      return {
        input: addMaybe(ops, fromGradient, fromKernel),
        parameters: map.withBias ? [kernelGradient, biasGradient] : [kernelGradient],
      }
    },
  }
}
