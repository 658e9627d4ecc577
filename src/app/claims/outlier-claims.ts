import type { DensityResult, Quadrature, SpectrumResult, WholeSpectrumResult } from '../../contracts/results.ts'
import { describeSelection } from '../../contracts/selection.ts'
import { moments } from '../../figures/index.ts'
import { formatNumber, formatShare } from '../format/number.ts'
import { decideEach, isHessian, selectionOfSettings, together } from './by-selection.ts'
import { judged, notMeasured, type Claim, type ClaimFinding } from './claim.ts'

/** Outliers stand this many times above the bulk; the 90 % quantile of a semicircle or a square Wishart matrix is passed 1.5 times. */
const APART = 10
/** Share of the eigenvalues that may lie above the bulk. */
const ABOVE = 0.1
/** Eigenvalues below this share of the largest are zero to the rounding of products. */
const ROUNDING = 1e-6

type Spectrum = WholeSpectrumResult | SpectrumResult | DensityResult

/** How far the outliers of a spectrum stand out. */
export interface Prominence {
  /** Height above 2λ of the last outlier over that of the value which nine tenths of all eigenvalues do not exceed. */
  readonly ratio: number
  /** The ratio is at least as large as this, where only one end or a density is known. */
  readonly isBound: boolean
  /** The last outlier over the next eigenvalue; null where values are not known one by one. */
  readonly step: number | null
}

interface Heights {
  readonly outlier: number
  readonly bulk: number
}

/**
 * How far the `outliers` largest of n eigenvalues stand out, from as many of the largest (descending) as are known; null
 * where these do not tell.
 */
export function prominence(largest: Float64Array, n: number, outliers: number, shift: number, rounding: number): Prominence | null {
  const place = Math.floor(ABOVE * n)
  const at = Math.min(place, largest.length - 1)
  if (at < outliers) return null
  const [outlier, next, bulk] = [outliers - 1, outliers, at].map((i) => largest[i] - shift)
  return { ratio: outlier / Math.max(bulk, rounding), isBound: at < place, step: outlier / next }
}

/**
 * The same from a quadrature. Nodes lie below the eigenvalues of the same place (Cauchy), and the share of eigenvalues above a
 * node is at most the weight from it upwards (Chebyshev, Markov and Stieltjes): the true ratio is larger.
 */
export function quadratureProminence(quadrature: Quadrature, outliers: number, shift: number): Prominence | null {
  const rows = Array.from({ length: quadrature.probes }, (_, probe) => rowHeights(quadrature, probe, outliers))
  const known = rows.filter((row) => row !== null)
  if (known.length === 0) return null
  const [outlier, bulk] = [moments(known.map((row) => row.outlier)).mean - shift, moments(known.map((row) => row.bulk)).mean - shift]
  return { ratio: outlier / Math.max(bulk, ROUNDING * Math.abs(outlier)), isBound: true, step: null }
}

function rowHeights({ steps, nodes, weights }: Quadrature, probe: number, outliers: number): Heights | null {
  const row = Array.from({ length: steps }, (_, k) => ({ node: nodes[probe * steps + k], weight: weights[probe * steps + k] }))
    .filter(({ node }) => Number.isFinite(node))
    .sort((a, b) => b.node - a.node)
  let above = 0
  const first = row.findIndex(({ weight }) => (above += weight) > ABOVE)
  return first <= outliers ? null : { outlier: row[outliers - 1].node, bulk: row[first - 1].node }
}

/** Prominence before training, and after it where that is another checkpoint. */
interface BeforeAndAfter {
  readonly before: Prominence | null
  readonly after: Prominence | null
}

function beforeAndAfter(result: Spectrum, outliers: number): BeforeAndAfter {
  const { dimension, twiceWeightDecay: shift, provenance: { epoch } } = result
  if (result.kind === 'density') {
    const compared = result.compared?.epoch === 0 ? result.compared.quadrature : null
    return inTime(epoch, result.quadrature, compared, (quadrature) => quadratureProminence(quadrature, outliers, shift))
  }
  const known = result.kind === 'wholeSpectrum' ? dimension : result.end.filter((end) => end === 'largest').length
  const rounding = result.kind === 'wholeSpectrum' ? result.rounding : ROUNDING * Math.abs(result.eigenvalues[0])
  const compared = result.compared?.epoch === 0 ? result.compared.eigenvalues : null
  return inTime(epoch, result.eigenvalues, compared, (values) => prominence(values.subarray(0, known), dimension, outliers, shift, rounding))
}

function inTime<V>(epoch: number, own: V, untrained: V | null, of: (values: V) => Prominence | null): BeforeAndAfter {
  return epoch === 0 ? { before: of(own), after: null } : { before: untrained && of(untrained), after: of(own) }
}

function judge(result: Spectrum, outliers: number): ClaimFinding | null {
  const { before, after } = beforeAndAfter(result, outliers)
  if (before === null || (before.isBound && before.ratio < APART)) return null
  const name = describeSelection(result.settings.selection)
  const later = (value: (prominence: Prominence) => string | null): string => {
    const words = after && value(after)
    return words === null ? '' : ` (epoch ${result.provenance.epoch}: ${words})`
  }
  const stepThen = later(({ step }) => (step === null ? null : `${formatNumber(step)} times`))
  const overNext = before.step === null ? '' : `, and ${formatNumber(before.step)} times the next${stepThen}`
  const evidence =
    `${name} at epoch 0: eigenvalue ${outliers} is ${timesOf(before)} what ${formatShare(1 - ABOVE, 0)} of all do not exceed${later(timesOf)}${overNext}`
  const ofStep = before.step === null ? {} : { [`${name}: over the next`]: before.step }
  return judged(before.ratio >= APART, evidence, { [`${name}: eigenvalue ${outliers} over the bulk`]: before.ratio, ...ofStep })
}

function timesOf({ ratio, isBound }: Prominence): string {
  return `${isBound ? 'at least ' : ''}${formatNumber(ratio)} times`
}

export const outliersBeforeTraining: Claim = {
  number: 12,
  sentence: 'The spectrum has its outliers before training.',
  note:
    `Holds when at epoch 0 the last of the first C − 1 eigenvalues, one fewer than the classes, is at least ${APART} times as high above 2λ ` +
    'as what nine tenths of all eigenvalues do not exceed; in random symmetric matrices even the largest is only 1.5 times as high. ' +
    'A step right after these C − 1 is another matter: the second number says whether there is one.',
  check: ({ spectra, wholeSpectra, densities, classes, experiment }) => {
    if (experiment.training.start !== null) return notMeasured('is about untrained networks; this one starts from trained weights')
    const outliers = Math.max(1, classes - 1)
    const findings = decideEach([...wholeSpectra, ...densities, ...spectra].filter(isHessian), selectionOfSettings, (result) => judge(result, outliers))
    return findings.length > 0 ? together(findings) : notMeasured('needs a whole Hessian spectrum or its density, compared with epoch 0')
  },
}
