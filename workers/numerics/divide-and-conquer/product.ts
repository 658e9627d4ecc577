/** Dense products C = A · B on parts of large arrays: what a merge spends nearly all its time in. */

/** C [m, n] = A [m, k] · B [k, n]; entry (i, j) of a part lies at offset + i · stride + j. C overlaps neither A nor B. */
export interface ProductTask {
  readonly m: number
  readonly n: number
  readonly k: number
  readonly a: Float64Array
  readonly aOffset: number
  readonly aStride: number
  readonly b: Float64Array
  readonly bOffset: number
  readonly bStride: number
  /** Overwritten; what it held before does not matter. */
  readonly c: Float64Array
  readonly cOffset: number
  readonly cStride: number
}

/** Rows of A and terms of the sums that stay in the second-level cache together. */
const BLOCK_ROWS = 64
const BLOCK_TERMS = 256
const TILE_COLUMNS = 4

/** Every entry is the sum over k from the first term to the last, whatever the blocks: the order of a plain loop. */
export function plainProduct(task: ProductTask): void {
  clear(task)
  const packed = new Float64Array(BLOCK_TERMS * TILE_COLUMNS)
  for (let term = 0; term < task.k; term += BLOCK_TERMS) {
    const terms = Math.min(BLOCK_TERMS, task.k - term)
    for (let row = 0; row < task.m; row += BLOCK_ROWS) {
      const end = Math.min(task.m, row + BLOCK_ROWS)
      for (let column = 0; column < task.n; column += TILE_COLUMNS) {
        const columns = Math.min(TILE_COLUMNS, task.n - column)
        packColumns(task, packed, term, terms, column, columns)
        addTiles(task, packed, { term, terms, row, end, column, columns })
      }
    }
  }
}

/** C = 0, which is also the product over no terms. */
export function clear({ m, n, c, cOffset, cStride }: Pick<ProductTask, 'm' | 'n' | 'c' | 'cOffset' | 'cStride'>): void {
  for (let i = 0; i < m; i++) c.fill(0, cOffset + i * cStride, cOffset + i * cStride + n)
}

/** B[term …, column …] as [terms, 4], zeros beyond the last column. */
function packColumns(task: ProductTask, packed: Float64Array, term: number, terms: number, column: number, columns: number): void {
  const { b, bOffset, bStride } = task
  for (let t = 0; t < terms; t++) {
    const from = bOffset + (term + t) * bStride + column
    for (let x = 0; x < TILE_COLUMNS; x++) packed[TILE_COLUMNS * t + x] = x < columns ? b[from + x] : 0
  }
}

interface Block {
  readonly term: number
  readonly terms: number
  readonly row: number
  readonly end: number
  readonly column: number
  readonly columns: number
}

function addTiles(task: ProductTask, packed: Float64Array, { term, terms, row, end, column, columns }: Block): void {
  const { a, aOffset, aStride, c, cOffset, cStride } = task
  for (let i = row; i < end; i += 2) {
    const upper = aOffset + i * aStride + term
    // An odd last row is taken twice; its second copy is not stored.
    const lower = i + 1 < end ? upper + aStride : upper
    const to = cOffset + i * cStride + column
    if (columns === TILE_COLUMNS) addTile(a, upper, lower, packed, terms, c, to, i + 1 < end ? to + cStride : -1)
    else for (let x = 0; x < columns; x++) addColumn(a, upper, lower, packed, x, terms, c, to + x, i + 1 < end ? to + cStride + x : -1)
  }
}

function addTile(
  a: Float64Array, upper: number, lower: number, packed: Float64Array, terms: number, c: Float64Array, to: number, below: number,
): void {
  let [u0, u1, u2, u3] = [c[to], c[to + 1], c[to + 2], c[to + 3]]
  let [l0, l1, l2, l3] = below < 0 ? [0, 0, 0, 0] : [c[below], c[below + 1], c[below + 2], c[below + 3]]
  for (let t = 0, at = 0; t < terms; t++, at += TILE_COLUMNS) {
    const p = a[upper + t]
    const q = a[lower + t]
    const b0 = packed[at]
    const b1 = packed[at + 1]
    const b2 = packed[at + 2]
    const b3 = packed[at + 3]
    u0 += p * b0
    u1 += p * b1
    u2 += p * b2
    u3 += p * b3
    l0 += q * b0
    l1 += q * b1
    l2 += q * b2
    l3 += q * b3
  }
  c[to] = u0
  c[to + 1] = u1
  c[to + 2] = u2
  c[to + 3] = u3
  if (below < 0) return
  c[below] = l0
  c[below + 1] = l1
  c[below + 2] = l2
  c[below + 3] = l3
}

function addColumn(
  a: Float64Array, upper: number, lower: number, packed: Float64Array, x: number, terms: number, c: Float64Array, to: number, below: number,
): void {
  let u = c[to]
  let l = below < 0 ? 0 : c[below]
  for (let t = 0, at = x; t < terms; t++, at += TILE_COLUMNS) {
    u += a[upper + t] * packed[at]
    l += a[lower + t] * packed[at]
  }
  c[to] = u
  if (below >= 0) c[below] = l
}
