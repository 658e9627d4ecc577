/**
 * All eigenpairs of a symmetric tridiagonal matrix by divide and conquer (Cuppen 1981; Gu and Eisenstat 1995), for
 * sizes where implicit QL takes too long: nearly all work is dense products, which the caller may do on many threads.
 */
import { unitScale } from '../binary-scale.ts'
import { implicitQl } from '../implicit-ql.ts'
import { Pacer } from '../pacing.ts'
import { merge } from './merge.ts'
import { plainProduct } from './product.ts'
import type { ProductTask } from './product.ts'
import { plainVectors } from './vectors.ts'
import type { VectorsTask } from './vectors.ts'

export interface TridiagonalOptions {
  /** Where large products are done; parts of `q` and `work` only. Default: one thread, in this thread. */
  readonly multiply?: (task: ProductTask) => void | Promise<void>
  /** Where the vectors of rank-one updates are written; parts of `work` only. Default: in this thread. */
  readonly writeVectors?: (task: VectorsTask) => void | Promise<void>
  /** Awaited about every ten milliseconds outside the products; what it throws ends the computation. */
  readonly rest?: () => Promise<void>
  /** Told the share of the work done, from 0 to 1, never less than before. */
  readonly onProgress?: (done: number) => void
}

export interface TridiagonalEigenvalues {
  /** (n) descending. */
  readonly eigenvalues: Float64Array
  /** Pairs that needed no work, by level: all last merges first, then those of their halves, … */
  readonly deflated: readonly number[]
}

const EPSILON = 2 ** -52
/** Blocks of at most so many rows are left to implicit QL. */
const LEAF_SIZE = 32
/** Deflation may change the matrix by so much of its largest entry: eight roundings. */
const DEFLATION = 8 * EPSILON
/** Operations on the vectors of a block besides the products, over its squared size: for the share of work done. */
const SECULAR_WORK = 40

/**
 * Eigenvectors with ‖T v − λ v‖ and deviation from orthonormality near n · 10⁻¹⁶ (of ‖T‖); the same bits on every machine,
 * and for every `multiply` that adds terms in order. Signs are arbitrary. Throws RangeError for wrong lengths, shared
 * memory of `q` and `work`, and entries that are not finite.
 *
 * @param diagonal (n), not changed
 * @param offDiagonal (n − 1), not changed
 * @param q [n, n] receives the eigenvectors as rows, by descending eigenvalue
 * @param work [n, n] scratch; beyond these two arrays the memory needed is O(n)
 */
export async function tridiagonalEigenvectors(
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  q: Float64Array,
  work: Float64Array,
  options: TridiagonalOptions = {},
): Promise<TridiagonalEigenvalues> {
  checkLengths(diagonal, offDiagonal, q, work)
  const solver = new Solver(diagonal, offDiagonal, q, work, options)
  await solver.run()
  return Object.freeze({ eigenvalues: solver.values, deflated: Object.freeze(solver.deflated) })
}

function checkLengths(diagonal: Float64Array, offDiagonal: Float64Array, q: Float64Array, work: Float64Array): void {
  const n = diagonal.length
  if (offDiagonal.length !== Math.max(0, n - 1)) {
    throw new RangeError(`tridiagonalEigenvectors: ${offDiagonal.length} off-diagonal entries for size ${n}; give ${Math.max(0, n - 1)}`)
  }
  for (const [name, array] of [['q', q], ['work', work]] as const) {
    if (array.length !== n * n) throw new RangeError(`tridiagonalEigenvectors: ${name} has ${array.length} entries for size ${n}; give ${n * n}`)
  }
  if (q.buffer === work.buffer && q.byteOffset < work.byteOffset + work.byteLength && work.byteOffset < q.byteOffset + q.byteLength) {
    throw new RangeError('tridiagonalEigenvectors: q and work share memory; give two arrays that do not overlap')
  }
  unitScale(diagonal, 'tridiagonalEigenvectors: diagonal')
  unitScale(offDiagonal, 'tridiagonalEigenvectors: off-diagonal')
}

class Solver {
  readonly deflated: number[] = []
  /** Diagonal, scaled and torn; eigenvalues of the blocks solved so far by row; in the end those of the matrix. */
  readonly values: Float64Array
  readonly #couplings: Float64Array
  readonly #order: Int32Array
  readonly #pacer: Pacer
  readonly #multiply: (task: ProductTask) => void | Promise<void>
  #planned = 0
  #done = 0

  constructor(
    diagonal: Float64Array,
    offDiagonal: Float64Array,
    private readonly q: Float64Array,
    private readonly work: Float64Array,
    private readonly options: TridiagonalOptions,
  ) {
    this.values = Float64Array.from(diagonal)
    this.#couplings = Float64Array.from(offDiagonal)
    this.#order = new Int32Array(diagonal.length)
    this.#pacer = new Pacer(options.rest === undefined ? {} : { yieldControl: options.rest })
    this.#multiply = options.multiply ?? ((task) => this.#plainly(task))
  }

  async run(): Promise<void> {
    const n = this.values.length
    const blocks = unreducedBlocks(this.values, this.#couplings)
    for (const { start, end } of blocks) this.#planned += plannedWork(end - start)
    this.options.onProgress?.(0)
    this.q.fill(0)
    for (const { start, end } of blocks) {
      const scale = this.#scaleBlock(start, end)
      await this.#solve(start, end, 0)
      for (let i = start; i < end; i++) this.values[i] /= scale
    }
    const order = Int32Array.from({ length: n }, (_, i) => i).sort((i, j) => this.values[j] - this.values[i] || i - j)
    permuteRows(this.q, this.values, order)
    this.options.onProgress?.(1)
  }

  /** Brings the largest entry of a block near one by a power of two, so that no square over- or underflows. */
  #scaleBlock(start: number, end: number): number {
    const diagonal = this.values.subarray(start, end)
    const couplings = this.#couplings.subarray(start, end - 1)
    const scale = unitScale(Float64Array.of(...[diagonal, couplings].map(largest)), 'tridiagonalEigenvectors')
    for (let i = 0; i < diagonal.length; i++) diagonal[i] *= scale
    for (let i = 0; i < couplings.length; i++) couplings[i] *= scale
    return scale
  }

  async #solve(start: number, end: number, level: number): Promise<void> {
    const size = end - start
    if (size <= LEAF_SIZE) {
      this.#solveLeaf(start, end)
      await this.#pacer.shouldStopAfter(8 * size ** 3)
      return
    }
    const middle = start + (size >> 1)
    const coupling = this.#couplings[middle - 1]
    const rho = Math.abs(coupling)
    this.values[middle - 1] -= rho
    this.values[middle] -= rho
    await this.#solve(start, middle, level + 1)
    await this.#solve(middle, end, level + 1)
    await this.#merge(start, middle, end, coupling, level)
  }

  /** Couples [start, middle) and [middle, end) by ρ (e_last ± e_first)(e_last ± e_first)ᵀ; normalised, z has length one. */
  async #merge(start: number, middle: number, end: number, coupling: number, level: number): Promise<void> {
    const n = this.values.length
    const [size, top] = [end - start, middle - start]
    const z = new Float64Array(size)
    const factor = Math.SQRT1_2
    for (let r = 0; r < top; r++) z[r] = this.q[(start + r) * n + middle - 1] * factor
    for (let r = top; r < size; r++) z[r] = this.q[(start + r) * n + middle] * (coupling < 0 ? -factor : factor)
    const order = this.#order.subarray(start, end)
    for (let i = 0; i < size; i++) order[i] = i
    const d = this.values.subarray(start, end)
    order.sort((i, j) => d[i] - d[j] || i - j)
    const block = { q: this.q, start: start * n + start, stride: n, top, size, d, z, order, rho: 2 * Math.abs(coupling) }
    const products = size ** 3
    const deflated = await merge(block, { work: this.work, from: start * n, end: end * n }, DEFLATION, {
      multiply: this.#multiply,
      writeVectors: this.options.writeVectors ?? plainVectors,
      pacer: this.#pacer,
      onVectors: (fraction) => this.#advance(fraction * products),
    })
    this.#advance(SECULAR_WORK * size * size)
    while (this.deflated.length <= level) this.deflated.push(0)
    this.deflated[level] += deflated
  }

  #solveLeaf(start: number, end: number): void {
    const n = this.values.length
    const size = end - start
    const rows = new Float64Array(size * size)
    for (let i = 0; i < size; i++) rows[i * size + i] = 1
    const offDiagonal = new Float64Array(size)
    offDiagonal.set(this.#couplings.subarray(start, end - 1))
    implicitQl({ diagonal: this.values.subarray(start, end), offDiagonal }, { values: rows, columns: size })
    for (let i = 0; i < size; i++) this.q.set(rows.subarray(i * size, (i + 1) * size), (start + i) * n + start)
  }

  /** The default product, in strips of rows with pauses between. */
  async #plainly(task: ProductTask): Promise<void> {
    const strip = 64
    for (let row = 0; row < task.m; row += strip) {
      const m = Math.min(strip, task.m - row)
      plainProduct({ ...task, m, aOffset: task.aOffset + row * task.aStride, cOffset: task.cOffset + row * task.cStride })
      await this.#pacer.shouldStopAfter(m * task.n * task.k)
    }
  }

  #advance(work: number): void {
    this.#done += work
    this.options.onProgress?.(Math.min(1, this.#done / this.#planned))
  }
}

interface Range {
  readonly start: number
  readonly end: number
}

/** Ranges between couplings that are zero, or negligible beside both of their diagonal entries. */
function unreducedBlocks(diagonal: Float64Array, couplings: Float64Array): readonly Range[] {
  const blocks: Range[] = []
  let start = 0
  for (let i = 0; i < diagonal.length; i++) {
    if (i < couplings.length) {
      const negligible = EPSILON * Math.sqrt(Math.abs(diagonal[i])) * Math.sqrt(Math.abs(diagonal[i + 1]))
      if (Math.abs(couplings[i]) > negligible) continue
    }
    blocks.push({ start, end: i + 1 })
    start = i + 1
  }
  return blocks
}

function plannedWork(size: number): number {
  if (size <= LEAF_SIZE) return 0
  const top = size >> 1
  return size ** 3 + SECULAR_WORK * size * size + plannedWork(top) + plannedWork(size - top)
}

function largest(values: Float64Array): number {
  return values.reduce((size, value) => Math.max(size, Math.abs(value)), 0)
}

/** Row i becomes the former row order[i], along the cycles of the permutation; `order` is used up. */
function permuteRows(rows: Float64Array, values: Float64Array, order: Int32Array): void {
  const n = values.length
  for (let first = 0; first < n; first++) {
    if (order[first] === first) continue
    const row = rows.slice(first * n, (first + 1) * n)
    const value = values[first]
    let to = first
    while (order[to] !== first) {
      const from = order[to]
      rows.copyWithin(to * n, from * n, (from + 1) * n)
      values[to] = values[from]
      order[to] = to
      to = from
    }
    rows.set(row, to * n)
    values[to] = value
    order[to] = to
  }
}
