import type { Operations } from '../../engine/operations.ts'
import { rowsOf, type Tensor } from '../../engine/tensor.ts'
import { addMaybe, type MaybeTensor } from '../layer.ts'
import { row, type BatchNormTangents } from './batch-norm-fixed.ts'

/**
 * Tangents with the statistics of the batch itself, m rows: x̂ = r(x − μ), a = γr,
 * dx = a·dy − a·S₀/m − k(x − μ) with S₀ = Σdy, S₁ = Σ(x − μ)dy, k = a·r²·S₁/m, and for tangents ẋ
 * μ̇ = Σẋ/m, q = Σ(x − μ)ẋ/m, ṙ = −r³q. Everything below is the product rule on these lines.
 */
export const batchTangents: BatchNormTangents = {
  forward(ops, inputTangent, [gammaTangent, betaTangent], saved, [gamma]) {
    const [x, shift, inverse] = [saved(0), saved(1), saved(2)]
    const a = ops.multiply(inverse, row(ops, gamma))
    const motion = inputTangent && statisticsTangent(ops, inputTangent, x, shift, inverse)
    const fromGamma = gammaTangent && ops.multiply(inverse, row(ops, gammaTangent))
    const fromScale = motion && ops.multiply(motion.inverse, row(ops, gamma))
    const slope = addMaybe(ops, fromGamma, fromScale)
    const centre = motion && ops.multiply(a, motion.shift)
    const constant = addMaybe(ops, addMaybe(ops, slope && ops.multiply(slope, shift), centre), betaTangent && row(ops, betaTangent))
    const terms = [...(inputTangent ? [{ x: inputTangent, factor: a }] : []), ...(slope ? [{ x, factor: slope }] : [])]
    if (terms.length > 0) return ops.columnAffine(terms, constant)
    return constant === null ? null : ops.columnAffine([{ x, factor: ops.scale(constant, 0) }], constant)
  },

  backward(ops, { outputGradient, outputGradientTangent, inputTangent, parameterTangents }, saved, [gamma], wants) {
    const [x, shift, inverse] = [saved(0), saved(1), saved(2)]
    const m = rowsOf(x.shape)
    const dy = outputGradient && outputGradient()
    const motion = inputTangent && statisticsTangent(ops, inputTangent, x, shift, inverse)
    const sum = dy && ops.columnSum(dy)
    const dot = dy && ops.columnDot(x, dy, shift)
    const sumTangent = outputGradientTangent && ops.columnSum(outputGradientTangent)
    // (Σ(x − μ)dy)˙ = Σẋ·dy − μ̇·Σdy + Σ(x − μ)dẏ
    const fromInput = dy && inputTangent && motion && sum && ops.add(ops.columnDot(inputTangent, dy, null), ops.multiply(motion.shift, sum))
    const dotTangent = addMaybe(ops, fromInput, outputGradientTangent && ops.columnDot(x, outputGradientTangent, shift))
    const times = (left: MaybeTensor | undefined, right: MaybeTensor | undefined): MaybeTensor => (left && right ? ops.multiply(left, right) : null)
    const gammaGradient = addMaybe(ops, times(dotTangent, inverse), times(motion?.inverse, dot))
    const parameters = [wants.parameters[0] ? gammaGradient : null, wants.parameters[1] ? sumTangent : null]
    if (!wants.input) return { input: null, parameters }

    const [gammaTangent] = parameterTangents
    const a = ops.multiply(inverse, row(ops, gamma))
    const aTangent = addMaybe(ops, gammaTangent && ops.multiply(inverse, row(ops, gammaTangent)), times(motion?.inverse, row(ops, gamma)))
    const square = ops.multiply(inverse, inverse)
    // k = a·r²·S₁/m and its tangent
    const k = dot && ops.scale(ops.multiply(ops.multiply(a, square), dot), 1 / m)
    const fromA = times(times(aTangent, square), dot)
    const fromR = dot && motion && ops.scale(ops.multiply(ops.multiply(a, inverse), ops.multiply(motion.inverse, dot)), 2)
    const kSum = addMaybe(ops, addMaybe(ops, fromA, fromR), times(ops.multiply(a, square), dotTangent))
    const minusK = kSum && ops.scale(kSum, -1 / m)
    const mean = addMaybe(ops, times(aTangent, sum), times(a, sumTangent))
    const minusShift = motion && ops.scale(motion.shift, -1)
    const constant = addMaybe(ops, addMaybe(ops, mean && ops.scale(mean, -1 / m), times(minusK, shift)), times(k, minusShift))
    const terms = [
      ...(dy && aTangent ? [{ x: dy, factor: aTangent }] : []),
      ...(outputGradientTangent ? [{ x: outputGradientTangent, factor: a }] : []),
      ...(minusK ? [{ x, factor: minusK }] : []),
    ]
    const partial = terms.length > 0 ? ops.columnAffine(terms, constant) : null
    if (inputTangent === null || k === null) return { input: partial, parameters }
    const last = { x: inputTangent, factor: ops.scale(k, -1) }
    return { input: ops.columnAffine(partial ? [{ x: partial, factor: null }, last] : [last], partial ? null : constant), parameters }
  },
}

/** Tangents of −μ and of r along ẋ: −Σẋ/m and −r³·Σ(x − μ)ẋ/m. */
function statisticsTangent(ops: Operations, inputTangent: Tensor, x: Tensor, shift: Tensor, inverse: Tensor): { readonly shift: Tensor; readonly inverse: Tensor } {
  const m = rowsOf(x.shape)
  const cube = ops.multiply(ops.multiply(inverse, inverse), inverse)
  return {
    shift: ops.scale(ops.columnSum(inputTangent), -1 / m),
    inverse: ops.multiply(ops.scale(ops.columnDot(x, inputTangent, shift), -1 / m), cube),
  }
}
