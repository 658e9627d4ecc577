/**
 * One merge of divide and conquer: eigenvectors of two neighbouring halves become those of the whole
 * (Cuppen 1981), with the numerators of Gu and Eisenstat (1995).
 */
import type { Pacer } from '../pacing.ts'
import { byHalves, deflate } from './deflation.ts'
import type { CoupledHalves, Deflation } from './deflation.ts'
import { clear } from './product.ts'
import type { ProductTask } from './product.ts'
import { SecularEquation } from './secular-equation.ts'
import type { RankOneUpdate, SecularRoots } from './secular-equation.ts'
import type { VectorsTask } from './vectors.ts'

/** Rows of new vectors formed and multiplied at once: large enough for many threads, small enough to tell progress. */
const PANEL_ROWS = 512

/** Entries from … end − 1 of `work`: at least size² of them. */
export interface Scratch {
  readonly work: Float64Array
  readonly from: number
  readonly end: number
}

export interface MergeTools {
  readonly multiply: (task: ProductTask) => void | Promise<void>
  readonly writeVectors: (task: VectorsTask) => void | Promise<void>
  readonly pacer: Pacer
  /** Told how many of the new vectors were finished since the last call, as a fraction of the block. */
  readonly onVectors: (fraction: number) => void
}

/**
 * Replaces `block.d` and the rows of the block by eigenvalues and eigenvectors of the whole, and `order` by the new
 * ascending order; returns how many pairs were deflated.
 *
 * @param scratch no part of `q`
 * @param tolerance how much deflation may change the matrix
 */
export async function merge(block: CoupledHalves, scratch: Scratch, tolerance: number, tools: MergeTools): Promise<number> {
  const deflation = deflate(block, tolerance)
  const { kept, deflated } = deflation
  if (kept.length > 0) {
    const update: RankOneUpdate = {
      poles: Float64Array.from(kept, (row) => block.d[row]),
      weights: Float64Array.from(kept, (row) => block.z[row] * block.z[row]),
      rho: block.rho,
    }
    const roots = await solveSecular(update, tools.pacer)
    const numerators = await loewnerNumerators(update, roots, Float64Array.from(kept, (row) => block.z[row]), tools.pacer)
    const groups = setAside(block, deflation, scratch)
    await formVectors(block, scratch, { update, roots, numerators, ...groups }, tools)
    const remaining = Float64Array.from(deflated, (row) => block.d[row])
    for (let j = 0; j < kept.length; j++) block.d[j] = update.poles[roots.origins[j]] + roots.offsets[j]
    block.d.set(remaining, kept.length)
  }
  tools.onVectors(deflated.length / block.size)
  for (let i = 0; i < block.size; i++) block.order[i] = i
  block.order.sort((i, j) => block.d[i] - block.d[j] || i - j)
  return deflated.length
}

async function solveSecular(update: RankOneUpdate, pacer: Pacer): Promise<SecularRoots> {
  const k = update.poles.length
  const equation = new SecularEquation(update)
  for (let j = 0; j < k; j++) await pacer.shouldStopAfter(4 * k * equation.solve(j))
  return equation.roots
}

/**
 * ẑ for which the computed roots are the exact eigenvalues of D + ρ ẑ ẑᵀ (Löwner's formula; the factor ρ falls out when
 * vectors are normalised): their vectors are orthogonal however little the roots are apart.
 */
async function loewnerNumerators({ poles }: RankOneUpdate, { origins, offsets }: SecularRoots, z: Float64Array, pacer: Pacer): Promise<Float64Array> {
  const k = poles.length
  const squares = new Float64Array(k).fill(1)
  for (let j = 0; j < k; j++) {
    const [origin, offset, pole] = [poles[origins[j]], offsets[j], poles[j]]
    for (let i = 0; i < j; i++) squares[i] *= (poles[i] - origin - offset) / (poles[i] - pole)
    squares[j] *= Math.abs(pole - origin - offset)
    for (let i = j + 1; i < k; i++) squares[i] *= (poles[i] - origin - offset) / (poles[i] - pole)
    await pacer.shouldStopAfter(4 * k)
  }
  return squares.map((square, i) => (z[i] < 0 ? -Math.sqrt(Math.abs(square)) : Math.sqrt(Math.abs(square))))
}

interface Groups {
  /** Positions among the kept rows: entries above only, both, below only. */
  readonly rows: Int32Array
  readonly above: number
  readonly both: number
  /** Where the packed rows [above + both, top] and [both + below, size − top] begin in `work`, and where it is free. */
  readonly upper: number
  readonly lower: number
  readonly free: number
}

/** Packs the kept rows into `work`, without the zeros of the other half, and moves the deflated ones to the end of the block. */
function setAside(block: CoupledHalves, deflation: Deflation, { work, from: upper }: Scratch): Groups {
  const { q, start, stride, top, size } = block
  const { kept, deflated } = deflation
  const grouped = byHalves(deflation)
  let at = upper
  const copy = (row: number, from: number, end: number): void => {
    work.set(q.subarray(start + row * stride + from, start + row * stride + end), at)
    at += end - from
  }
  for (let g = 0; g < grouped.above + grouped.both; g++) copy(kept[grouped.rows[g]], 0, top)
  const lower = at
  for (let g = grouped.above; g < kept.length; g++) copy(kept[grouped.rows[g]], top, size)
  const free = at
  for (const row of deflated) copy(row, 0, size)
  deflated.forEach((_, i) => q.set(work.subarray(free + i * size, free + (i + 1) * size), start + (kept.length + i) * stride))
  return { ...grouped, upper, lower, free }
}

interface NewVectors extends Groups {
  readonly update: RankOneUpdate
  readonly roots: SecularRoots
  readonly numerators: Float64Array
}

/** Rows 0 … k − 1 of the block: panels of vectors of the rank-one update times the packed rows. */
async function formVectors(block: CoupledHalves, { work, end }: Scratch, vectors: NewVectors, tools: MergeTools): Promise<void> {
  const { multiply, pacer, onVectors } = tools
  const { q, start, stride, top, size } = block
  const { rows, above, both, upper, lower, free, update, roots } = vectors
  const k = rows.length
  const poles = Float64Array.from(rows, (at) => update.poles[at])
  const numerators = Float64Array.from(rows, (at) => vectors.numerators[at])
  // At least half the block is free: deflated rows have gone back, and each half needs its own columns only.
  const panel = Math.min(PANEL_ROWS, Math.floor((end - free) / k))
  for (let row = 0; row < k; row += panel) {
    const m = Math.min(panel, k - row)
    const origins = Float64Array.from(roots.origins.subarray(row, row + m), (pole) => update.poles[pole])
    await tools.writeVectors({ m, k, poles, numerators, origins, offsets: roots.offsets.subarray(row, row + m), a: work, aOffset: free })
    await pacer.shouldStopAfter(4 * m * k)
    const a = { m, a: work, aStride: k, b: work, c: q, cStride: stride }
    const to = start + row * stride
    await multiplyOrClear({ ...a, n: top, k: above + both, aOffset: free, bOffset: upper, bStride: top, cOffset: to }, multiply)
    await multiplyOrClear({ ...a, n: size - top, k: k - above, aOffset: free + above, bOffset: lower, bStride: size - top, cOffset: to + top }, multiply)
    onVectors(m / size)
  }
}

function multiplyOrClear(task: ProductTask, multiply: MergeTools['multiply']): void | Promise<void> {
  if (task.k === 0) clear(task)
  else return multiply(task)
}
