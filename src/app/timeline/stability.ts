import { stabilityLimit } from '../../contracts/stability.ts'
import type { LabState } from '../../state/lab-state.ts'
import { spectrumShown } from '../../state/selectors.ts'
import { inForce } from '../settings/mid-run.ts'

export interface Stability {
  /** Largest eigenvalue of the spectrum that is shown. */
  readonly sharpness: number
  /** Curvature above which steps at the rate of the last epoch overshoot; null for optimisers that rescale the gradient. */
  readonly limit: number | null
}

/** How far training is from the edge of stability; null without a spectrum. */
export function stabilityOf(state: LabState): Stability | null {
  const spectrum = spectrumShown(state)
  if (spectrum === null || spectrum.eigenvalues.length === 0) return null
  const { training } = state.experiment
  const rate = state.training.update?.learningRate ?? inForce(training, 'learningRate')
  return { sharpness: spectrum.eigenvalues[0], limit: stabilityLimit(training.optimiser, training.momentum, rate) }
}
