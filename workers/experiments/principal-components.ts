import type { PrincipalComponentsAnalysis } from '../../src/contracts/experiment.ts'
import type { ComponentSet } from '../../src/contracts/results.ts'
import { linearFit } from '../numerics/linear-fit.ts'
import { principalComponents, type PrincipalComponents } from '../numerics/pca.ts'
import { projections } from '../numerics/projections.ts'
import { createRandom } from '../numerics/random.ts'
import type { SnapshotRecorder } from '../numerics/snapshots.ts'
import type { Pacing, StepProgress } from './deps.ts'

/** Components whose projection θᵢ(t) is shown. */
const SHOWN_COMPONENTS = 3

/** Points of θᵢ(t) that are kept; more cannot be seen. */
const SHOWN_POINTS = 2000

/** PCA of recorded weights and of their velocities, with the drift mode's linear fit. */
export interface DriftAnalysis {
  readonly weights: PrincipalComponents
  readonly velocities: PrincipalComponents
  readonly theta: Float64Array
  readonly thetaComponents: number
  readonly thetaTime: Float64Array
  readonly drift: { readonly slope: number; readonly intercept: number; readonly r2: number }
  readonly secondR2: number
  readonly driftWeightCosine: number
  readonly weightNorm: { readonly first: number; readonly last: number }
}

/** Analyses at least three snapshots (SCIENCE: covariance over time of w and of v(t) = w(t+1) − w(t), ddof 1). */
export async function analyseDrift(
  recorder: SnapshotRecorder,
  settings: PrincipalComponentsAnalysis,
  seed: number,
  pacing: Pacing,
  onProgress: (progress: StepProgress) => void,
): Promise<DriftAnalysis> {
  const stop = { yieldControl: pacing.breathe, shouldStop: () => pacing.signal.aborted }
  const common = { ...stop, components: Math.min(settings.components, recorder.size, recorder.count - 2) }
  onProgress({ what: `Principal components of ${recorder.count} snapshots of the weights`, step: 0, of: 2 })
  const weights = await principalComponents(recorder, { ...common, kind: 'weights', random: createRandom(seed, 'pca/weights') })
  onProgress({ what: `Principal components of ${recorder.count - 1} velocities`, step: 1, of: 2 })
  const velocities = await principalComponents(recorder, { ...common, kind: 'velocities', random: createRandom(seed, 'pca/velocities') })
  const steps = recorder.count - 1
  const shown = Math.min(SHOWN_COMPONENTS, weights.variances.length)
  const theta = await projections(recorder, weights.principalComponents.subarray(0, shown * recorder.size), stop)
  const rows = Array.from({ length: shown }, (_, i) => theta.subarray(i * recorder.count, i * recorder.count + steps))
  const first = linearFit(rows[0])
  const stride = Math.ceil(steps / SHOWN_POINTS)
  const kept = Array.from({ length: Math.ceil(steps / stride) }, (_, i) => i * stride)
  const last = Float64Array.from(recorder.get(recorder.count - 1))
  const lastNorm = norm(last)
  return {
    weights,
    velocities,
    theta: Float64Array.from(rows.flatMap((row) => kept.map((t) => row[t]))),
    thetaComponents: shown,
    thetaTime: Float64Array.from(kept),
    drift: { slope: first.slope, intercept: first.intercept, r2: first.r2 },
    secondR2: shown > 1 ? linearFit(rows[1]).r2 : 0,
    driftWeightCosine: cosineOf(weights.principalComponents.subarray(0, recorder.size), last, lastNorm),
    weightNorm: { first: norm(Float64Array.from(recorder.get(0))), last: lastNorm },
  }
}

/** The part of a PCA that is shown; the vectors stay with the computation. */
export function componentSet(pca: PrincipalComponents): ComponentSet {
  return { variances: pca.variances, totalVariance: pca.totalVariance, residuals: pca.residuals }
}

/** p·w/‖w‖ of the first component. */
function cosineOf(component: Float64Array, w: Float64Array, wNorm: number): number {
  return component.reduce((sum, value, i) => sum + value * w[i], 0) / wNorm
}

function norm(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value * value
  return Math.sqrt(sum)
}
