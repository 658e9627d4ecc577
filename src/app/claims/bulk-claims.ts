import type { Experiment } from '../../contracts/experiment.ts'
import type { SpectrumResult, WholeSpectrumResult } from '../../contracts/results.ts'
import { describeSelection } from '../../contracts/selection.ts'
import { formatCount, formatNumber } from '../format/number.ts'
import { decideEach, isHessian, selectionOfSettings, together } from './by-selection.ts'
import { judged, notMeasured, type Claim, type ClaimFinding } from './claim.ts'
import { lowestPair } from './negative-claims.ts'

export const bulkAtTwiceDecay: Claim = {
  number: 8,
  sentence: 'Weight decay shifts the bulk of the spectrum from 0 to 2λ.',
  note:
    'Holds when the median of all eigenvalues of one kernel is within λ of 2λ, nearer to it than to 0; where only the bottom end was computed, ' +
    'when the smallest eigenvalue is within a tenth of 2λ. Only kernel entries shift: biases are not regularised.',
  check: ({ spectra, wholeSpectra, experiment }) => {
    const all = [...wholeSpectra, ...spectra].filter((result) => isHessian(result) && isShifted(result, experiment))
    const findings = decideEach(all, selectionOfSettings, (result) => (result.kind === 'wholeSpectrum' ? shiftOfMedian(result) : shiftOfLowest(result)))
    return findings.length > 0 ? together(findings) : notMeasured('needs weight decay and the whole spectrum or the smallest eigenpairs of one kernel')
  },
}

/** Every eigenvalue of the selection is raised by 2λ: it is one kernel that weight decay acts on. */
function isShifted({ twiceWeightDecay, settings: { selection } }: WholeSpectrumResult | SpectrumResult, { network, training }: Experiment): boolean {
  const convolutional = network.layers.some(({ kind }) => kind === 'conv' || kind === 'residual')
  return twiceWeightDecay > 0 && /^\d+\.kernel$/.test(selection) && !(convolutional && training.decayed === 'dense')
}

function shiftOfMedian({ settings: { selection }, eigenvalues, twiceWeightDecay: shift }: WholeSpectrumResult): ClaimFinding {
  const n = eigenvalues.length
  const median = (eigenvalues[Math.floor((n - 1) / 2)] + eigenvalues[Math.floor(n / 2)]) / 2
  const name = describeSelection(selection)
  const evidence =
    `median of the ${formatCount(n)} eigenvalues of the ${name} ${formatNumber(median)}, ` +
    `smallest ${formatNumber(eigenvalues[n - 1])}, 2λ ${formatNumber(shift)}`
  return judged(Math.abs(median - shift) <= shift / 2, evidence, { [`${name}: median over 2λ`]: median / shift })
}

function shiftOfLowest(spectrum: SpectrumResult): ClaimFinding | null {
  const lowest = lowestPair(spectrum)
  if (lowest === null) return null
  const shift = spectrum.twiceWeightDecay
  const name = describeSelection(spectrum.settings.selection)
  const near = Math.abs(lowest.value - shift) <= Math.max(10 * lowest.residual, 0.1 * shift)
  const evidence = `smallest eigenvalue of the ${name} ${formatNumber(lowest.value)}, 2λ ${formatNumber(shift)}`
  return judged(near, evidence, { [`${name}: smallest eigenvalue over 2λ`]: lowest.value / shift })
}
