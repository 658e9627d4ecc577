import { firstRow, Operand, operandAt, rowOf } from './operand'
import { transposeRows } from './pack'

/** Head of a descriptor; the operands x and to lie at words 4 and 8. */
@unmanaged
class Flip {
  kind: u32
  positions: u32
  inputs: u32
  filters: u32
}

/** Rows [first, first + inputs) of x [·, filters], transposed. */
function transpose(x: Operand, first: u32, inputs: u32, filters: u32, to: usize): void {
  const row: usize = inputs << 2
  if (inputs >= 4) {
    for (let i: u32 = 0; i < inputs; i += 4) {
      const from = min(i, inputs - 4)
      transposeRows(x, first + from, first + from + 3, 0, filters, to + (from << 2), row)
    }
    return
  }
  for (let i: u32 = 0; i < inputs; i++) {
    const from = rowOf(x, first + i)
    for (let f: u32 = 0; f < filters; f++) store<f32>(to + f * row + (i << 2), load<f32>(from + (f << 2)))
  }
}

/** The kernel of a convolution turned by 180°, its channels exchanged. */
export function flipKernel(descriptor: usize): void {
  const head = changetype<Flip>(descriptor)
  const inputs = head.inputs
  const filters = head.filters
  let to = firstRow(operandAt(descriptor, 8))
  for (let position = head.positions; position > 0; position--) {
    transpose(operandAt(descriptor, 4), (position - 1) * inputs, inputs, filters, to)
    to += <usize>(inputs * filters) << 2
  }
}
