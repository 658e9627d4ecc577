import { elementOf, isFlat } from '../addressing.ts'
import type { Bindings } from '../bindings.ts'
import type { PartialProductKernel, PartialSquaresKernel, SumOfPartsKernel } from '../lowered.ts'
import type { Segment, SegmentOptions } from '../segment.ts'
import type { Variant } from '../variant.ts'
import { rowWriter } from '../write.ts'
import { divided, f32, modulo, over, u32 } from '../wgsl.ts'
import { gemmFinish } from './gemm.ts'
import { tiledSegment, type Finish } from './tiled.ts'

/** Row s of `to` ← the sums of slice s. */
export function partialProductSegment(bindings: Bindings, { label, product, to }: PartialProductKernel, variant: Variant, options: SegmentOptions): Segment {
  const { m, n } = product
  const writer = rowWriter(bindings, { mode: 'assign', to: { ...to, rows: to.rows * m, cols: n, rowStride: n } })
  const finish: Finish = {
    once: '',
    row: (row, suffix) => writer.prelude(`slice * ${u32(m)} + ${row}`, suffix),
    element: (col, sum, suffix) => writer.element(col, sum, suffix),
  }
  return tiledSegment(bindings, `${to.rows} parts of ${label}`, product, finish, variant, options, to.rows)
}

/** Element p of `to` ← sum of every parts-th square from element p on, one thread each. */
export function partialSquaresSegment(bindings: Bindings, { x, to }: PartialSquaresKernel, { workgroup }: SegmentOptions): Segment {
  const parts = to.cols
  const flat = isFlat(x)
  const value = elementOf(bindings, x, flat ? '0u' : over('e', x.cols), flat ? 'e' : modulo('e', x.cols))
  const writer = rowWriter(bindings, { mode: 'assign', to })
  const body = [
    `let part = group * ${u32(workgroup)} + lane;`,
    `if (part < ${u32(parts)}) {`,
    'var sum = 0.0;',
    `for (var e = part; e < ${u32(x.rows * x.cols)}; e += ${u32(parts)}) { let x = ${value}; sum = fma(x, x, sum); }`,
    writer.prelude('0u', ''),
    writer.element('part', 'sum', ''),
    '}',
  ]
  return { label: `${parts} parts of squaredNorm ${x.rows}×${x.cols}`, body: body.join('\n'), workgroups: Math.ceil(parts / workgroup), sharedFloats: 0, functions: [] }
}

/** Adds the parts of a sum as one long column sum and finishes it like a product. */
export function sumOfPartsSegment(bindings: Bindings, kernel: SumOfPartsKernel, variant: Variant, options: SegmentOptions): Segment {
  const { parts, m, n, factor } = kernel
  const inner = gemmFinish(bindings, kernel)
  const scaled = (sum: string): string => (factor === 1 ? sum : `${f32(factor)} * ${sum}`)
  const finish: Finish = {
    once: '',
    row: () => '',
    element: (col, sum) => (m === 1 ? ['{', inner.row('0u', ''), inner.element(col, scaled(sum), '')] : ['{', `let e = ${col};`, divided('e', n, 'row', 'column'), inner.row('row', ''), inner.element('column', scaled(sum), '')]).join('\n') + '\n}',
  }
  const product = { m: 1, n: m * n, terms: [{ a: null, b: parts, transposeA: false, transposeB: false, k: parts.rows, patches: null }] }
  return tiledSegment(bindings, `sum of ${parts.rows} parts ${m}×${n}`, product, finish, variant, options)
}
