import { targetsOf, type PointwiseKernel } from '../../kernels.ts'
import { isFlat, rowStart } from '../addressing.ts'
import type { Bindings } from '../bindings.ts'
import type { Segment, SegmentOptions } from '../segment.ts'
import { f32 } from '../wgsl.ts'
import { rowWriter } from '../write.ts'
import { activationFunctions } from './activations.ts'
import { elementwiseSegment } from './elementwise.ts'

/** write ← f(inputs), element by element. */
export function pointwiseSegment(bindings: Bindings, kernel: PointwiseKernel, options: SegmentOptions): Segment {
  const { apply, activation, inputs, write } = kernel
  const writer = rowWriter(bindings, write)
  return elementwiseSegment(
    {
      label: activation === null ? apply : `${apply} ${activation}`,
      rows: inputs[0].rows,
      cols: inputs[0].cols,
      flat: apply !== 'addBias' && [...inputs, ...targetsOf(write)].every(isFlat),
      perRow: [...inputs.map((input, i) => `let from${i} = ${rowStart(bindings, input, input.rows === 1 ? '0u' : 'row')};`), writer.prelude('row', '')],
      perElement: [
        ...inputs.map((input, i) => `let x${i} = ${bindings.read(input.buffer)}[from${i} + col];`),
        `let value = ${valueOf(kernel)};`,
        writer.element('col', 'value', ''),
      ],
      functions: activation === null ? [] : activationFunctions(activation),
    },
    options,
  )
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
    case 'clipFactor': {
      const share = `${f32(factor)} / (sqrt(x0) + 1e-6)`
      // min() may drop a NaN.
      return `select(${share}, 1.0, ${share} > 1.0)`
    }
    case 'activate':
      return `${activation ?? ''}_value(x0)`
    case 'slope':
      return `x0 * ${activation ?? ''}_slope(x1)`
    case 'curvature':
      return `x0 * ${activation ?? ''}_curvature(x1)`
  }
}
