import type { MonitorSettings } from '../../../src/contracts/experiment.ts'
import type { BufferHandle } from '../../engine/tensor.ts'
import { openWasmRows } from '../../linalg/rows/wasm-rows.ts'
import { selectParameters, type SelectedParameters } from '../../networks/selection.ts'
import { createRandom } from '../../numerics/random.ts'
import { stochasticLanczosQuadrature } from '../../numerics/slq/lanczos-quadrature.ts'
import { negativeMass, quadratureMoment } from '../../numerics/slq/quadrature-estimates.ts'
import { dot, float64Space } from '../../numerics/vector-space.ts'
import { warmEigenpairs } from '../../numerics/warm/warm-eigenpairs.ts'
import { Interrupted, interruptible, type MatrixDeps, type MatrixOperator } from '../deps.ts'
import type { Decay } from '../hessian/matrix.ts'
import type { Look } from './series.ts'

/** What the next look starts from. */
export interface MonitorMemory {
  /** [k, n] eigenvectors of the last look, and of the first; null for the last where looks after it were given up. */
  readonly vectors: Float64Array | null
  readonly first: Float64Array
}

/** Where training stands at a look. */
export interface Moment {
  readonly step: number
  readonly epoch: number
  readonly decay: Decay
  readonly stabilityLimit: number | null
}

/** A followed eigenvalue is good enough for a curve at this share of the largest. */
const TOLERANCE = 1e-3

/** Products that one look may take for every eigenvalue followed. */
const MOST_PRODUCTS = 30

/** Ritz values below this share of the largest are rounding. */
const ROUNDING = 1e-6

/**
 * Follows the largest eigenvalues of the Hessian along a trajectory, each look starting from the vectors of the last. Probes
 * are the same at every look, so that what changes is the matrix.
 */
export class CurvatureMonitor {
  readonly looks: Look[] = []
  private readonly selection: SelectedParameters
  private operator: MatrixOperator | null = null
  private decay: Decay | null = null
  private memory: MonitorMemory | null = null

  constructor(
    private readonly deps: MatrixDeps,
    private readonly weights: BufferHandle,
    private readonly settings: MonitorSettings,
    private readonly seed: number,
  ) {
    this.selection = selectParameters(deps.network, settings.selection)
  }

  get size(): number {
    return this.selection.size
  }

  /** Goes on from earlier looks up to a step; what is remembered is of the last of all. */
  restore(all: readonly Look[], memory: MonitorMemory | null, upToStep: number): void {
    const looks = all.filter(({ step }) => step <= upToStep)
    this.looks.splice(0, this.looks.length, ...looks)
    if (memory === null || looks.length === 0) this.memory = null
    else this.memory = looks.length === all.length ? memory : { vectors: looks.length === 1 ? memory.first : null, first: memory.first }
  }

  get remembered(): MonitorMemory | null {
    return this.memory
  }

  /** Whether a look belongs to a step and is not there yet. */
  isDue(step: number): boolean {
    return step % this.settings.every === 0 && (this.looks.at(-1)?.step ?? -1) < step
  }

  /** Steps that may be taken before the next look. */
  stepsUntilDue(step: number): number {
    return this.settings.every - (step % this.settings.every)
  }

  /** Looks at the present weights; false when stopped on the way. */
  async look(moment: Moment): Promise<boolean> {
    try {
      const operator = await this.open(moment.decay)
      const { loss, gradient } = await operator.linearise()
      // Training itself says that the network has diverged.
      if (!Number.isFinite(loss)) return true
      const pairs = await this.followedPairs(operator, gradient)
      if (pairs === null) return false
      const probed = await this.probed(operator, pairs.eigenvalues[0])
      if (probed === null) return false
      const { vectors, eigenvalues, residuals } = pairs
      const gradientNorm = float64Space.norm(gradient)
      this.looks.push({
        step: moment.step,
        epoch: moment.epoch,
        eigenvalues,
        residuals,
        stabilityLimit: moment.stabilityLimit ?? NaN,
        ...probed,
        loss,
        gradientNorm,
        gradientOverlap: gradientNorm === 0 ? NaN : this.shareWithin(vectors, gradient) / (gradientNorm * gradientNorm),
        previousOverlap: this.subspaceOverlap(vectors, this.memory?.vectors ?? null),
        firstOverlap: this.subspaceOverlap(vectors, this.memory?.first ?? null),
        products: pairs.products + this.settings.probes * Math.min(this.settings.steps, this.size),
      })
      this.memory = { vectors, first: this.memory?.first ?? vectors }
      return true
    } catch (error) {
      if (error instanceof Interrupted) return false
      throw error
    }
  }

  dispose(): void {
    this.operator?.dispose()
    this.operator = null
  }

  /** The operator is compiled once and linearised at every look; a changed λ needs another one. */
  private async open(decay: Decay): Promise<MatrixOperator> {
    if (this.operator !== null && this.decay?.weightDecay === decay.weightDecay) return this.operator
    this.dispose()
    const { train, pacing } = this.deps
    const data = { ...train, samples: Math.min(this.settings.samples, train.samples) }
    this.operator = await this.deps.openMatrix(this.weights, data, this.selection, { ...decay, matrix: 'hessian', batchNorm: 'inference', rest: interruptible(pacing) })
    this.decay = decay
    return this.operator
  }

  private async followedPairs(operator: MatrixOperator, gradient: Float64Array): Promise<{ vectors: Float64Array; eigenvalues: Float64Array; residuals: Float64Array; products: number } | null> {
    const { pacing } = this.deps
    const count = Math.min(this.settings.largest, this.size)
    const { eigenvalues, eigenvectors, residuals, products, outcome } = await warmEigenpairs(operator, this.memory?.vectors ?? null, {
      count,
      tolerance: TOLERANCE,
      maxProducts: MOST_PRODUCTS * (count + 1),
      random: createRandom(this.seed, `monitor/${this.looks.length}`),
      extra: gradient,
      shouldStop: () => pacing.signal.aborted,
      rest: pacing.breathe,
    })
    return outcome === 'cancelled' ? null : { vectors: eigenvectors, eigenvalues, residuals, products }
  }

  private async probed(operator: MatrixOperator, sharpness: number): Promise<Pick<Look, 'trace' | 'traceError' | 'negativeMass' | 'conditionBound'> | null> {
    const { probes, steps } = this.settings
    if (probes === 0) return { trace: NaN, traceError: NaN, negativeMass: NaN, conditionBound: NaN }
    const { pacing } = this.deps
    const most = Math.min(steps, this.size)
    const quadrature = await stochasticLanczosQuadrature(operator, {
      probes,
      steps: most,
      openRows: await openWasmRows(this.size, most + 1),
      random: createRandom(this.seed, 'monitor/probes'),
      shouldStop: () => pacing.signal.aborted,
      rest: pacing.breathe,
    })
    if (quadrature.outcome === 'cancelled') return null
    const trace = quadratureMoment(quadrature, 1)
    const least = quadrature.nodes.reduce((smallest, node) => (node > ROUNDING * sharpness && node < smallest ? node : smallest), sharpness)
    return { trace: trace.value, traceError: trace.standardError, negativeMass: negativeMass(quadrature).value, conditionBound: sharpness / least }
  }

  /** ‖P x‖² with P the projector on vectors [k, n]. */
  private shareWithin(vectors: Float64Array, x: Float64Array): number {
    let sum = 0
    for (let at = 0; at < vectors.length; at += this.size) {
      const coefficient = dot(vectors.subarray(at, at + this.size), x)
      sum += coefficient * coefficient
    }
    return sum
  }

  /** (1/k)‖AᵀB‖_F² of two orthonormal families: 1 for one subspace, about k/n for unrelated ones; NaN without the second. */
  private subspaceOverlap(a: Float64Array, b: Float64Array | null): number {
    if (b === null) return NaN
    const count = a.length / this.size
    let sum = 0
    for (let i = 0; i < count; i++) sum += this.shareWithin(b, a.subarray(i * this.size, (i + 1) * this.size))
    return sum / count
  }
}
