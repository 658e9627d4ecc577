import type { LabState } from '../../state/lab-state.ts'
import type { ClaimInput } from '../claims/index.ts'

/** The state as claims see it. Stale results count as not measured: they belong to other settings. */
export function claimInput({ experiment, results, stale }: Pick<LabState, 'experiment' | 'results' | 'stale'>): ClaimInput {
  const fresh = <R,>(key: string, result: R | null): R | null => (stale.has(key) ? null : result)
  return {
    experiment,
    spectra: Object.entries(results.spectra).filter(([index]) => !stale.has(`spectrum/${index}`)).map(([, spectrum]) => spectrum),
    singularValues: fresh('singularValues', results.singularValues),
    principalComponents: fresh('principalComponents', results.principalComponents),
    overlaps: Object.entries(results.overlaps).filter(([key]) => !stale.has(`overlap/${key}`)).map(([, overlap]) => overlap),
  }
}
