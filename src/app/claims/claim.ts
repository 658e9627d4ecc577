import type { Experiment } from '../../contracts/experiment.ts'
import type {
  DensityResult,
  EigenvectorResult,
  OverlapResult,
  PrincipalComponentsResult,
  SingularValuesResult,
  SpacingResult,
  SpectrumResult,
  WholeSpectrumResult,
} from '../../contracts/results.ts'

/** Results of a run that claims look at, those of a kind in the order of the analyses. */
export interface ClaimInput {
  readonly experiment: Experiment
  /** Classes of the data. */
  readonly classes: number
  readonly spectra: readonly SpectrumResult[]
  readonly wholeSpectra: readonly WholeSpectrumResult[]
  readonly densities: readonly DensityResult[]
  readonly spacings: readonly SpacingResult[]
  readonly eigenvectors: readonly EigenvectorResult[]
  readonly singularValues: SingularValuesResult | null
  readonly principalComponents: PrincipalComponentsResult | null
  readonly overlaps: readonly OverlapResult[]
}

export type Verdict = 'holds' | 'fails' | 'notMeasured'

export interface ClaimFinding {
  readonly verdict: Verdict
  /** The number that decides, or what is missing. */
  readonly evidence: string
  /** The numbers in the evidence that differ from seed to seed, in the same order for every seed. */
  readonly quantities: readonly Quantity[]
}

export interface Quantity {
  /** "R² of θ₁" */
  readonly name: string
  readonly value: number
}

export interface Claim {
  /** Number in the list of claims. */
  readonly number: number
  readonly sentence: string
  /** How the verdict is reached, and what an independent reproduction found. */
  readonly note: string
  readonly check: (input: ClaimInput) => ClaimFinding
}

export function notMeasured(evidence: string): ClaimFinding {
  return { verdict: 'notMeasured', evidence, quantities: [] }
}

export function judged(holds: boolean, evidence: string, quantities: Readonly<Record<string, number>>): ClaimFinding {
  return { verdict: holds ? 'holds' : 'fails', evidence, quantities: Object.entries(quantities).map(([name, value]) => ({ name, value })) }
}
