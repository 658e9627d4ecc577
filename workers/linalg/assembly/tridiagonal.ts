/**
 * Householder reduction to tridiagonal form, upwards from the last row on the lower triangle (Martin, Reinsch and
 * Wilkinson 1968), in panels: the matrix itself changes once per panel, its rows and products as they are needed
 * (Dongarra, Hammarling and Sorensen 1989). Reflector i is I − u uᵀ/h with u in the first i entries of row i.
 */
import { address, barrier, nextPiece, resetPieces, thread, threads, word } from './control'
import { multiplyStripe } from './symv'
import { addVector, dot, scaleAndSubtract, subtractTwo } from './vector'

/** Entries of a vector that one thread treats at a time; sums of a vector are sums of these. */
const CHUNK: u32 = 128

/** Products with a vector that one thread forms at a time. */
const DOTS: u32 = 4

/**
 * Rows whose squares sum to less than this count as zeros: the largest entry of the matrix is near one, so what is lost
 * is far below its rounding.
 */
const NOTHING: f64 = 1e-180

// Words of the job.
const A: u32 = 0
const STRIDE: u32 = 1
const TOP: u32 = 2
const FROM: u32 = 3
const COUNT: u32 = 4
const PRODUCTS: u32 = 5
const DIAGONAL: u32 = 6
const OFF_DIAGONAL: u32 = 7
const HALF_SQUARES: u32 = 8
const PARTIALS: u32 = 9
const WORK: u32 = 10

// Within the work of the panel: sums over chunks, what is at the corner, products with the vectors of the panel.
const SQUARES: usize = 0
const OVERLAPS: usize = 8192
const CORNERS: usize = 16384
const WITH_U: usize = 16448
const WITH_W: usize = 20544

function rowAt(i: u32): usize {
  return address(A) + <usize>i * address(STRIDE)
}

/** w of the reflector p rows above the first of the panel; upwards in memory as the reflectors are. */
function productAt(p: u32): usize {
  return address(PRODUCTS) - <usize>p * address(STRIDE)
}

/** Stripes of about equal area that the rows of a lower triangle are cut into. */
function stripesOf(size: u32): u32 {
  if (size < 64) return 1
  return size < 256 ? 4 : size < 1024 ? 8 : 16
}

function stripeStart(stripe: u32, stripes: u32, size: u32): u32 {
  if (stripe == stripes) return size
  return <u32>(<f64>size * Math.sqrt(<f64>stripe / <f64>stripes)) & ~3
}

/** The reflector that waits for its w to be finished: w ← factor·y − shift·u. */
let pending: bool = false
let factor: f64 = 0
let shift: f64 = 0

/** Reduces `COUNT` rows from `FROM` upwards, of the panel whose last row is `TOP`. */
export function reduceRows(): void {
  const from = word(FROM)
  const count = word(COUNT)
  pending = false
  for (let step: u32 = 0; step < count; step++) reduceRow(from - step)
  if (pending) {
    const i = from - count
    for (let first = thread() * CHUNK; first <= i; first += threads() * CHUNK) finishChunk(i, first, min(CHUNK, i + 1 - first))
  }
}

function finishChunk(i: u32, first: u32, entries: u32): void {
  const at = <usize>first << 3
  scaleAndSubtract(productAt(word(TOP) - i - 1) + at, factor, rowAt(i + 1) + at, shift, entries)
}

function reduceRow(i: u32): void {
  const work: usize = address(WORK)
  bringUpToDate(i)
  barrier()
  let squares: f64 = 0
  for (let chunk: u32 = 0; chunk * CHUNK + 1 < i; chunk++) squares += load<f64>(work + SQUARES + (<usize>chunk << 3))
  const corner = load<f64>(work + CORNERS)
  const isNeeded = squares >= NOTHING
  const length = Math.sqrt(squares + corner * corner)
  // The sign opposite to the corner's avoids cancellation in u.
  const image = isNeeded ? (corner < 0 ? length : -length) : corner
  const halfSquare = isNeeded ? squares + corner * corner - corner * image : 0
  if (thread() == 0) {
    store<f64>(address(DIAGONAL) + (<usize>i << 3), load<f64>(rowAt(i) + (<usize>i << 3)))
    if (i > 0) store<f64>(address(OFF_DIAGONAL) + (<usize>(i - 1) << 3), image)
    store<f64>(address(HALF_SQUARES) + (<usize>i << 3), halfSquare)
  }
  if (isNeeded) {
    // Every thread writes the same, so none has to wait for another.
    store<f64>(rowAt(i) + (<usize>(i - 1) << 3), corner - image)
    formProducts(i)
    barrier()
    combineProducts(i)
    barrier()
    let overlap: f64 = 0
    for (let chunk: u32 = 0; chunk * CHUNK < i; chunk++) overlap += load<f64>(work + OVERLAPS + (<usize>chunk << 3))
    factor = 1 / halfSquare
    shift = (overlap / halfSquare) / (2 * halfSquare)
  } else {
    const p = word(TOP) - i
    for (let first = thread() * CHUNK; first < i; first += threads() * CHUNK) {
      memory.fill(rowAt(i) + (<usize>first << 3), 0, <usize>min(CHUNK, i - first) << 3)
      memory.fill(productAt(p) + (<usize>first << 3), 0, <usize>min(CHUNK, i - first) << 3)
    }
    barrier()
  }
  pending = isNeeded
}

/** Row i less what the panel's reflectors so far take from it; the sums of its squares left of the corner. */
function bringUpToDate(i: u32): void {
  const work: usize = address(WORK)
  const panel = word(TOP) - i
  const at = <usize>i << 3
  const row = rowAt(i)
  if (thread() == 0) resetPieces()
  for (let first = thread() * CHUNK; first <= i; first += threads() * CHUNK) {
    const entries = min(CHUNK, i + 1 - first)
    const skip = <usize>first << 3
    if (pending) finishChunk(i, first, entries)
    for (let p: u32 = 0; p < panel; p++) {
      const u = rowAt(word(TOP) - p)
      const w = productAt(p)
      const ui = load<f64>(u + at)
      // The last w may not be finished at i: that is the business of another thread.
      const wi = pending && p == panel - 1 ? load<f64>(work + CORNERS + 8) * factor - ui * shift : load<f64>(w + at)
      subtractTwo(row + skip, u + skip, wi, w + skip, ui, entries)
    }
    if (i == 0) continue
    const left = min(entries, i - 1 > first ? i - 1 - first : 0)
    store<f64>(work + SQUARES + (skip / <usize>CHUNK), dot(row + skip, row + skip, left))
    if (i - 1 >= first && i - 1 < first + entries) store<f64>(work + CORNERS, load<f64>(row + at - 8))
  }
}

/** The matrix, and the vectors of the panel, times u. */
function formProducts(i: u32): void {
  const panel = word(TOP) - i
  const stripes = stripesOf(i)
  const groups = (2 * panel + DOTS - 1) / DOTS
  const u = rowAt(i)
  for (let piece = nextPiece(); piece < stripes + groups; piece = nextPiece()) {
    if (piece < stripes) {
      const stripe = stripes - 1 - piece
      const first = stripeStart(stripe, stripes, i)
      multiplyStripe(address(A), address(STRIDE), first, stripeStart(stripe + 1, stripes, i), u, partialAt(stripe))
    } else {
      const start = (piece - stripes) * DOTS
      for (let v = start; v < min(start + DOTS, 2 * panel); v++) {
        const p = v >> 1
        const isProduct = (v & 1) == 1
        const product = dot(isProduct ? productAt(p) : rowAt(word(TOP) - p), u, i)
        store<f64>(address(WORK) + (isProduct ? WITH_W : WITH_U) + (<usize>p << 3), product)
      }
    }
  }
}

function partialAt(stripe: u32): usize {
  return address(PARTIALS) + <usize>stripe * address(STRIDE)
}

/** y ← sum of the stripes less what the panel's reflectors take, and its overlap with u. */
function combineProducts(i: u32): void {
  const work: usize = address(WORK)
  const panel = word(TOP) - i
  const stripes = stripesOf(i)
  const y = productAt(panel)
  for (let first = thread() * CHUNK; first < i; first += threads() * CHUNK) {
    const entries = min(CHUNK, i - first)
    const skip = <usize>first << 3
    memory.fill(y + skip, 0, <usize>entries << 3)
    for (let stripe: u32 = 0; stripe < stripes; stripe++) {
      const end = stripeStart(stripe + 1, stripes, i)
      if (end > first) addVector(y + skip, partialAt(stripe) + skip, min(entries, end - first))
    }
    for (let p: u32 = 0; p < panel; p++) {
      const place = <usize>p << 3
      const withU = load<f64>(work + WITH_U + place)
      const withW = load<f64>(work + WITH_W + place)
      subtractTwo(y + skip, rowAt(word(TOP) - p) + skip, withW, productAt(p) + skip, withU, entries)
    }
    store<f64>(work + OVERLAPS + (skip / <usize>CHUNK), dot(rowAt(i) + skip, y + skip, entries))
    if (i - 1 >= first && i - 1 < first + entries) store<f64>(work + CORNERS + 8, load<f64>(y + (<usize>(i - 1) << 3)))
  }
}
