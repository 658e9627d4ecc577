import type { Operations } from '../../engine/operations.ts'
import { colsOf, type Tensor } from '../../engine/tensor.ts'
import { addMaybe, type BackwardTangentInput, type LayerGradients, type MaybeTensor, type Saved, type Wants } from '../layer.ts'

/** The tangent passes of batch norm. Saved are x, −μ and r. */
export interface BatchNormTangents {
  forward(ops: Operations, inputTangent: MaybeTensor, parameterTangents: readonly MaybeTensor[], saved: Saved, parameters: readonly Tensor[]): MaybeTensor
  backward(ops: Operations, input: BackwardTangentInput, saved: Saved, parameters: readonly Tensor[], wants: Wants): LayerGradients
}

/** With statistics that do not depend on the input, batch norm is an affine map of every channel. */
export const fixedTangents: BatchNormTangents = {
  // ẏ = ẋ·γr + (x − μ)·rγ̇ + β̇
  forward(ops, inputTangent, [gammaTangent, betaTangent], saved, [gamma]) {
    const inverse = saved(2)
    const factor = gammaTangent && ops.multiply(inverse, row(ops, gammaTangent))
    const shift = addMaybe(ops, factor && ops.multiply(factor, saved(1)), betaTangent && row(ops, betaTangent))
    const terms = [
      ...(inputTangent ? [{ x: inputTangent, factor: ops.multiply(inverse, row(ops, gamma)) }] : []),
      ...(factor ? [{ x: saved(0), factor }] : []),
    ]
    if (terms.length > 0) return ops.columnAffine(terms, shift)
    return shift === null ? null : ops.columnAffine([{ x: saved(0), factor: ops.scale(shift, 0) }], shift)
  },

  // dẋ = dẏ·γr + dy·rγ̇; dγ̇ = r·(Σ(x − μ)dẏ + Σẋ·dy); dβ̇ = Σdẏ
  backward(ops, { outputGradient, outputGradientTangent, inputTangent, parameterTangents }, saved, [gamma], wants) {
    const [gammaTangent] = parameterTangents
    const inverse = saved(2)
    const fromGradient = wants.parameters[0] && outputGradientTangent ? ops.columnDot(saved(0), outputGradientTangent, saved(1)) : null
    const fromInput = wants.parameters[0] && outputGradient && inputTangent ? ops.columnDot(inputTangent, outputGradient(), null) : null
    const dots = addMaybe(ops, fromGradient, fromInput)
    const terms = wants.input
      ? [
          ...(outputGradientTangent ? [{ x: outputGradientTangent, factor: ops.multiply(inverse, row(ops, gamma)) }] : []),
          ...(outputGradient && gammaTangent ? [{ x: outputGradient(), factor: ops.multiply(inverse, row(ops, gammaTangent)) }] : []),
        ]
      : []
    return {
      input: terms.length > 0 ? ops.columnAffine(terms, null) : null,
      parameters: [dots && ops.multiply(dots, inverse), wants.parameters[1] && outputGradientTangent ? ops.columnSum(outputGradientTangent) : null],
    }
  },
}

/** A vector [n] as [1, n]. */
export function row(ops: Operations, vector: Tensor): Tensor {
  return ops.reshape(vector, [1, colsOf(vector.shape)])
}
