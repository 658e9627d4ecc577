/** Where everything lies in the memory of a problem; addresses in bytes. */

const PAGE_BYTES = 65536

/** All addresses a 32-bit module can have. */
export const ADDRESS_LIMIT = 65536 * PAGE_BYTES

/** More threads than this mostly wait for memory. */
export const MOST_THREADS = 8

// In the numbering of assembly/control.ts.
export const CONTROL = 4096
export const CONTROL_WORDS = 1024
export const CANCELLED = 4416
/** For the host alone: a number of the task at hand, so that threads that are slow to die let go of the memory. */
export const TASK = 4992
export const WINDOW = 8184
export const WORDS = 8192

/** Reflectors that are applied together at most: in the reduction, and going back. */
export const PANEL = 64
export const BACK_PANEL = 128

/** Columns of the right operand that a thread packs at a time, rows of the result that it treats with them. */
export const PIECE_COLUMNS = 256
export const PIECE_ROWS = 512

/** Of one thread: packed operands of 64 rows and `PIECE_COLUMNS` columns, 256 terms each, lists of the terms that panels of four rows keep, and two operand descriptions. */
export const SCRATCH_BYTES = 64 * Math.ceil((64 + 8 * 256 * (64 + PIECE_COLUMNS) + 16 * 4 * 257) / 64)

/** Addresses, in bytes, for a matrix of `size` rows. */
export interface Layout {
  readonly size: number
  readonly vectors: boolean
  /** A number that a job takes or gives. */
  readonly scalar: number
  /** Chunk sums and products of a column of the reduction. */
  readonly columnWork: number
  /** (n) the diagonal of the matrix, scaled. */
  readonly matrixDiagonal: number
  /** (n) diagonal, (n) off-diagonal of the tridiagonal matrix, (n) h of the reflectors. */
  readonly diagonal: number
  readonly offDiagonal: number
  readonly halfSquares: number
  /** (n) 32-bit row numbers. */
  readonly order: number
  /** What bands of 64 rows say of their entries: four numbers each. */
  readonly outcomes: number
  /** [64, n] the w of a panel; going back [128, n] reflectors. */
  readonly panel: number
  /** [16, n] partial products of stripes. */
  readonly partials: number
  /** Going back: [n, 128] overlaps of rows with reflectors, [128, n] what is to be taken from rows for each of them. */
  readonly overlaps: number
  readonly steps: number
  /** [128, 128] twice. */
  readonly inner: number
  readonly triangle: number
  /** Packed operands, `SCRATCH_BYTES` for each thread. */
  readonly scratch: number
  /** [n, n] the matrix; with vectors also [n, n] eigenvectors of the tridiagonal matrix and [n, n] results. */
  readonly matrix: number
  readonly rotation: number
  readonly result: number
  /** Bytes in all. */
  readonly end: number
}

export function layoutOf(size: number, vectors: boolean): Layout {
  let end = 2 * WORDS
  const take = (bytes: number): number => {
    const start = end
    end += 64 * Math.ceil(bytes / 64)
    return start
  }
  const square = 8 * size * size
  return {
    size,
    vectors,
    scalar: take(64),
    columnWork: take(32768),
    matrixDiagonal: take(8 * size),
    diagonal: take(8 * size),
    offDiagonal: take(8 * size),
    halfSquares: take(8 * size),
    order: take(4 * size),
    outcomes: take(32 * Math.ceil(size / 64)),
    panel: take(8 * (vectors ? BACK_PANEL : PANEL) * size),
    partials: take(8 * 16 * size),
    overlaps: take(vectors ? 8 * BACK_PANEL * size : 0),
    steps: take(vectors ? 8 * BACK_PANEL * size : 0),
    inner: take(8 * BACK_PANEL * BACK_PANEL),
    triangle: take(8 * BACK_PANEL * BACK_PANEL),
    scratch: take(MOST_THREADS * SCRATCH_BYTES),
    matrix: take(square),
    rotation: take(vectors ? square : 0),
    result: take(vectors ? square : 0),
    end,
  }
}

/** Bytes that an eigendecomposition of an [n, n] matrix takes in all, the matrix included. */
export function symmetricEigenBytes(n: number, vectors: boolean): number {
  return PAGE_BYTES * Math.ceil(layoutOf(n, vectors).end / PAGE_BYTES)
}

/** The largest n with `symmetricEigenBytes(n, vectors)` ≤ `bytes`, as far as modules can address it; zero if there is none. */
export function largestFittingSize(bytes: number, vectors: boolean): number {
  let [fits, tooLarge] = [0, 1]
  const limit = Math.min(bytes, ADDRESS_LIMIT)
  while (symmetricEigenBytes(tooLarge, vectors) <= limit) tooLarge *= 2
  while (tooLarge - fits > 1) {
    const middle = Math.floor((fits + tooLarge) / 2)
    if (symmetricEigenBytes(middle, vectors) <= limit) fits = middle
    else tooLarge = middle
  }
  return fits
}
