import { address, nextPiece, thread, word } from './control'
import { Operand, pack } from './pack'
import { leaveOutZeros, listBytes, packPairs } from './pairs'
import { ADD, addTile, ASSIGN, STEP, TILE } from './tile'

/** Terms that are summed before the result is touched: part of what a product is, to the bit. */
const DEPTH: u32 = 256

/** Rows of the left operand that are packed at a time. */
const BAND: u32 = 64

/** More entries than any row has, for results without a diagonal. */
const EVERYWHERE: i32 = 1 << 30

/** Left operands that are products of pairs, beside the orders of `Operand`. */
const PAIRS: u32 = 2

// Words of a product's job.
const TO: u32 = 0
const TO_STRIDE: u32 = 1
const ROWS: u32 = 2
const COLUMNS: u32 = 3
const TERMS: u32 = 4
const LEFT: u32 = 5
const RIGHT: u32 = 10
const HOW: u32 = 15
const LOWER: u32 = 16
const PIECE_ROWS: u32 = 17
const PIECE_COLUMNS: u32 = 18
const SCRATCH: u32 = 19
const SCRATCH_STRIDE: u32 = 20
const PAIR_TABLE: u32 = 21

function operandAt(index: u32, to: usize): Operand {
  const x = changetype<Operand>(to)
  x.base = address(index)
  x.stride = address(index + 1)
  x.order = word(index + 2)
  x.second = address(index + 3)
  x.turn = word(index + 4)
  return x
}

/**
 * Result ← left·right, or added to it or subtracted from it; left [rows, terms], right [terms, columns], rows any number of
 * bytes apart. Sums of `DEPTH` terms in order, one after the other: entries do not depend on how the result is cut into
 * pieces. With `LOWER` only entries on and below the diagonal exist.
 */
export function gemm(): void {
  const rows = word(ROWS)
  const columns = word(COLUMNS)
  const pieceRows = word(PIECE_ROWS)
  const pieceColumns = word(PIECE_COLUMNS)
  const scratch: usize = address(SCRATCH) + <usize>thread() * address(SCRATCH_STRIDE)
  const left = operandAt(LEFT, scratch)
  const right = operandAt(RIGHT, scratch + 32)
  const across = (columns + pieceColumns - 1) / pieceColumns
  const pieces = across * ((rows + pieceRows - 1) / pieceRows)
  for (let piece = nextPiece(); piece < pieces; piece = nextPiece()) {
    // The last rows come first: of a lower triangle they are the longest.
    const place = pieces - 1 - piece
    const i = (place / across) * pieceRows
    const j = (place % across) * pieceColumns
    multiplyPiece(left, right, i, min(pieceRows, rows - i), j, min(pieceColumns, columns - j), scratch + 64)
  }
}

function multiplyPiece(left: Operand, right: Operand, i0: u32, rows: u32, j0: u32, columns: u32, scratch: usize): void {
  const lower = word(LOWER) != 0
  if (lower && j0 >= i0 + rows) return
  const terms = word(TERMS)
  const bands = scratch
  const lists = scratch + <usize>BAND * DEPTH * 8
  const panels = lists + <usize>(BAND / TILE) * listBytes(DEPTH)
  let how = word(HOW)
  for (let k0: u32 = 0; k0 < terms; k0 += DEPTH) {
    const k = min(DEPTH, terms - k0)
    pack(right, j0, columns, k0, k, panels)
    for (let i = i0; i < i0 + rows; i += BAND) {
      const band = min(BAND, i0 + rows - i)
      if (lower && j0 >= i + band) continue
      if (left.order == PAIRS) {
        packPairs(left.base, left.stride, address(PAIR_TABLE), i, band, k0, k, bands)
        leaveOutZeros(bands, band, k, lists)
      } else {
        pack(left, i, band, k0, k, bands)
      }
      multiplyBand(bands, left.order == PAIRS ? lists : 0, panels, i, band, j0, columns, k, how)
    }
    if (how == ASSIGN) how = ADD
  }
}

function multiplyBand(bands: usize, lists: usize, panels: usize, i0: u32, rows: u32, j0: u32, columns: u32, k: u32, how: u32): void {
  const stride: usize = address(TO_STRIDE)
  const lower = word(LOWER) != 0
  const panelBytes = <usize>k * STEP
  const nextList: usize = lists == 0 ? 0 : listBytes(k)
  let to: usize = address(TO) + <usize>i0 * stride + (<usize>j0 << 3)
  for (let i: u32 = 0; i < rows; i += TILE, bands += panelBytes, lists += nextList, to += <usize>TILE * stride) {
    let panel = panels
    let entry = to
    let below: i32 = lower ? <i32>(i0 + i) - <i32>j0 + 1 : EVERYWHERE
    for (let j: u32 = 0; j < columns && below > -3; j += TILE, panel += panelBytes, entry += STEP, below -= TILE) {
      addTile(bands, lists, panel, k, how, entry, stride, rows - i, columns - j, below)
    }
  }
}
