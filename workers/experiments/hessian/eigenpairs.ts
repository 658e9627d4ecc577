import type { HessianAnalysis } from '../../../src/contracts/experiment.ts'
import type { SpectrumProgress } from '../../../src/contracts/results.ts'
import { gather, selectParameters, type SelectedParameters } from '../../networks/selection.ts'
import { lanczosEigenpairs, type LanczosEigenpairs } from '../../numerics/lanczos.ts'
import { createRandom } from '../../numerics/random.ts'
import { inverseParticipationRatio } from '../../numerics/localisation.ts'
import { weightProduct } from '../../numerics/overlap.ts'
import { Curvature } from '../../operators/curvature.ts'
import type { BufferHandle } from '../../engine/tensor.ts'
import { Interrupted, interruptible, throttled, type ExperimentDeps } from '../deps.ts'
import { float64Space } from '../../numerics/vector-space.ts'

/** Top and bottom eigenpairs with everything measured on them. */
export interface HessianEigenpairs {
  readonly selection: SelectedParameters
  readonly pairs: LanczosEigenpairs
  readonly weightProduct: Float64Array
  readonly participation: Float64Array
  readonly loss: number
  readonly gradientNorm: number
}

/** Called now and then with the Ritz values so far. */
export type OnRitz = (progress: Omit<SpectrumProgress, 'analysis'>) => void

/**
 * Lanczos on the exact Hessian of a selection, over all resident samples, at the present weights. Stopped by the
 * signal it gives the pairs so far, or null when there are none.
 */
export async function hessianEigenpairs(
  deps: ExperimentDeps,
  weights: BufferHandle,
  settings: HessianAnalysis,
  decay: { readonly weightDecay: number; readonly decayed: 'kernels' | 'dense' },
  seed: number,
  onRitz: OnRitz,
): Promise<HessianEigenpairs | null> {
  const { engine, network, train, pacing } = deps
  const selection = selectParameters(network, settings.selection)
  const curvature = await Curvature.create(engine, network, weights, train, selection, {
    ...decay,
    matrix: 'hessian',
    batchNorm: settings.batchNorm,
    rest: interruptible(pacing),
  })
  try {
    const { loss, gradient } = await curvature.linearise()
    const report = throttled(pacing.now, onRitz)
    const pairs = await lanczosEigenpairs(curvature, {
      largest: Math.min(settings.largest, selection.size),
      smallest: Math.min(settings.smallest, Math.max(0, selection.size - settings.largest)),
      maxProducts: settings.maxProducts,
      tolerance: settings.tolerance,
      random: createRandom(seed, 'lanczos'),
      onStep: async ({ step, of, ritzValues, residualEstimates }) => {
        report({ products: step, ofProducts: of, ritzValues, residuals: residualEstimates })
        await pacing.breathe()
      },
      shouldStop: () => pacing.signal.aborted,
      trueResiduals: true,
    })
    if (pairs.eigenvalues.length === 0) return null
    const w = gather(selection, await engine.read(weights))
    return {
      selection,
      pairs,
      weightProduct: w.every((entry) => entry === 0) ? new Float64Array(pairs.eigenvalues.length) : weightProduct(pairs.eigenvectors, w),
      participation: pairs.eigenvalues.map((_, i) => inverseParticipationRatio(pairs.eigenvectors.subarray(i * selection.size, (i + 1) * selection.size))),
      loss,
      gradientNorm: float64Space.norm(gradient),
    }
  } catch (error) {
    if (error instanceof Interrupted) return null
    throw error
  } finally {
    curvature.dispose()
  }
}
