import type { DensityResult, Estimate, SpectrumResult, WholeSpectrumResult } from '../../contracts/results.ts'
import { describeSelection } from '../../contracts/selection.ts'
import { formatSpread } from '../../figures/index.ts'
import { ACTIVATION_TITLES } from '../format/names.ts'
import { formatCount, formatNumber, formatShare } from '../format/number.ts'
import { decideEach, isHessian, selectionOfSettings, together } from './by-selection.ts'
import { judged, notMeasured, type Claim, type ClaimFinding } from './claim.ts'

type Spectrum = WholeSpectrumResult | SpectrumResult | DensityResult

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
function isPiecewiseLinear({ batchNorm, settings: { selection } }: Spectrum): boolean {
  if (selection === 'all') return true
  return batchNorm !== 'training' && !(selection.includes('.kernel') && selection.includes('.gamma'))
}

/** One layer shall have no negative eigenvalue, more than one shall have some. */
function agrees(selection: string, hasNegative: boolean): boolean {
  return hasNegative !== (layersOf(selection) === 1)
}

function signOf(spectrum: Spectrum): ClaimFinding | null {
  switch (spectrum.kind) {
    case 'wholeSpectrum':
      return signOfWhole(spectrum)
    case 'spectrum':
      return signOfEnd(spectrum)
    case 'density':
      return signOfDensity(spectrum)
  }
}

function signOfWhole({ settings: { selection }, eigenvalues, negative, rounding }: WholeSpectrumResult): ClaimFinding {
  const [name, n] = [describeSelection(selection), eigenvalues.length]
  const evidence =
    `${formatCount(negative)} of the ${formatCount(n)} eigenvalues of the ${name} (${formatShare(negative / n)}) are negative beyond rounding ` +
    `(${formatNumber(rounding, 1)}), the smallest is ${formatNumber(eigenvalues[n - 1])}`
  return judged(agrees(selection, negative > 0), evidence, { [`${name}: negative eigenvalues`]: negative })
}

function signOfEnd(spectrum: SpectrumResult): ClaimFinding | null {
  const lowest = lowestPair(spectrum)
  if (lowest === null) return null
  const { selection } = spectrum.settings
  const name = describeSelection(selection)
  const rounding = Math.max(lowest.residual, 1e-6 * Math.abs(spectrum.eigenvalues[0]))
  const evidence = `smallest eigenvalue of the ${name}: ${formatNumber(lowest.value)} (residual ${formatNumber(lowest.residual, 2)})`
  return judged(agrees(selection, lowest.value < -rounding), evidence, { [`${name}: smallest eigenvalue`]: lowest.value })
}

/** Nodes lie between the smallest and the largest eigenvalue: one far below zero is proof, none is not. */
function signOfDensity({ settings: { selection }, moments, halfMoments }: DensityResult): ClaimFinding | null {
  const { negativeShare, negativeMass } = moments
  if (!(negativeShare.value > 0)) return null
  const name = describeSelection(selection)
  const evidence =
    `about ${shareOf(negativeShare)} of the eigenvalues of the ${name} lie below −10⁻³ of the largest, negative mass ${shareOf(negativeMass)} ` +
    `(± over random vectors; half of the steps give ${shareOf(halfMoments.negativeShare)} and ${shareOf(halfMoments.negativeMass)})`
  return judged(agrees(selection, true), evidence, { [`${name}: negative share`]: negativeShare.value, [`${name}: negative mass`]: negativeMass.value })
}

function shareOf({ value, standardError }: Estimate): string {
  if (standardError === null || !Number.isFinite(standardError)) return formatShare(value)
  return `${formatSpread({ mean: 100 * value, deviation: 100 * standardError })} %`
}

export const noNegativeLayer: Claim = {
  number: 7,
  sentence: 'A layer’s Hessian of a ReLU network has no negative eigenvalue; the whole network’s has.',
  note:
    'Exact for one layer: its Hessian equals its Gauss–Newton matrix, so negative eigenvalues come only from blocks between layers. ' +
    'All eigenvalues or the smallest decide; a density can only find negative ones, not rule them out.',
  check: ({ spectra, wholeSpectra, densities, experiment }) => {
    if (experiment.network.activation !== 'relu') return notMeasured(`is about ReLU networks; this one has ${ACTIVATION_TITLES[experiment.network.activation]}`)
    const all = [...wholeSpectra, ...densities, ...spectra].filter(isHessian)
    if (all.length === 0) return notMeasured('needs a Hessian spectrum')
    const findings = decideEach(all.filter(isPiecewiseLinear), selectionOfSettings, signOf)
    return findings.length > 0
      ? together(findings)
      : notMeasured('needs the whole spectrum or a few of the smallest eigenpairs of one layer or of the whole network; set “smallest” above 0')
  },
}
