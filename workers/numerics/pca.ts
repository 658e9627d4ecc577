/**
 * Principal components of a recorded trajectory: of the weights w(t) and of the velocities v(t) = w(t+1) − w(t), both
 * for t = 0 … T − 1, T being the number of snapshots minus one. Covariance over time with the mean removed, divided by
 * T − 1. The covariance matrix is never formed for long vectors: its products stream over the snapshots.
 */
import { lanczosEigenpairs } from './lanczos.ts'
import type { LinearOperator } from './linear-operator.ts'
import type { Random } from './random.ts'
import { fixRowSigns } from './sign-convention.ts'
import type { SnapshotRecorder } from './snapshots.ts'
import { symmetricEigen } from './symmetric-eigen.ts'

export interface PcaOptions {
  /** Components wanted. */
  readonly components: number
  /** Start of the iteration. */
  readonly random: Random
  readonly yieldControl?: () => Promise<void>
  readonly shouldStop?: () => boolean
}

export interface PcaResult {
  /** (k) σᵢ², descending. */
  readonly variances: Float64Array
  /** [k, n] unit rows, largest |entry| positive. */
  readonly principalComponents: Float64Array
  /** Trace of the covariance: the sum of all n variances. */
  readonly totalVariance: number
  /** (k) ‖Σp − σ²p‖. */
  readonly residuals: Float64Array
  /** `dense` gives every component to rounding, `lanczos` the largest to their residuals. */
  readonly method: 'dense' | 'lanczos'
}

/** Up to this many snapshots or numbers a dense eigenproblem is faster than the iteration. */
const DENSE_LIMIT = 300

/** Relative to σ₁²: what Lanczos has to reach. */
const TOLERANCE = 1e-9

/** Products that the iteration may take, per component and besides. */
const PRODUCTS_PER_COMPONENT = 4
const EXTRA_PRODUCTS = 60

/** PCA of the weights or of the velocities. Needs at least three snapshots. */
export async function principalComponents(recorder: SnapshotRecorder, of: 'weights' | 'velocities', options: PcaOptions): Promise<PcaResult> {
  const series = new CentredSeries(recorder, of)
  const most = Math.min(series.size, series.count)
  if (!(options.components >= 1 && options.components <= most)) {
    throw new RangeError(`pca: components=${options.components}; expected 1 to ${most}, the smaller of ${series.count} samples and ${series.size} numbers`)
  }
  return most <= DENSE_LIMIT ? dense(series, options) : iterative(series, options)
}

/**
 * θᵢ(t) = w(t)·pᵢ of the uncentred weights (Eq. 3.5) for rows p [k, n]: [k, T].
 */
export function projections(recorder: SnapshotRecorder, components: Float64Array): Float64Array {
  const { size } = recorder
  const [rows, steps] = [components.length / size, recorder.count - 1]
  const theta = new Float64Array(rows * steps)
  for (let t = 0; t < steps; t++) {
    const w = recorder.get(t)
    for (let row = 0; row < rows; row++) {
      let sum = 0
      for (let i = 0; i < size; i++) sum += w[i] * components[row * size + i]
      theta[row * steps + t] = sum
    }
  }
  return theta
}

/** The samples x(t) − mean. Weights are taken relative to the first snapshot, so that nothing cancels. */
class CentredSeries {
  readonly size: number
  readonly count: number
  private readonly mean: Float64Array
  private readonly row: Float64Array

  constructor(
    private readonly recorder: SnapshotRecorder,
    private readonly of: 'weights' | 'velocities',
  ) {
    if (recorder.count < 3) throw new RangeError(`pca: ${recorder.count} snapshots; expected at least 3`)
    this.size = recorder.size
    this.count = recorder.count - 1
    this.row = new Float64Array(this.size)
    this.mean = new Float64Array(this.size)
    const sum = new Float64Array(this.size)
    for (let t = 0; t < this.count; t++) {
      const x = this.sample(t)
      for (let i = 0; i < this.size; i++) sum[i] += x[i]
    }
    this.mean = sum.map((value) => value / this.count)
  }

  /** Sample t without its mean. The same array every time: use it before asking for the next. */
  sample(t: number): Float64Array {
    const { row, mean } = this
    const a = this.recorder.get(this.of === 'weights' ? t : t + 1)
    const b = this.recorder.get(this.of === 'weights' ? 0 : t)
    for (let i = 0; i < row.length; i++) row[i] = a[i] - b[i] - mean[i]
    return row
  }

  totalVariance(): number {
    let sum = 0
    for (let t = 0; t < this.count; t++) for (const value of this.sample(t)) sum += value * value
    return sum / (this.count - 1)
  }

  /** y ← Σ x, the covariance applied in one pass over the samples. */
  applyCovariance(x: Float64Array, y: Float64Array): void {
    y.fill(0)
    for (let t = 0; t < this.count; t++) {
      const row = this.sample(t)
      let product = 0
      for (let i = 0; i < row.length; i++) product += row[i] * x[i]
      const share = product / (this.count - 1)
      for (let i = 0; i < row.length; i++) y[i] += share * row[i]
    }
  }

  covariance(): Float64Array {
    const matrix = new Float64Array(this.size * this.size)
    for (let t = 0; t < this.count; t++) addOuter(matrix, this.sample(t), 1 / (this.count - 1))
    return matrix
  }

  /** xₛ·xₜ/(T − 1), [T, T]: shares its positive eigenvalues with the covariance. */
  gram(): Float64Array {
    const rows = Array.from({ length: this.count }, (_, t) => this.sample(t).slice())
    const matrix = new Float64Array(this.count * this.count)
    rows.forEach((a, s) => {
      for (let t = s; t < rows.length; t++) {
        let sum = 0
        for (let i = 0; i < a.length; i++) sum += a[i] * rows[t][i]
        matrix[s * this.count + t] = matrix[t * this.count + s] = sum / (this.count - 1)
      }
    })
    return matrix
  }
}

function addOuter(matrix: Float64Array, x: Float64Array, factor: number): void {
  for (let i = 0; i < x.length; i++) {
    const scaled = factor * x[i]
    for (let j = 0; j < x.length; j++) matrix[i * x.length + j] += scaled * x[j]
  }
}

function dense(series: CentredSeries, { components }: PcaOptions): PcaResult {
  const viaGram = series.count < series.size
  const { eigenvalues, eigenvectors } = symmetricEigen(viaGram ? series.gram() : series.covariance(), viaGram ? series.count : series.size)
  const rows = viaGram ? fromGram(series, eigenvectors, components) : eigenvectors.slice(0, components * series.size)
  fixRowSigns(rows, series.size)
  const variances = eigenvalues.slice(0, components)
  return finish(series, variances, rows, residualsOf(series, variances, rows), 'dense')
}

/** Components Σₜ uₜ x(t), normalised, from eigenvectors u of the Gram matrix; zero rows where the variance vanishes. */
function fromGram(series: CentredSeries, vectors: Float64Array, components: number): Float64Array {
  const { size, count } = series
  const rows = new Float64Array(components * size)
  for (let t = 0; t < count; t++) {
    const x = series.sample(t)
    for (let k = 0; k < components; k++) {
      const weight = vectors[k * count + t]
      for (let i = 0; i < size; i++) rows[k * size + i] += weight * x[i]
    }
  }
  for (let k = 0; k < components; k++) {
    const row = rows.subarray(k * size, (k + 1) * size)
    const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
    if (norm > 0) for (let i = 0; i < size; i++) row[i] /= norm
  }
  return rows
}

async function iterative(series: CentredSeries, options: PcaOptions): Promise<PcaResult> {
  const operator: LinearOperator = {
    size: series.size,
    symmetric: true,
    positiveSemidefinite: true,
    apply: (x, y) => series.applyCovariance(x, y),
  }
  const { yieldControl, shouldStop, components, random } = options
  const pairs = await lanczosEigenpairs(operator, {
    largest: components,
    maxProducts: PRODUCTS_PER_COMPONENT * components + EXTRA_PRODUCTS,
    tolerance: TOLERANCE,
    random,
    checkInterval: 2,
    ...(yieldControl && { onStep: yieldControl }),
    ...(shouldStop && { shouldStop }),
  })
  return finish(series, pairs.eigenvalues, pairs.eigenvectors, pairs.residuals, 'lanczos')
}

function residualsOf(series: CentredSeries, variances: Float64Array, rows: Float64Array): Float64Array {
  const y = new Float64Array(series.size)
  return variances.map((variance, k) => {
    const p = rows.subarray(k * series.size, (k + 1) * series.size)
    series.applyCovariance(p, y)
    return Math.sqrt(y.reduce((sum, value, i) => sum + (value - variance * p[i]) * (value - variance * p[i]), 0))
  })
}

function finish(series: CentredSeries, variances: Float64Array, rows: Float64Array, residuals: Float64Array, method: PcaResult['method']): PcaResult {
  return Object.freeze({ variances, principalComponents: rows, totalVariance: series.totalVariance(), residuals, method })
}
