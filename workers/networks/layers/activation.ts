import type { ActivationName } from '../../engine/operations.ts'
import { addMaybe, type Layer } from '../layer.ts'

/** f(x) for a smooth activation function, whose second derivative enters the Hessian. Saves x. */
export function activation(name: ActivationName, shape: readonly number[]): Layer {
  return {
    kind: name,
    parameters: [],
    statistics: [],
    outputShape: shape,

    forward(ops, x) {
      return { output: ops.activate(x, name), saved: [x] }
    },

    backward(ops, outputGradient, saved, _parameters, wants) {
      return { input: wants.input ? ops.activateSlope(outputGradient, saved(0), name) : null, parameters: [] }
    },

    forwardTangent(ops, inputTangent, _parameterTangents, saved) {
      return inputTangent && ops.activateSlope(inputTangent, saved(0), name)
    },

    backwardTangent(ops, { outputGradient, outputGradientTangent, inputTangent }, saved, _parameters, wants) {
      if (!wants.input) return { input: null, parameters: [] }
      const fromGradient = outputGradientTangent && ops.activateSlope(outputGradientTangent, saved(0), name)
      const fromInput = outputGradient && inputTangent && ops.activateCurvature(ops.multiply(inputTangent, outputGradient()), saved(0), name)
      return { input: addMaybe(ops, fromGradient, fromInput), parameters: [] }
    },
  }
}
