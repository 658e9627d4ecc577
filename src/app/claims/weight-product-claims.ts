import type { EigenvectorResult, SpectrumResult } from '../../contracts/results.ts'
import { describeSelection } from '../../contracts/selection.ts'
import { formatNumber } from '../format/number.ts'
import { decideEach, isHessian, together } from './by-selection.ts'
import { judged, notMeasured, type Claim, type ClaimFinding } from './claim.ts'
import { hessianVectors, leadingCount } from './eigenvector-set.ts'

const TOP = 10
/** Unrelated directions stay below this share of 1/√n once in a hundred: χ² of ten numbers below 2.5. */
const SMALL = 0.5

/** Products of the first eigenvectors with the weights, descending in their eigenvalue. */
interface TopProducts {
  readonly selection: string
  readonly dimension: number
  readonly epoch: number
  readonly own: Float64Array
  /** With the weights of epoch 0; null where these were not compared. */
  readonly untrained: Float64Array | null
}

function ofVectors(result: EigenvectorResult): TopProducts {
  const { source, dimension, weightProduct, otherWeightProduct: other, provenance: { epoch } } = result
  const top = leadingCount(result, TOP)
  const untrained = other?.epoch === 0 ? other.values.subarray(0, top) : null
  return { selection: source.selection, dimension, epoch, own: weightProduct.subarray(0, top), untrained }
}

function ofSpectrum({ settings, dimension, weightProduct, end, provenance }: SpectrumResult): TopProducts {
  const top = end.filter((side) => side === 'largest').length
  return { selection: settings.selection, dimension, epoch: provenance.epoch, own: weightProduct.subarray(0, Math.min(TOP, top)), untrained: null }
}

export const smallWeightProduct: Claim = {
  number: 13,
  sentence: 'The weight product is small at the largest eigenvalues, already at initialisation.',
  note:
    `Holds when the root mean square of hᵢ·w/‖w‖ over the top ${TOP} is below half of 1/√n, the value of unrelated unit vectors, ` +
    'which come that low once in a hundred; the same with the weights of epoch 0 where the statistics compare these.',
  check: (input) => {
    const all = [...hessianVectors(input).map(ofVectors), ...input.spectra.filter(isHessian).map(ofSpectrum)]
    const fromScratch = input.experiment.training.start === null
    const findings = decideEach(all, ({ selection }) => selection, (products) => judge(fromScratch ? products : { ...products, untrained: null }))
    if (findings.length > 0) return together(findings)
    return notMeasured(all.length === 0 ? 'needs a Hessian spectrum' : `needs at least ${TOP} of the largest eigenpairs`)
  },
}

function judge({ selection, dimension, epoch, own, untrained }: TopProducts): ClaimFinding | null {
  if (own.length < TOP) return null
  const unrelated = 1 / Math.sqrt(dimension)
  const products = [
    { of: `with the weights of epoch ${epoch}`, size: rootMeanSquare(own) },
    ...(untrained === null ? [] : [{ of: 'with those of epoch 0', size: rootMeanSquare(untrained) }]),
  ]
  const name = describeSelection(selection)
  const measured = products.map(({ of, size }) => `${formatNumber(size)} ${of}`).join(', ')
  const missing = untrained === null && epoch > 0 ? '; weights of epoch 0 were not compared' : ''
  const evidence = `root mean square of the top ${TOP} of the ${name}: ${measured}; unrelated: ${formatNumber(unrelated)}${missing}`
  const quantities = Object.fromEntries(products.map(({ of, size }) => [`${name}: size ${of} over that of unrelated directions`, size / unrelated]))
  return judged(products.every(({ size }) => size < SMALL * unrelated), evidence, quantities)
}

function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
}
