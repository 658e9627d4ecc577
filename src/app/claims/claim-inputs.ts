import type { LabResults, OtherResult } from '../../state/lab-results.ts'
import type { LabState } from '../../state/lab-state.ts'
import { joinedResults } from '../../state/replica-selectors.ts'
import { classCount } from '../lab/shape.ts'
import type { ClaimInput } from './claim.ts'

/** What verdicts follow from. */
export type JudgedState = Pick<LabState, 'experiment' | 'data' | 'results' | 'stale' | 'replicas'>

/** The run of every seed as claims see it, the main one first. Stale results count as not measured: they belong to other settings. */
export function claimInputs(state: JudgedState): readonly [ClaimInput, ...ClaimInput[]] {
  return [inputOf(state, state.results), ...joinedResults(state).map((further) => inputOf(state, further))]
}

function inputOf(state: JudgedState, results: LabResults): ClaimInput {
  const { experiment, stale } = state
  const fresh = <R,>(key: string, result: R | null): R | null => (stale.has(key) ? null : result)
  const others = Object.entries(results.others).filter(([key]) => !stale.has(key)).map(([, result]) => result)
  const ofKind = <K extends OtherResult['kind']>(kind: K): readonly Extract<OtherResult, { kind: K }>[] =>
    others.filter((result): result is Extract<OtherResult, { kind: K }> => result.kind === kind).sort((a, b) => placeOf(a) - placeOf(b))
  return {
    experiment,
    classes: classCount(state),
    spectra: Object.entries(results.spectra).filter(([index]) => !stale.has(`spectrum/${index}`)).map(([, spectrum]) => spectrum),
    wholeSpectra: ofKind('wholeSpectrum'),
    densities: ofKind('density'),
    spacings: ofKind('spacings'),
    eigenvectors: ofKind('eigenvectors'),
    singularValues: fresh('singularValues', results.singularValues),
    principalComponents: fresh('principalComponents', results.principalComponents),
    overlaps: Object.entries(results.overlaps).filter(([key]) => !stale.has(`overlap/${key}`)).map(([, overlap]) => overlap),
  }
}

/** Place among the analyses; what follows from no single one comes last. */
function placeOf(result: OtherResult): number {
  if ('analysis' in result) return result.analysis
  return 'source' in result && 'analysis' in result.source ? result.source.analysis : Infinity
}
