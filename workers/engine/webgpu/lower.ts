import type { ColumnSumKernel, GemmKernel, Kernel, SquaredNormKernel } from '../kernels.ts'
import type { BufferHandle, Operand } from '../tensor.ts'
import { columnSumProduct, columnVariant, productLabel, variantFor, type Product } from './kernels/product.ts'
import type { DeviceKernel, SumOfPartsKernel } from './lowered.ts'
import { slicesOf, slicesOfSquares } from './slices.ts'
import type { Tuning } from './variant.ts'

/** Kernels as dispatches will run them, with the buffer that the parts of long sums go through; null without any. */
export interface LoweredPlan {
  readonly kernels: readonly DeviceKernel[]
  readonly parts: BufferHandle | null
}

/** Parts start at multiples of this many elements. */
const ALIGNMENT = 4

/**
 * Cuts sums that would keep few threads busy for long, or lose digits, into slices with a kernel that adds their
 * parts. `allocate` is called at most once, with the number of elements that all parts need together.
 */
export function lower(kernels: readonly Kernel[], tuning: Tuning, allocate: (length: number) => BufferHandle): LoweredPlan {
  const slices = kernels.map((kernel) => slicesFor(kernel, tuning))
  const lengths = kernels.map((kernel, i) => (slices[i] === 1 ? 0 : Math.ceil((slices[i] * outputsOf(kernel)) / ALIGNMENT) * ALIGNMENT))
  const total = lengths.reduce((sum, length) => sum + length, 0)
  const parts = total === 0 ? null : allocate(total)
  let offset = 0
  const lowered = kernels.flatMap((kernel, i) => {
    const cols = outputsOf(kernel)
    const place = parts === null || slices[i] === 1 ? null : partsAt(parts, offset, slices[i], cols)
    offset += lengths[i]
    return lowerKernel(kernel, place)
  })
  return { kernels: lowered, parts }
}

function slicesFor(kernel: Kernel, tuning: Tuning): number {
  switch (kernel.kind) {
    case 'gemm':
      return slicesOf(kernel, variantFor(kernel, tuning), tuning)
    case 'columnSum': {
      const product = columnSumProduct(kernel)
      return slicesOf(product, columnVariant(variantFor(product, tuning)), tuning)
    }
    case 'squaredNorm':
      return slicesOfSquares(kernel.x.rows * kernel.x.cols, tuning)
    default:
      return 1
  }
}

/** Numbers that a kernel's sums give. */
function outputsOf(kernel: Kernel): number {
  switch (kernel.kind) {
    case 'gemm':
      return kernel.m * kernel.n
    case 'columnSum':
      return kernel.x.cols
    default:
      return 1
  }
}

function partsAt(buffer: BufferHandle, offset: number, rows: number, cols: number): Operand {
  return { buffer, offset, rowStride: cols, addressing: { kind: 'fixed' }, rows, cols }
}

function lowerKernel(kernel: Kernel, parts: Operand | null): readonly DeviceKernel[] {
  if (kernel.kind === 'squaredNorm') return lowerSquares(kernel, parts)
  if (parts === null) return [kernel]
  if (kernel.kind === 'gemm') return [partial(kernel, productLabel('gemm', kernel), parts), finish(kernel, 1, parts)]
  if (kernel.kind === 'columnSum') return lowerColumnSum(kernel, parts)
  throw new Error(`lower: ${kernel.kind} has no sums to cut`)
}

function lowerColumnSum(kernel: ColumnSumKernel, parts: Operand): readonly DeviceKernel[] {
  const product = columnSumProduct(kernel)
  const whole = { m: 1, n: product.n, bias: null, relu: false, mask: null, write: kernel.write }
  return [partial(product, productLabel('columnSum', product), parts), finish(whole, kernel.factor, parts)]
}

function lowerSquares({ x, to }: SquaredNormKernel, parts: Operand | null): readonly DeviceKernel[] {
  if (parts === null) return [{ kind: 'partialSquares', x, to }]
  const whole = { m: 1, n: 1, bias: null, relu: false, mask: null, write: { mode: 'assign', to } } as const
  return [{ kind: 'partialSquares', x, to: { ...parts, rows: 1, cols: parts.rows, rowStride: parts.rows } }, finish(whole, 1, parts)]
}

function partial(product: Product, label: string, to: Operand): DeviceKernel {
  return { kind: 'partialProduct', label, product, to }
}

function finish({ m, n, bias, relu, mask, write }: Omit<GemmKernel, 'kind' | 'terms'>, factor: number, parts: Operand): SumOfPartsKernel {
  return { kind: 'sumOfParts', parts, m, n, factor, bias, relu, mask, write }
}
