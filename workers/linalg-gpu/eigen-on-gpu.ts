/**
 * All eigenpairs of a dense symmetric matrix on a GPU in float32: two-sided block Jacobi. Blocks of 16 rows meet in
 * pairs in a round robin; each pair is diagonalised in the memory of a workgroup, and its rotation turns rows,
 * columns and vectors. Convergence is quadratic once the off-diagonal part is small.
 */
import { unitScale } from '../numerics/binary-scale.ts'
import { checkEigenpairs } from './check-eigenpairs.ts'
import { JacobiDevice, type Measure } from './jacobi-device.ts'

export interface GpuEigenProgress {
  /** Sweeps finished. */
  readonly sweep: number
  /** Rounds finished of the next sweep, of `rounds`. */
  readonly round: number
  readonly rounds: number
  /** Norm of the off-diagonal part after the last whole sweep, relative to ‖A‖_F. */
  readonly offNorm: number
}

export interface GpuEigenOptions {
  /** Off-diagonal norm, relative to ‖A‖_F, at which the matrix counts as diagonal; default 10⁻⁶. */
  readonly tolerance?: number
  /** Default 24; six to ten are usual. */
  readonly maxSweeps?: number
  /** Eigenpairs whose residual and orthogonality are computed in float64; default 16. */
  readonly checked?: number
  /** Aborting ends the computation with the reason of the signal. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: GpuEigenProgress) => void
  /** Awaited often while the CPU works. */
  readonly rest?: () => Promise<void>
}

export interface GpuEigen {
  /** (n) descending, of float32 accuracy relative to the largest. */
  readonly eigenvalues: Float64Array
  /** [n, n] unit eigenvectors as rows; signs are arbitrary. */
  readonly eigenvectors: Float32Array
  readonly sweeps: number
  /** √Σ aᵢⱼ², i ≠ j, at the end, relative to ‖A‖_F. */
  readonly offNorm: number
  /** `stalled`: further sweeps gained nothing and the tolerance was not met. */
  readonly outcome: 'converged' | 'stalled' | 'max-sweeps'
  /** Indices of the eigenpairs that were checked in float64. */
  readonly checked: readonly number[]
  /** ‖A v − λ v‖ of those, in units of A. */
  readonly residuals: Float64Array
  /** Largest |⟨vᵢ, vⱼ⟩ − δᵢⱼ| between a checked vector and any other. */
  readonly orthogonality: number
  readonly seconds: number
}

/** Relative to the largest entry: more than a product in float32 leaves. */
const ASYMMETRY_TOLERANCE = 1e-4
/** A sweep that leaves more than this share of the off-diagonal norm, when little is left, gains nothing. */
const STALLED_SHARE = 0.7
const STALLED_BELOW = 1e-3
/** Rows and columns of the matrix that are read together with their mirror image: columns one by one would miss the cache. */
const TILE = 64
/** A submit lasts about so long, in milliseconds: short enough for the screen, long enough to be worth it. */
const SUBMIT_MS = 80

/**
 * Throws RangeError for a matrix that is not square, not finite or not symmetric; `EngineError` for matrices that do not
 * fit (naming the largest size that does) and lost devices; what `signal` holds when it is aborted.
 *
 * @param matrix [n, n] row-major, not changed
 */
export async function eigenOnGpu(device: GPUDevice, matrix: Float32Array | Float64Array, n: number, options: GpuEigenOptions = {}): Promise<GpuEigen> {
  const began = performance.now()
  const { tolerance = 1e-6, maxSweeps = 24, checked = 16, signal, rest = () => Promise.resolve() } = options
  if (!Number.isInteger(n) || n < 1 || matrix.length !== n * n) throw new RangeError(`eigenOnGpu: ${matrix.length} entries do not fill a ${n} x ${n} matrix`)
  signal?.throwIfAborted()
  if (!(tolerance >= 1e-8 && tolerance <= 0.1)) throw new RangeError(`eigenOnGpu: tolerance=${tolerance} is not between 1e-8 and 0.1; float32 reaches about 1e-7`)
  const { scale, norm } = await examine(matrix, n, rest)
  const jacobi = await JacobiDevice.open(device, n)
  try {
    // Were all entries as small, they would not matter; each single one matters less.
    await jacobi.start(symmetricRows(matrix, n, scale), (0.1 * tolerance * norm) / n)
    const { sweeps, measure, outcome } = await sweepUntilDiagonal(jacobi, norm, { ...options, tolerance, maxSweeps })
    const { eigenvalues, eigenvectors } = await sortedPairs(jacobi, measure.diagonal)
    // Scaled like the eigenvalues, so that no square over- or underflows.
    const scaled = (i: number, j: number): number => matrix[i * n + j] * scale
    const check = await checkEigenpairs({ n, eigenvalues, eigenvectors }, scaled, checked, async () => {
      signal?.throwIfAborted()
      await rest()
    })
    return Object.freeze({
      eigenvalues: eigenvalues.map((value) => value / scale),
      eigenvectors,
      sweeps,
      offNorm: relative(measure.offNorm, norm),
      outcome,
      checked: check.checked,
      residuals: check.residuals.map((value) => value / scale),
      orthogonality: check.orthogonality,
      seconds: (performance.now() - began) / 1000,
    })
  } finally {
    jacobi.dispose()
  }
}

/** Scale, and Frobenius norm after scaling; refuses what is not finite or not symmetric. */
async function examine(matrix: Float32Array | Float64Array, n: number, rest: () => Promise<void>): Promise<{ scale: number; norm: number }> {
  let largest = 0
  for (let i = 0; i < n; i++) {
    for (let at = i * n; at < (i + 1) * n; at++) {
      const size = Math.abs(matrix[at])
      if (!(size < Infinity)) throw new RangeError(`eigenOnGpu: entry (${i}, ${at - i * n}) is ${matrix[at]}; every entry must be finite`)
      if (size > largest) largest = size
    }
    await rest()
  }
  const scale = unitScale(Float64Array.of(largest), 'eigenOnGpu')
  let square = 0
  for (let first = 0; first < n; first += TILE) {
    for (let start = 0; start < n; start += TILE) square += squareOfTile(matrix, n, scale, first, start)
    await rest()
  }
  return { scale, norm: Math.sqrt(square) }
}

/** Sum of scaled squares; throws where an entry differs from its mirror image. */
function squareOfTile(matrix: Float32Array | Float64Array, n: number, scale: number, first: number, start: number): number {
  let square = 0
  for (let i = first; i < Math.min(n, first + TILE); i++) {
    for (let j = start; j < Math.min(n, start + TILE); j++) {
      const value = matrix[i * n + j] * scale
      if (Math.abs(value - matrix[j * n + i] * scale) > ASYMMETRY_TOLERANCE) {
        throw new RangeError(`eigenOnGpu: entries (${i}, ${j}) and (${j}, ${i}) are ${matrix[i * n + j]} and ${matrix[j * n + i]}; pass a symmetric matrix or average it with its transpose`)
      }
      square += value * value
    }
  }
  return square
}

/** Writes rows of the scaled mean of the matrix and its transpose. */
function symmetricRows(matrix: Float32Array | Float64Array, n: number, scale: number) {
  return (first: number, count: number, to: Float32Array, stride: number): void => {
    for (let start = 0; start < n; start += TILE) {
      for (let i = 0; i < count; i++) {
        const row = first + i
        for (let j = start; j < Math.min(n, start + TILE); j++) to[i * stride + j] = (matrix[row * n + j] * scale + matrix[j * n + row] * scale) / 2
      }
    }
  }
}

interface Swept {
  readonly sweeps: number
  readonly measure: Measure
  readonly outcome: GpuEigen['outcome']
}

async function sweepUntilDiagonal(
  jacobi: JacobiDevice, norm: number, { tolerance, maxSweeps, signal, onProgress }: GpuEigenOptions & { tolerance: number; maxSweeps: number },
): Promise<Swept> {
  let measure = await jacobi.measure()
  const pace = new Pace()
  for (let sweeps = 0; ; sweeps++) {
    const offNorm = relative(measure.offNorm, norm)
    const tell = (round: number): void => onProgress?.({ sweep: sweeps, round, rounds: jacobi.rounds, offNorm })
    tell(0)
    if (offNorm <= tolerance) return { sweeps, measure, outcome: 'converged' }
    if (sweeps === maxSweeps) return { sweeps, measure, outcome: 'max-sweeps' }
    for (let round = 0; round < jacobi.rounds; ) {
      signal?.throwIfAborted()
      const end = Math.min(jacobi.rounds, round + pace.rounds)
      await pace.time(() => jacobi.turn(round, end))
      round = end
      tell(round)
    }
    const before = offNorm
    measure = await jacobi.measure()
    const left = relative(measure.offNorm, norm)
    if (left > tolerance && before < STALLED_BELOW && left > STALLED_SHARE * before) return { sweeps: sweeps + 1, measure, outcome: 'stalled' }
  }
}

/** How many rounds go into a submit: doubled and halved until one takes about SUBMIT_MS. */
class Pace {
  rounds = 1

  async time(work: () => Promise<void>): Promise<void> {
    const start = performance.now()
    await work()
    const elapsed = performance.now() - start
    if (elapsed < SUBMIT_MS / 2) this.rounds *= 2
    else if (elapsed > 2 * SUBMIT_MS) this.rounds = Math.max(1, this.rounds >> 1)
  }
}

/** Eigenvalues descending, with their vectors in the same order, of unit length again. */
async function sortedPairs(jacobi: JacobiDevice, diagonal: Float64Array): Promise<{ eigenvalues: Float64Array; eigenvectors: Float32Array }> {
  const n = jacobi.n
  const order = Int32Array.from(diagonal, (_, i) => i).sort((i, j) => diagonal[j] - diagonal[i] || i - j)
  const place = new Int32Array(n)
  order.forEach((row, at) => {
    place[row] = at
  })
  const eigenvectors = new Float32Array(n * n)
  await jacobi.readVectors((row, vector) => {
    let square = 0
    for (const value of vector) square += value * value
    const length = Math.sqrt(square)
    const to = place[row] * n
    for (let j = 0; j < n; j++) eigenvectors[to + j] = vector[j] / length
  })
  return { eigenvalues: Float64Array.from(order, (row) => diagonal[row]), eigenvectors }
}

function relative(offNorm: number, norm: number): number {
  return norm === 0 ? 0 : offNorm / norm
}
