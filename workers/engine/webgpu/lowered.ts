import type { GemmKernel, Kernel, SquaredNormKernel, Write } from '../kernels.ts'
import type { Operand } from '../tensor.ts'
import type { Product } from './kernels/product.ts'

/** Row s of `to` [slices, m·n] ← the part of a product's sums that belongs to slice s of their length. */
export interface PartialProductKernel {
  readonly kind: 'partialProduct'
  readonly label: string
  readonly product: Product
  readonly to: Operand
}

/** Element p of `to` [1, parts] ← sum of the squares of every parts-th element of x, from element p on. */
export interface PartialSquaresKernel {
  readonly kind: 'partialSquares'
  readonly x: Operand
  readonly to: Operand
}

/** write [m, n] ← mask(relu(factor·Σ over the rows of parts [slices, m·n] + bias)), rows in order. */
export interface SumOfPartsKernel extends Pick<GemmKernel, 'm' | 'n' | 'bias' | 'relu' | 'mask'> {
  readonly kind: 'sumOfParts'
  readonly parts: Operand
  readonly factor: number
  readonly write: Write
}

/** What dispatches are made of: the kernels of a plan, long sums being cut into parts. */
export type DeviceKernel = Exclude<Kernel, SquaredNormKernel> | PartialProductKernel | PartialSquaresKernel | SumOfPartsKernel
