import { elementOf, rowStart } from '../addressing.ts'
import type { Bindings } from '../bindings.ts'
import { plus, u32 } from '../wgsl.ts'
import { patchStatements } from './patch-sums.ts'
import { fmaStatements, lines, loader, sliceRange, type Part, type TermContext } from './product-loops.ts'
import { range, sumName, type Product, type ProductTerm, type TileLayout } from './product.ts'

/**
 * Statements that sum the products of one tile into registers, k in order. The tile's first row and column are `r0`
 * and `q0`.
 */
export function sumStatements(bindings: Bindings, product: Product, layout: TileLayout, part: Part): string {
  const { tile } = layout
  const rows = axisNames('r', product.m, tile.m, layout.rowStep)
  const cols = axisNames('q', product.n, tile.n, 1)
  const context: TermContext = { bindings, layout, part, row: rows.name, col: cols.name }
  const registers = range(tile.m).flatMap((i) => range(tile.n).map((j) => `var ${sumName(i, j)} = 0.0;`))
  const loops = product.terms.map((term) => `{\n${term.patches === null ? plainStatements(term, context) : patchStatements(term, term.patches, context)}\n}`)
  return lines(rows.statements, cols.statements, registers.join(' '), ...loops)
}

/** How a thread names the rows (or columns) of its tile. */
function axisNames(letter: string, size: number, width: number, step: number): { readonly statements: string; readonly name: (i: number) => string } {
  if (size % width === 0) return { statements: '', name: (i) => plus(`${letter}0`, u32(i * step)) }
  const statements = range(width).map((i) => `let ${letter}c${i} = min(${plus(`${letter}0`, u32(i * step))}, ${u32(size - 1)});`)
  return { statements: statements.join('\n'), name: (i) => `${letter}c${i}` }
}

function plainStatements(term: ProductTerm, context: TermContext): string {
  const { bindings, layout, part, row, col } = context
  const left = term.a === null ? null : loader(bindings, term.a, term.transposeA, 'a', layout.tile.m, row)
  const right = loader(bindings, term.b, !term.transposeB, 'b', layout.tile.n, col)
  return lines(
    left?.once ?? '',
    right.once,
    shiftStatements(term, context),
    kLoop(term.k, layout, part, lines(left?.perStep ?? '', right.perStep, term.a === null ? sumOfOnes(term, context) : fmaStatements(layout))),
  )
}

function kLoop(k: number, { slices }: TileLayout, { slice, first, step }: Part, body: string): string {
  const { before, from, to } = sliceRange(k, slices, slice)
  return lines(before, `for (var k = ${plus(from, first)}; k < ${to}; k += ${u32(step)}) {`, body, '}')
}

function shiftStatements({ shift }: ProductTerm, { bindings, layout, col }: TermContext): string {
  if (shift === null || shift === undefined) return ''
  return range(layout.tile.n)
    .map((j) => `let shift${j} = ${elementOf(bindings, shift, '0u', col(j))};`)
    .join('\n')
}

function sumOfOnes({ times: factor, shift }: ProductTerm, { bindings, layout, col }: TermContext): string {
  const value = (j: number): string => (shift === null || shift === undefined ? `b${j}` : `(b${j} + shift${j})`)
  if (factor === null || factor === undefined) {
    return range(layout.tile.n)
      .map((j) => `${sumName(0, j)} += ${value(j)};`)
      .join('\n')
  }
  const name = bindings.read(factor.buffer)
  const sums = range(layout.tile.n).map((j) => `${sumName(0, j)} = fma(${value(j)}, ${name}[${plus('yk', col(j))}], ${sumName(0, j)});`)
  return lines(`let yk = ${rowStart(bindings, factor, 'k')};`, ...sums)
}
