import type { LabState } from '../../state/lab-state.ts'
import { spectrumShown } from '../../state/selectors.ts'
import { inForce } from '../settings/mid-run.ts'

export interface Stability {
  /** Largest eigenvalue of the spectrum that is shown. */
  readonly sharpness: number
  /** 2(1+β)/η with the learning rate of the last epoch. */
  readonly limit: number
}

/** How far training is from the edge of stability; null without a spectrum. */
export function stabilityOf(state: LabState): Stability | null {
  const spectrum = spectrumShown(state)
  if (spectrum === null || spectrum.eigenvalues.length === 0) return null
  const { training } = state.experiment
  const rate = state.training.update?.learningRate ?? inForce(training, 'learningRate')
  return { sharpness: spectrum.eigenvalues[0], limit: (2 * (1 + training.momentum)) / rate }
}
