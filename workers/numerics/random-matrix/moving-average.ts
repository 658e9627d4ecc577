/** Averages over neighbours, and how far averages of independent uniform numbers lie from one half. */
import { powerOf } from '../deterministic-math.ts'
import { normalCdf } from './normal-distribution.ts'

export interface MovingAverage {
  /** Index that the first average belongs to. */
  readonly first: number
  readonly averages: Float64Array
}

/** `symmetric`: i − w … i + w, 2w + 1 values. `released`: i − w … i + w − 1, as the code released with the thesis takes them. */
export type AverageForm = 'symmetric' | 'released'

/** Averages of (k) values over w neighbours to each side, (k − 2w), where all of them exist. Throws for k ≤ 2w. */
export function movingAverage(values: ArrayLike<number>, neighbours = 15, form: AverageForm = 'symmetric'): MovingAverage {
  if (!Number.isInteger(neighbours) || neighbours < 0) throw new RangeError(`movingAverage: neighbours=${neighbours} is not a whole number from 0 on`)
  if (form === 'released' && neighbours < 1) throw new RangeError('movingAverage: the released form needs neighbours=1 at least')
  if (values.length < 2 * neighbours + 1) {
    throw new RangeError(`movingAverage: ${values.length} values, but ${neighbours} neighbours to each side need at least ${2 * neighbours + 1}`)
  }
  const count = averagedValues(neighbours, form)
  const averages = Float64Array.from({ length: values.length - 2 * neighbours }, (_, i) => {
    let sum = 0
    for (let j = 0; j < count; j++) sum += values[i + j]
    return sum / count
  })
  return Object.freeze({ first: neighbours, averages })
}

/** Values in each average. */
export function averagedValues(neighbours: number, form: AverageForm = 'symmetric'): number {
  return form === 'symmetric' ? 2 * neighbours + 1 : 2 * neighbours
}

export interface Band {
  readonly low: number
  readonly high: number
}

/** Up to here the exact sum loses no digits that matter; from here on the expansion is good to 1e-4. */
const EXACT_COUNT = 12

/** Central band that holds the mean of `count` independent uniform numbers with a probability, 0.95 by default. */
export function uniformMeanBand(count: number, probability = 0.95): Band {
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`uniformMeanBand: count=${count} is not a whole number from 1 on`)
  if (!(probability > 0 && probability < 1)) throw new RangeError(`uniformMeanBand: probability=${probability} is not between 0 and 1`)
  const half = count <= EXACT_COUNT ? exactHalfWidth(count, probability) : expandedHalfWidth(count, probability)
  return Object.freeze({ low: 0.5 - half, high: 0.5 + half })
}

function exactHalfWidth(count: number, probability: number): number {
  return bisected((half) => 1 - 2 * irwinHall(count * (0.5 - half), count) < probability, 0, 0.5)
}

/** Distribution function of the sum of `count` uniform numbers (Irwin 1927; Hall 1927). */
function irwinHall(x: number, count: number): number {
  let [sum, term] = [0, 1]
  for (let k = 1; k <= count; k++) term /= k
  for (let k = 0; k <= x; k++) {
    sum += term * powerOf(x - k, count)
    term *= -(count - k) / (k + 1)
  }
  return sum
}

/** Cornish–Fisher: normal quantile corrected for the kurtosis −6/(5 count). */
function expandedHalfWidth(count: number, probability: number): number {
  const z = bisected((at) => 2 * normalCdf(at) - 1 < probability, 0, 10)
  return (z - ((z * z * z - 3 * z) * 1.2) / (24 * count)) / Math.sqrt(12 * count)
}

/** Place between low and high where a condition that holds below ends. */
function bisected(holds: (x: number) => boolean, low: number, high: number): number {
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (holds(middle)) low = middle
    else high = middle
  }
  return (low + high) / 2
}
