import type { EigenvectorResult } from '../../contracts/results.ts'
import { describeSelection } from '../../contracts/selection.ts'
import { formatCount, formatNumber, formatShare } from '../format/number.ts'
import { decideEach, together } from './by-selection.ts'
import { judged, notMeasured, type Claim, type ClaimFinding, type ClaimInput } from './claim.ts'
import { determinedVectors, hessianVectors, leadingCount, meanOf } from './eigenvector-set.ts'

const SIGNIFICANT = 0.05
/** Eigenvectors at the top that are looked at for layers, and how few will do. */
const TOP = 20
const FEWEST = 10
/** A mean layer this many standard deviations above that of random vectors is no accident. */
const DEVIATIONS = 3
/** Layers whose shares are listed. */
const LISTED = 4
/** Share of the eigenvectors that make up an end, and how many vectors two ends and a middle need. */
const END = 0.05
const FEWEST_FOR_ENDS = 100
/** Ends are larger than the middle when they are so by more than this many standard errors. */
const STANDARD_ERRORS = 2

const selectionOf = ({ source }: EigenvectorResult): string => source.selection

function over(input: ClaimInput, judge: (result: EigenvectorResult) => ClaimFinding | null): ClaimFinding | null {
  const findings = decideEach(hessianVectors(input), selectionOf, judge)
  return findings.length > 0 ? together(findings) : null
}

export const failPorterThomas: Claim = {
  number: 10,
  sentence: 'Eigenvectors fail the Porter–Thomas test.',
  note:
    `Holds when more than half of the eigenvectors have p below ${SIGNIFICANT}, as 5 % of random vectors have, and no mean over ` +
    'neighbours reaches the band that holds 95 % of such means for random vectors. ' +
    'Vectors of eigenvalues that are null to rounding are any basis of their space and are left out.',
  check: (input) => over(input, (result) => randomness(result, input)) ?? notMeasured('needs Hessian eigenvectors'),
}

function randomness(result: EigenvectorResult, input: ClaimInput): ClaimFinding | null {
  const { source, dimension, index, porterThomas: { pValues, averages, band, window } } = result
  const kept = determinedVectors(result, input)
  if (kept.length === 0) return null
  const share = kept.filter((i) => pValues[i] < SIGNIFICANT).length / kept.length
  const means = kept.map((i) => averages[i]).filter(Number.isFinite)
  const largest = means.reduce((most, mean) => Math.max(most, mean), 0)
  const name = describeSelection(source.selection)
  const which = index.length < dimension ? ' that were computed' : ''
  const random = `random ${formatNumber(band[0], 2)} to ${formatNumber(band[1], 2)}`
  const neighbours =
    means.length === 0 ? 'too few for means over neighbours' : `largest mean over ${2 * window + 1} neighbours ${formatNumber(largest, 2)}, ${random}`
  const evidence = `${formatShare(share)} of ${formatCount(kept.length)} eigenvectors of the ${name}${which} have p below ${SIGNIFICANT}, ${neighbours}`
  const ofMeans = means.length === 0 ? {} : { [`${name}: largest mean`]: largest }
  return judged(share > 0.5 && largest < band[0], evidence, { [`${name}: share with p below ${SIGNIFICANT}`]: share, ...ofMeans })
}

export const laterLayers: Claim = {
  number: 11,
  sentence: 'Top eigenvectors concentrate in later layers.',
  note:
    `Compares the mean layer number of the top ${TOP} eigenvectors, weighted by their squared entries, with that of the ` +
    `parameters, which random vectors have. Holds when it is larger by more than ${DEVIATIONS} standard deviations of random vectors.`,
  check: (input) => over(input, concentration) ?? notMeasured(`needs at least ${FEWEST} of the largest eigenpairs of the whole network or of several layers`),
}

function concentration(result: EigenvectorResult): ClaimFinding | null {
  const { source, dimension, layers, concentration: shares, index } = result
  const top = leadingCount(result, TOP)
  if (layers.length < 2 || top < FEWEST) return null
  const measured = layers.map((_, l) => meanOf(Array.from(shares.subarray(l * index.length, l * index.length + top))).mean)
  const random = layers.map(({ parameters }) => parameters / dimension)
  const meanLayer = (of: readonly number[]): number => of.reduce((sum, share, l) => sum + share * layers[l].layer, 0)
  const [mean, expected] = [meanLayer(measured), meanLayer(random)]
  const name = describeSelection(source.selection)
  const each = layers.map((layer, l) => `${layer.name} ${formatShare(measured[l])} (parameters ${formatShare(random[l])})`)
  const listed = layers.length > LISTED ? '' : `: ${each.join(', ')}`
  const evidence = `mean layer of the top ${top} of the ${name} ${formatNumber(mean)}, of the parameters ${formatNumber(expected)}${listed}`
  const holds = mean > expected + DEVIATIONS * randomDeviation(layers.map(({ layer }) => layer), random, dimension, top)
  return judged(holds, evidence, { [`${name}: mean layer`]: mean })
}

/**
 * Standard deviation of the mean layer of so many random unit vectors: shares of layers are Dirichlet distributed with half
 * the parameters as weights; orthogonal vectors vary a little less.
 */
export function randomDeviation(layers: readonly number[], shares: readonly number[], dimension: number, vectors: number): number {
  const moment = (of: (layer: number) => number): number => shares.reduce((sum, share, l) => sum + share * of(layers[l]), 0)
  const mean = moment((layer) => layer)
  return Math.sqrt(moment((layer) => (layer - mean) ** 2) / (dimension / 2 + 1) / vectors)
}

export const localisedEnds: Claim = {
  number: 14,
  sentence: 'The inverse participation ratio is largest at both ends of the spectrum.',
  note:
    `Holds when its means over the first and over the last ${formatShare(END, 0)} of the eigenvectors both exceed that over the ` +
    `middle half by more than ${STANDARD_ERRORS} standard errors. ` +
    'Vectors of eigenvalues that are null to rounding are any basis of their space, often single weights, and are left out.',
  check: (input) =>
    over(input, (result) => ends(result, input)) ??
    notMeasured(`needs all eigenvectors of a matrix, at least ${FEWEST_FOR_ENDS} of which are not null to rounding`),
}

function ends(result: EigenvectorResult, input: ClaimInput): ClaimFinding | null {
  const { source, dimension, index, participation, randomParticipation } = result
  const ratios = determinedVectors(result, input).map((i) => participation[i])
  const n = ratios.length
  if (index.length < dimension || n < FEWEST_FOR_ENDS) return null
  const size = Math.round(END * n)
  const [first, middle, last] = [ratios.slice(0, size), ratios.slice(Math.round(n / 4), Math.round((3 * n) / 4)), ratios.slice(n - size)].map(meanOf)
  const exceeds = (end: typeof middle): boolean => end.mean - middle.mean > STANDARD_ERRORS * Math.sqrt(end.standardError ** 2 + middle.standardError ** 2)
  const name = describeSelection(source.selection)
  const left = n === dimension ? '' : `, ${formatCount(dimension - n)} null ones left out`
  const share = formatShare(END, 0)
  const evidence =
    `mean ratio of the ${name} ${formatNumber(first.mean)} in the first ${share}, ${formatNumber(middle.mean)} in the middle half, ` +
    `${formatNumber(last.mean)} in the last ${share} of ${formatCount(n)} eigenvectors (random ${formatNumber(randomParticipation)}${left})`
  const quantities = { [`${name}: first over middle`]: first.mean / middle.mean, [`${name}: last over middle`]: last.mean / middle.mean }
  return judged(exceeds(first) && exceeds(last), evidence, quantities)
}
