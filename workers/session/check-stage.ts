import { LabError } from '../../src/contracts/errors.ts'
import type { CheckItem, CheckResult } from '../../src/contracts/results.ts'
import { denseEigenvalues, DENSE_LIMIT, tooLargeForDense } from '../experiments/check/dense-reference.ts'
import { referenceProduct } from '../experiments/check/reference-product.ts'
import { checkItem, notDone, overall } from '../experiments/check/verdict.ts'
import { spectralDensity } from '../experiments/hessian/density.ts'
import { hessianEigenpairs } from '../experiments/hessian/eigenpairs.ts'
import { withMatrix } from '../experiments/hessian/matrix.ts'
import { estimateTrace } from '../experiments/hessian/trace.ts'
import { dotWith, vectorAt, vectorSet } from '../experiments/overlap/vector-set.ts'
import { kernelValues } from '../experiments/singular-values/decompose.ts'
import { selectParameters } from '../networks/selection.ts'
import { createRandom } from '../numerics/random.ts'
import { dot, float64Space } from '../numerics/vector-space.ts'
import type { Artifact, ArtifactKinds } from './analysis-artifacts.ts'
import { decayAt, matrixDeps, progressReporter, type AnalysisContext } from './analysis-context.ts'

/** Compares one result with everything independent of it that there is time for. Throws a `LabError` for results with nothing to check. */
export async function runCheck(context: AnalysisContext, index: number, artifact: Artifact): Promise<CheckResult> {
  const start = context.pacing.now()
  const items = await checksOf(new Checker(context), artifact)
  const { samples } = artifact.result.provenance
  const provenance = context.provenance(samples, context.experiment.seeds.probes, (context.pacing.now() - start) / 1000)
  const result: CheckResult = { kind: 'check', analysis: index, verdict: overall(items), items, provenance }
  context.emit({ type: 'result', result })
  return result
}

function checksOf(checker: Checker, artifact: Artifact): Promise<readonly CheckItem[]> {
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
      return checker.singularValues()
    case 'principalComponents':
    case 'demonstration':
    case 'noiseFiltering':
      throw new LabError('bad-settings', 'There is nothing independent to check this result with.', 'Check a spectrum, a density, a trace or singular values.')
  }
}

/** Standard errors that two independent estimates may differ by. */
const Z_GOOD = 2.5
const Z_TOLERABLE = 4

class Checker {
  constructor(private readonly context: AnalysisContext) {}

  async spectrum({ result, eigenvectors }: ArtifactKinds['spectrum']): Promise<readonly CheckItem[]> {
    const { settings, eigenvalues, dimension, end } = result
    const scale = largest(eigenvalues)
    const worst = largest(result.residuals) / scale
    const items = [
      checkItem('Residuals', 'Largest ‖Hh − hh‖ over the largest eigenvalue: no eigenvalue is further off than that.', worst, settings.tolerance, 100 * settings.tolerance),
      checkItem('Orthogonality', 'Largest product of two eigenvectors, which should be 0.', farthestFromOrthogonal(eigenvectors, dimension), 1e-8, 1e-4),
    ]
    this.tell('another start vector')
    const seed = this.context.experiment.seeds.probes + 1
    const again = await hessianEigenpairs(this.deps, this.state, settings, this.decay, seed, () => undefined)
    if (again === null) return [...items, notDone('Another start vector', 'Stopped.')]
    items.push(checkItem('Another start vector', `Largest change of an eigenvalue with seed ${seed}, over the largest.`, difference(eigenvalues, again.pairs.eigenvalues) / scale, 2 * settings.tolerance, 0.01))
    const dense = await this.dense(settings)
    const wanted = dense && Float64Array.from(end, (which, i) => (which === 'largest' ? dense[i] : dense[dimension - end.length + i]))
    items.push(
      wanted === null
        ? notDone('Whole matrix', tooLargeForDense(dimension))
        : checkItem('Whole matrix', 'Largest difference from the eigenvalues of the matrix written out, over the largest.', difference(eigenvalues, wanted) / scale, settings.tolerance, 0.01),
    )
    items.push(await this.reference(settings, eigenvectors.slice(0, dimension)))
    return items
  }

  async wholeSpectrum({ result, eigenvectors }: ArtifactKinds['wholeSpectrum']): Promise<readonly CheckItem[]> {
    const { eigenvalues, trace, residuals, orthogonality, settings, dimension } = result
    const scale = largest(eigenvalues)
    const sum = eigenvalues.reduce((total, value) => total + value, 0)
    const magnitude = eigenvalues.reduce((total, value) => total + Math.abs(value), 0)
    const items = [checkItem('Trace', 'Sum of all eigenvalues against the trace of the matrix, over the sum of their magnitudes.', Math.abs(sum - trace) / magnitude, 1e-10, 1e-5)]
    if (residuals.length > 0) items.push(checkItem('Residuals', `Largest of ${residuals.length} residuals ‖Hh − hh‖ over the largest eigenvalue.`, largest(residuals) / scale, 1e-10, 1e-4))
    if (orthogonality !== null) items.push(checkItem('Orthogonality', 'Largest product of two different eigenvectors.', orthogonality, 1e-10, 1e-4))
    this.tell('a product')
    const vector = randomUnit(dimension, this.context.experiment.seeds.probes)
    const exact = await this.product(settings, vector)
    items.push(
      eigenvectors === null
        ? checkItem('Products', 'Ends of the spectrum: hₙ ≤ xᵀHx ≤ h₁ for a random direction x; distance outside, over h₁.', outside(dot(vector, exact), eigenvalues) / scale, 1e-6, 1e-3)
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
    if (again !== null) {
      const error = Math.sqrt(square(moments.trace.standardError ?? 0) + square(again.moments.trace.standardError ?? 0))
      items.push(checkItem('Other directions', `Change of the trace with seed ${seed}, in standard errors.`, inErrors(moments.trace.value - again.moments.trace.value, error), Z_GOOD, Z_TOLERABLE))
    }
    const dense = await this.dense(settings)
    if (dense === null) items.push(notDone('Whole matrix', tooLargeForDense(dimension)))
    else {
      const trace = dense.reduce((sum, value) => sum + value, 0)
      const [negative, all] = [dense.reduce((sum, value) => sum + Math.max(0, -value), 0), dense.reduce((sum, value) => sum + Math.abs(value), 0)]
      items.push(checkItem('Trace of the whole matrix', 'Difference from the exact trace, in standard errors.', inErrors(moments.trace.value - trace, moments.trace.standardError ?? 0), Z_GOOD, Z_TOLERABLE))
      items.push(checkItem('Negative mass of the whole matrix', 'Difference from the exact negative mass.', Math.abs(moments.negativeMass.value - negative / all), 0.02, 0.1))
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
    if (again !== null) {
      const error = Math.sqrt(square(trace.standardError ?? 0) + square(again.trace.standardError ?? 0))
      items.push(checkItem('Other probes', `Change with seed ${seed}, in standard errors.`, inErrors(trace.value - again.trace.value, error), Z_GOOD, Z_TOLERABLE))
    }
    if (layers !== null) {
      const sum = layers.reduce((total, layer) => total + layer.trace, 0)
      items.push(checkItem('Layers', 'The layers’ shares add up to the whole: relative difference.', Math.abs(sum - trace.value) / Math.abs(trace.value), 1e-9, 1e-6))
    }
    const dense = await this.dense(settings)
    items.push(
      dense === null
        ? notDone('Whole matrix', tooLargeForDense(dimension))
        : checkItem('Whole matrix', 'Difference from the exact trace, in standard errors.', inErrors(trace.value - dense.reduce((sum, value) => sum + value, 0), trace.standardError ?? 0), Z_GOOD, Z_TOLERABLE),
    )
    items.push(await this.reference(settings, randomUnit(dimension, seed)))
    return items
  }

  /** Every kernel put together again from its decomposition. */
  async singularValues(): Promise<readonly CheckItem[]> {
    const { kernels, state } = this.context
    const all = kernels().map(({ parameter, rows, cols, decomposition: { left, right, singularValues, rank } }) => {
      const values = kernelValues(parameter, state.weights)
      let [error, scale] = [0, 0]
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < cols; j++) {
          let entry = 0
          for (let k = 0; k < rank; k++) entry += left[i * rank + k] * singularValues[k] * right[j * rank + k]
          error = Math.max(error, Math.abs(entry - values[i * cols + j]))
          scale = Math.max(scale, Math.abs(values[i * cols + j]))
        }
      }
      return checkItem(`Layer ${parameter.layer}`, 'The kernel put together again from its singular matrices: largest difference over the largest entry.', error / scale, 1e-12, 1e-8)
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

  private tell(what: string): void {
    this.context.emit({ type: 'progress', progress: { stage: 'analyses', what: `Check: ${what}`, step: 0, of: 1, secondsLeft: null } })
  }

  private async dense(settings: Parameters<typeof denseEigenvalues>[3]): Promise<Float64Array | null> {
    const { bench, linalg, emit, pacing } = this.context
    if (selectParameters(bench.network, settings.selection).size > DENSE_LIMIT) return null
    const report = progressReporter(emit, 'analyses', pacing)
    return denseEigenvalues(this.deps, await linalg(), this.state, settings, this.decay, ({ what, step, of }) => report({ what: `Check: whole matrix, ${what}`, step, of }))
  }

  private reference(settings: Parameters<typeof referenceProduct>[2], vector: Float64Array): Promise<CheckItem> {
    this.tell('reference in float64')
    return referenceProduct(this.deps, this.state, settings, this.decay, vector)
  }

  private product(settings: Parameters<typeof referenceProduct>[2], vector: Float64Array): Promise<Float64Array> {
    return withMatrix(this.deps, this.state, settings, this.decay, async ({ operator }) => {
      const y = new Float64Array(operator.size)
      await operator.apply(vector, y)
      return y
    })
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

/** A difference in standard errors; what has no error must agree to rounding. */
function inErrors(value: number, error: number): number {
  return error > 0 ? Math.abs(value) / error : Math.abs(value) > 0 ? Infinity : 0
}

function square(value: number): number {
  return value * value
}
