/**
 * Spectra of random matrices from their tridiagonal models, which need O(n) random numbers and O(n²) work (Dumitriu and
 * Edelman 2002, "Matrix models for beta ensembles", β = 1).
 */
import { log } from '../deterministic-math.ts'
import { implicitQl } from '../implicit-ql.ts'
import type { Random } from '../random.ts'

/** (n) eigenvalues, descending, of a symmetric matrix with entries N(0, 1) off and N(0, 2) on the diagonal. */
export function gaussianOrthogonalLevels(n: number, random: Random): Float64Array {
  checkSize('gaussianOrthogonalLevels', n)
  const diagonal = Float64Array.from({ length: n }, () => Math.SQRT2 * random.normal())
  const offDiagonal = Float64Array.from({ length: n }, (_, i) => (i < n - 1 ? chiDeviate(n - 1 - i, random) : 0))
  return descendingEigenvalues(diagonal, offDiagonal)
}

/** (n) independent uniform levels in [0, 1), descending: a Poisson process given its number of points. */
export function independentLevels(n: number, random: Random): Float64Array {
  checkSize('independentLevels', n)
  return Float64Array.from({ length: n }, () => random.uniform())
    .sort()
    .reverse()
}

/** (min side) singular values, descending, of a rows × columns matrix with independent entries N(0, 1). */
export function gaussianSingularValues(rows: number, columns: number, random: Random): Float64Array {
  checkSize('gaussianSingularValues', rows)
  checkSize('gaussianSingularValues', columns)
  const [short, long] = rows < columns ? [rows, columns] : [columns, rows]
  // Lower bidiagonal B with the singular values of the matrix; B Bᵀ is tridiagonal.
  const diagonal = Float64Array.from({ length: short }, (_, i) => chiDeviate(long - i, random))
  const below = Float64Array.from({ length: short }, (_, i) => (i < short - 1 ? chiDeviate(short - 1 - i, random) : 0))
  const squares = diagonal.map((value, i) => value * value + (i > 0 ? below[i - 1] * below[i - 1] : 0))
  const couplings = below.map((value, i) => value * diagonal[i])
  return descendingEigenvalues(squares, couplings).map((value) => Math.sqrt(Math.max(0, value)))
}

/** Overwrites its input. */
function descendingEigenvalues(diagonal: Float64Array, offDiagonal: Float64Array): Float64Array {
  implicitQl({ diagonal, offDiagonal }, { values: new Float64Array(0), columns: 0 })
  return diagonal.sort().reverse()
}

/** √ of a χ² deviate with whole degrees of freedom: 2 Γ(k/2), Γ by Marsaglia and Tsang (2000). */
function chiDeviate(degrees: number, random: Random): number {
  if (degrees === 1) return Math.abs(random.normal())
  const d = degrees / 2 - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = random.normal()
    const root = 1 + c * x
    if (root <= 0) continue
    const v = root * root * root
    if (log(1 - random.uniform()) < 0.5 * x * x + d - d * v + d * log(v)) return Math.sqrt(2 * d * v)
  }
}

function checkSize(name: string, n: number): void {
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`${name}: size ${n} is not a whole number from 1 on`)
}
