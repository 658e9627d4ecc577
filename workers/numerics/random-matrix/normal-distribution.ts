/**
 * Distribution function of the standard normal law with the same bits on every machine.
 *
 * The upper tail Q(z) = 1 − Φ(z) is a Taylor polynomial about the nearest of the nodes 0, 1/8, 2/8, … 67/8: the
 * derivatives of the density are Hermite polynomials times the density. Q at a node comes from its power series below
 * z = 2 and from Laplace's continued fraction above. Absolute error below 3e-16; relative error of Q below 1e-12.
 */
import { exp } from '../deterministic-math.ts'

const NODES_PER_UNIT = 8
const NODES = 68
/** |d| ≤ 1/16 and z ≤ 8.4 leave terms from d¹³ on below 1e-13 of Q(z), and below 1e-18 where Q is near one half. */
const COEFFICIENTS = 13
const LAST = (NODES - 0.5) / NODES_PER_UNIT
const INVERSE_SQRT_TWO_PI = 0.3989422804014327
/** Below this node the power series loses nothing to cancellation. */
const SERIES_END = 2
/** Terms that the continued fraction needs at z = 2 for sixteen digits; fewer above. */
const FRACTION_TERMS = 200

const TABLE = tailPolynomials()

/** exp(−z²/2)/√(2π). */
export function normalDensity(z: number): number {
  return INVERSE_SQRT_TWO_PI * exp(-0.5 * z * z)
}

/** Φ(z), the probability that a standard normal deviate is at most z. NaN for NaN. */
export function normalCdf(z: number): number {
  return z < 0 ? upperTail(-z) : 1 - upperTail(z)
}

/** Q(z) for z ≥ 0. */
function upperTail(z: number): number {
  if (!(z < LAST)) return z !== z ? NaN : tailFraction(z)
  const node = Math.round(z * NODES_PER_UNIT)
  const d = z - node / NODES_PER_UNIT
  const first = node * COEFFICIENTS
  let sum = TABLE[first + COEFFICIENTS - 1]
  for (let j = first + COEFFICIENTS - 2; j >= first; j--) sum = TABLE[j] + d * sum
  return sum
}

/** [NODES, COEFFICIENTS]: Q(zₖ + d) = Q(zₖ) − φ(zₖ) Σⱼ (−1)ʲ⁻¹ Heⱼ₋₁(zₖ) dʲ/j!, row k. */
function tailPolynomials(): Float64Array {
  const table = new Float64Array(NODES * COEFFICIENTS)
  for (let k = 0; k < NODES; k++) {
    const z = k / NODES_PER_UNIT
    table[k * COEFFICIENTS] = z < SERIES_END ? 0.5 - centralSeries(z) : tailFraction(z)
    // Signed Hermite polynomials over factorials: hⱼ = (−1)ʲ Heⱼ(z)/j!, from (j + 1) hⱼ₊₁ = −z hⱼ − hⱼ₋₁.
    let [before, hermite] = [0, 1]
    for (let j = 1; j < COEFFICIENTS; j++) {
      table[k * COEFFICIENTS + j] = (-normalDensity(z) * hermite) / j
      const next = (-z * hermite - before) / j
      before = hermite
      hermite = next
    }
  }
  return table
}

/** Φ(z) − 1/2 = φ(z) (z + z³/3 + z⁵/(3·5) + …). */
function centralSeries(z: number): number {
  let [term, sum] = [z, z]
  for (let k = 3; term > 1e-18 * sum; k += 2) {
    term *= (z * z) / k
    sum += term
  }
  return normalDensity(z) * sum
}

/** Q(z) = φ(z)/(z + 1/(z + 2/(z + 3/(z + …)))). */
function tailFraction(z: number): number {
  if (z === Infinity) return 0
  let fraction = z
  for (let k = FRACTION_TERMS; k >= 1; k--) fraction = z + k / fraction
  return normalDensity(z) / fraction
}
