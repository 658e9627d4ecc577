import { bulkAtTwiceDecay } from './bulk-claims.ts'
import type { Claim, ClaimFinding, ClaimInput } from './claim.ts'
import { driftAndWeights, driftGrowth, linearDrift } from './drift-claims.ts'
import { failPorterThomas, laterLayers, localisedEnds } from './eigenvector-claims.ts'
import { noNegativeLayer } from './negative-claims.ts'
import { outliersBeforeTraining } from './outlier-claims.ts'
import { overSeeds } from './over-seeds.ts'
import { layerLikeNetwork, outliersCovered, velocitiesMoreDiagonal } from './overlap-claims.ts'
import { notWigner } from './spacing-claims.ts'
import { smallWeightProduct } from './weight-product-claims.ts'

/** Claims that one run can decide, by number. */
export const claims: readonly Claim[] = [
  linearDrift,
  driftGrowth,
  velocitiesMoreDiagonal,
  outliersCovered,
  noNegativeLayer,
  bulkAtTwiceDecay,
  notWigner,
  failPorterThomas,
  laterLayers,
  outliersBeforeTraining,
  smallWeightProduct,
  localisedEnds,
  driftAndWeights,
  layerLikeNetwork,
]

export interface JudgedClaim {
  readonly claim: Claim
  readonly finding: ClaimFinding
}

/** Every claim judged by a run, or by the runs of several seeds, the main one first. */
export function judgeAll(main: ClaimInput, others: readonly ClaimInput[] = []): readonly JudgedClaim[] {
  return claims.map((claim) => ({ claim, finding: overSeeds([main, ...others].map((input) => claim.check(input))) }))
}

export { claimInputs } from './claim-inputs.ts'
export type { Claim, ClaimFinding, ClaimInput, Verdict } from './claim.ts'
