import { stabilityLimit } from '../../contracts/stability.ts'
import type { LabState } from '../../state/lab-state.ts'
import { isStale, otherShown, spectrumShown } from '../../state/selectors.ts'
import { inForce } from '../settings/mid-run.ts'

export interface Stability {
  /** Largest eigenvalue known. */
  readonly sharpness: number
  /** Curvature above which steps at the rate of the last epoch overshoot; null for optimisers that rescale the gradient. */
  readonly limit: number | null
}

/** How far training is from the edge of stability: by the last look of a followed run, else by a spectrum; null without either. */
export function stabilityOf(state: LabState): Stability | null {
  const sharpness = followedSharpness(state) ?? spectrumShown(state)?.eigenvalues[0] ?? null
  if (sharpness === null) return null
  const { training } = state.experiment
  const rate = state.training.update?.learningRate ?? inForce(training, 'learningRate')
  return { sharpness, limit: stabilityLimit(training.optimiser, training.momentum, rate) }
}

/** λ₁ at the last look; that of a part of the network says nothing about its training. */
function followedSharpness(state: LabState): number | null {
  const series = otherShown(state, 'curvature')
  if (series === null || series.settings.selection !== 'all' || isStale(state, series) || series.step.length === 0) return null
  return series.eigenvalues[(series.step.length - 1) * series.largest]
}
