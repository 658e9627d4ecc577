import type { CurvatureSettings } from '../../../src/contracts/experiment.ts'
import type { Linalg } from '../../linalg/linalg.ts'
import { selectParameters } from '../../networks/selection.ts'
import type { MatrixDeps, StepProgress } from '../deps.ts'
import { withMatrix, type Decay } from '../hessian/matrix.ts'
import { buildDense } from '../whole-spectrum/build-dense.ts'

/** Weights up to which a whole matrix is built for comparison. */
export const DENSE_LIMIT = 2500

/** Why there is no dense comparison, in words. */
export function tooLargeForDense(size: number): string {
  return `The matrix of ${size} weights is too large to be written out; up to ${DENSE_LIMIT} it is.`
}

/** All eigenvalues from the matrix itself, descending; null where it is too large or work was stopped. */
export async function denseEigenvalues(
  deps: MatrixDeps,
  linalg: () => Promise<Linalg>,
  state: Float32Array | Float64Array,
  settings: CurvatureSettings,
  decay: Decay,
  onProgress: (progress: StepProgress) => void,
): Promise<Float64Array | null> {
  if (selectParameters(deps.network, settings.selection).size > DENSE_LIMIT) return null
  return withMatrix(deps, state, settings, decay, async (matrix) => {
    const target = (await linalg()).matrix(matrix.selection.size, { vectors: false })
    try {
      await buildDense(deps, matrix, settings, decay, target, onProgress)
      const found = await target.eigen({ signal: deps.pacing.signal, rest: deps.pacing.breathe })
      return found && found.eigenvalues
    } finally {
      target.dispose()
    }
  })
}
