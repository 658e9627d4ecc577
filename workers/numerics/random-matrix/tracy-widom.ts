/**
 * Fluctuation of the largest singular value of a random matrix about the edge of the bulk: the Tracy–Widom law of real
 * matrices, F₁ (Tracy and Widom 1996), with the centre and scale of Johnstone 2001, "On the distribution of the largest
 * eigenvalue in principal components analysis", Eqs. 1.3 and 1.4.
 */
import { exp, log } from '../deterministic-math.ts'

/**
 * F₁(s) = det(1 − A), A(x, y) = Ai((x + y)/2)/2 on (s, ∞) (Ferrari and Spohn 2005), by Gauss–Legendre quadrature
 * (Bornemann 2010) at s = −6, −5.75, … and 1 − F₁(s) at s = −1.75, −1.5, …: each where it is the small one.
 */
const STEP = 0.25
const BELOW_START = -6
const BELOW = [
  2.71262753e-6, 9.8940868e-6, 3.28781455e-5, 9.98236605e-5, 2.7791898e-4, 7.1218339e-4, 1.68615139e-3, 3.70232132e-3,
  7.56767867e-3, 1.44542592e-2, 2.5894147e-2, 4.36718532e-2, 6.96001189e-2, 1.05203917e-1, 1.51377729e-1, 2.08104725e-1,
  2.74320198e-1, 3.47965487e-1, 4.26225802e-1, 5.05896042e-1, 5.83789896e-1,
].map(log)
const ABOVE_START = -1.75
const ABOVE = [
  6.52034513e-1, 5.73774198e-1, 4.94103958e-1, 4.16210104e-1, 3.42893553e-1, 2.76308948e-1, 2.17838065e-1, 1.68091934e-1,
  1.27011895e-1, 9.40288165e-2, 6.82408293e-2, 4.85787631e-2, 3.39404483e-2, 2.32863514e-2, 1.56975773e-2, 1.04024289e-2,
  6.77984371e-3, 4.3479773e-3, 2.74489393e-3, 1.70651965e-3, 1.04522656e-3, 6.30926778e-4, 3.75459868e-4, 2.20344487e-4,
  1.27563112e-4, 7.28710673e-5, 4.1087378e-5, 2.2871518e-5, 1.25724274e-5, 6.82621452e-6, 3.66160604e-6, 1.94081407e-6,
  1.0167226e-6, 5.26512865e-7, 2.69576235e-7, 1.36488205e-7, 6.83472774e-8, 3.38554542e-8, 1.65914146e-8, 8.04542488e-9,
].map(log)
/** Where the two tables meet: F₁ is about one half. */
const MEETING = -1.25

/** 1 − F₁(s), to about 1e-5 of the smaller of F₁ and 1 − F₁ between −6 and 8; its logarithm goes on straight beyond. */
export function tracyWidomTail(s: number): number {
  if (s !== s) return NaN
  return s < MEETING ? 1 - exp(interpolated(BELOW, (s - BELOW_START) / STEP)) : exp(interpolated(ABOVE, (s - ABOVE_START) / STEP))
}

/** Place with F₁ = probability, 1e-5 … 1 − 1e-8; bisection. */
export function tracyWidomQuantile(probability: number): number {
  if (!(probability >= 1e-5 && probability <= 1 - 1e-8)) {
    throw new RangeError(`tracyWidomQuantile: probability=${probability} is not between 1e-5 and 1 - 1e-8`)
  }
  let [low, high] = [-6, 8]
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (tracyWidomTail(middle) > 1 - probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Where the largest singular value of a matrix of independent normal entries lies. */
export interface EdgeFluctuation {
  /** Of the largest eigenvalue ν² of WᵀW: ν² = centre + scale · s, s having the law F₁. */
  readonly centre: number
  readonly scale: number
  /** Quantiles of the largest singular value: one random matrix in two, in twenty, in a hundred lies above. */
  readonly median: number
  readonly quantile95: number
  readonly quantile99: number
}

const QUANTILES = [0.5, 0.95, 0.99].map(tracyWidomQuantile)

/** Throws for a matrix of one entry, which has no edge. */
export function edgeFluctuation(rows: number, columns: number, sd: number): EdgeFluctuation {
  const [short, long] = rows < columns ? [rows, columns] : [columns, rows]
  if (!(Number.isInteger(short) && Number.isInteger(long) && short >= 1 && long >= 2)) {
    throw new RangeError(`edgeFluctuation: a ${rows} x ${columns} matrix has no edge that fluctuates; give whole sides, one of them from 2 on`)
  }
  if (!(sd > 0 && sd < Infinity)) throw new RangeError(`edgeFluctuation: sd=${sd} is not a finite number above 0`)
  const [a, b] = [Math.sqrt(long - 1), Math.sqrt(short)]
  const centre = sd * sd * (a + b) * (a + b)
  const scale = sd * sd * (a + b) * exp(log(1 / a + 1 / b) / 3)
  // A 2 x 1 matrix has values that the approximation puts below zero.
  const [median, quantile95, quantile99] = QUANTILES.map((s) => Math.sqrt(Math.max(0, centre + scale * s)))
  return Object.freeze({ centre, scale, median, quantile95, quantile99 })
}

/** Cubic through the four points of a table around a place; a straight line beyond its ends. */
function interpolated(table: readonly number[], place: number): number {
  const last = table.length - 1
  if (place <= 0) return table[0] + place * (table[1] - table[0])
  if (place >= last) return table[last] + (place - last) * (table[last] - table[last - 1])
  const first = Math.min(Math.max(Math.floor(place) - 1, 0), last - 3)
  const t = place - first
  const [p, q, r, s] = table.slice(first, first + 4)
  return (
    (-p * (t - 1) * (t - 2) * (t - 3)) / 6 +
    (q * t * (t - 2) * (t - 3)) / 2 -
    (r * t * (t - 1) * (t - 3)) / 2 +
    (s * t * (t - 1) * (t - 2)) / 6
  )
}
