import { targetsOf, type ColumnAffineKernel } from '../../kernels.ts'
import { elementOf, isFlat, rowStart } from '../addressing.ts'
import type { Bindings } from '../bindings.ts'
import type { Segment, SegmentOptions } from '../segment.ts'
import { rowWriter } from '../write.ts'
import { elementwiseSegment } from './elementwise.ts'

/** write ← relu(Σᵢ xᵢ ⊙ factorᵢ + shift), terms in order. */
export function columnAffineSegment(bindings: Bindings, { terms, shift, relu, write }: ColumnAffineKernel, options: SegmentOptions): Segment {
  const { rows, cols } = terms[0].x
  const sameOnAllRows = shift !== null || terms.some(({ factor }) => factor !== null)
  const writer = rowWriter(bindings, write)
  return elementwiseSegment(
    {
      label: `columnAffine${relu ? ' relu' : ''}`,
      rows,
      cols,
      flat: !sameOnAllRows && [...terms.map(({ x }) => x), ...targetsOf(write)].every(isFlat),
      perRow: [...terms.map(({ x }, i) => `let from${i} = ${rowStart(bindings, x, 'row')};`), writer.prelude('row', '')],
      perElement: [
        `var sum = ${shift === null ? '0.0' : elementOf(bindings, shift, '0u', 'col')};`,
        ...terms.map(({ x, factor }, i) => {
          const value = `${bindings.read(x.buffer)}[from${i} + col]`
          return factor === null ? `sum += ${value};` : `sum = fma(${value}, ${elementOf(bindings, factor, '0u', 'col')}, sum);`
        }),
        writer.element('col', relu ? 'select(sum, 0.0, sum < 0.0)' : 'sum', ''),
      ],
    },
    options,
  )
}
