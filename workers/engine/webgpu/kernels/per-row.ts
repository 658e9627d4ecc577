import type { Operand } from '../../tensor.ts'
import { rowStart } from '../addressing.ts'
import type { Bindings } from '../bindings.ts'
import type { Segment, SegmentOptions } from '../segment.ts'
import { plus, u32 } from '../wgsl.ts'

/** Rows of at most this many columns are held in registers. */
export const REGISTER_COLUMNS = 16

/** One thread per row of `values`: `unrolled` receives the row's registers, `looped` reads memory itself. */
export function perRowSegment(
  label: string,
  values: Operand,
  bindings: Bindings,
  unrolled: (names: readonly string[]) => string,
  looped: () => string,
  { workgroup }: SegmentOptions,
): Segment {
  const name = bindings.read(values.buffer)
  const names = Array.from({ length: values.cols }, (_, j) => `z${j}`)
  const statements =
    values.cols > REGISTER_COLUMNS
      ? [looped()]
      : [`let z = ${rowStart(bindings, values, 'row')};`, ...names.map((z, j) => `let ${z} = ${name}[${plus('z', u32(j))}];`), unrolled(names)]
  const body = [`let row = group * ${u32(workgroup)} + lane;`, `if (row < ${u32(values.rows)}) {`, ...statements, '}'].join('\n')
  return { label, body, workgroups: Math.ceil(values.rows / workgroup), sharedFloats: 0, functions: [] }
}
