import type { Layer } from '../layer.ts'

/** max(x, 0) with relu'(0) = 0; its second derivative vanishes almost everywhere. Saves its output. */
export function relu(shape: readonly number[]): Layer {
  return {
    kind: 'relu',
    parameters: [],
    statistics: [],
    outputShape: shape,

    forward(ops, x) {
      const output = ops.relu(x)
      return { output, saved: [output] }
    },

    backward(ops, outputGradient, saved, _parameters, wants) {
      return { input: wants.input ? ops.maskPositive(outputGradient, saved(0)) : null, parameters: [] }
    },

    forwardTangent(ops, inputTangent, _parameterTangents, saved) {
      return inputTangent && ops.maskPositive(inputTangent, saved(0))
    },

    backwardTangent(ops, { outputGradientTangent }, saved, _parameters, wants) {
      const input = wants.input && outputGradientTangent ? ops.maskPositive(outputGradientTangent, saved(0)) : null
      return { input, parameters: [] }
    },
  }
}
