/** Matrices every GPU must decompose, judged in float64: for tests in Node and in browsers. */
import { createRandom } from '../numerics/random.ts'
import { symmetricEigenvalues } from '../numerics/symmetric-eigen.ts'
import { eigenOnGpu } from './eigen-on-gpu.ts'

export interface GpuEigenCase {
  readonly name: string
  readonly n: number
  readonly outcome: string
  readonly sweeps: number
  /** Largest |λ − λ_float64|, ‖A v − λ v‖ over all pairs, both relative to ‖A‖, and |⟨vᵢ, vⱼ⟩ − δᵢⱼ| over all i, j. */
  readonly eigenvalueError: number
  readonly residual: number
  readonly orthogonality: number
}

/** What a case may show: some tens of roundings of float32. */
export const GPU_EIGEN_TOLERANCE = 5e-6

type Entry = (i: number, j: number) => number

const random = createRandom(1, 'eigenvalues on a GPU')
const noise = Float64Array.from({ length: 96 * 96 }, () => random.normal())
const normal: Entry = (i, j) => noise[Math.max(i, j) * 96 + Math.min(i, j)]
/** Σ over `rank` terms with weights falling from one. */
const ofRank = (rank: number): Entry => (i, j) => {
  let sum = 0
  for (let k = 0; k < rank; k++) sum += (noise[k * 96 + i] * noise[k * 96 + j]) / ((k + 1) * (k + 1))
  return sum
}

const CASES: readonly (readonly [name: string, n: number, entry: Entry])[] = [
  ['random', 96, normal],
  ['random, just beyond a pair of blocks', 33, normal],
  ['random, one pair of blocks', 32, normal],
  ['random, tiny unit', 20, (i, j) => normal(i, j) * 1e-200],
  ['random, huge unit', 20, (i, j) => normal(i, j) * 1e200],
  ['of rank 8', 64, ofRank(8)],
  ['clustered', 40, (i, j) => (i === j ? 1 : 0) + 1e-5 * normal(i, j)],
  ['two eigenvalues', 48, (i, j) => (i === j ? 1 : 0) - 2 / 48],
  ['second difference', 50, (i, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)],
  ['diagonal', 40, (i, j) => (i === j ? i - 20 : 0)],
  ['zero', 5, () => 0],
  ['of size 2', 2, (i, j) => (i === j ? 1 : 3)],
  ['of size 1', 1, () => -7],
]

export async function gpuEigenConformance(device: GPUDevice): Promise<readonly GpuEigenCase[]> {
  const results: GpuEigenCase[] = []
  for (const [name, n, entry] of CASES) {
    const matrix = Float64Array.from({ length: n * n }, (_, at) => entry(Math.floor(at / n), at % n))
    const { eigenvalues, residuals, outcome, sweeps, orthogonality } = await eigenOnGpu(device, matrix, n, { checked: n })
    const expected = symmetricEigenvalues(matrix, n)
    const size = largest(expected) || 1
    results.push({
      name,
      n,
      outcome,
      sweeps,
      eigenvalueError: largest(expected.map((value, i) => value - eigenvalues[i])) / size,
      residual: largest(residuals) / size,
      orthogonality,
    })
  }
  return results
}

function largest(values: Float64Array): number {
  return values.reduce((size, value) => Math.max(size, Math.abs(value)), 0)
}
