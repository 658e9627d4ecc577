import type { CurvatureSettings } from '../../../src/contracts/experiment.ts'
import { LabError } from '../../../src/contracts/errors.ts'
import type { DenseMatrix } from '../../linalg/dense-matrix.ts'
import { isDecayed } from '../../networks/network.ts'
import { factorRoute } from '../../operators/dense-factors-recording.ts'
import { DenseFactors, isKronecker } from '../../operators/dense-factors.ts'
import { interruptible, type MatrixDeps, type StepProgress } from '../deps.ts'
import type { Decay, Matrix } from '../hessian/matrix.ts'

/** How a dense matrix came about. */
export interface Build {
  readonly by: 'kronecker' | 'products'
  readonly products: number
  readonly trace: number
  /** Eigenvalues that are zero in exact arithmetic come out below this share of the largest. */
  readonly rounding: number
}

/** Unit round-off of the engines, and of the sums over samples. */
const SINGLE = 2 ** -23
const DOUBLE = 2 ** -52

/**
 * Fills a dense matrix with the curvature of a selection: from Kronecker factors where it is one dense layer, else column by
 * column from products. Throws `Interrupted` when the signal says stop.
 */
export async function buildDense(deps: MatrixDeps, matrix: Matrix, settings: CurvatureSettings, decay: Decay, target: DenseMatrix, onProgress: (progress: StepProgress) => void): Promise<Build> {
  const factored = isKronecker(deps.network, matrix.selection, settings.batchNorm)
  const products = factored ? 0 : await fillByProducts(deps, matrix, target, onProgress)
  if (factored) await fillByFactors(deps, matrix, settings, decay, target, onProgress)
  const { values, size } = target
  // Squares of vectors are positive however these were rounded; products and columns bring the rounding of the engine.
  const isOfSquares = factored && factorRoute(deps.network, matrix.selection.parameters[0], settings.matrix).kind !== 'columns'
  const rounding = isOfSquares || deps.engine.info.precision === 'float64' ? size * DOUBLE : Math.sqrt(size) * SINGLE
  return { by: factored ? 'kronecker' : 'products', products, trace: traceOf(values, size), rounding }
}

/** Σ a aᵀ ⊗ G over samples in one product, and 2λ on kernel entries. */
async function fillByFactors(deps: MatrixDeps, matrix: Matrix, { matrix: kind, batchNorm }: CurvatureSettings, { decayed }: Decay, target: DenseMatrix, onProgress: (progress: StepProgress) => void): Promise<void> {
  const { engine, network, pacing } = deps
  const factors = await DenseFactors.create(engine, network, matrix.weights, matrix.data, matrix.selection, { matrix: kind, batchNorm })
  try {
    const sum = target.kronecker(factors.inputs, factors.outputs)
    let done = 0
    const onBlock = async (inputs: Float32Array | Float64Array, pairs: Float64Array): Promise<void> => {
      const rows = inputs.length / factors.inputs
      await sum.add(inputs, pairs, rows)
      done += rows
      onProgress({ what: `building from ${factors.inputs} × ${factors.outputs} factors, sample ${done} of ${factors.samples}`, step: done, of: factors.samples })
    }
    await factors.blocks(onBlock, interruptible(pacing))
    await sum.finish(0)
  } finally {
    factors.dispose()
  }
  addDecay(matrix, decayed, target)
}

function addDecay({ selection, twiceWeightDecay }: Matrix, decayed: Decay['decayed'], { values, size }: DenseMatrix): void {
  let at = 0
  for (const parameter of selection.parameters) {
    const shift = isDecayed(parameter, decayed) ? twiceWeightDecay : 0
    for (let i = at; i < at + parameter.size; i++) values[i * size + i] += shift
    at += parameter.size
  }
}

/** Column j is the product with unit vector j; rounding makes it not quite symmetric, so it is averaged with its transpose. */
async function fillByProducts({ pacing }: MatrixDeps, { operator }: Matrix, { values, size }: DenseMatrix, onProgress: (progress: StepProgress) => void): Promise<number> {
  const rest = interruptible(pacing)
  const unit = new Float64Array(size)
  for (let j = 0; j < size; j++) {
    unit.fill(0)
    unit[j] = 1
    await operator.apply(unit, values.subarray(j * size, (j + 1) * size))
    onProgress({ what: `building, column ${j + 1} of ${size}`, step: j + 1, of: size })
    await rest()
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) values[i * size + j] = values[j * size + i] = (values[i * size + j] + values[j * size + i]) / 2
  }
  return size
}

/** Throws a `LabError` for a matrix that is not finite. */
function traceOf(values: Float64Array, size: number): number {
  const bad = values.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) {
    const message = `The matrix has the entry ${values[bad]} in row ${Math.floor(bad / size)}, column ${bad % size}: the network has diverged.`
    throw new LabError('not-finite', message, 'Look at an earlier checkpoint, or train again with a smaller learning rate.')
  }
  let trace = 0
  for (let i = 0; i < size; i++) trace += values[i * size + i]
  return trace
}
