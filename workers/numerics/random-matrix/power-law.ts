/**
 * Power law p(x) = (α − 1)/x_min (x/x_min)^−α in the tail of a spectrum, by maximum likelihood with the x_min that makes the
 * Kolmogorov distance smallest (Clauset, Shalizi and Newman 2009, Secs. 3 and 5), and what speaks against it: any spectrum
 * has a best power law, that of a random matrix too.
 */
import { exp, log } from '../deterministic-math.ts'
import { normalCdf } from './normal-distribution.ts'

export interface PowerLawFit {
  readonly alpha: number
  /** (α − 1)/√tail. */
  readonly standardError: number
  /** Smallest value of the tail. */
  readonly minimum: number
  /** Number of values in the tail. */
  readonly tail: number
  /** Kolmogorov distance D of the tail to the law. */
  readonly distance: number
  /** Distance that one fitted power-law sample in twenty exceeds (Stephens 1974, exponential law of unknown mean). */
  readonly largestDistance: number
  /** Comparison with exp(−(x − x_min)/mean) on the same tail (Vuong 1989). */
  readonly againstExponential: {
    /** Log-likelihood of the power law minus that of the exponential law: positive where the power law is likelier. */
    readonly logRatio: number
    /** The ratio over its standard deviation. */
    readonly normalised: number
    /** Two-sided probability of a ratio that large when both laws are equally far from the truth. */
    readonly pValue: number
  }
}

export interface HeavyTail {
  /** Whether the tail may be called a power law. */
  readonly valid: boolean
  /** Why not, as a sentence; null when valid. */
  readonly reason: string | null
  /** The best power law all the same; null when fewer than ten distinct values above zero are left to fit. */
  readonly fit: PowerLawFit | null
}

/** Fewer eigenvalues say too little about a tail. */
const LEAST_VALUES = 50
/** A shorter tail is neither tried nor believed. */
const LEAST_TAIL = 10
const LEAST_ALPHA = 1.5
const LARGEST_ALPHA = 8
/** Larger samples try this many x_min, evenly spread over the order statistics. */
const MOST_CANDIDATES = 1000
/** Of 200 exponential samples of 64 to 500 values 2 to 5 % exceed it; of power laws with exponent 3 75 to 99 % do. */
const LEAST_NORMALISED_RATIO = 1
/** Stephens 1974, Table 4.11: (D − 0.2/m)(√m + 0.26 + 0.5/√m) exceeds it with probability 0.05. */
const DISTANCE_QUANTILE = 1.094

/**
 * Fits the tail of eigenvalues ν² of WᵀW, (n) in any order; zeros take no part. Throws for values that are negative or not
 * finite.
 */
export function fitHeavyTail(eigenvalues: ArrayLike<number>): HeavyTail {
  const sorted = positiveAscending(eigenvalues)
  const fit = bestPowerLaw(sorted)
  const reason = objection(sorted.length, fit)
  return Object.freeze({ valid: reason === null, reason, fit })
}

function positiveAscending(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values, (value, i) => {
    if (!(value >= 0 && value < Infinity)) throw new RangeError(`fitHeavyTail: eigenvalue ${i} is ${value}; give finite values from 0 on`)
    return value
  })
    .filter((value) => value > 0)
    .sort()
}

function objection(count: number, fit: PowerLawFit | null): string | null {
  if (count < LEAST_VALUES) return `Only ${count} eigenvalues lie above zero; a tail needs at least ${LEAST_VALUES}.`
  if (fit === null) return `No tail of at least ${LEAST_TAIL} distinct eigenvalues is left to fit.`
  const alpha = fit.alpha.toFixed(2)
  if (fit.againstExponential.logRatio <= 0) return 'An exponential tail fits at least as well, so the tail is not heavy.'
  if (fit.againstExponential.normalised < LEAST_NORMALISED_RATIO) {
    return `The power law is not clearly likelier than an exponential tail (${fit.againstExponential.normalised.toFixed(2)} standard deviations).`
  }
  if (fit.distance > fit.largestDistance) {
    return `The distance to the power law, ${fit.distance.toFixed(3)}, is more than ${fit.largestDistance.toFixed(3)}, which true power laws rarely exceed.`
  }
  if (fit.alpha < LEAST_ALPHA || fit.alpha > LARGEST_ALPHA) {
    return `The exponent ${alpha} lies outside ${LEAST_ALPHA} to ${LARGEST_ALPHA}, where a power law can be told from other laws.`
  }
  return null
}

function bestPowerLaw(sorted: Float64Array): PowerLawFit | null {
  const logs = sorted.map(log)
  /** Sums of the logarithms from an index on, so that α of every tail costs one step. */
  const tailSums = new Float64Array(logs.length + 1)
  for (let i = logs.length - 1; i >= 0; i--) tailSums[i] = tailSums[i + 1] + logs[i]
  let best: { start: number; alpha: number; distance: number } | null = null
  for (const start of candidates(sorted)) {
    const tail = sorted.length - start
    const excess = tailSums[start] - tail * logs[start]
    if (!(excess > 0)) continue
    const alpha = 1 + tail / excess
    const distance = tailDistance(logs, start, alpha, best?.distance ?? Infinity)
    if (best === null || distance < best.distance) best = { start, alpha, distance }
  }
  return best && described(sorted, best)
}

/** First index of each distinct value that leaves a tail long enough. */
function candidates(sorted: Float64Array): number[] {
  const starts: number[] = []
  for (let i = 0; i <= sorted.length - LEAST_TAIL; i++) if (i === 0 || sorted[i] > sorted[i - 1]) starts.push(i)
  if (starts.length <= MOST_CANDIDATES) return starts
  return Array.from({ length: MOST_CANDIDATES }, (_, k) => starts[Math.floor((k * starts.length) / MOST_CANDIDATES)])
}

/** Distance of the tail to 1 − (x/x_min)^(1 − α); ends early once it exceeds `enough`. */
function tailDistance(logs: Float64Array, start: number, alpha: number, enough: number): number {
  const tail = logs.length - start
  let distance = 0
  for (let k = 0; k < tail && distance <= enough; k++) {
    const expected = 1 - exp((1 - alpha) * (logs[start + k] - logs[start]))
    distance = Math.max(distance, expected - k / tail, (k + 1) / tail - expected)
  }
  return distance
}

function described(sorted: Float64Array, { start, alpha, distance }: { start: number; alpha: number; distance: number }): PowerLawFit {
  const ratios = sorted.subarray(start).map((value) => value / sorted[start])
  const root = Math.sqrt(ratios.length)
  return Object.freeze({
    alpha,
    standardError: (alpha - 1) / root,
    minimum: sorted[start],
    tail: ratios.length,
    distance,
    largestDistance: DISTANCE_QUANTILE / (root + 0.26 + 0.5 / root) + 0.2 / ratios.length,
    againstExponential: exponentialComparison(ratios, alpha),
  })
}

/** @param ratios x/x_min of the tail */
function exponentialComparison(ratios: Float64Array, alpha: number): PowerLawFit['againstExponential'] {
  const m = ratios.length
  const mean = ratios.reduce((sum, ratio) => sum + (ratio - 1), 0) / m
  const differences = ratios.map((ratio) => log(alpha - 1) - alpha * log(ratio) + log(mean) + (ratio - 1) / mean)
  const logRatio = differences.reduce((sum, value) => sum + value, 0)
  const squares = differences.reduce((sum, value) => sum + (value - logRatio / m) * (value - logRatio / m), 0)
  const normalised = squares > 0 ? logRatio / Math.sqrt(squares) : 0
  return Object.freeze({ logRatio, normalised, pValue: 2 * normalCdf(-Math.abs(normalised)) })
}
