import { layOut, sumLength, type Product, type ProductTerm } from './kernels/product.ts'
import type { Tuning, Variant } from './variant.ts'

/** No float32 register adds up more terms than this: the rounding of longer chains grows with their length. */
const LONGEST_CHAIN = 4096

/** Floats that the parts of one sum may take, but for what the longest chain asks. */
const MOST_PARTS = 2 ** 20

/** Slices that the sums of a product are cut into; 1 when one dispatch does it well. */
export function slicesOf(product: Product, variant: Variant, tuning: Tuning): number {
  const { tilesM, tilesN, splitK } = layOut(product, variant, tuning.workgroup)
  const chain = sumLength(product) / splitK
  const needed = Math.ceil(chain / LONGEST_CHAIN)
  if (needed === 1 && 4 * tilesM * tilesN * splitK >= tuning.longSums.threads) return 1
  const sliced = layOut(product, sliceVariant(tuning), tuning.workgroup, 2)
  const length = sumLength(product)
  const wanted = Math.min(
    Math.floor(tuning.longSums.threads / (sliced.tilesM * sliced.tilesN)),
    Math.floor(length / tuning.longSums.shortest),
    Math.floor(MOST_PARTS / (product.m * product.n)),
  )
  const slices = Math.max(needed === 1 ? 1 : Math.ceil(length / LONGEST_CHAIN), wanted)
  return Math.min(slices, Math.max(...product.terms.map(stepsOf)))
}

/** How the slices of a sum are laid out: they take the place of a split within workgroups. */
export function sliceVariant({ variants }: Tuning): Variant {
  return { tile: variants.largeLong.tile, splitK: 1 }
}

/** Slices of a sum of `length` squares. */
export function slicesOfSquares(length: number, { longSums }: Tuning): number {
  const wanted = Math.min(longSums.threads, Math.floor(length / longSums.shortest))
  return Math.max(1, Math.ceil(length / LONGEST_CHAIN), wanted)
}

/** How the parts of `slices` slices are added: by neighbouring threads where the device likes that. */
export function finishVariant(slices: number, { variants }: Tuning): Variant {
  const { splitK } = variants.smallLong
  return { tile: { m: 1, n: splitK === 1 ? 4 : 1 }, splitK: Math.min(splitK, 2 ** Math.floor(Math.log2(Math.max(1, slices / 4)))) }
}

/** Steps of a term's loop that slices are made of: lines of places, pixels of a window, or single terms. */
function stepsOf({ a, k, patches, transposeA }: ProductTerm): number {
  if (a === null || patches === null) return k
  return transposeA ? k / patches.outWidth : patches.kernelHeight * patches.kernelWidth
}
