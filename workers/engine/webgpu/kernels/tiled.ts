import type { Bindings } from '../bindings.ts'
import type { Segment, SegmentOptions } from '../segment.ts'
import type { Variant } from '../variant.ts'
import { all, divided, modulo, over, plus, times, u32 } from '../wgsl.ts'
import { lines } from './product-loops.ts'
import { sumStatements } from './product-sums.ts'
import { layOut, range, sumName, type Product, type TileLayout } from './product.ts'

/** Tiles with more elements finish them in a loop: unrolled, that text would be most of the shader and take longest to compile. */
const LARGEST_UNROLLED = 20

/** What happens to the sums of a tile. */
export interface Finish {
  /** Statements before the first sum is finished. */
  readonly once: string
  /** Statements that find what belongs to one row; names end in `suffix`. */
  row(row: string, suffix: string): string
  /** Statements for one element of that row. */
  element(col: string, sum: string, suffix: string): string
}

/** A finish that needs all columns of a row at once; its tiles are one row high and as wide as the product. */
export interface RowFinish {
  /** Statements for a row whose sums are the given names. */
  wholeRow(row: string, sums: readonly string[]): string
}

/** Turns a product into WGSL: register tiles without workgroup memory, or several threads per tile with it. */
export function tiledSegment(
  bindings: Bindings,
  label: string,
  product: Product,
  finish: Finish | RowFinish,
  variant: Variant,
  options: SegmentOptions,
  slices = 1,
): Segment {
  const wanted = 'wholeRow' in finish ? { ...variant, tile: { m: 1, n: product.n } } : variant
  const layout = layOut(product, wanted, options.workgroup, slices)
  const body = layout.splitK === 1 ? registerBody(bindings, product, finish, layout) : sharedBody(bindings, product, finish, layout, options)
  const sharedFloats = layout.splitK === 1 ? 0 : options.workgroup * layout.tile.m * layout.tile.n
  return { label, body, workgroups: layout.workgroups, sharedFloats, functions: [] }
}

/** Slice, first row and first column of a tile. */
function corner({ tile, tilesM, tilesN, rowStep, slices }: TileLayout, index: string): string {
  const inSlice = slices === 1 ? index : modulo(index, tilesM * tilesN)
  const row = over(inSlice, tilesN)
  return lines(
    slices === 1 ? '' : `let slice = ${over(index, tilesM * tilesN)};`,
    `let r0 = ${rowStep === 1 ? times(row, tile.m) : plus(times(over(row, rowStep), rowStep * tile.m), modulo(row, rowStep))};`,
    `let q0 = ${times(modulo(inSlice, tilesN), tile.n)};`,
  )
}

/** One thread per tile. */
function registerBody(bindings: Bindings, product: Product, finish: Finish | RowFinish, layout: TileLayout): string {
  const { tile, tilesM, tilesN, tilesPerGroup, slices } = layout
  return lines(
    `let index = group * ${u32(tilesPerGroup)} + lane;`,
    `if (index < ${u32(slices * tilesM * tilesN)}) {`,
    corner(layout, 'index'),
    sumStatements(bindings, product, layout, { slice: 'slice', first: '0u', step: 1 }),
    finishRegisters(product, finish, layout, tile.m * tile.n > LARGEST_UNROLLED),
    '}',
  )
}

function finishRegisters(product: Product, finish: Finish | RowFinish, layout: TileLayout, loops: boolean): string {
  if ('wholeRow' in finish) return wholeRow(finish, layout.tile.n)
  if (!loops) return unrolledElements(product, finish, layout)
  const { tile } = layout
  const stores = range(tile.m).flatMap((i) => range(tile.n).map((j) => `sums[${i * tile.n + j}] = ${sumName(i, j)};`))
  return lines(`var sums : array<f32, ${tile.m * tile.n}>;`, ...stores, loopedElements(product, finish, layout))
}

function wholeRow(finish: RowFinish, columns: number): string {
  return finish.wholeRow('r0', range(columns).map((j) => sumName(0, j)))
}

/** Finishes the elements of a tile one after the other; only those that can lie beyond the edge are guarded. */
function unrolledElements({ m, n }: Product, finish: Finish, { tile, tilesM, tilesN, rowStep }: TileLayout): string {
  const guarded = (text: string, place: string, size: number, always: boolean): string => (always ? text : `if (${place} < ${u32(size)}) {\n${text}\n}`)
  const [sureRows, sureCols] = [m - (tilesM - 1) * tile.m, n - (tilesN - 1) * tile.n]
  const rows = range(tile.m).map((i) => {
    const row = plus('r0', u32(i * rowStep))
    const elements = range(tile.n).map((j) => {
      const col = plus('q0', u32(j))
      return guarded(finish.element(col, sumName(i, j), `${i}`), col, n, j < sureCols)
    })
    return guarded(`{\n${lines(finish.row(row, `${i}`), ...elements)}\n}`, row, m, i < sureRows)
  })
  return lines(finish.once, ...rows)
}

/** Finishes the elements of a tile in two loops, without a division by the width of the tile; sums come from an array. */
function loopedElements({ m, n }: Product, finish: Finish, { tile, rowStep }: TileLayout): string {
  const guarded = (text: string, condition: string, always: boolean): string => (always ? text : lines(`if (${condition}) {`, text, '}'))
  const element = lines(`let total = sums[${plus(times('i', tile.n), 'j')}];`, finish.element('col', 'total', ''))
  const cols = lines(
    finish.row('row', ''),
    `for (var j = 0u; j < ${u32(tile.n)}; j++) {`,
    `let col = ${plus('q0', 'j')};`,
    guarded(element, `col < ${u32(n)}`, n % tile.n === 0),
    '}',
  )
  return lines(
    finish.once,
    `for (var i = 0u; i < ${u32(tile.m)}; i++) {`,
    `let row = ${plus('r0', times('i', rowStep))};`,
    guarded(cols, `row < ${u32(m)}`, m % tile.m === 0),
    '}',
  )
}

/** splitK neighbouring threads per tile; each sums every splitK-th k, then their sums are added in order of the thread. */
function sharedBody(bindings: Bindings, product: Product, finish: Finish | RowFinish, layout: TileLayout, options: SegmentOptions): string {
  const { tile, tilesM, tilesN, splitK, tilesPerGroup } = layout
  const stores = range(tile.m).flatMap((i) =>
    range(tile.n).map((j) => `shared_sums[${plus(u32((i * tile.n + j) * options.workgroup), 'lane')}] = ${sumName(i, j)};`),
  )
  const sum = (element: string, name: string): string =>
    lines(
      `var ${name} = 0.0;`,
      `for (var part = 0u; part < ${u32(splitK)}; part++) { ${name} += shared_sums[${element} * ${u32(options.workgroup)} + lane - split + part]; }`,
    )
  const elements =
    'wholeRow' in finish
      ? lines('if (split == 0u) {', ...range(tile.n).map((j) => sum(u32(j), sumName(0, j))), wholeRow(finish, tile.n), '}')
      : lines(
          finish.once,
          `for (var element = split; element < ${u32(tile.m * tile.n)}; element += ${u32(splitK)}) {`,
          divided('element', tile.n, 'i', 'j'),
          'let row = r0 + i;',
          'let col = q0 + j;',
          `if (${all(`row < ${u32(product.m)}`, `col < ${u32(product.n)}`)}) {`,
          sum('element', 'total'),
          finish.row('row', ''),
          finish.element('col', 'total', ''),
          '}',
          '}',
        )
  return lines(
    `let split = ${modulo('lane', splitK)};`,
    `let index = group * ${u32(tilesPerGroup)} + ${over('lane', splitK)};`,
    corner(layout, `min(index, ${u32(tilesM * tilesN - 1)})`),
    '{',
    sumStatements(bindings, product, layout, { slice: '0u', first: 'split', step: splitK }),
    ...stores,
    '}',
    'workgroupBarrier();',
    `if (index < ${u32(tilesM * tilesN)}) {`,
    elements,
    '}',
  )
}
