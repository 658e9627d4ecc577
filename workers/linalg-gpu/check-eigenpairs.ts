/** What float32 eigenpairs are worth, judged in float64 on a sample of them. */

export interface EigenpairCheck {
  /** Which eigenpairs were looked at: indices, ascending. */
  readonly checked: readonly number[]
  /** ‖A v − λ v‖ of each of them; λ is the eigenvalue given, v the unit vector. */
  readonly residuals: Float64Array
  /** Largest |⟨vᵢ, vⱼ⟩ − δᵢⱼ| between one of them and any other. */
  readonly orthogonality: number
}

export interface Eigenpairs {
  readonly n: number
  readonly eigenvalues: Float64Array
  /** [n, n] rows. */
  readonly eigenvectors: Float32Array
}

/**
 * Checks `count` eigenpairs, first and last among them and the others evenly between.
 *
 * @param entry aᵢⱼ, in the units of the eigenvalues
 * @param rest awaited after every row of the matrix
 */
export async function checkEigenpairs(
  { n, eigenvalues, eigenvectors }: Eigenpairs,
  entry: (i: number, j: number) => number,
  count: number,
  rest: () => Promise<void>,
): Promise<EigenpairCheck> {
  const checked = sample(n, count)
  const vectors = checked.map((q) => Float64Array.from(eigenvectors.subarray(q * n, (q + 1) * n)))
  const squares = new Float64Array(checked.length)
  const row = new Float64Array(n)
  let orthogonality = 0
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) row[j] = entry(i, j)
    for (let c = 0; c < vectors.length; c++) squares[c] += (dot(row, vectors[c]) - eigenvalues[checked[c]] * vectors[c][i]) ** 2
    row.set(eigenvectors.subarray(i * n, (i + 1) * n))
    for (let c = 0; c < vectors.length; c++) {
      orthogonality = Math.max(orthogonality, Math.abs(dot(row, vectors[c]) - (checked[c] === i ? 1 : 0)))
    }
    await rest()
  }
  return { checked, residuals: squares.map(Math.sqrt), orthogonality }
}

function sample(n: number, count: number): number[] {
  const wanted = Math.min(n, count)
  if (wanted <= 1) return wanted === 1 ? [0] : []
  return Array.from({ length: wanted }, (_, i) => Math.round((i * (n - 1)) / (wanted - 1)))
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i]
  return sum
}
