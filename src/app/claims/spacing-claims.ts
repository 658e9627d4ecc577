import type { DistanceTest, SpacingResult } from '../../contracts/results.ts'
import { describeSelection } from '../../contracts/selection.ts'
import { formatCount, formatNumber } from '../format/number.ts'
import { decideEach, isHessian, together } from './by-selection.ts'
import { judged, notMeasured, type Claim, type ClaimFinding } from './claim.ts'

export const notWigner: Claim = {
  number: 9,
  sentence: 'Level spacings do not follow the Wigner surmise.',
  note:
    'Holds when the spacings of unfolded levels are further from the surmise than 95 % of the spectra of random symmetric matrices ' +
    'are. An independent reproduction found that they do follow it. With thousands of levels a small departure counts: the two distances say which law is nearer.',
  check: ({ spacings, wholeSpectra }) => {
    const hessians = wholeSpectra.filter(isHessian)
    const isOfHessian = ({ source }: SpacingResult) => source.kind === 'wholeSpectrum' && hessians.some(({ analysis }) => analysis === source.analysis)
    const all = spacings.filter(isOfHessian)
    const findings = decideEach(all, selectionOf, judge)
    if (findings.length > 0) return together(findings)
    if (all.length === 0) return notMeasured('needs the whole Hessian spectrum of a layer or of the network')
    return notMeasured(all.find(({ problem }) => problem !== null)?.problem ?? 'too few levels to tell the Wigner surmise from independent levels')
  },
}

function selectionOf({ source }: SpacingResult): string {
  return source.kind === 'wholeSpectrum' ? source.selection : `${String(source.layer)}.kernel`
}

/** Null where levels are too few to tell the laws apart. */
function judge(result: SpacingResult): ClaimFinding | null {
  const { problem, levels, wigner, poisson } = result
  const follows = isWithin(wigner)
  if (problem !== null || (follows && isWithin(poisson))) return null
  const name = describeSelection(selectionOf(result))
  const evidence =
    `${formatCount(levels)} levels of the ${name}: distance ${wordsOf(wigner)} to the Wigner surmise, ` +
    `${wordsOf(poisson)} to independent levels, ${outcomeOf(wigner, poisson)}`
  const quantities = { [`${name}: distance to the surmise`]: wigner.distance, [`${name}: distance to independent levels`]: poisson.distance }
  return judged(!follows, evidence, quantities)
}

function outcomeOf(wigner: DistanceTest, poisson: DistanceTest): string {
  if (isWithin(wigner)) return 'they follow the surmise'
  if (isWithin(poisson)) return 'they are as if independent'
  return `they follow neither exactly, ${wigner.distance < poisson.distance ? 'the surmise' : 'independence'} is nearer`
}

function isWithin({ distance, band }: DistanceTest): boolean {
  return distance <= band[2]
}

function wordsOf({ distance, band, pValue }: DistanceTest): string {
  return `${formatNumber(distance)} (95 % below ${formatNumber(band[2])}, p ${formatNumber(pValue, 2)})`
}
