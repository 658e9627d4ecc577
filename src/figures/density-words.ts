import type { DensityResult, WholeSpectrumResult } from '../contracts/results.ts'
import type { Stick } from './density-sticks.ts'
import { counted, formatCount, formatEstimate, formatNumber, formatShare, formatShareEstimate } from './numbers.ts'
import { matrixWords, selectionWords } from './words.ts'

interface DescribedResults {
  readonly density: DensityResult | null
  readonly whole: WholeSpectrumResult | null
}

/** The width that was drawn, and where it comes from. */
export interface DrawnWidth {
  readonly value: number
  readonly reason: 'chosen' | 'range over steps' | 'Scott’s width' | 'the narrowest that can be drawn'
}

/** Trace and negative mass with their errors, and how much they still depend on the number of steps. */
export function densitySummary({ density, whole }: DescribedResults, width: DrawnWidth, sticks: readonly Stick[]): string {
  const smoothing = `smoothed with σ = ${formatNumber(width.value)} (${width.reason})`
  const parts = [
    density === null ? '' : estimateWords(density, smoothing, sticks),
    whole === null ? '' : wholeWords(whole, density === null ? `, ${smoothing}` : ''),
  ]
  return parts.filter((part) => part !== '').join(' ')
}

function estimateWords(result: DensityResult, smoothing: string, sticks: readonly Stick[]): string {
  const { settings, dimension, quadrature, probesDone, moments, halfMoments } = result
  const stopped = probesDone < settings.probes ? ` of ${formatCount(settings.probes)}` : ''
  const traceChange = moments.trace.value - halfMoments.trace.value
  const massChange = 100 * (moments.negativeMass.value - halfMoments.negativeMass.value)
  return (
    `Density of the ${formatCount(dimension)} eigenvalues of the ${matrixWords(settings.matrix)} of ${selectionWords(settings.selection)} from ` +
    `${formatCount(probesDone)}${stopped} random vectors × ${formatCount(quadrature.steps)} steps, ${smoothing}: trace ${formatEstimate(moments.trace)}, ` +
    `negative mass ${formatShareEstimate(moments.negativeMass)} (± one standard error over the vectors); from half the steps to all of them the trace changed by ` +
    `${formatNumber(traceChange, 2)} and the negative mass by ${formatNumber(massChange, 2)} percentage points, which the errors do not show${loneWords(sticks)}.`
  )
}

function loneWords(sticks: readonly Stick[]): string {
  if (sticks.length === 0) return ''
  return `; ${counted(sticks.length, 'settled value')} ${sticks.length === 1 ? 'stands' : 'stand'} alone, the largest at ${formatNumber(sticks[0].value)}`
}

function wholeWords({ eigenvalues, settings, negative, trace }: WholeSpectrumResult, smoothing: string): string {
  const n = eigenvalues.length
  return (
    `All ${formatCount(n)} eigenvalues of the ${matrixWords(settings.matrix)} of ${selectionWords(settings.selection)}${smoothing}: ` +
    `trace ${formatNumber(trace)}, ${formatCount(negative)} (${formatShare(negative / n)}) negative beyond rounding, the largest ${formatNumber(eigenvalues[0])}.`
  )
}
