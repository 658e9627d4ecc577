import { diagonalSharpness } from '../../numerics/overlap.ts'
import { kernelMatrixShape } from '../../networks/selection.ts'
import { dot } from '../../numerics/vector-space.ts'
import type { KernelDecomposition } from '../singular-values/decompose.ts'
import type { Pacing } from '../deps.ts'

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

/** |aᵢ·bⱼ| for rows of a [rows, n] and b [cols, n], both of unit vectors. */
export function vectorOverlaps(
  a: Float64Array,
  b: Float64Array,
  dimension: number,
  pacing: Pacing,
  onRows: (partial: OverlapMatrix) => void,
): Promise<OverlapMatrix> {
  const [rows, cols] = [a.length / dimension, b.length / dimension]
  const rowOf: RowOf = (row, into) => {
    const left = a.subarray(row * dimension, (row + 1) * dimension)
    for (let col = 0; col < cols; col++) into[col] = Math.abs(dot(left, b.subarray(col * dimension, (col + 1) * dimension)))
  }
  return fillRows(rows, cols, rowOf, pacing, onRows)
}

/**
 * |⟨w̃ᵢ/‖w̃ᵢ‖, bⱼ⟩| = |uᵢᵀ Bⱼ vᵢ| (Eqs. 6.2, 7.4), Bⱼ being the part of bⱼ that belongs to the kernel, as a matrix
 * [kernel rows, kernel cols] in row-major order. `offset` is where the kernel starts inside the vectors b [cols, n].
 */
export function singularOverlaps(
  { parameter, decomposition }: KernelDecomposition,
  b: Float64Array,
  dimension: number,
  offset: number,
  pacing: Pacing,
  onRows: (partial: OverlapMatrix) => void,
): Promise<OverlapMatrix> {
  const [kernelRows, kernelCols] = kernelMatrixShape(parameter)
  const { left: u, right: v, rank } = decomposition
  const cols = b.length / dimension
  const left = new Float64Array(kernelRows)
  const right = new Float64Array(kernelCols)
  const rowOf: RowOf = (row, into) => {
    for (let i = 0; i < kernelRows; i++) left[i] = u[i * rank + row]
    for (let i = 0; i < kernelCols; i++) right[i] = v[i * rank + row]
    for (let col = 0; col < cols; col++) {
      const start = col * dimension + offset
      into[col] = Math.abs(bilinear(left, b.subarray(start, start + parameter.size), right))
    }
  }
  return fillRows(rank, cols, rowOf, pacing, onRows)
}

function bilinear(left: Float64Array, matrix: Float64Array, right: Float64Array): number {
  let total = 0
  for (let i = 0; i < left.length; i++) total += left[i] * dot(right, matrix.subarray(i * right.length, (i + 1) * right.length))
  return total
}
