import type { ColumnSumKernel, GemmKernel } from '../../kernels.ts'
import type { Operand } from '../../tensor.ts'
import { rowStart } from '../addressing.ts'
import type { Bindings } from '../bindings.ts'
import type { Segment, SegmentOptions } from '../segment.ts'
import type { Variant } from '../variant.ts'
import { rowWriter } from '../write.ts'
import { f32, plus } from '../wgsl.ts'
import { columnSumProduct, columnVariant, productLabel } from './product.ts'
import { tiledSegment, type Finish, type RowFinish } from './tiled.ts'

/** write ← mask(relu(Σ terms + bias)). */
export function gemmSegment(bindings: Bindings, kernel: GemmKernel, variant: Variant, options: SegmentOptions): Segment {
  return tiledSegment(bindings, productLabel('gemm', kernel), kernel, gemmFinish(bindings, kernel), variant, options)
}

/** A gemm with at most `HEAD_CLASSES` columns whose rows one thread finishes as a whole. */
export function gemmWithHead(
  bindings: Bindings,
  kernel: GemmKernel,
  head: { readonly label: string; statements(row: string, values: readonly string[]): string },
  storesValues: boolean,
  variant: Variant,
  options: SegmentOptions,
): Segment {
  const finish: RowFinish = {
    wholeRow: (row, sums) => {
      const values = sums.map((_, j) => `z${j}`)
      const named = sums.map((sum, j) => `let z${j} = ${plusBias(bindings, kernel.bias, `${j}u`, sum)};`)
      const writer = storesValues ? rowWriter(bindings, kernel.write) : null
      const stores = writer === null ? [] : [writer.prelude(row, '_z'), ...values.map((value, j) => writer.element(`${j}u`, value, '_z'))]
      return [...named, ...stores, head.statements(row, values)].join('\n')
    },
  }
  return tiledSegment(bindings, `${productLabel('gemm', kernel)} + ${head.label}`, kernel, finish, variant, options)
}

/** write [1, n] ← factor·Σ over the rows of (x + shift) ⊙ y. */
export function columnSumSegment(bindings: Bindings, kernel: ColumnSumKernel, variant: Variant, options: SegmentOptions): Segment {
  const writer = rowWriter(bindings, kernel.write)
  const scaled = (sum: string): string => (kernel.factor === 1 ? sum : `${f32(kernel.factor)} * ${sum}`)
  const finish: Finish = { once: '', row: (row, suffix) => writer.prelude(row, suffix), element: (col, sum, suffix) => writer.element(col, scaled(sum), suffix) }
  const product = columnSumProduct(kernel)
  return tiledSegment(bindings, productLabel('columnSum', product), product, finish, columnVariant(variant), options)
}

/** mask(relu(sum + bias)), written. */
export function gemmFinish(bindings: Bindings, { bias, relu, mask, write }: Pick<GemmKernel, 'bias' | 'relu' | 'mask' | 'write'>): Finish {
  const writer = rowWriter(bindings, write)
  const maskName = mask === null ? null : bindings.read(mask.buffer)
  return {
    once: '',
    row: (row, suffix) => [...(mask === null ? [] : [`let mask${suffix} = ${rowStart(bindings, mask, row)};`]), writer.prelude(row, suffix)].join('\n'),
    element: (col, sum, suffix) => {
      const biased = plusBias(bindings, bias, col, sum)
      if (!relu && maskName === null) return writer.element(col, `(${biased})`, suffix)
      const rectified = relu ? 'select(z, 0.0, z < 0.0)' : 'z'
      const value = maskName === null ? rectified : `select(0.0, ${rectified}, ${maskName}[${plus(`mask${suffix}`, col)}] > 0.0)`
      return `{ let z = ${biased}; ${writer.element(col, value, suffix)} }`
    },
  }
}

function plusBias(bindings: Bindings, bias: Operand | null, col: string, sum: string): string {
  return bias === null ? sum : `${sum} + ${bindings.read(bias.buffer)}[${plus(rowStart(bindings, bias, '0u'), col)}]`
}
