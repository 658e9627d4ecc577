import { targetsOf, type ColumnAffineKernel } from '../../kernels.ts'
import { elementOf, isFlat } from '../addressing.ts'
import type { Bindings } from '../bindings.ts'
import type { Segment, SegmentOptions } from '../segment.ts'
import { rowWriter } from '../write.ts'
import { elementwiseSegment } from './elementwise.ts'

/** write ← relu(Σᵢ xᵢ ⊙ factorᵢ + shift), terms in order. */
export function columnAffineSegment(bindings: Bindings, kernel: ColumnAffineKernel, options: SegmentOptions): Segment {
  const { rows, cols } = kernel.terms[0].x
  const rowsAreFree = kernel.shift === null && kernel.terms.every(({ factor }) => factor === null)
  const flat = rowsAreFree && [...kernel.terms.map(({ x }) => x), ...targetsOf(kernel.write)].every(isFlat)
  const writer = rowWriter(bindings, kernel.write)
  let sum = kernel.shift === null ? '' : elementOf(bindings, kernel.shift, '0u', 'col')
  for (const { x, factor } of kernel.terms) {
    const value = elementOf(bindings, x, 'row', 'col')
    if (factor === null) sum = sum === '' ? value : `${sum} + ${value}`
    else sum = sum === '' ? `${value} * ${elementOf(bindings, factor, '0u', 'col')}` : `fma(${value}, ${elementOf(bindings, factor, '0u', 'col')}, ${sum})`
  }
  const statements = [
    `let sum = ${sum};`,
    `let value = ${kernel.relu ? 'select(sum, 0.0, sum < 0.0)' : 'sum'};`,
    writer.prelude('row', ''),
    writer.element('col', 'value', ''),
  ]
  return elementwiseSegment(`columnAffine${kernel.relu ? ' relu' : ''}`, { rows, cols, flat }, statements, options)
}
