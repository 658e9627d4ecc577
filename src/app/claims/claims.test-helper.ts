import type { Experiment } from '../../contracts/experiment.ts'
import { presets } from '../../contracts/presets.ts'
import type { ClaimInput } from './claim.ts'

export const QUICK: Experiment = presets[0].experiment

/** A run in which nothing was measured. */
export const NOTHING: ClaimInput = {
  experiment: QUICK,
  classes: 10,
  spectra: [],
  wholeSpectra: [],
  densities: [],
  spacings: [],
  eigenvectors: [],
  singularValues: null,
  principalComponents: null,
  overlaps: [],
}
