import type { WholeSpectrumAnalysis } from '../../../src/contracts/experiment.ts'
import { LabError } from '../../../src/contracts/errors.ts'
import type { DenseMatrix } from '../../linalg/dense-matrix.ts'
import { ADDRESS_LIMIT, largestFittingSize, symmetricEigenBytes } from '../../linalg/layout.ts'
import type { Linalg } from '../../linalg/linalg.ts'
import { selectParameters } from '../../networks/selection.ts'
import { unlessInterrupted, type MatrixDeps, type StepProgress } from '../deps.ts'
import { withMatrix, type Decay, type Matrix } from '../hessian/matrix.ts'
import { buildDense, type Build } from './build-dense.ts'

/** All eigenpairs of a matrix. */
export interface WholeSpectrum {
  readonly eigenvalues: Float64Array
  /** [n, n] rows; float32 above `SINGLE_ABOVE`. */
  readonly eigenvectors: Float64Array | Float32Array | null
  readonly build: Build
  readonly solver: string
  readonly checked: readonly number[]
  readonly residuals: Float64Array
  readonly orthogonality: number | null
  readonly bytes: number
  readonly buildSeconds: number
  readonly solveSeconds: number
}

/** Decomposes a filled matrix; null when stopped. */
export interface Decomposed {
  readonly eigenvalues: Float64Array
  readonly eigenvectors: Float64Array | Float32Array | null
  readonly checked: readonly number[]
  readonly residuals: Float64Array
  readonly orthogonality: number | null
  readonly solver: string
}

export type Decompose = (target: DenseMatrix, vectors: boolean, onProgress: (progress: StepProgress) => void) => Promise<Decomposed | null>

/** Vectors of larger matrices are kept in float32: 268 MB for 8,192 instead of 537. */
const SINGLE_ABOVE = 4096

/** Steps that a decomposition's progress is told in. */
const PARTS = 1000

/** Builds the matrix and decomposes it. Null when stopped. Throws a `LabError` for a matrix that does not fit. */
export async function wholeSpectrum(
  deps: MatrixDeps,
  linalg: Linalg,
  state: Float32Array | Float64Array,
  settings: WholeSpectrumAnalysis,
  decay: Decay,
  decompose: Decompose,
  onProgress: (progress: StepProgress) => void,
): Promise<{ readonly matrix: Matrix; readonly spectrum: WholeSpectrum } | null> {
  const { now } = deps.pacing
  refuseTooLarge(selectParameters(deps.network, settings.selection).size, settings)
  const work = async (matrix: Matrix): Promise<{ matrix: Matrix; spectrum: WholeSpectrum } | null> => {
    const { size } = matrix.selection
    const target = linalg.matrix(size, { vectors: holdsVectors(settings), limitBytes: settings.memory * 1e6 })
    try {
      const start = now()
      const build = await buildDense(deps, matrix, settings, decay, target, onProgress)
      const built = now()
      const found = await decompose(target, settings.vectors, onProgress)
      if (found === null) return null
      const bytes = symmetricEigenBytes(size, holdsVectors(settings))
      return { matrix, spectrum: { ...found, build, bytes, buildSeconds: (built - start) / 1000, solveSeconds: (now() - built) / 1000 } }
    } finally {
      target.dispose()
    }
  }
  return unlessInterrupted(withMatrix(deps, state, settings, decay, work))
}

/** Divide and conquer in float64 on the CPU. */
export function decomposeOnCpu({ pacing }: MatrixDeps): Decompose {
  return async (target, vectors, onProgress) => {
    const found = await target.eigen({
      signal: pacing.signal,
      rest: pacing.breathe,
      onProgress: ({ phase, done }) => onProgress({ what: phase, step: Math.round(PARTS * done), of: PARTS }),
    })
    if (found === null) return null
    const { eigenvalues, eigenvectors, checked, residuals, orthogonality, threads } = found
    return {
      eigenvalues,
      eigenvectors: eigenvectors && kept(eigenvectors, target.size),
      checked,
      residuals,
      orthogonality: vectors ? orthogonality : null,
      solver: `float64, ${threads === 1 ? 'one thread' : `${threads} threads`}`,
    }
  }
}

/** A copy that outlives the memory of the decomposition. */
function kept(eigenvectors: Float64Array, size: number): Float64Array | Float32Array {
  return size > SINGLE_ABOVE ? new Float32Array(eigenvectors) : new Float64Array(eigenvectors)
}

/** The graphics device keeps vectors in a memory of its own. */
function holdsVectors({ vectors, solver }: WholeSpectrumAnalysis): boolean {
  return vectors && solver === 'float64'
}

function refuseTooLarge(size: number, settings: WholeSpectrumAnalysis): void {
  const { memory } = settings
  const vectors = holdsVectors(settings)
  const need = symmetricEigenBytes(size, vectors)
  const limit = Math.min(memory * 1e6, ADDRESS_LIMIT)
  if (need <= limit) return
  const most = largestFittingSize(limit, vectors)
  throw new LabError(
    'out-of-memory',
    `All eigenvalues of ${size} weights need ${Math.ceil(need / 1e6)} MB${vectors ? ' with their vectors' : ''}; ${Math.floor(limit / 1e6)} MB are ${limit < memory * 1e6 ? 'all that can be addressed' : 'allowed'}, which is enough for ${most} weights.`,
    vectors ? 'Look at a smaller layer, leave out the eigenvectors, or use the eigenvalue density, which fits any network.' : 'Look at a smaller layer, or use the eigenvalue density, which fits any network.',
  )
}
