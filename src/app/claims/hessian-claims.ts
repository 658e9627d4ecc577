import type { SpectrumResult } from '../../contracts/results.ts'
import { ACTIVATION_TITLES } from '../format/names.ts'
import { formatNumber } from '../format/number.ts'
import { describeSelection } from '../format/settings.ts'
import { judged, notMeasured, type Claim, type ClaimFinding } from './claim.ts'

const NOT_YET = 'needs a Hessian spectrum'
const TOP = 10

/** Layers that a selection touches; null for the whole network. */
function layersOf(selection: string): number | null {
  if (selection === 'all') return null
  return new Set(selection.split('+').map((tensor) => tensor.split('.')[0])).size
}

interface LowestPair {
  readonly value: number
  readonly residual: number
}

/** The most negative converged eigenvalue of the bottom end; null when the bottom was not computed. */
export function lowestPair(spectrum: SpectrumResult): LowestPair | null {
  let lowest: LowestPair | null = null
  spectrum.eigenvalues.forEach((value, i) => {
    if (spectrum.end[i] !== 'smallest' || !spectrum.converged[i]) return
    if (lowest === null || value < lowest.value) lowest = { value, residual: spectrum.residuals[i] }
  })
  return lowest
}

/**
 * In the tensors of one layer a ReLU network is piecewise linear, and so is the whole claim. Not so where batch norm
 * takes its statistics from the samples, or where its scale and the kernel that it scales are both selected.
 */
function isPiecewiseLinear({ batchNorm, settings: { selection } }: SpectrumResult): boolean {
  if (selection === 'all') return true
  return batchNorm !== 'training' && !(selection.includes('.kernel') && selection.includes('.gamma'))
}

function signOf(spectrum: SpectrumResult): ClaimFinding | null {
  const lowest = lowestPair(spectrum)
  if (lowest === null) return null
  const layers = layersOf(spectrum.settings.selection)
  const rounding = Math.max(lowest.residual, 1e-6 * Math.abs(spectrum.eigenvalues[0]))
  const evidence = `smallest eigenvalue of the ${describeSelection(spectrum.settings.selection)}: ${formatNumber(lowest.value)} (residual ${formatNumber(lowest.residual, 2)})`
  const quantities = { [`smallest eigenvalue of the ${describeSelection(spectrum.settings.selection)}`]: lowest.value }
  return judged(layers === 1 ? lowest.value >= -rounding : lowest.value < -rounding, evidence, quantities)
}

export const noNegativeLayer: Claim = {
  number: 7,
  sentence: 'A layer’s Hessian of a ReLU network has no negative eigenvalue; the whole network’s has.',
  note: 'Exact for one layer: its Hessian equals its Gauss–Newton matrix, so negative eigenvalues come only from blocks between layers.',
  check: ({ spectra, experiment }) => {
    if (experiment.network.activation !== 'relu') return notMeasured(`is about ReLU networks; this one has ${ACTIVATION_TITLES[experiment.network.activation]}`)
    if (spectra.length === 0) return notMeasured(NOT_YET)
    const findings = spectra.filter(isPiecewiseLinear).map(signOf).filter((finding) => finding !== null)
    if (findings.length === 0) return notMeasured('needs a few of the smallest eigenpairs of one layer or of the whole network; set “smallest” above 0')
    const evidence = findings.map((finding) => finding.evidence).join('; ')
    const holds = findings.every((finding) => finding.verdict === 'holds')
    return { ...judged(holds, evidence, {}), quantities: findings.flatMap(({ quantities }) => quantities) }
  },
}

export const bulkAtTwiceDecay: Claim = {
  number: 8,
  sentence: 'Weight decay shifts the bulk of the spectrum from 0 to 2λ.',
  note: 'Read at the smallest eigenvalue of a kernel. Only kernel entries shift: biases are not regularised.',
  check: ({ spectra }) => {
    const kernels = spectra.filter((s) => s.twiceWeightDecay > 0 && /^\d+\.kernel$/.test(s.settings.selection))
    for (const spectrum of kernels) {
      const lowest = lowestPair(spectrum)
      if (lowest === null) continue
      const shift = spectrum.twiceWeightDecay
      const near = Math.abs(lowest.value - shift) <= Math.max(10 * lowest.residual, 0.1 * shift)
      return judged(near, `smallest eigenvalue ${formatNumber(lowest.value)}, 2λ ${formatNumber(shift)}`, { 'smallest eigenvalue over 2λ': lowest.value / shift })
    }
    return notMeasured('needs weight decay and the smallest eigenpairs of one kernel')
  },
}

export const smallWeightProduct: Claim = {
  number: 13,
  sentence: 'The weight product is small at the largest eigenvalues.',
  note: `Holds when the root mean square of hᵢ·w/‖w‖ over the top ${TOP} is below half of 1/√n, the value of unrelated unit vectors.`,
  check: ({ spectra }) => {
    const spectrum = spectra.find((s) => s.end.filter((end) => end === 'largest').length >= TOP)
    if (spectrum === undefined) return notMeasured(spectra.length === 0 ? NOT_YET : `needs at least ${TOP} of the largest eigenpairs`)
    const top = rootMeanSquare(spectrum.weightProduct.subarray(0, TOP))
    const unrelated = 1 / Math.sqrt(spectrum.dimension)
    return judged(top < unrelated / 2, `root mean square of the top ${TOP}: ${formatNumber(top)}; unrelated: ${formatNumber(unrelated)}`, { [`root mean square of the top ${TOP} over that of unrelated directions`]: top / unrelated })
  },
}

function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
}
