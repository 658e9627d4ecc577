/**
 * Thin singular value decomposition by one-sided Jacobi rotations (Hestenes 1958; Demmel and Veselić 1992), after a
 * Householder QR of tall matrices. Small singular values keep their relative accuracy, which methods through
 * the Gram matrix lose.
 */

/** A = U·diag(ν)·Vᵀ of a matrix [rows, cols], r = min(rows, cols). */
export interface SingularValueDecomposition {
  /** (r) descending. */
  readonly singularValues: Float64Array
  /** [rows, r], columns are left singular vectors, largest |entry| positive. Zero columns where ν = 0 exactly. */
  readonly u: Float64Array
  /** [cols, r], columns are right singular vectors. */
  readonly v: Float64Array
}

/** Columns count as orthogonal when |cos| is below this: rounding of a float64 dot product. */
const ORTHOGONAL = 1e-15

/** Jacobi converges quadratically; more sweeps than this means something that is not a matrix of numbers. */
const MAX_SWEEPS = 60

/** Thin SVD of `matrix` [rows, cols], row-major. Throws a RangeError on wrong length or non-finite entries. */
export function svd(matrix: Float64Array, rows: number, cols: number): SingularValueDecomposition {
  refuse(matrix, rows, cols)
  if (rows < cols) {
    const { singularValues, u, v } = svd(transpose(matrix, rows, cols), cols, rows)
    return withSigns(singularValues, v, u, rows, cols)
  }
  const scale = largestMagnitude(matrix)
  if (scale === 0) return zeroDecomposition(rows, cols)
  const scaled = matrix.map((value) => value / scale)
  // Columns of A as rows: rotations then run along contiguous memory.
  const columns = transpose(scaled, rows, cols)
  const qr = rows > cols ? householderQr(columns, rows, cols) : null
  const work = qr === null ? columns : qr.upperColumns
  const length = qr === null ? rows : cols
  const right = identity(cols)
  orthogonalise(work, length, cols, right)
  return assemble(work, length, right, qr, rows, cols, scale)
}

function refuse(matrix: Float64Array, rows: number, cols: number): void {
  if (!(rows > 0 && cols > 0) || matrix.length !== rows * cols) {
    throw new RangeError(`svd: ${matrix.length} entries do not fill a ${rows} x ${cols} matrix; expected ${rows * cols}`)
  }
  const bad = matrix.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) throw new RangeError(`svd: entry ${bad} is ${matrix[bad]}; expected finite numbers`)
}

/** Rotates pairs of rows of `work` [count, length] until all are orthogonal; the same rotations act on `right`. */
function orthogonalise(work: Float64Array, length: number, count: number, right: Float64Array): void {
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let rotated = false
    for (let p = 0; p < count - 1; p++) {
      for (let q = p + 1; q < count; q++) {
        const x = work.subarray(p * length, (p + 1) * length)
        const y = work.subarray(q * length, (q + 1) * length)
        const rotation = rotationOf(x, y)
        if (rotation === null) continue
        rotated = true
        rotate(x, y, rotation)
        rotate(right.subarray(p * count, (p + 1) * count), right.subarray(q * count, (q + 1) * count), rotation)
      }
    }
    if (!rotated) return
  }
}

interface Rotation {
  readonly cosine: number
  readonly sine: number
}

/** The rotation that makes x and y orthogonal; null when they are, to rounding. */
function rotationOf(x: Float64Array, y: Float64Array): Rotation | null {
  let [xx, yy, xy] = [0, 0, 0]
  for (let i = 0; i < x.length; i++) {
    xx += x[i] * x[i]
    yy += y[i] * y[i]
    xy += x[i] * y[i]
  }
  if (xy === 0 || Math.abs(xy) <= ORTHOGONAL * Math.sqrt(xx) * Math.sqrt(yy)) return null
  const zeta = (yy - xx) / (2 * xy)
  const tangent = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta))
  const cosine = 1 / Math.sqrt(1 + tangent * tangent)
  return { cosine, sine: cosine * tangent }
}

function rotate(x: Float64Array, y: Float64Array, { cosine, sine }: Rotation): void {
  for (let i = 0; i < x.length; i++) {
    const a = x[i]
    x[i] = cosine * a - sine * y[i]
    y[i] = sine * a + cosine * y[i]
  }
}

interface Qr {
  /** Rows are the columns of R, [cols, cols]. */
  readonly upperColumns: Float64Array
  /** Applies Q to a vector of length `rows` whose first `cols` entries are given. */
  readonly applyQ: (x: Float64Array) => void
}

/** Householder QR of a matrix whose columns are the rows of `columns` [cols, rows]. */
function householderQr(columns: Float64Array, rows: number, cols: number): Qr {
  const reflectors: Float64Array[] = []
  for (let k = 0; k < cols; k++) {
    const reflector = reflectorOf(columns.subarray(k * rows, (k + 1) * rows), k)
    reflectors.push(reflector)
    for (let j = k; j < cols; j++) reflect(reflector, columns.subarray(j * rows, (j + 1) * rows), k)
  }
  const upperColumns = new Float64Array(cols * cols)
  for (let j = 0; j < cols; j++) upperColumns.set(columns.subarray(j * rows, j * rows + j + 1), j * cols)
  const applyQ = (x: Float64Array): void => {
    for (let k = cols - 1; k >= 0; k--) reflect(reflectors[k], x, k)
  }
  return { upperColumns, applyQ }
}

/** Unit vector w with (1 − 2wwᵀ)x = ∓‖x‖e on the entries from `start` on; zero when there is nothing to reflect. */
function reflectorOf(x: Float64Array, start: number): Float64Array {
  const w = x.slice(start)
  const norm = lengthOf(w)
  if (norm === 0) return w
  w[0] += w[0] >= 0 ? norm : -norm
  const own = lengthOf(w)
  return w.map((value) => value / own)
}

function reflect(w: Float64Array, x: Float64Array, start: number): void {
  let product = 0
  for (let i = 0; i < w.length; i++) product += w[i] * x[start + i]
  for (let i = 0; i < w.length; i++) x[start + i] -= 2 * product * w[i]
}

function assemble(work: Float64Array, length: number, right: Float64Array, qr: Qr | null, rows: number, cols: number, scale: number): SingularValueDecomposition {
  const norms = Float64Array.from({ length: cols }, (_, j) => lengthOf(work.subarray(j * length, (j + 1) * length)))
  const order = Array.from(norms.keys()).sort((a, b) => norms[b] - norms[a] || a - b)
  const u = new Float64Array(rows * cols)
  const v = new Float64Array(cols * cols)
  order.forEach((source, target) => {
    const column = new Float64Array(rows)
    if (norms[source] > 0) for (let i = 0; i < length; i++) column[i] = work[source * length + i] / norms[source]
    qr?.applyQ(column)
    for (let i = 0; i < rows; i++) u[i * cols + target] = column[i]
    for (let i = 0; i < cols; i++) v[i * cols + target] = right[source * cols + i]
  })
  return withSigns(Float64Array.from(order, (source) => norms[source] * scale), u, v, rows, cols)
}

/** Makes the largest |entry| of every left vector positive. */
function withSigns(singularValues: Float64Array, u: Float64Array, v: Float64Array, rows: number, cols: number): SingularValueDecomposition {
  const rank = singularValues.length
  for (let j = 0; j < rank; j++) {
    let largest = 0
    for (let i = 0; i < rows; i++) if (Math.abs(u[i * rank + j]) > Math.abs(largest)) largest = u[i * rank + j]
    if (largest >= 0) continue
    for (let i = 0; i < rows; i++) u[i * rank + j] = -u[i * rank + j]
    for (let i = 0; i < cols; i++) v[i * rank + j] = -v[i * rank + j]
  }
  return Object.freeze({ singularValues, u, v })
}

function zeroDecomposition(rows: number, cols: number): SingularValueDecomposition {
  return Object.freeze({ singularValues: new Float64Array(cols), u: new Float64Array(rows * cols), v: identity(cols) })
}

function identity(size: number): Float64Array {
  const matrix = new Float64Array(size * size)
  for (let i = 0; i < size; i++) matrix[i * size + i] = 1
  return matrix
}

function transpose(matrix: Float64Array, rows: number, cols: number): Float64Array {
  const result = new Float64Array(rows * cols)
  for (let r = 0; r < rows; r++) for (let c = 0; c < cols; c++) result[c * rows + r] = matrix[r * cols + c]
  return result
}

function largestMagnitude(values: Float64Array): number {
  let largest = 0
  for (const value of values) largest = Math.max(largest, Math.abs(value))
  return largest
}

function lengthOf(x: Float64Array): number {
  let sum = 0
  for (const value of x) sum += value * value
  return Math.sqrt(sum)
}
