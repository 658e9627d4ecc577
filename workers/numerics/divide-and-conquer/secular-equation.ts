/**
 * Eigenvalues of D + ρ z zᵀ: the roots of f(λ) = 1/ρ + Σ zᵢ²/(dᵢ − λ), one behind every pole.
 *
 * Rational interpolation with two simple poles (Bunch, Nielsen and Sorensen 1978; Li, LAPACK Working Note 89, 1993:
 * "middle way" and "fixed weight", exchanged where one is slow), inside a bracket that every value of f narrows.
 * A root is kept as an offset from its nearest pole, so that all dᵢ − λ have full relative accuracy.
 */

const EPSILON = 2 ** -52
/** A bracket of doubles is exhausted by bisection long before; two to six steps are usual. */
const MOST_STEPS = 200

/** D + ρ z zᵀ after deflation: poles ascending and apart, no zᵢ negligible, ρ > 0. */
export interface RankOneUpdate {
  /** (k) strictly ascending. */
  readonly poles: Float64Array
  /** (k) zᵢ². */
  readonly weights: Float64Array
  readonly rho: number
}

/** Root j is poles[origins[j]] + offsets[j]; dᵢ − λⱼ = (poles[i] − poles[origins[j]]) − offsets[j]. */
export interface SecularRoots {
  readonly origins: Int32Array
  readonly offsets: Float64Array
}

/** Solves for one root after the other, so that the caller decides when to pause. */
export class SecularEquation {
  readonly roots: SecularRoots
  readonly #poles: Float64Array
  readonly #weights: Float64Array
  readonly #inverseRho: number
  /** ρ ‖z‖²: the last root lies at most so far behind the last pole. */
  readonly #reach: number
  /** Sums over the poles up to the split and behind it, and their derivatives, from the last `#evaluate`. */
  #left = 0
  #leftSlope = 0
  #right = 0
  #rightSlope = 0
  #partialSums = 0

  constructor({ poles, weights, rho }: RankOneUpdate) {
    this.#poles = poles
    this.#weights = weights
    this.#inverseRho = 1 / rho
    this.#reach = rho * weights.reduce((sum, weight) => sum + weight, 0)
    this.roots = { origins: new Int32Array(poles.length), offsets: new Float64Array(poles.length) }
  }

  /** Sets root j; returns how often f was evaluated. */
  solve(j: number): number {
    const k = this.#poles.length
    const last = j === k - 1
    if (k === 1) {
      this.roots.origins[0] = 0
      this.roots.offsets[0] = this.#reach
      return 1
    }
    // The poles of the model: those around the root, or the last two in front of it.
    const lower = last ? k - 2 : j
    const search = this.#begin(j, lower, last)
    this.roots.origins[j] = search.origin
    const steps = this.#iterate(search, lower, last)
    this.roots.offsets[j] = search.offset
    return steps + 1
  }

  /** The half of the interval that holds the root, and the root of the model with constant far poles. */
  #begin(j: number, lower: number, last: boolean): Search {
    const poles = this.#poles
    const gap = poles[lower + 1] - poles[lower]
    const middle = (last ? this.#reach : gap) / 2
    const constant = this.#farPoles(lower, poles[j], middle)
    const [p, q] = [this.#weights[lower], this.#weights[lower + 1]]
    const value = last ? constant - p / (gap + middle) - q / middle : constant - p / middle + q / (gap - middle)
    const origin = last || value >= 0 ? j : j + 1
    const [a, b] = origin === lower ? [constant * gap + p + q, p * gap] : [p + q - constant * gap, -q * gap]
    const guess = modelRoot(a, b, constant, last)
    const near = value >= 0
    const [low, high] = last ? (near ? [0, middle] : [middle, this.#reach]) : near ? [0, middle] : [middle - gap, 0]
    return { origin, low, high, offset: guess > low && guess < high ? guess : low + (high - low) / 2 }
  }

  #iterate(search: Search, lower: number, last: boolean): number {
    const poles = this.#poles
    const origin = poles[search.origin]
    const [p, q] = [poles[lower] - origin, poles[lower + 1] - origin]
    const nearestIsLower = search.origin === lower
    let fixedWeight = false
    let slow = 0
    let before = Infinity
    for (let steps = 1; ; steps++) {
      const offset = search.offset
      this.#evaluate(lower, origin, offset)
      const slope = this.#leftSlope + this.#rightSlope
      const value = this.#inverseRho + this.#left + this.#right
      if (Math.abs(value) <= EPSILON * this.#rounding(offset, slope) || steps === MOST_STEPS) return steps
      if (value < 0) search.low = offset
      else search.high = offset
      const stagnates = Math.abs(value) > 0.1 * Math.abs(before)
      if (stagnates) fixedWeight = !fixedWeight
      slow = stagnates ? slow + 1 : 0
      before = value
      const [x, y] = [p - offset, q - offset]
      const constant = fixedWeight && !last ? this.#fixedWeight(value, slope, x, y, lower, nearestIsLower) : value - x * this.#leftSlope - y * this.#rightSlope
      let step = modelRoot((x + y) * value - x * y * slope, x * y * value, constant, last)
      if (!(value * step < 0)) step = -value / slope
      let next = offset + step
      if (slow > 2 || !(next > search.low && next < search.high)) {
        next = search.low + (search.high - search.low) / 2
        slow = 0
      }
      if (next === offset || next === search.low || next === search.high) return steps
      search.offset = next
    }
  }

  /** Constant of the model that keeps the weight of the nearest pole and fits the rest to f and f′. */
  #fixedWeight(value: number, slope: number, x: number, y: number, lower: number, nearestIsLower: boolean): number {
    const gap = y - x
    return nearestIsLower
      ? value - y * slope + (gap * this.#weights[lower]) / (x * x)
      : value - x * slope - (gap * this.#weights[lower + 1]) / (y * y)
  }

  /** What a value of f may be wrong by, in units of ε (Li 1993, section 5). */
  #rounding(offset: number, slope: number): number {
    return 8 * (Math.abs(this.#left) + Math.abs(this.#right)) + this.#partialSums + this.#inverseRho + Math.abs(offset) * slope
  }

  /** 1/ρ and the poles other than `lower` and `lower + 1`. */
  #farPoles(lower: number, origin: number, offset: number): number {
    const [poles, weights] = [this.#poles, this.#weights]
    let sum = this.#inverseRho
    for (let i = 0; i < lower; i++) sum += weights[i] / (poles[i] - origin - offset)
    for (let i = poles.length - 1; i > lower + 1; i--) sum += weights[i] / (poles[i] - origin - offset)
    return sum
  }

  /** Both sums run towards the root: the largest terms come last. */
  #evaluate(lower: number, origin: number, offset: number): void {
    const [poles, weights] = [this.#poles, this.#weights]
    let [sum, slope, partial] = [0, 0, 0]
    for (let i = 0; i <= lower; i++) {
      const inverse = 1 / (poles[i] - origin - offset)
      const term = weights[i] * inverse
      sum += term
      slope += term * inverse
      partial -= sum
    }
    this.#left = sum
    this.#leftSlope = slope
    sum = 0
    slope = 0
    let rightPartial = 0
    for (let i = poles.length - 1; i > lower; i--) {
      const inverse = 1 / (poles[i] - origin - offset)
      const term = weights[i] * inverse
      sum += term
      slope += term * inverse
      rightPartial += sum
    }
    this.#right = sum
    this.#rightSlope = slope
    this.#partialSums = Math.abs(partial) + Math.abs(rightPartial)
  }
}

interface Search {
  readonly origin: number
  /** f(low) < 0 < f(high); ends at a pole are never evaluated. */
  low: number
  high: number
  offset: number
}

/** Root of c x² − a x + b that lies between the poles of the model, or behind both; NaN and ∞ are the caller's to refuse. */
function modelRoot(a: number, b: number, c: number, behind: boolean): number {
  const root = Math.sqrt(Math.abs(a * a - 4 * b * c))
  if (behind) return a >= 0 ? (a + root) / (2 * c) : (2 * b) / (a - root)
  return a <= 0 ? (a - root) / (2 * c) : (2 * b) / (a + root)
}
