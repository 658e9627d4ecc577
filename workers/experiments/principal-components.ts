import { LabError } from '../../src/contracts/errors.ts'
import type { PrincipalComponentsAnalysis } from '../../src/contracts/experiment.ts'
import type { ComponentSet, PrincipalComponentsResult } from '../../src/contracts/results.ts'
import { linearFit } from '../numerics/linear-fit.ts'
import { principalComponents, type PrincipalComponents } from '../numerics/pca.ts'
import { projections } from '../numerics/projections.ts'
import { createRandom } from '../numerics/random.ts'
import type { SnapshotRecorder } from '../numerics/snapshots.ts'
import { dot, float64Space } from '../numerics/vector-space.ts'
import { throttled, type Pacing, type StepProgress } from './deps.ts'

/** Components whose projection θᵢ(t) is shown. */
const SHOWN_COMPONENTS = 3

/** Points of θᵢ(t) that are kept; more cannot be seen. */
const SHOWN_POINTS = 2000

/** What of the result is shown as it is. */
type ShownDrift = Pick<PrincipalComponentsResult, 'theta' | 'thetaComponents' | 'thetaTime' | 'drift' | 'secondR2' | 'driftWeightCosine' | 'weightNorm'>

/** PCA of recorded weights and of their velocities, with the drift mode's linear fit. */
export interface DriftAnalysis extends ShownDrift {
  readonly weights: PrincipalComponents
  readonly velocities: PrincipalComponents
}

/** Snapshots that a PCA of velocities with two components needs. */
export const FEWEST_SNAPSHOTS = 4

/**
 * Covariance over time of w and of v(t) = w(t+1) − w(t), ddof 1 (Eqs. 3.3–3.5), and θᵢ(t) = w(t)·pᵢ. Null when the
 * signal stops it. Throws a `LabError` when the weights did not move.
 */
export async function analyseDrift(
  recorder: SnapshotRecorder,
  settings: PrincipalComponentsAnalysis,
  seed: number,
  pacing: Pacing,
  onProgress: (progress: StepProgress) => void,
): Promise<DriftAnalysis | null> {
  const components = Math.min(settings.components, recorder.size, recorder.count - 2)
  const stop = { yieldControl: pacing.breathe, shouldStop: () => pacing.signal.aborted }
  const report = throttled(pacing.now, onProgress)
  const find = (kind: 'weights' | 'velocities'): Promise<PrincipalComponents> => {
    const what = `Principal components of ${recorder.count - 1} ${kind}`
    onProgress({ what, step: 0, of: 1 })
    const onStep = ({ step, of }: StepOf): void => report({ what: `${what}: product ${step} of at most ${of}`, step, of })
    return principalComponents(recorder, { ...stop, kind, components, random: createRandom(seed, `pca/${kind}`), onStep })
  }
  const weights = await find('weights')
  if (weights.outcome === 'cancelled') return null
  if (weights.variances.length === 0 || weights.totalVariance === 0) throw motionless(recorder)
  const velocities = await find('velocities')
  if (velocities.outcome === 'cancelled') return null
  const shown = Math.min(SHOWN_COMPONENTS, weights.variances.length)
  const theta = await projections(recorder, weights.principalComponents.subarray(0, shown * recorder.size), stop)
  if (pacing.signal.aborted) return null
  return { weights, velocities, ...describeDrift(recorder, theta, shown), ...describeNorms(recorder, weights) }
}

type StepOf = Pick<StepProgress, 'step' | 'of'>

/** What can be told from θ [shown, snapshots], over the snapshots that the covariance is taken over. */
function describeDrift(recorder: SnapshotRecorder, theta: Float64Array, shown: number) {
  const steps = recorder.count - 1
  const rows = Array.from({ length: shown }, (_, i) => theta.subarray(i * recorder.count, i * recorder.count + steps))
  const { slope, intercept, r2 } = linearFit(rows[0])
  const stride = Math.ceil(steps / SHOWN_POINTS)
  const kept = Array.from({ length: Math.ceil(steps / stride) }, (_, i) => i * stride)
  return {
    theta: Float64Array.from(rows.flatMap((row) => kept.map((t) => row[t]))),
    thetaComponents: shown,
    thetaTime: Float64Array.from(kept),
    drift: { slope, intercept, r2 },
    secondR2: shown > 1 ? linearFit(rows[1]).r2 : 0,
  }
}

function describeNorms(recorder: SnapshotRecorder, { principalComponents: rows }: PrincipalComponents) {
  const last = Float64Array.from(recorder.get(recorder.count - 1))
  const weightNorm = { first: float64Space.norm(Float64Array.from(recorder.get(0))), last: float64Space.norm(last) }
  return { driftWeightCosine: cosineOf(rows.subarray(0, recorder.size), last, weightNorm.last), weightNorm }
}

function motionless(recorder: SnapshotRecorder): LabError {
  const message = `The weights did not move in ${recorder.count} snapshots, so there are no principal components.`
  return new LabError('bad-settings', message, 'Use a larger learning rate, or another selection.')
}

/** The part of a PCA that is shown; the vectors stay with the computation. */
export function componentSet(pca: PrincipalComponents): ComponentSet {
  return { variances: pca.variances, totalVariance: pca.totalVariance, residuals: pca.residuals }
}

/** p·w/‖w‖ of the first component. */
function cosineOf(component: Float64Array, w: Float64Array, wNorm: number): number {
  return dot(component, w) / (wNorm || 1)
}
