import { PIECE_COLUMNS, PIECE_ROWS, SCRATCH_BYTES } from './layout.ts'
import type { Pace, Problem } from './problem.ts'

/** An operand of a product in memory: rows `stride` bytes apart. */
export interface Operand {
  readonly address: number
  readonly stride: number
  /**
   * `rows`: indices of the result run over rows, terms along them. `columns`: the other way round. `pairs`, left only:
   * terms run over rows, and indices over pairs of a row's numbers, whose product is meant.
   */
  readonly order: 'rows' | 'columns' | 'pairs'
  /** With `columns`, the rows from `turn` on lie at `second`. */
  readonly second?: number
  readonly turn?: number
  /** With `pairs`: 16 bits for each number of a pair. */
  readonly table?: number
}

/** Result [rows, columns] ← left · right, or that added to it or subtracted from it. */
export interface Product {
  readonly address: number
  readonly stride: number
  readonly rows: number
  readonly columns: number
  readonly terms: number
  readonly left: Operand
  readonly right: Operand
  readonly how: 'assign' | 'add' | 'subtract'
  /** Only entries on and below the diagonal exist. */
  readonly lower?: boolean
}

const ORDERS = { rows: 0, columns: 1, pairs: 2 }
const HOW = { assign: 0, add: 1, subtract: 2 }

/** Pieces per thread that even out how fast threads are. */
const PIECES_PER_THREAD = 2
const SMALLEST_PIECE = 32

/** A product by all threads: sums of 256 terms each, in order, one after the other. */
export async function multiply(problem: Problem, product: Product, pace: Pace): Promise<void> {
  const { address, stride, rows, columns, terms, left, right, how, lower = false } = product
  const work = (rows * columns * terms) / (lower ? 2 : 1)
  const [pieceRows, pieceColumns] = pieceOf(product, problem.threads, pace.stretch)
  const words = [
    address, stride, rows, columns, terms, ...operandWords(left, terms), ...operandWords(right, terms), HOW[how], lower ? 1 : 0,
    pieceRows, pieceColumns, problem.layout.scratch, SCRATCH_BYTES, left.table ?? 0,
  ]
  const pieces = Math.ceil(rows / pieceRows) * Math.ceil(columns / pieceColumns)
  await problem.runPieces('gemm', words, pieces, work, pace)
}

function operandWords({ address, stride, order, second = 0, turn }: Operand, terms: number): readonly number[] {
  return [address, stride, ORDERS[order], second, turn ?? terms]
}

/** Rows and columns of the pieces that a result is cut into: large, but enough of them for all threads and for pauses. */
function pieceOf({ rows, columns, terms }: Product, threads: number, stretch: number): readonly [number, number] {
  let [pieceRows, pieceColumns] = [PIECE_ROWS, PIECE_COLUMNS]
  while (pieceRows * pieceColumns * terms > stretch && pieceRows > SMALLEST_PIECE) pieceRows /= 2
  const count = () => Math.ceil(rows / pieceRows) * Math.ceil(columns / pieceColumns)
  while (threads > 1 && count() < PIECES_PER_THREAD * threads && pieceRows > SMALLEST_PIECE) {
    if (pieceRows > pieceColumns || pieceColumns <= SMALLEST_PIECE) pieceRows /= 2
    else pieceColumns /= 2
  }
  return [pieceRows, pieceColumns]
}
