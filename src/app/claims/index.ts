import type { Claim, ClaimFinding, ClaimInput } from './claim.ts'
import { driftAndWeights, driftGrowth, linearDrift } from './drift-claims.ts'
import { bulkAtTwiceDecay, noNegativeLayer, smallWeightProduct } from './hessian-claims.ts'
import { outliersCovered, velocitiesMoreDiagonal } from './overlap-claims.ts'

/** Claims that one run can decide, by number. */
export const claims: readonly Claim[] = [
  linearDrift,
  driftGrowth,
  velocitiesMoreDiagonal,
  outliersCovered,
  noNegativeLayer,
  bulkAtTwiceDecay,
  smallWeightProduct,
  driftAndWeights,
]

export interface JudgedClaim {
  readonly claim: Claim
  readonly finding: ClaimFinding
}

export function judgeAll(input: ClaimInput): readonly JudgedClaim[] {
  return claims.map((claim) => ({ claim, finding: claim.check(input) }))
}

export type { Claim, ClaimFinding, ClaimInput, Verdict } from './claim.ts'
