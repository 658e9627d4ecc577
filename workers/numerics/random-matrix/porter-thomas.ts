/**
 * Porter–Thomas test of eigenvectors (thesis Eq. 7.7, corrected): the entries of a random unit vector in n dimensions are
 * close to N(0, 1/n), so that sorted they follow (1 + erf(vᵢ √(n/2)))/2 ≈ i/n. The Kolmogorov distance of the entries to that
 * law is compared with the distances of simulated unit vectors. These lie below those of independent normal entries,
 * because the length fixes the second moment: the classical table would call too many vectors random.
 */
import type { Pacing } from '../pacing.ts'
import { Pacer } from '../pacing.ts'
import { createRandom } from '../random.ts'
import { float64Space as space } from '../vector-space.ts'
import type { NullQuantiles } from './kolmogorov-smirnov.ts'
import { exceedance, kolmogorovDistance, nullQuantiles } from './kolmogorov-smirnov.ts'
import { normalCdf } from './normal-distribution.ts'

/**
 * `two-sided`: Kolmogorov distance, and p = (1 + #{null ≥ d})/(B + 1). `released`: as the code released with the thesis has
 * it, max |Φ − i/n| on the upper side of the steps only, and p interpolated, which can be zero.
 */
export type PorterThomasForm = 'two-sided' | 'released'

export interface PorterThomasOptions {
  readonly form?: PorterThomasForm
  /** Simulated unit vectors; 10,000 by default, as in the thesis. */
  readonly nullVectors?: number
  /** 1 by default. */
  readonly seed?: number
  readonly pacing?: Pacing
}

export interface PorterThomas {
  readonly form: PorterThomasForm
  /** (k) distance of the entries of each vector to N(0, 1/n). */
  readonly distances: Float64Array
  /** (k) uniform on [0, 1] for random vectors: only their average is 1/2. */
  readonly pValues: Float64Array
  /** Distances of random vectors. */
  readonly null: NullQuantiles
  readonly nullVectors: number
  /** Length of the simulated vectors: less than n where their distances were scaled to n. */
  readonly simulatedLength: number
}

export interface PorterThomasNull {
  /** (B) ascending. */
  readonly distances: Float64Array
  readonly simulatedLength: number
}

const DEFAULT_NULL_VECTORS = 10_000
/**
 * Longer vectors are simulated at this length. (√n + 0.18) × distance has the same law for all n from 50 on: its quantiles at
 * 50, 200, 1000 and 8000 agree within their errors of about one per cent.
 */
const LARGEST_SIMULATED = 1000
const ROOT_CORRECTION = 0.18
/** Multiply-adds per entry of a simulated vector, and of a given one. */
const DRAWING_WORK = 150
const SORTING_WORK = 80
/** Float32 eigenvectors are unit vectors to 1e-6 or so. */
const LENGTH_TOLERANCE = 1e-3
const KEPT_NULLS = 8
const keptNulls = new Map<string, Float64Array>()

/** Kolmogorov distance of the entries of a unit vector to N(0, 1/n). */
export function porterThomasDistance(vector: Float64Array, form: PorterThomasForm = 'two-sided'): number {
  return distanceOf(checkedUnit(vector, 'the vector'), form)
}

function distanceOf(vector: Float64Array, form: PorterThomasForm): number {
  const root = Math.sqrt(vector.length)
  const sorted = vector.map((entry) => entry * root).sort()
  return form === 'two-sided' ? kolmogorovDistance(sorted, normalCdf) : upperDistance(sorted)
}

/** p of a distance against sorted distances of random vectors. */
export function porterThomasPValue(distance: number, sortedNull: Float64Array, form: PorterThomasForm = 'two-sided'): number {
  return form === 'two-sided' ? exceedance(sortedNull, distance) : 1 - interpolatedShare(distance, sortedNull)
}

/** Distances of random unit vectors of length n; null when asked to stop. */
export async function porterThomasNull(n: number, options: PorterThomasOptions = {}): Promise<PorterThomasNull | null> {
  const { form = 'two-sided', nullVectors = DEFAULT_NULL_VECTORS, seed = 1, pacing = {} } = options
  for (const [name, value] of Object.entries({ n, nullVectors })) {
    if (!(Number.isInteger(value) && value >= 1)) throw new RangeError(`porterThomas: ${name}=${value} is not a whole number from 1 on`)
  }
  const simulatedLength = Math.min(n, LARGEST_SIMULATED)
  const simulated = await simulatedDistances(simulatedLength, form, nullVectors, seed, new Pacer(pacing))
  const factor = (Math.sqrt(simulatedLength) + ROOT_CORRECTION) / (Math.sqrt(n) + ROOT_CORRECTION)
  return simulated && Object.freeze({ distances: n === simulatedLength ? simulated.slice() : simulated.map((d) => d * factor), simulatedLength })
}

/**
 * Tests unit vectors, the rows of [k, n]; null when asked to stop. Throws when the entries fill no rows or a row is not of
 * length one.
 */
export async function porterThomas(eigenvectors: Float64Array, n: number, options: PorterThomasOptions = {}): Promise<PorterThomas | null> {
  const { form = 'two-sided', pacing = {} } = options
  const simulated = await porterThomasNull(n, options)
  if (!Number.isInteger(eigenvectors.length / n)) throw new RangeError(`porterThomas: ${eigenvectors.length} entries are no rows of length ${n}`)
  if (simulated === null) return null
  const pacer = new Pacer(pacing)
  const distances = new Float64Array(eigenvectors.length / n)
  for (let i = 0; i < distances.length; i++) {
    const row = checkedUnit(eigenvectors.subarray(i * n, (i + 1) * n), `row ${i}`)
    distances[i] = distanceOf(row, form)
    if (await pacer.shouldStopAfter(SORTING_WORK * n)) return null
  }
  return Object.freeze({
    form,
    distances,
    pValues: distances.map((distance) => porterThomasPValue(distance, simulated.distances, form)),
    null: nullQuantiles(simulated.distances),
    nullVectors: simulated.distances.length,
    simulatedLength: simulated.simulatedLength,
  })
}

/** (count) ascending distances of normalised Gaussian vectors. */
async function simulatedDistances(
  n: number,
  form: PorterThomasForm,
  count: number,
  seed: number,
  pacer: Pacer,
): Promise<Float64Array | null> {
  const key = [n, form, count, seed].join('/')
  const kept = keptNulls.get(key)
  if (kept) return kept
  const random = createRandom(seed, `Porter–Thomas null/${n}`)
  const distances = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const vector = space.random(n, random)
    space.scale(1 / space.norm(vector), vector)
    distances[i] = distanceOf(vector, form)
    if (await pacer.shouldStopAfter(DRAWING_WORK * n)) return null
  }
  for (const oldest of [...keptNulls.keys()].slice(0, Math.max(0, keptNulls.size + 1 - KEPT_NULLS))) keptNulls.delete(oldest)
  keptNulls.set(key, distances.sort())
  return distances
}

function upperDistance(sorted: Float64Array): number {
  let distance = 0
  for (let i = 0; i < sorted.length; i++) distance = Math.max(distance, Math.abs(normalCdf(sorted[i]) - (i + 1) / sorted.length))
  return distance
}

/** Line through the points (null[k], (k + 1)/B), constant beyond both ends. */
function interpolatedShare(distance: number, sortedNull: Float64Array): number {
  const count = sortedNull.length
  const above = sortedNull.findIndex((value) => value > distance)
  if (above === 0) return 1 / count
  if (above < 0) return 1
  const step = (distance - sortedNull[above - 1]) / (sortedNull[above] - sortedNull[above - 1])
  return (above + step) / count
}

function checkedUnit(vector: Float64Array, name: string): Float64Array {
  const length = space.norm(vector)
  if (!(Math.abs(length - 1) <= LENGTH_TOLERANCE)) {
    throw new RangeError(`porterThomas: ${name} has length ${length}; divide it by its length`)
  }
  return vector
}
