import type { PrincipalComponentsResult } from '../../contracts/results.ts'
import { formatNumber } from '../format/number.ts'
import { inForce } from '../settings/mid-run.ts'
import { judged, notMeasured, type Claim } from './claim.ts'

const NOT_YET = 'needs the principal components of a measurement'

/**
 * R² of a straight line through half a period of a cosine, 96/π⁴: what the first component of a random walk in many
 * dimensions gives (Antognini and Sohl-Dickstein, arXiv 1806.08805). A drift must be straighter than that.
 */
export const RANDOM_WALK_R2 = 96 / Math.PI ** 4

/** θ₁ at the first and the last snapshot, on the fitted line (Eq. 6.4). */
export function driftEnds({ drift, snapshots }: PrincipalComponentsResult): readonly [number, number] {
  return [drift.intercept, drift.intercept + drift.slope * (snapshots - 1)]
}

export const linearDrift: Claim = {
  number: 1,
  sentence: 'θ₁(t) is linear in the exploration phase, later components are not.',
  note: `Holds when R² of the line through θ₁ is above ${RANDOM_WALK_R2.toFixed(4)}, which a pure random walk already reaches, and R² of θ₂ is below one half. Components are uncorrelated, so θ₂ cannot be straight when θ₁ is.`,
  check: ({ principalComponents: pca }) => {
    if (pca === null) return notMeasured(NOT_YET)
    const evidence = `R² of θ₁ is ${formatNumber(pca.drift.r2, 5)}, of θ₂ ${formatNumber(pca.secondR2)}`
    return judged(pca.drift.r2 > RANDOM_WALK_R2 && pca.secondR2 < 0.5, evidence, { 'R² of θ₁': pca.drift.r2, 'R² of θ₂': pca.secondR2 })
  },
}

export const driftGrowth: Claim = {
  number: 2,
  sentence: '|θ₁| grows without weight decay and shrinks with it.',
  note: 'Read off the fitted line at both ends of the measurement; ‖w‖ is given beside it.',
  check: ({ principalComponents: pca, experiment }) => {
    if (pca === null) return notMeasured(NOT_YET)
    const decays = inForce(experiment.training, 'weightDecay') > 0
    const [first, last] = driftEnds(pca).map(Math.abs)
    const { first: normFirst, last: normLast } = pca.weightNorm
    const evidence = `|θ₁| ${formatNumber(first, 5)} → ${formatNumber(last, 5)}, ‖w‖ ${formatNumber(normFirst, 5)} → ${formatNumber(normLast, 5)}, ${decays ? 'with' : 'without'} weight decay`
    return judged(decays ? last < first : last > first, evidence, { 'change of |θ₁|': last - first, 'change of ‖w‖': normLast - normFirst })
  },
}

export const driftAndWeights: Claim = {
  number: 16,
  sentence: 'Drift and weights point in similar directions (cosine about 0.7).',
  note: 'Holds when |cos(p₁, w)| is at least one half. Two unrelated directions in n dimensions have about 1/√n.',
  check: ({ principalComponents: pca }) => {
    if (pca === null) return notMeasured(NOT_YET)
    const cosine = Math.abs(pca.driftWeightCosine)
    return judged(cosine >= 0.5, `|cos(p₁, w)| is ${formatNumber(cosine)}; unrelated: ${formatNumber(1 / Math.sqrt(pca.dimension))}`, { '|cos(p₁, w)|': cosine })
  },
}
