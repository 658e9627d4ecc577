/** Principal component analysis of a recorded trajectory (thesis Eqs. 3.3–3.5; covariance with ddof 1). */
import type { SeriesKind } from './centred-series.ts'
import { CentredSeries, PassCancelled, totalVariance } from './centred-series.ts'
import { covarianceOperator, denseCovariance, gramMatrix } from './covariance.ts'
import type { LanczosOutcome, LanczosProgress } from './lanczos.ts'
import { lanczosEigenpairs } from './lanczos.ts'
import type { Pacing } from './pacing.ts'
import type { Random } from './random.ts'
import { fixRowSigns } from './sign-convention.ts'
import type { SnapshotRecorder } from './snapshots.ts'
import { symmetricEigen } from './symmetric-eigen.ts'
import { float64Space as space } from './vector-space.ts'

export type PcaMethod = 'dense-covariance' | 'gram' | 'lanczos'

export interface PcaOptions extends Pacing {
  readonly kind: SeriesKind
  /** k, from 1 to min(n, T − 1). */
  readonly components: number
  /** Start of the Lanczos run; unused where the dense methods serve. */
  readonly random: Random
  /** Lanczos: passes over the snapshots at most; 4 k + 40 by default. */
  readonly maxProducts?: number
  /** Lanczos: residual relative to the largest variance; 1e-8 by default. */
  readonly tolerance?: number
  /** Lanczos progress. */
  readonly onStep?: (progress: LanczosProgress) => void | Promise<void>
}

export interface PrincipalComponents {
  /** (k) σᵢ², descending. */
  readonly variances: Float64Array
  /** [k, n] unit rows pᵢ, largest |entry| positive. */
  readonly principalComponents: Float64Array
  /** Sum of all n variances. */
  readonly totalVariance: number
  /** (k) ‖Σ p − σ² p‖; estimated for `lanczos`, computed otherwise. */
  readonly residuals: Float64Array
  readonly method: PcaMethod
  /** `cancelled` leaves every array empty. */
  readonly outcome: LanczosOutcome
  /** T, the number of rows of the series. */
  readonly length: number
}

/** min(n, T) up to which all components come exactly from a dense matrix. */
const DENSE_LIMIT = 400
const DEFAULT_TOLERANCE = 1e-8
const EPSILON = 2 ** -52

/**
 * Leading principal components of w(t) or v(t). `gram` returns fewer than k where the trajectory has lower rank.
 * Memory beside the snapshots: a dense matrix of side min(n, T) ≤ 400, or the Lanczos basis.
 * Throws for fewer than three snapshots and an impossible number of components.
 */
export async function principalComponents(recorder: SnapshotRecorder, options: PcaOptions): Promise<PrincipalComponents> {
  assertComponents(recorder, options.components)
  const method = chooseMethod(recorder.size, recorder.count - 1)
  try {
    const series = await CentredSeries.create(recorder, options.kind, options)
    const total = await totalVariance(series)
    const found = await SOLVERS[method](series, options)
    return Object.freeze({ ...found, totalVariance: total, method, length: series.length })
  } catch (error) {
    if (!(error instanceof PassCancelled)) throw error
    return Object.freeze({ ...NOTHING, totalVariance: NaN, method, length: recorder.count - 1 })
  }
}

type Solution = Pick<PrincipalComponents, 'variances' | 'principalComponents' | 'residuals' | 'outcome'>

const NOTHING: Solution = Object.freeze({
  variances: new Float64Array(0),
  principalComponents: new Float64Array(0),
  residuals: new Float64Array(0),
  outcome: 'cancelled',
})

const SOLVERS: Record<PcaMethod, (series: CentredSeries, options: PcaOptions) => Promise<Solution>> = {
  'dense-covariance': fromDenseCovariance,
  gram: fromGramMatrix,
  lanczos: fromLanczos,
}

function chooseMethod(n: number, T: number): PcaMethod {
  if (Math.min(n, T) > DENSE_LIMIT) return 'lanczos'
  return n <= T ? 'dense-covariance' : 'gram'
}

async function fromDenseCovariance(series: CentredSeries, { components: k }: PcaOptions): Promise<Solution> {
  const { eigenvalues, eigenvectors } = symmetricEigen(await denseCovariance(series), series.size)
  return withResiduals(series, eigenvalues.slice(0, k), eigenvectors.slice(0, k * series.size))
}

/** p ∝ Xᵀ u for every eigenvector u of the Gram matrix whose variance stands above rounding. */
async function fromGramMatrix(series: CentredSeries, { components }: PcaOptions): Promise<Solution> {
  const T = series.length
  const { eigenvalues, eigenvectors } = symmetricEigen(await gramMatrix(series), T)
  const noise = T * EPSILON * eigenvalues[0]
  const k = eigenvalues.subarray(0, components).filter((variance) => variance > noise).length
  const rows = Array.from({ length: k }, () => new Float64Array(series.size))
  await series.forEachGroup((group, t) => {
    rows.forEach((row, i) => {
      space.addCombination(group, eigenvectors.subarray(i * T + t, i * T + t + group.length), row, 1)
    })
  }, k)
  orthonormalise(rows)
  const joined = new Float64Array(k * series.size)
  rows.forEach((row, i) => joined.set(row, i * series.size))
  fixRowSigns(joined, series.size)
  return withResiduals(series, eigenvalues.slice(0, k), joined)
}

async function fromLanczos(series: CentredSeries, options: PcaOptions): Promise<Solution> {
  const { components: k, random, tolerance = DEFAULT_TOLERANCE, maxProducts = 4 * k + 40, onStep } = options
  const operator = covarianceOperator(series)
  const request = { largest: k, maxProducts: Math.max(k, maxProducts), tolerance, random, ...(onStep ? { onStep } : {}) }
  const { eigenvalues, eigenvectors, residuals, outcome } = await lanczosEigenpairs(operator, request)
  return { variances: eigenvalues, principalComponents: eigenvectors, residuals, outcome }
}

/** Small variances lose orthogonality in Xᵀ u; two passes against the larger ones restore it. */
function orthonormalise(rows: readonly Float64Array[]): void {
  rows.forEach((row, i) => {
    space.scale(1 / space.norm(row), row)
    space.projectOut(rows.slice(0, i), row)
    space.projectOut(rows.slice(0, i), row)
    space.scale(1 / space.norm(row), row)
  })
}

async function withResiduals(series: CentredSeries, variances: Float64Array, components: Float64Array): Promise<Solution> {
  const operator = covarianceOperator(series)
  const n = series.size
  const residuals = new Float64Array(variances.length)
  for (let i = 0; i < residuals.length; i++) {
    const p = components.subarray(i * n, (i + 1) * n)
    const image = new Float64Array(n)
    await operator.apply(p, image)
    space.axpy(-variances[i], p, image)
    residuals[i] = space.norm(image)
  }
  return { variances, principalComponents: components, residuals, outcome: 'converged' }
}

function assertComponents(recorder: SnapshotRecorder, k: number): void {
  const most = Math.min(recorder.size, Math.max(1, recorder.count - 2))
  if (!Number.isInteger(k) || k < 1 || k > most) {
    throw new RangeError(
      `pca: components=${k} of ${recorder.size} weights over ${recorder.count - 1} steps; choose a whole number from 1 to ${most}`,
    )
  }
}
