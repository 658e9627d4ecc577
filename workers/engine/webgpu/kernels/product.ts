import type { ColumnSumKernel } from '../../kernels.ts'
import type { Operand } from '../../tensor.ts'
import type { WindowGeometry } from '../../windows.ts'
import { fitTile, shapeClass, type Tile, type Tuning, type Variant } from '../variant.ts'

/** One product of a sum of products; `a` null stands for a row of ones. */
export interface ProductTerm {
  readonly a: Operand | null
  readonly b: Operand
  readonly transposeA: boolean
  readonly transposeB: boolean
  readonly k: number
  readonly patches: WindowGeometry | null
  /** b enters as (b + shift) ⊙ times; only where `a` is null. */
  readonly shift?: Operand | null
  readonly times?: Operand | null
}

/** What gemm and column sums have in common: [m, n] ← Σ terms. */
export interface Product {
  readonly m: number
  readonly n: number
  readonly terms: readonly ProductTerm[]
}

/** The column sum of (x + shift) ⊙ y, [m, n], as the product of m ones with it. */
export function columnSumProduct({ x, y, shift }: ColumnSumKernel): Product {
  return { m: 1, n: x.cols, terms: [{ a: null, b: x, transposeA: false, transposeB: false, k: x.rows, patches: null, shift, times: y }] }
}

/** Length of the longest sum of a product's elements. */
export function sumLength(product: Product): number {
  return product.terms.reduce((total, { k }) => total + k, 0)
}

/** The variant of a product's class. */
export function variantFor(product: Product, tuning: Tuning): Variant {
  return tuning.variants[shapeClass(product.m, product.n, sumLength(product))]
}

/** A variant for column sums, which have one row only: narrow tiles leave work for more threads. */
export function columnVariant(variant: Variant): Variant {
  return { ...variant, tile: { m: 1, n: Math.min(variant.tile.n, 2) } }
}

/** `gemm 32×784×50`; products with windows of images say so. */
export function productLabel(kind: string, product: Product): string {
  const windows = product.terms.some(({ patches }) => patches !== null) ? ' of windows' : ''
  return kind === 'gemm' ? `gemm ${product.m}×${sumLength(product)}×${product.n}${windows}` : `${kind} ${sumLength(product)}×${product.n}`
}

/** How the tiles of a product lie on workgroups. */
export interface TileLayout {
  readonly tile: Tile
  readonly tilesM: number
  readonly tilesN: number
  /** Distance between neighbouring rows of a tile: pixels that a strided convolution reached alike share a tile. */
  readonly rowStep: number
  /** Parts that the sums are cut into, one tile each. */
  readonly slices: number
  readonly splitK: number
  readonly tilesPerGroup: number
  readonly workgroups: number
}

/** Floats of workgroup memory that the smallest WebGPU device has. */
const SHARED_FLOATS = 4096

/** Lays a variant on a product; the split shrinks where the sum or workgroup memory is too short for it. */
export function layOut(product: Product, variant: Variant, workgroup: number, slices = 1): TileLayout {
  const { m, n, terms } = product
  const tile = fitTile(variant.tile, m, n, rowPeriod(product))
  const hasPatches = terms.some(({ patches }) => patches !== null)
  let splitK = hasPatches || slices > 1 ? 1 : Math.min(variant.splitK, workgroup)
  while (splitK > 1 && splitK * 4 > sumLength(product)) splitK /= 2
  if (workgroup * tile.m * tile.n > SHARED_FLOATS) splitK = 1
  const [tilesM, tilesN] = [Math.ceil(m / tile.m), Math.ceil(n / tile.n)]
  const tilesPerGroup = workgroup / splitK
  const workgroups = Math.ceil((slices * tilesM * tilesN) / tilesPerGroup)
  return { tile, tilesM, tilesN, rowStep: rowStep(product, tile), slices, splitK, tilesPerGroup, workgroups }
}

/** Rows after which windows start anew (a line of places, or the channels of a pixel): tiles that divide it are regular. */
function rowPeriod({ terms }: Product): number {
  for (const { patches, transposeA } of terms) {
    if (patches !== null) return transposeA ? patches.channels : patches.outWidth
  }
  return 1
}

function rowStep({ terms }: Product, tile: Tile): number {
  const spread = Math.max(1, ...terms.map(({ patches, transposeA }) => (patches === null || transposeA ? 1 : patches.spread)))
  const fits = terms.every(({ patches }) => patches !== null && patches.outWidth % (spread * tile.m) === 0)
  return fits ? spread : 1
}

/** Name of the register that holds element (i, j) of a tile. */
export function sumName(i: number, j: number): string {
  return `s${i}_${j}`
}

/** Numbers 0 … count − 1. */
export function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i)
}
