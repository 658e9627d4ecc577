import type { LabResults } from '../../state/lab-results.ts'
import type { LabState } from '../../state/lab-state.ts'
import { joinedResults } from '../../state/replica-selectors.ts'
import type { ClaimInput } from './claim.ts'

/** The run of every seed as claims see it, the main one first. Stale results count as not measured: they belong to other settings. */
export function claimInputs(state: Pick<LabState, 'experiment' | 'results' | 'stale' | 'replicas'>): readonly [ClaimInput, ...ClaimInput[]] {
  const { experiment, results, stale } = state
  return [inputOf(experiment, results, stale), ...joinedResults(state).map((further) => inputOf(experiment, further, stale))]
}

function inputOf(experiment: LabState['experiment'], results: LabResults, stale: ReadonlySet<string>): ClaimInput {
  const fresh = <R,>(key: string, result: R | null): R | null => (stale.has(key) ? null : result)
  return {
    experiment,
    spectra: Object.entries(results.spectra).filter(([index]) => !stale.has(`spectrum/${index}`)).map(([, spectrum]) => spectrum),
    singularValues: fresh('singularValues', results.singularValues),
    principalComponents: fresh('principalComponents', results.principalComponents),
    overlaps: Object.entries(results.overlaps).filter(([key]) => !stale.has(`overlap/${key}`)).map(([, overlap]) => overlap),
  }
}
