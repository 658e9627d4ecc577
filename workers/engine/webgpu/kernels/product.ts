import type { ColumnSumKernel, GemmKernel } from '../../kernels.ts'
import type { Operand } from '../../tensor.ts'
import { plus, rowStart, u32 } from '../addressing.ts'
import type { Bindings } from '../bindings.ts'
import { fitTile, type Tile, type Variant } from '../variant.ts'

/** One product of a sum of products; `a` null stands for a row of ones. */
export interface ProductTerm {
  readonly a: Operand | null
  readonly b: Operand
  readonly transposeA: boolean
  readonly transposeB: boolean
  readonly k: number
}

/** What gemm and column sums have in common: [m, n] ← Σ terms. */
export interface Product {
  readonly m: number
  readonly n: number
  readonly terms: readonly ProductTerm[]
}

/** The column sum of x [m, n] as the product of m ones with x. */
export function columnSumProduct({ x }: ColumnSumKernel): Product {
  return { m: 1, n: x.cols, terms: [{ a: null, b: x, transposeA: false, transposeB: false, k: x.rows }] }
}

/** Length of the longest sum of a product's elements. */
export function sumLength(product: Product | GemmKernel): number {
  return product.terms.reduce((total, { k }) => total + k, 0)
}

/** How the tiles of a product lie on workgroups. */
export interface TileLayout {
  readonly tile: Tile
  readonly tilesM: number
  readonly tilesN: number
  readonly splitK: number
  readonly tilesPerGroup: number
  readonly workgroups: number
}

/** Floats of workgroup memory that the smallest WebGPU device has. */
const SHARED_FLOATS = 4096

/** Lays a variant on a product; the split shrinks where the sum or workgroup memory is too short for it. */
export function layOut({ m, n, ...product }: Product, variant: Variant, workgroup: number): TileLayout {
  const tile = fitTile(variant.tile, m, n)
  let splitK = Math.min(variant.splitK, workgroup)
  while (splitK > 1 && splitK * 4 > sumLength({ m, n, ...product })) splitK /= 2
  if (workgroup * tile.m * tile.n > SHARED_FLOATS) splitK = 1
  const [tilesM, tilesN] = [Math.ceil(m / tile.m), Math.ceil(n / tile.n)]
  const tilesPerGroup = workgroup / splitK
  return { tile, tilesM, tilesN, splitK, tilesPerGroup, workgroups: Math.ceil((tilesM * tilesN) / tilesPerGroup) }
}

/** Name of the register that holds element (i, j) of a tile. */
export function sumName(i: number, j: number): string {
  return `s${i}_${j}`
}

/** Numbers 0 … count − 1. */
export function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i)
}

/** How a thread names the rows (or columns) of its tile: clamped at the edge, so that every load is inside. */
function axisNames(letter: string, size: number, width: number): { readonly statements: string; readonly name: (i: number) => string } {
  if (size % width === 0) return { statements: '', name: (i) => plus(`${letter}0`, u32(i)) }
  const statements = range(width).map((i) => `let ${letter}c${i} = min(${plus(`${letter}0`, u32(i))}, ${u32(size - 1)});`)
  return { statements: statements.join('\n'), name: (i) => `${letter}c${i}` }
}

/**
 * Statements that sum the products of one tile into registers, k in order from `first` by `step`. The tile's first
 * row and column are `r0` and `q0`.
 */
export function sumStatements(bindings: Bindings, product: Product, tile: Tile, first: string, step: number): string {
  const rows = axisNames('r', product.m, tile.m)
  const cols = axisNames('q', product.n, tile.n)
  const registers = range(tile.m).flatMap((i) => range(tile.n).map((j) => `var ${sumName(i, j)} = 0.0;`))
  const loops = product.terms.map((term) => `{\n${termLoop(bindings, term, tile, rows.name, cols.name, first, step)}\n}`)
  return [rows.statements, cols.statements, registers.join(' '), ...loops].filter((text) => text !== '').join('\n')
}

function termLoop(
  bindings: Bindings,
  term: ProductTerm,
  tile: Tile,
  row: (i: number) => string,
  col: (j: number) => string,
  first: string,
  step: number,
): string {
  const { a, b, k } = term
  const left = a === null ? null : loader(bindings, a, term.transposeA, 'a', tile.m, row)
  const right = loader(bindings, b, !term.transposeB, 'b', tile.n, col)
  const body = [
    left?.perStep ?? '',
    right.perStep,
    ...range(tile.m).flatMap((i) => range(tile.n).map((j) => accumulate(sumName(i, j), left === null ? null : `a${i}`, `b${j}`))),
  ].filter((text) => text !== '')
  return [left?.once ?? '', right.once, `for (var k = ${first}; k < ${u32(k)}; k += ${u32(step)}) {`, ...body, '}'].filter((text) => text !== '').join('\n')
}

function accumulate(sum: string, a: string | null, b: string): string {
  return a === null ? `${sum} += ${b};` : `${sum} = fma(${a}, ${b}, ${sum});`
}

/**
 * Loads of one factor: `width` elements per step of k. Where k runs along the rows of the operand, one row start
 * per step is enough; where it runs along the columns, the row starts are found once.
 */
function loader(
  bindings: Bindings,
  operand: Operand,
  sumsOverRows: boolean,
  letter: string,
  width: number,
  name: (i: number) => string,
): { readonly once: string; readonly perStep: string } {
  const buffer = bindings.read(operand.buffer)
  if (sumsOverRows) {
    const loads = range(width).map((i) => `let ${letter}${i} = ${buffer}[${plus(`${letter}k`, name(i))}];`)
    return { once: '', perStep: [`let ${letter}k = ${rowStart(bindings, operand, 'k')};`, ...loads].join('\n') }
  }
  const starts = range(width).map((i) => `let ${letter}r${i} = ${rowStart(bindings, operand, name(i))};`)
  const loads = range(width).map((i) => `let ${letter}${i} = ${buffer}[${letter}r${i} + k];`)
  return { once: starts.join('\n'), perStep: loads.join('\n') }
}
