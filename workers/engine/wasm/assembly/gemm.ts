import { finishRows } from './finish'
import { addGradient, gradientScratch } from './kernel-gradient'
import { firstRow, Operand, operandAt } from './operand'
import { B_STEP, leaveOutZeros, packA, packB, PANEL_COLUMNS } from './pack'
import { bindShape } from './shape'
import { addNarrow, addWide } from './tile'
import { addWindows, openWindows, WindowPlace, windowScratch } from './window-product'
import { Windows } from './windows'
import { bindWrite } from './write'

/** Rows of A packed at a time, and the most steps along k: a block of A and a panel of B stay in the caches. */
const STRIP_ROWS: u32 = 64
const MOST_STEPS: u32 = 192
const STRIP_BYTES: usize = <usize>(STRIP_ROWS * MOST_STEPS) * 4

/** Lists of the steps that panels of a block keep. */
const LISTS_BYTES: usize = <usize>(STRIP_ROWS / 4) * (<usize>MOST_STEPS + 1) * 4

/** Head of a descriptor; the write block, the shaping block, the terms and the windows of the terms follow. */
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
  /** Whether A enters transposed, and whether it holds many zeros, see below. */
  factorA: u32
  transposeB: u32
  /** Where the windows of A are described, in bytes from the start of the descriptor; 0 for none. */
  windows: u32
}

/** What a term keeps in the scratch while its product runs: packed factor B, or the place of its windows. */
@unmanaged
class TermPlace {
  packed: usize
  windows: WindowPlace
}

// @ts-ignore: decorator
@inline
function termAt(gemm: usize, t: u32): usize {
  return gemm + TERMS + t * TERM_BYTES
}

/** Bits of `factorA`. */
const TRANSPOSED: u32 = 1
const HAS_ZEROS: u32 = 2

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

// @ts-ignore: decorator
@inline
function windowsOf(gemm: usize, term: usize): Windows {
  return changetype<Windows>(gemm + changetype<Term>(term).windows)
}

// @ts-ignore: decorator
@inline
function hasWindows(term: usize): bool {
  return changetype<Term>(term).windows != 0
}

/** Kernel gradients: windows that are summed over all places. */
// @ts-ignore: decorator
@inline
function isGradient(term: usize): bool {
  return hasWindows(term) && (changetype<Term>(term).factorA & TRANSPOSED) != 0
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

/** A strip of partial sums and a spare row. */
// @ts-ignore: decorator
@inline
function partialBytes(n: u32): usize {
  return (STRIP_ROWS + 1) * partialStride(n)
}

// @ts-ignore: decorator
@inline
function placeOf(places: usize, t: u32): TermPlace {
  return changetype<TermPlace>(places + t * (offsetof<TermPlace>() + offsetof<WindowPlace>()))
}

// @ts-ignore: decorator
@inline
function placeBytes(terms: u32): usize {
  return (<usize>terms * (offsetof<TermPlace>() + offsetof<WindowPlace>()) + 15) & ~15
}

/**
 * Bytes of scratch a product needs: a block of A, the partial sums of a strip, what its terms keep, and where it has
 * kernel gradients all their sums.
 */
export function gemmScratch(gemm: usize): usize {
  const head = changetype<Gemm>(gemm)
  let kept: usize = 0
  let gradients: usize = 0
  for (let t: u32 = 0; t < head.terms; t++) {
    const term = termAt(gemm, t)
    if (isGradient(term)) gradients = max(gradients, gradientScratch(windowsOf(gemm, term), head.m, head.n))
    else if (hasWindows(term)) kept += windowScratch(windowsOf(gemm, term), changetype<Term>(term).k, head.n, STRIP_ROWS)
    else if (isPacked(term)) kept += packedBytes(term, head.n)
  }
  const sums = gradients == 0 ? 0 : (<usize>head.m + 1) * partialStride(head.n)
  return STRIP_BYTES + LISTS_BYTES + partialBytes(head.n) + placeBytes(head.terms) + kept + sums + gradients
}

/** Multiplies a packed block of A, with or without lists of what it holds, by the same k steps of B, for all columns. */
function multiplyBlock(blockA: usize, lists: usize, k: u32, b: usize, bStride: usize, panelBytes: usize, n: u32,
  partial: usize, stride: usize, first: bool, last: bool, i0: u32, rows: u32): void {
  for (let j: u32 = 0; j < n; j += PANEL_COLUMNS, b += panelBytes, partial += B_STEP) {
    const columns = n - j
    if (columns >= PANEL_COLUMNS) {
      addWide(blockA, lists, b, bStride, k, partial, stride, first, last, i0, rows, j)
    } else {
      addNarrow(blockA, lists, b, bStride, k, partial, stride, first, last, i0, rows, j, columns)
      if (columns > 4) addNarrow(blockA, lists, b + 16, bStride, k, partial + 16, stride, first, last, i0, rows, j + 4, columns - 4)
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
  const lists: usize = (head.factorA & HAS_ZEROS) != 0 ? scratch + STRIP_BYTES : 0
  for (let k0: u32 = 0; k0 < k; k0 += steps) {
    const count = min(steps, k - k0)
    packA(factorA(term), (head.factorA & TRANSPOSED) != 0, m, i0, rows, k0, count, scratch)
    if (lists != 0) leaveOutZeros(scratch, rows, count, bStride, lists)
    const first = firstTerm && k0 == 0
    const last = lastTerm && k0 + count == k
    multiplyBlock(scratch, lists, count, start + k0 * bStride, bStride, panelBytes, n,
      scratch + STRIP_BYTES + LISTS_BYTES, partialStride(n), first, last, i0, rows)
  }
}

/** Packs the factors B of all terms but kernel gradients; returns the first free address. */
function openTerms(descriptor: usize, places: usize, free: usize): usize {
  const head = changetype<Gemm>(descriptor)
  const n = head.n
  for (let t: u32 = 0; t < head.terms; t++) {
    const term = termAt(descriptor, t)
    const place = placeOf(places, t)
    const k = changetype<Term>(term).k
    const transposed = changetype<Term>(term).transposeB != 0
    place.packed = 0
    if (isGradient(term)) continue
    if (hasWindows(term)) {
      place.windows = changetype<WindowPlace>(changetype<usize>(place) + offsetof<TermPlace>())
      openWindows(place.windows, windowsOf(descriptor, term), factorB(term), transposed, k, n, STRIP_ROWS, free)
      free += windowScratch(windowsOf(descriptor, term), k, n, STRIP_ROWS)
    } else if (isPacked(term)) {
      packB(factorB(term), transposed, k, n, free)
      place.packed = free
      free += packedBytes(term, n)
    }
  }
  return free
}

/** Sums all kernel gradients among the terms to `sums`; returns how many there are. */
function sumGradients(descriptor: usize, sums: usize): u32 {
  const head = changetype<Gemm>(descriptor)
  const stride = partialStride(head.n)
  let count: u32 = 0
  for (let t: u32 = 0; t < head.terms; t++) {
    const term = termAt(descriptor, t)
    if (!isGradient(term)) continue
    const transposed = changetype<Term>(term).transposeB != 0
    addGradient(windowsOf(descriptor, term), factorA(term), factorB(term), transposed, head.m, head.n,
      sums, stride, sums + (<usize>head.m + 1) * stride, count == 0)
    count++
  }
  return count
}

/**
 * write ← mask(relu(Σ op(a)·op(b) + bias)). Every element is summed over k in order and over terms in order, wherever
 * it lies in the result, so tiling does not show in the bits. Kernel gradients come before the other terms, summed in
 * blocks.
 */
export function gemm(descriptor: usize, scratch: usize): void {
  const head = changetype<Gemm>(descriptor)
  const m = head.m
  const n = head.n
  const stride = partialStride(n)
  const partial = scratch + STRIP_BYTES + LISTS_BYTES
  const places = partial + partialBytes(n)
  bindWrite(descriptor + WRITE)
  bindShape(descriptor + SHAPE)
  const sums = openTerms(descriptor, places, places + placeBytes(head.terms))
  const gradients = sumGradients(descriptor, sums)
  if (gradients == head.terms) {
    finishRows(sums, stride, 0, m, m, n)
    return
  }
  for (let i0: u32 = 0; i0 < m; i0 += STRIP_ROWS) {
    const rows = min(STRIP_ROWS, m - i0)
    let left = head.terms - gradients
    let first = gradients == 0
    if (!first) memory.copy(partial, sums + i0 * stride, rows * stride)
    for (let t: u32 = 0; t < head.terms; t++) {
      const term = termAt(descriptor, t)
      if (isGradient(term)) continue
      const place = placeOf(places, t)
      left--
      if (hasWindows(term)) {
        addWindows(place.windows, windowsOf(descriptor, term), factorA(term), n, i0, rows, partial, stride, partial + STRIP_ROWS * stride, first)
        if (left == 0) finishRows(partial, stride, i0, rows, m, n)
      } else {
        addTerm(term, place.packed, m, n, i0, rows, scratch, first, left == 0)
      }
      first = false
    }
  }
}
