import { LabError } from '../../src/contracts/errors.ts'
import type { CheckItem, CheckResult, Estimate } from '../../src/contracts/results.ts'
import { Interrupted, unlessInterrupted } from '../experiments/deps.ts'
import { denseEigenvalues, tooLargeForDense } from '../experiments/check/dense-reference.ts'
import { referenceProduct } from '../experiments/check/reference-product.ts'
import { checkItem, notDone, overall } from '../experiments/check/verdict.ts'
import { spectralDensity } from '../experiments/hessian/density.ts'
import { hessianEigenpairs } from '../experiments/hessian/eigenpairs.ts'
import { productAt, withMatrix } from '../experiments/hessian/matrix.ts'
import { estimateTrace } from '../experiments/hessian/trace.ts'
import { dotWith, vectorAt, vectorSet } from '../experiments/overlap/vector-set.ts'
import { kernelValues } from '../experiments/singular-values/decompose.ts'
import { rebuild } from '../numerics/random-matrix/noise-filter.ts'
import { createRandom } from '../numerics/random.ts'
import { dot, float64Space } from '../numerics/vector-space.ts'
import type { Artifact, ArtifactKinds } from './analysis-artifacts.ts'
import { decayAt, matrixDeps, progressReporter, type AnalysisContext } from './analysis-context.ts'

/**
 * Compares one result with everything independent of it that there is time for; null, with nothing told, when stopped: half a
 * check says nothing. Throws a `LabError` for results with nothing to check.
 */
export async function runCheck(context: AnalysisContext, index: number, artifact: Artifact): Promise<CheckResult | null> {
  const start = context.pacing.now()
  const items = await unlessInterrupted(checksOf(new Checker(context), artifact))
  if (items === null || context.pacing.signal.aborted) return null
  const { samples } = artifact.result.provenance
  const provenance = context.provenance(samples, context.experiment.seeds.probes, (context.pacing.now() - start) / 1000)
  const result: CheckResult = { kind: 'check', analysis: index, verdict: overall(items), items, provenance }
  context.emit({ type: 'result', result })
  return result
}

async function checksOf(checker: Checker, artifact: Artifact): Promise<readonly CheckItem[]> {
  switch (artifact.result.kind) {
    case 'spectrum':
      return checker.spectrum(artifact as ArtifactKinds['spectrum'])
    case 'wholeSpectrum':
      return checker.wholeSpectrum(artifact as ArtifactKinds['wholeSpectrum'])
    case 'density':
      return checker.density(artifact as ArtifactKinds['density'])
    case 'trace':
      return checker.trace(artifact as ArtifactKinds['trace'])
    case 'singularValues':
      return checker.singularValues(artifact as ArtifactKinds['singularValues'])
    case 'principalComponents':
    case 'demonstration':
    case 'noiseFiltering':
      throw new LabError('bad-settings', 'There is nothing independent to check this result with.', 'Check a spectrum, a density, a trace or singular values.')
  }
}

/** Share of the largest eigenvalue that an eigenvalue may be off, however little or much its settings asked for. */
const BEST = 1e-5
const GOOD = 1e-3
const TOLERABLE = 1e-2

/** Fewer probes than this do not tell their own standard error. */
const FEWEST_PROBES = 4

/** Relative differences that are rounding of single precision. */
const ROUNDING = 1e-5

/** Standard errors that two independent estimates may differ by. */
const Z_GOOD = 2.5
const Z_TOLERABLE = 4

class Checker {
  constructor(private readonly context: AnalysisContext) {}

  async spectrum({ result, eigenvectors }: ArtifactKinds['spectrum']): Promise<readonly CheckItem[]> {
    const { settings, eigenvalues, dimension, end } = result
    const scale = largest(eigenvalues)
    const worst = shareOf(largest(result.residuals), scale)
    const good = Math.min(GOOD, Math.max(BEST, settings.tolerance))
    const items = [
      checkItem('Residuals', 'Largest ‖Hh − hh‖ over the largest eigenvalue: no eigenvalue is further off than that.', worst, good, TOLERABLE),
      checkItem('Orthogonality', 'Largest product of two eigenvectors, which should be 0.', farthestFromOrthogonal(eigenvectors, dimension), 1e-8, 1e-4),
    ]
    this.tell('another start vector')
    const seed = this.context.experiment.seeds.probes + 1
    const again = await hessianEigenpairs(this.deps, this.state, settings, this.decay, seed, () => undefined)
    this.goOn()
    const change = again === null ? NaN : shareOf(difference(eigenvalues, again.pairs.eigenvalues), scale)
    items.push(checkItem('Another start vector', `Largest change of an eigenvalue with seed ${seed}, over the largest.`, change, 2 * good, TOLERABLE))
    const dense = await this.dense(settings)
    const wanted = dense && Float64Array.from(end, (which, i) => (which === 'largest' ? dense[i] : dense[dimension - end.length + i]))
    items.push(
      wanted === null
        ? notDone('Whole matrix', tooLargeForDense(dimension))
        : checkItem('Whole matrix', 'Largest difference from the eigenvalues of the matrix written out, over the largest.', shareOf(difference(eigenvalues, wanted), scale), good, TOLERABLE),
    )
    items.push(await this.reference(settings, eigenvectors.slice(0, dimension)))
    return items
  }

  async wholeSpectrum({ result, eigenvectors }: ArtifactKinds['wholeSpectrum']): Promise<readonly CheckItem[]> {
    const { eigenvalues, trace, residuals, orthogonality, settings, dimension } = result
    const scale = largest(eigenvalues)
    const sum = eigenvalues.reduce((total, value) => total + value, 0)
    const magnitude = eigenvalues.reduce((total, value) => total + Math.abs(value), 0)
    const items = [checkItem('Trace', 'Sum of all eigenvalues against the trace of the matrix, over the sum of their magnitudes.', shareOf(Math.abs(sum - trace), magnitude), 1e-10, 1e-5)]
    if (residuals.length > 0) items.push(checkItem('Residuals', `Largest of ${residuals.length} residuals ‖Hh − hh‖ over the largest eigenvalue.`, shareOf(largest(residuals), scale), 1e-10, 1e-4))
    if (orthogonality !== null) items.push(checkItem('Orthogonality', 'Largest product of two different eigenvectors.', orthogonality, 1e-10, 1e-4))
    this.tell('a product')
    const vector = randomUnit(dimension, this.context.experiment.seeds.probes)
    const exact = await productAt(this.deps, this.state, settings, this.decay, vector)
    items.push(
      eigenvectors === null
        ? checkItem('Products', 'Ends of the spectrum: hₙ ≤ xᵀHx ≤ h₁ for a random direction x; distance outside, over h₁.', shareOf(outside(dot(vector, exact), eigenvalues), scale), 1e-6, 1e-3)
        : checkItem('Products', 'Σ hᵢ hᵢ(hᵢ·x) from all eigenpairs against Hx by differentiation, for a random x: relative difference.', rebuilt(eigenvectors, eigenvalues, vector, exact), 2e-5, 1e-3),
    )
    items.push(await this.reference(settings, vector))
    return items
  }

  async density({ result }: ArtifactKinds['density']): Promise<readonly CheckItem[]> {
    const { settings, moments, halfMoments, dimension } = result
    this.tell('other random directions')
    const { pacing, experiment } = this.context
    const seed = experiment.seeds.probes + 1
    const again = await withMatrix(this.deps, this.state, settings, this.decay, (matrix) => spectralDensity(matrix, settings, seed, pacing, { onStep: () => undefined, onProbe: () => undefined }))
    const items: CheckItem[] = []
    const drift = Math.abs(moments.negativeMass.value - halfMoments.negativeMass.value)
    items.push(checkItem('Number of steps', 'Change of the negative mass from half the Lanczos steps to all of them.', drift, 0.02, 0.1))
    this.goOn()
    if (again !== null) items.push(inErrors('Other directions', `Change of the trace with seed ${seed}, in standard errors.`, moments.trace, again.moments.trace, settings.probes))
    const dense = await this.dense(settings)
    if (dense === null) items.push(notDone('Whole matrix', tooLargeForDense(dimension)))
    else {
      const trace = dense.reduce((sum, value) => sum + value, 0)
      const [negative, all] = [dense.reduce((sum, value) => sum + Math.max(0, -value), 0), dense.reduce((sum, value) => sum + Math.abs(value), 0)]
      items.push(inErrors('Trace of the whole matrix', 'Difference from the exact trace, in standard errors.', moments.trace, { value: trace, standardError: 0 }, settings.probes))
      const { value, standardError } = moments.negativeMass
      const beyond = Math.max(0, Math.abs(value - shareOf(negative, all)) - 2 * (standardError ?? 0))
      items.push(checkItem('Negative mass of the whole matrix', 'Difference from the exact negative mass beyond two standard errors.', beyond, 0.02, 0.1))
    }
    items.push(await this.reference(settings, randomUnit(dimension, seed)))
    return items
  }

  async trace({ result }: ArtifactKinds['trace']): Promise<readonly CheckItem[]> {
    const { settings, trace, dimension, layers } = result
    this.tell('other probes')
    const { pacing, experiment } = this.context
    const seed = experiment.seeds.probes + 1
    const items: CheckItem[] = []
    const again = await withMatrix(this.deps, this.state, settings, this.decay, (matrix) => estimateTrace(matrix, settings, seed, pacing, () => undefined))
    this.goOn()
    if (again !== null) items.push(inErrors('Other probes', `Change with seed ${seed}, in standard errors.`, trace, again.trace, settings.probes))
    if (layers !== null) {
      const sum = layers.reduce((total, layer) => total + layer.trace, 0)
      items.push(checkItem('Layers', 'The layers’ shares add up to the whole: relative difference.', shareOf(Math.abs(sum - trace.value), Math.abs(trace.value)), 1e-9, 1e-6))
    }
    const dense = await this.dense(settings)
    items.push(
      dense === null
        ? notDone('Whole matrix', tooLargeForDense(dimension))
        : inErrors('Whole matrix', 'Difference from the exact trace, in standard errors.', trace, { value: dense.reduce((sum, value) => sum + value, 0), standardError: 0 }, settings.probes),
    )
    items.push(await this.reference(settings, randomUnit(dimension, seed)))
    return items
  }

  /** Every kernel put together again from its decomposition. */
  async singularValues({ result }: ArtifactKinds['singularValues']): Promise<readonly CheckItem[]> {
    const { kernels, state } = this.context
    const all = kernels(result.settings.reshape).map(({ parameter, decomposition }) => {
      const values = kernelValues(parameter, state.weights)
      const error = difference(values, rebuild(decomposition, decomposition.singularValues))
      return checkItem(`Layer ${parameter.layer}`, 'The kernel put together again from its singular matrices: largest difference over the largest entry.', shareOf(error, largest(values)), 1e-12, 1e-8)
    })
    await this.context.pacing.breathe()
    return all
  }

  private get deps(): ReturnType<typeof matrixDeps> {
    return matrixDeps(this.context)
  }

  private get state(): Float32Array | Float64Array {
    return this.context.state.weights
  }

  private get decay(): ReturnType<typeof decayAt> {
    return decayAt(this.context.experiment, this.context.state)
  }

  /** Work that was stopped gives half a result: nothing is concluded from it. */
  private goOn(): void {
    if (this.context.pacing.signal.aborted) throw new Interrupted('stopped on request')
  }

  private tell(what: string): void {
    this.goOn()
    this.context.emit({ type: 'progress', progress: { stage: 'analyses', what: `Check: ${what}`, step: 0, of: 1, secondsLeft: null } })
  }

  private async dense(settings: Parameters<typeof denseEigenvalues>[3]): Promise<Float64Array | null> {
    const { linalg, emit, pacing } = this.context
    const report = progressReporter(emit, 'analyses', pacing)
    const found = await denseEigenvalues(this.deps, linalg, this.state, settings, this.decay, ({ what, step, of }) => report({ what: `Check: whole matrix, ${what}`, step, of }))
    this.goOn()
    return found
  }

  private reference(settings: Parameters<typeof referenceProduct>[2], vector: Float64Array): Promise<CheckItem> {
    this.tell('reference in float64')
    return referenceProduct(this.deps, this.state, settings, this.decay, vector)
  }
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}

function difference(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)
}

function farthestFromOrthogonal(vectors: Float64Array, dimension: number): number {
  const set = vectorSet(vectors, dimension)
  let most = 0
  for (let i = 0; i < set.count; i++) {
    for (let j = 0; j < i; j++) most = Math.max(most, Math.abs(dot(vectorAt(set, i), vectorAt(set, j))))
  }
  return most
}

function randomUnit(dimension: number, seed: number): Float64Array {
  const vector = float64Space.random(dimension, createRandom(seed, 'check'))
  float64Space.scale(1 / float64Space.norm(vector), vector)
  return vector
}

function outside(form: number, eigenvalues: Float64Array): number {
  return Math.max(0, form - eigenvalues[0], eigenvalues[eigenvalues.length - 1] - form)
}

/** ‖VᵀΛVx − y‖ / ‖y‖ */
function rebuilt(vectors: Float64Array | Float32Array, eigenvalues: Float64Array, x: Float64Array, y: Float64Array): number {
  const set = vectorSet(vectors, x.length)
  const sum = new Float64Array(x.length)
  for (let i = 0; i < set.count; i++) {
    const vector = vectorAt(set, i)
    float64Space.axpy(eigenvalues[i] * dotWith(x, set, i * x.length), vector, sum)
  }
  float64Space.axpy(-1, y, sum)
  return float64Space.norm(sum) / Math.max(float64Space.norm(y), Number.MIN_VALUE)
}

/** Two estimates of one number, their difference in standard errors; what has no error must agree to rounding. */
function inErrors(name: string, what: string, a: Estimate, b: Estimate, probes: number): CheckItem {
  if (a.standardError === null || b.standardError === null || (a.standardError > 0 && probes < FEWEST_PROBES)) {
    return notDone(name, `Fewer than ${FEWEST_PROBES} probes do not tell their own standard error.`)
  }
  const difference = Math.abs(a.value - b.value)
  const isRounding = difference <= ROUNDING * Math.max(Math.abs(a.value), Math.abs(b.value))
  const error = Math.sqrt(a.standardError * a.standardError + b.standardError * b.standardError)
  return checkItem(name, what, isRounding ? 0 : difference / error, Z_GOOD, Z_TOLERABLE)
}

/** value/scale; nothing of nothing is nothing. */
function shareOf(value: number, scale: number): number {
  return value === 0 ? 0 : value / scale
}
