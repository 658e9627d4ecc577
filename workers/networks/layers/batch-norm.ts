import type { Operations } from '../../engine/operations.ts'
import { colsOf, rowsOf, type Tensor } from '../../engine/tensor.ts'
import type { ForwardContext, Layer, ParameterSpec } from '../layer.ts'
import { fixedTangents, row, type BatchNormTangents } from './batch-norm-fixed.ts'
import { batchTangents } from './batch-norm-tangents.ts'

/** Keras's defaults. The variance is increased by EPSILON before the root; running statistics keep MOMENTUM of the old. */
export const EPSILON = 1e-3
export const MOMENTUM = 0.99

/**
 * y = γ x̂ + β with x̂ = (x − μ)/√(σ² + ε), channel by channel over all rows and pixels (Ioffe and Szegedy 2015;
 * Eq. 2.9, corrected). In training μ and σ² (of the population) are those of the rows at hand and the running
 * statistics follow them; at inference they are the running ones. Saves x, −μ and r = 1/√(σ² + ε).
 */
export function batchNorm(shape: readonly number[]): Layer {
  const channels = colsOf(shape)
  const spec = (role: 'gamma' | 'beta'): ParameterSpec => ({ role, shape: [channels], fanIn: channels, fanOut: channels })
  return {
    kind: 'batchNorm',
    parameters: [spec('gamma'), spec('beta')],
    statistics: [
      { role: 'mean', size: channels, initial: 0 },
      { role: 'variance', size: channels, initial: 1 },
    ],
    outputShape: shape,

    forward(ops, x, [gamma, beta], context) {
      const { shift, variance } = context.mode === 'training' ? batchStatistics(ops, x, context) : runningStatistics(ops, context)
      const inverse = ops.inverseSqrt(variance, EPSILON)
      const factor = ops.multiply(inverse, row(ops, gamma))
      const output = ops.columnAffine([{ x, factor }], ops.add(ops.multiply(factor, shift), row(ops, beta)))
      return { output, saved: [x, shift, inverse] }
    },

    backward(ops, outputGradient, saved, [gamma], wants, mode) {
      const [x, shift, inverse] = [saved(0), saved(1), saved(2)]
      const needsSums = wants.input && mode === 'training'
      const sum = wants.parameters[1] || needsSums ? ops.columnSum(outputGradient) : null
      const dot = wants.parameters[0] || needsSums ? ops.multiply(ops.columnDot(x, outputGradient, shift), inverse) : null
      const parameters = [wants.parameters[0] ? dot : null, wants.parameters[1] ? sum : null]
      if (!wants.input) return { input: null, parameters }
      const a = ops.multiply(inverse, row(ops, gamma))
      if (!needsSums || sum === null || dot === null) return { input: ops.columnAffine([{ x: outputGradient, factor: a }], null), parameters }
      // dx = a·dy − a·Σdy/m − a·r·(x − μ)·Σ(dy·x̂)/m
      const m = rowsOf(x.shape)
      const b = ops.scale(ops.multiply(ops.multiply(a, inverse), dot), -1 / m)
      const c = ops.add(ops.scale(ops.multiply(a, sum), -1 / m), ops.multiply(b, shift))
      return { input: ops.columnAffine([{ x: outputGradient, factor: a }, { x, factor: b }], c), parameters }
    },

    forwardTangent(ops, inputTangent, parameterTangents, saved, parameters, mode) {
      return tangents(mode).forward(ops, inputTangent, parameterTangents, saved, parameters)
    },

    backwardTangent(ops, input, saved, parameters, wants, mode) {
      return tangents(mode).backward(ops, input, saved, parameters, wants)
    },
  }
}

function tangents(mode: ForwardContext['mode']): BatchNormTangents {
  return mode === 'training' ? batchTangents : fixedTangents
}

function runningStatistics(ops: Operations, { statistics: [mean, variance] }: ForwardContext): { readonly shift: Tensor; readonly variance: Tensor } {
  return { shift: ops.scale(row(ops, mean), -1), variance: row(ops, variance) }
}

function batchStatistics(ops: Operations, x: Tensor, { statistics: [mean, variance], gather }: ForwardContext): { readonly shift: Tensor; readonly variance: Tensor } {
  const m = rowsOf(x.shape)
  const shift = ops.scale(ops.columnSum(x), -1 / m)
  const batch = ops.scale(ops.columnDot(x, x, shift), 1 / m)
  if (gather) {
    const running = [row(ops, mean), row(ops, variance)]
    ops.store(ops.mix(running[0], ops.scale(shift, -1), MOMENTUM), running[0], 'assign')
    ops.store(ops.mix(running[1], batch, MOMENTUM), running[1], 'assign')
  }
  return { shift, variance: batch }
}
