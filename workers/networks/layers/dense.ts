import { rowsOf } from '../../engine/tensor.ts'
import { addMaybe, type Layer } from '../layer.ts'

/** y = xW + b with W [inputs, outputs]. Saves x. */
export function dense(inputs: number, outputs: number): Layer {
  const fans = { fanIn: inputs, fanOut: outputs }
  return {
    kind: 'dense',
    parameters: [
      { role: 'kernel', shape: [inputs, outputs], decayed: true, ...fans },
      { role: 'bias', shape: [outputs], decayed: false, ...fans },
    ],
    outputShape: [outputs],

    forward(ops, x, [kernel, bias]) {
      return { output: ops.addBias(ops.matmul(x, kernel), bias), saved: [x] }
    },

    backward(ops, outputGradient, saved, [kernel], wants) {
      return {
        input: wants.input ? ops.matmul(outputGradient, kernel, { transposeB: true }) : null, // dy·Wᵀ
        parameters: [
          wants.parameters[0] ? ops.matmul(saved(0), outputGradient, { transposeA: true }) : null, // xᵀ·dy
          wants.parameters[1] ? ops.columnSum(outputGradient) : null,
        ],
      }
    },

    forwardTangent(ops, inputTangent, [kernelTangent, biasTangent], saved, [kernel]) {
      const fromInput = inputTangent && ops.matmul(inputTangent, kernel)
      const fromKernel = kernelTangent && ops.matmul(saved(0), kernelTangent)
      const products = addMaybe(ops, fromInput, fromKernel)
      if (biasTangent === null) return products
      return products === null ? ops.broadcastRows(biasTangent, rowsOf(saved(0).shape)) : ops.addBias(products, biasTangent)
    },

    backwardTangent(ops, { outputGradient, outputGradientTangent, inputTangent, parameterTangents }, saved, [kernel], wants) {
      const [kernelTangent] = parameterTangents
      const fromGradient = wants.input && outputGradientTangent ? ops.matmul(outputGradientTangent, kernel, { transposeB: true }) : null
      const fromKernel =
        wants.input && outputGradient && kernelTangent ? ops.matmul(outputGradient(), kernelTangent, { transposeB: true }) : null
      const kernelFromGradient =
        wants.parameters[0] && outputGradientTangent ? ops.matmul(saved(0), outputGradientTangent, { transposeA: true }) : null
      const kernelFromInput =
        wants.parameters[0] && outputGradient && inputTangent ? ops.matmul(inputTangent, outputGradient(), { transposeA: true }) : null
      return {
        input: addMaybe(ops, fromGradient, fromKernel),
        parameters: [
          addMaybe(ops, kernelFromGradient, kernelFromInput),
          wants.parameters[1] && outputGradientTangent ? ops.columnSum(outputGradientTangent) : null,
        ],
      }
    },
  }
}
