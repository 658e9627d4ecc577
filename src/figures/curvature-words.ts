import type { CurvatureSeriesResult } from '../contracts/results.ts'
import { eigenvalueSeries, lastKnown, seriesMoments, type OfSeries } from './curvature-series.ts'
import { counted, formatCount, formatEstimate, formatNumber, formatShare, formatSpread } from './numbers.ts'
import { selectionWords } from './words.ts'

type Quantity = 'eigenvalues' | 'trace' | 'overlaps' | 'condition'

/** What a series says about one quantity at its last look, and how that came about. */
export function curvatureSummary(quantity: Quantity, result: CurvatureSeriesResult, others: readonly CurvatureSeriesResult[]): string {
  const { settings, step } = result
  const at = `Over ${counted(step.length, 'look')} at the Hessian of ${selectionWords(settings.selection)}, until epoch ${formatNumber(result.epoch[step.length - 1])}: `
  switch (quantity) {
    case 'eigenvalues':
      return `${at}${eigenvalueWords(result)}.${overSeeds(result, others, 'the last largest eigenvalue', (series) => eigenvalueSeries(series, 0))}`
    case 'trace':
      return `${at}${traceWords(result)}.${overSeeds(result, others, 'the last trace', ({ trace }) => trace)}`
    case 'overlaps':
      return `${at}${overlapWords(result)}.${overSeeds(result, others, 'the last overlap with the first look', ({ firstOverlap }) => firstOverlap)}`
    case 'condition':
      return `${at}${conditionWords(result)}.${overSeeds(result, others, 'the last bound', ({ conditionBound }) => conditionBound)}`
  }
}

function eigenvalueWords(result: CurvatureSeriesResult): string {
  const { epoch, stabilityLimit } = result
  const values = eigenvalueSeries(result, 0)
  const last = lastKnown(values)
  const peak = values.reduce((best, value, i) => (value > values[best] ? i : best), 0)
  const largest =
    `the largest eigenvalue went from ${formatNumber(values[0])} to ${formatNumber(values[last])}, with ` +
    `${formatNumber(values[peak])} at epoch ${formatNumber(epoch[peak])} as its largest`
  const limited = values.map((_, i) => i).filter((i) => Number.isFinite(stabilityLimit[i]))
  if (limited.length === 0) return `${largest}; the optimiser has no simple stability limit`
  const above = limited.filter((i) => values[i] > stabilityLimit[i]).length
  const limit = stabilityLimit[limited[limited.length - 1]]
  const often = `${formatCount(above)} of ${counted(limited.length, 'look')}`
  return `${largest}; the stability limit is ${formatNumber(limit)} at the end, and the eigenvalue was above its limit in ${often}`
}

function traceWords({ trace, traceError, negativeMass }: CurvatureSeriesResult): string {
  const last = lastKnown(trace)
  const estimate = (i: number) => formatEstimate({ value: trace[i], standardError: Number.isFinite(traceError[i]) ? traceError[i] : null })
  return `the trace went from ${estimate(0)} to ${estimate(last)} (± one standard error); at the end ${formatShare(negativeMass[last])} of the mass is negative`
}

function overlapWords({ previousOverlap, firstOverlap, gradientOverlap, largest }: CurvatureSeriesResult): string {
  const [before, gradient] = [lastKnown(previousOverlap), lastKnown(gradientOverlap)]
  const turned =
    before < 0
      ? `there is only one look at the ${formatCount(largest)} top directions`
      : `the space of the ${formatCount(largest)} top directions has overlap ${formatNumber(previousOverlap[before])} with the look before ` +
        `and ${formatNumber(firstOverlap[before])} with the first`
  return gradient < 0 ? turned : `${turned}; ${formatShare(gradientOverlap[gradient])} of the squared gradient lies within it`
}

function conditionWords({ conditionBound }: CurvatureSeriesResult): string {
  const bound = conditionBound[lastKnown(conditionBound)]
  return `the condition number is at least ${formatNumber(bound)} at the end; the true one may be much larger, because the smallest positive eigenvalue is found last`
}

function overSeeds(result: CurvatureSeriesResult, others: readonly CurvatureSeriesResult[], what: string, of: OfSeries): string {
  if (others.length === 0) return ''
  const places = seriesMoments([result, ...others], of)
  const last = lastKnown(places.map(({ mean }) => mean))
  return last < 0 ? '' : ` Over ${String(others.length + 1)} seeds ${what} is ${formatSpread(places[last])} (mean ± s.d.).`
}
