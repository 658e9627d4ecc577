import type { HessianAnalysis } from '../../../src/contracts/experiment.ts'
import type { SpectrumProgress } from '../../../src/contracts/results.ts'
import { openWasmRows } from '../../linalg/rows/wasm-rows.ts'
import { lanczosEigenpairs, memoryBytes, type LanczosEigenpairs, type LanczosProgress } from '../../numerics/lanczos.ts'
import { createRandom } from '../../numerics/random.ts'
import { inverseParticipationRatio } from '../../numerics/localisation.ts'
import { weightProduct } from '../../numerics/overlap.ts'
import { chosenSamples, equalBatches } from '../../operators/samples.ts'
import { throttled, unlessInterrupted, type MatrixDeps, type Pacing } from '../deps.ts'
import { withMatrix, type Decay, type Matrix } from './matrix.ts'

/** Top and bottom eigenpairs with everything measured on them. */
export interface HessianEigenpairs {
  readonly dimension: number
  readonly samples: number
  readonly pairs: LanczosEigenpairs
  readonly weightProduct: Float64Array
  readonly participation: Float64Array
  readonly loss: number
  readonly gradientNorm: number
  readonly twiceWeightDecay: number
}

/** Called now and then with the Ritz values so far. */
export type OnRitz = (progress: Omit<SpectrumProgress, 'analysis'>) => void

/**
 * Lanczos on the exact matrix of a selection at a flat state of the network. Where a whole Krylov basis would take more
 * memory than the settings allow, it restarts. Stopped by the signal it gives the pairs so far, or null when there
 * are none.
 */
export function hessianEigenpairs(deps: MatrixDeps, state: Float32Array | Float64Array, settings: HessianAnalysis, decay: Decay, seed: number, onRitz: OnRitz): Promise<HessianEigenpairs | null> {
  const work = async (matrix: Matrix): Promise<HessianEigenpairs | null> => {
    const pairs = await iterate(matrix, settings, seed, deps.pacing, onRitz)
    if (pairs.eigenvalues.length === 0) return null
    const { selection, w, data, loss, gradientNorm, twiceWeightDecay } = matrix
    const { size } = selection
    return {
      dimension: size,
      samples: data.samples,
      pairs,
      weightProduct: w.every((entry) => entry === 0) ? new Float64Array(pairs.eigenvalues.length) : weightProduct(pairs.eigenvectors, w),
      participation: pairs.eigenvalues.map((_, i) => inverseParticipationRatio(pairs.eigenvectors.subarray(i * size, (i + 1) * size))),
      loss,
      gradientNorm,
      twiceWeightDecay,
    }
  }
  return unlessInterrupted(withMatrix(deps, state, settings, decay, work))
}

/**
 * The same eigenvalues on each of the equal batches that the samples are cut into, [batches, k]; null when stopped.
 * Samples that would be left over are not used.
 */
export async function batchEigenvalues(deps: MatrixDeps, state: Float32Array | Float64Array, settings: HessianAnalysis, decay: Decay, seed: number, onBatch: (batch: number) => void): Promise<{ samples: number; eigenvalues: Float64Array } | null> {
  const { batches } = settings
  const chosen = chosenSamples(deps.host.labels, settings.part, settings.samples)
  const parts = equalBatches(chosen.subarray(0, chosen.length - (chosen.length % batches)), batches)
  const values: number[] = []
  for (const [batch, indices] of parts.entries()) {
    onBatch(batch)
    const work = (matrix: Matrix): Promise<LanczosEigenpairs> => iterate(matrix, settings, seed, deps.pacing, () => undefined)
    const found = await unlessInterrupted(withMatrix(deps, state, settings, decay, work, indices))
    if (found === null || found.outcome === 'cancelled') return null
    values.push(...found.eigenvalues)
  }
  return { samples: parts[0].length, eigenvalues: Float64Array.from(values) }
}

async function iterate({ operator, selection }: Matrix, settings: HessianAnalysis, seed: number, pacing: Pacing, onRitz: OnRitz): Promise<LanczosEigenpairs> {
  const { size } = selection
  const largest = Math.min(settings.largest, size)
  const smallest = Math.min(settings.smallest, Math.max(0, size - settings.largest))
  const report = throttled(pacing.now, onRitz)
  const onStep = async ({ step, of, ritzValues, residualEstimates }: LanczosProgress): Promise<void> => {
    report({ products: step, ofProducts: of, ritzValues, residuals: residualEstimates })
    await pacing.breathe()
  }
  const { tolerance, maxProducts } = settings
  const shared = { largest, smallest, tolerance, maxProducts, random: createRandom(seed, 'lanczos'), shouldStop: () => pacing.signal.aborted, trueResiduals: true }
  const bytes = settings.memory * 1e6
  const basis = Math.min(maxProducts, size)
  if (memoryBytes(size, basis, largest + smallest) <= bytes) {
    return lanczosEigenpairs(operator, { ...shared, openRows: await openWasmRows(size, basis + 1), onStep })
  }
  const { comfortableBasis, restartedLanczos, restartedRows } = await import('../../numerics/restarted/restarted-lanczos.ts')
  return restartedLanczos(operator, {
    ...shared,
    memoryBytes: bytes,
    openRows: await openWasmRows(size, restartedRows(largest + smallest, comfortableBasis(size, largest + smallest))),
    rest: pacing.breathe,
    onProgress: ({ products, of, eigenvalues }) => report({ products, ofProducts: of, ritzValues: eigenvalues, residuals: new Float64Array(eigenvalues.length) }),
  })
}
