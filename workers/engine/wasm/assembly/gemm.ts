import { firstRow, Operand, operandAt } from './operand'
import { B_STEP, packA, packB, PANEL_COLUMNS } from './pack'
import { bindShape } from './shape'
import { addNarrow, addWide } from './tile'
import { bindWrite } from './write'

/** Rows of A packed at a time, and the most steps along k: a block of A and a panel of B stay in the caches. */
const STRIP_ROWS: u32 = 64
const MOST_STEPS: u32 = 192
const STRIP_BYTES: usize = <usize>(STRIP_ROWS * MOST_STEPS) * 4

/** Head of a descriptor; the write block, the shaping block and the terms follow. */
@unmanaged
class Gemm {
  kind: u32
  m: u32
  n: u32
  terms: u32
}

const WRITE: usize = 16
const SHAPE: usize = 56
const TERMS: usize = 92
const TERM_BYTES: usize = 48

/** One product; its operands lie at words 4 and 8. */
@unmanaged
class Term {
  k: u32
  transposeA: u32
  transposeB: u32
  reserved: u32
}

// @ts-ignore: decorator
@inline
function termAt(gemm: usize, t: u32): usize {
  return gemm + TERMS + t * TERM_BYTES
}

// @ts-ignore: decorator
@inline
function factorA(term: usize): Operand {
  return operandAt(term, 4)
}

// @ts-ignore: decorator
@inline
function factorB(term: usize): Operand {
  return operandAt(term, 8)
}

/** B is read in place when its rows are evenly spaced rows of op(B). */
// @ts-ignore: decorator
@inline
function isPacked(term: usize): bool {
  return changetype<Term>(term).transposeB != 0 || factorB(term).index != 0
}

// @ts-ignore: decorator
@inline
function packedBytes(term: usize, n: u32): usize {
  return <usize>((n + PANEL_COLUMNS - 1) / PANEL_COLUMNS) * changetype<Term>(term).k * B_STEP
}

// @ts-ignore: decorator
@inline
function partialStride(n: u32): usize {
  return <usize>((n + PANEL_COLUMNS - 1) / PANEL_COLUMNS) * B_STEP
}

/** Bytes of scratch a product needs: a block of A, the partial sums of a strip, the packed factors B. */
export function gemmScratch(gemm: usize): usize {
  const head = changetype<Gemm>(gemm)
  let bytes = STRIP_BYTES + STRIP_ROWS * partialStride(head.n)
  for (let t: u32 = 0; t < head.terms; t++) {
    const term = termAt(gemm, t)
    if (isPacked(term)) bytes += packedBytes(term, head.n)
  }
  return bytes
}

/** Multiplies a packed block of A by the same k steps of B, for all columns. */
function multiplyBlock(blockA: usize, k: u32, b: usize, bStride: usize, panelBytes: usize, n: u32,
  partial: usize, stride: usize, first: bool, last: bool, i0: u32, rows: u32): void {
  for (let j: u32 = 0; j < n; j += PANEL_COLUMNS, b += panelBytes, partial += B_STEP) {
    const columns = n - j
    if (columns >= PANEL_COLUMNS) {
      addWide(blockA, b, bStride, k, partial, stride, first, last, i0, rows, j)
    } else {
      addNarrow(blockA, b, bStride, k, partial, stride, first, last, i0, rows, j, columns)
      if (columns > 4) addNarrow(blockA, b + 16, bStride, k, partial + 16, stride, first, last, i0, rows, j + 4, columns - 4)
    }
  }
}

/** Adds one term to the strip of rows [i0, i0 + rows). */
function addTerm(term: usize, packed: usize, m: u32, n: u32, i0: u32, rows: u32, scratch: usize, firstTerm: bool, lastTerm: bool): void {
  const head = changetype<Term>(term)
  const k = head.k
  const b = factorB(term)
  const inPlace = packed == 0
  const start = inPlace ? firstRow(b) : packed
  const bStride = inPlace ? <usize>b.rowStride : B_STEP
  const panelBytes = inPlace ? B_STEP : <usize>k * B_STEP
  const blocks = (k + MOST_STEPS - 1) / MOST_STEPS
  const steps = (k + blocks - 1) / blocks
  for (let k0: u32 = 0; k0 < k; k0 += steps) {
    const count = min(steps, k - k0)
    packA(factorA(term), head.transposeA != 0, m, i0, rows, k0, count, scratch)
    const first = firstTerm && k0 == 0
    const last = lastTerm && k0 + count == k
    multiplyBlock(scratch, count, start + k0 * bStride, bStride, panelBytes, n,
      scratch + STRIP_BYTES, partialStride(n), first, last, i0, rows)
  }
}

/**
 * write ← mask(relu(Σ op(a)·op(b) + bias)). Every element is summed over k in order and over terms in order,
 * wherever it lies in the result, so tiling does not show in the bits.
 */
export function gemm(descriptor: usize, scratch: usize): void {
  const head = changetype<Gemm>(descriptor)
  const m = head.m
  const n = head.n
  bindWrite(descriptor + WRITE)
  bindShape(descriptor + SHAPE)
  const packedStart = scratch + STRIP_BYTES + STRIP_ROWS * partialStride(n)
  let packed = packedStart
  for (let t: u32 = 0; t < head.terms; t++) {
    const term = termAt(descriptor, t)
    if (!isPacked(term)) continue
    packB(factorB(term), changetype<Term>(term).transposeB != 0, changetype<Term>(term).k, n, packed)
    packed += packedBytes(term, n)
  }
  for (let i0: u32 = 0; i0 < m; i0 += STRIP_ROWS) {
    packed = packedStart
    for (let t: u32 = 0; t < head.terms; t++) {
      const term = termAt(descriptor, t)
      const place = isPacked(term) ? packed : 0
      addTerm(term, place, m, n, i0, min(STRIP_ROWS, m - i0), scratch, t == 0, t == head.terms - 1)
      if (place != 0) packed += packedBytes(term, n)
    }
  }
}
