import { targetsOf, type PointwiseKernel } from '../../kernels.ts'
import { elementOf, isFlat } from '../addressing.ts'
import type { Bindings } from '../bindings.ts'
import type { Segment, SegmentOptions } from '../segment.ts'
import { rowWriter } from '../write.ts'
import { f32 } from '../wgsl.ts'
import { activationFunctions } from './activations.ts'
import { elementwiseSegment } from './elementwise.ts'

/** write ← f(inputs), element by element. */
export function pointwiseSegment(bindings: Bindings, kernel: PointwiseKernel, options: SegmentOptions): Segment {
  const { rows, cols } = kernel.inputs[0]
  const flat = kernel.apply !== 'addBias' && [...kernel.inputs, ...targetsOf(kernel.write)].every(isFlat)
  const writer = rowWriter(bindings, kernel.write)
  const statements = [
    ...kernel.inputs.map((input, i) => `let x${i} = ${elementOf(bindings, input, input.rows === 1 ? '0u' : 'row', 'col')};`),
    `let value = ${valueOf(kernel)};`,
    writer.prelude('row', ''),
    writer.element('col', 'value', ''),
  ]
  const functions = kernel.activation === null ? [] : activationFunctions(kernel.activation)
  return elementwiseSegment(kernel.activation === null ? kernel.apply : `${kernel.apply} ${kernel.activation}`, { rows, cols, flat }, statements, options, functions)
}

function valueOf({ apply, factor, activation }: PointwiseKernel): string {
  switch (apply) {
    case 'copy':
      return 'x0'
    case 'scale':
      return `${f32(factor)} * x0`
    case 'relu':
      return 'select(x0, 0.0, x0 < 0.0)'
    case 'add':
    case 'addBias':
      return 'x0 + x1'
    case 'multiply':
      return 'x0 * x1'
    case 'maskPositive':
      return 'select(0.0, x0, x1 > 0.0)'
    case 'mix':
      return `${f32(factor)} * x0 + ${f32(1 - factor)} * x1`
    case 'inverseSqrt':
      return `1.0 / sqrt(x0 + ${f32(factor)})`
    case 'clipFactor':
      return `min(1.0, ${f32(factor)} / (sqrt(x0) + 1e-6))`
    case 'activate':
      return `${activation ?? ''}_value(x0)`
    case 'slope':
      return `x0 * ${activation ?? ''}_slope(x1)`
    case 'curvature':
      return `x0 * ${activation ?? ''}_curvature(x1)`
  }
}
