import { diagonalSharpness } from '../../numerics/overlap.ts'
import type { KernelDecomposition } from '../singular-values/decompose.ts'
import type { Pacing } from '../deps.ts'
import { dotWith, vectorAt, type VectorSet } from './vector-set.ts'

/** |⟨aᵢ, bⱼ⟩| as far as it is computed: rows from `rowsDone` on are NaN. */
export interface OverlapMatrix {
  readonly rows: number
  readonly cols: number
  readonly values: Float32Array
  readonly rowsDone: number
  readonly sharpness: number
}

/** Half width, in columns, of the band that counts as the diagonal. */
const DIAGONAL_BAND = 2

/** Milliseconds of rows between two breaths and reports. */
const SLICE = 40

type RowOf = (row: number, into: Float32Array) => void

/** Fills an overlap matrix row by row, reporting partial matrices. Stops with what is done when the signal says so. */
async function fillRows(rows: number, cols: number, rowOf: RowOf, pacing: Pacing, onRows: (partial: OverlapMatrix) => void): Promise<OverlapMatrix> {
  const values = new Float32Array(rows * cols).fill(NaN)
  let slice = pacing.now()
  let done = 0
  while (done < rows && !pacing.signal.aborted) {
    rowOf(done, values.subarray(done * cols, (done + 1) * cols))
    done++
    if (pacing.now() - slice > SLICE) {
      onRows({ rows, cols, values: values.slice(), rowsDone: done, sharpness: 1 })
      await pacing.breathe()
      slice = pacing.now()
    }
  }
  return { rows, cols, values, rowsDone: done, sharpness: done === 0 ? NaN : diagonalSharpness(values.subarray(0, done * cols), done, cols, DIAGONAL_BAND) }
}

/** |aᵢ·bⱼ| for unit vectors of one space. */
export function vectorOverlaps(a: VectorSet, b: VectorSet, pacing: Pacing, onRows: (partial: OverlapMatrix) => void): Promise<OverlapMatrix> {
  const rowOf: RowOf = (row, into) => {
    const left = vectorAt(a, row)
    for (let col = 0; col < b.count; col++) into[col] = Math.abs(dotWith(left, b, col * b.dimension))
  }
  return fillRows(a.count, b.count, rowOf, pacing, onRows)
}

/**
 * |aᵢ·bⱼ| where a lives in a part of b's space (Eq. 7.5): the entries `parts` of b, in order, are those of a.
 */
export function partOverlaps(a: VectorSet, b: VectorSet, parts: readonly Part[], pacing: Pacing, onRows: (partial: OverlapMatrix) => void): Promise<OverlapMatrix> {
  const rowOf: RowOf = (row, into) => {
    const left = vectorAt(a, row)
    for (let col = 0; col < b.count; col++) {
      let sum = 0
      for (const { from, to, size } of parts) sum += dotWith(left.subarray(from, from + size), b, col * b.dimension + to)
      into[col] = Math.abs(sum)
    }
  }
  return fillRows(a.count, b.count, rowOf, pacing, onRows)
}

/** `size` entries from place `from` of the smaller space are those from place `to` of the larger. */
export interface Part {
  readonly from: number
  readonly to: number
  readonly size: number
}

/**
 * |⟨w̃ᵢ/‖w̃ᵢ‖, bⱼ⟩| = |uᵢᵀ Bⱼ vᵢ| (Eqs. 6.2, 7.4), Bⱼ being the part of bⱼ that belongs to the kernel, as a matrix
 * [kernel rows, kernel cols] in row-major order. `offset` is where the kernel starts inside the vectors b.
 */
export function singularOverlaps(
  { rows: kernelRows, cols: kernelCols, decomposition }: KernelDecomposition,
  b: VectorSet,
  offset: number,
  pacing: Pacing,
  onRows: (partial: OverlapMatrix) => void,
): Promise<OverlapMatrix> {
  const { left: u, right: v, rank } = decomposition
  const right = new Float64Array(kernelCols)
  const rowOf: RowOf = (row, into) => {
    for (let i = 0; i < kernelCols; i++) right[i] = v[i * rank + row]
    for (let col = 0; col < b.count; col++) {
      const start = col * b.dimension + offset
      let total = 0
      for (let i = 0; i < kernelRows; i++) total += u[i * rank + row] * dotWith(right, b, start + i * kernelCols)
      into[col] = Math.abs(total)
    }
  }
  return fillRows(rank, b.count, rowOf, pacing, onRows)
}
