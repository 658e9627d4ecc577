import type { CurvatureSettings } from '../contracts/experiment.ts'
import type {
  CurvatureFacts,
  CurvatureSeriesResult,
  DemonstrationResult,
  DensityResult,
  EigenvectorResult,
  LanczosHistory,
  NoiseFilteringResult,
  Quadrature,
  SpacingResult,
  SpectralMoments,
  TraceResult,
  WholeSpectrumResult,
} from '../contracts/results.ts'
import { PROVENANCE } from './fixtures.ts'

/** Made-up results of the analyses of curvature: closed formulas, nothing drawn at random. */

export const CURVATURE_SETTINGS: CurvatureSettings = {
  selection: '2.kernel',
  matrix: 'hessian',
  decayTerm: true,
  samples: 2000,
  part: 'first',
  batchNorm: 'inference',
}

export const CURVATURE_FACTS: CurvatureFacts = {
  analysis: 2,
  batchNorm: null,
  dimension: 400,
  twiceWeightDecay: 0,
  loss: 0.1,
  gradientNorm: 0.02,
  provenance: PROVENANCE,
}

/** Nine outliers 9, 8, …, 1 over a bulk that falls geometrically; the last `negative` values −0.01, −0.02, … */
export function eigenvaluesFixture(n = 400, negative = 0): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => {
    if (i >= n - negative) return -0.01 * (i - (n - negative) + 1)
    return i < 9 ? 9 - i : 0.5 * 0.97 ** (i - 9)
  })
}

export function wholeSpectrumFixture(changes: Partial<WholeSpectrumResult> = {}, n = 400, negative = 20): WholeSpectrumResult {
  const eigenvalues = eigenvaluesFixture(n, negative)
  return {
    kind: 'wholeSpectrum',
    ...CURVATURE_FACTS,
    dimension: n,
    settings: { kind: 'wholeSpectrum', ...CURVATURE_SETTINGS, vectors: true, solver: 'float64', compare: null, memory: 2000 },
    eigenvalues,
    build: 'kronecker',
    products: 12,
    solver: 'float64, 2 threads',
    checked: [0, n - 1],
    residuals: Float64Array.of(1e-14, 2e-14),
    orthogonality: 1e-15,
    trace: eigenvalues.reduce((sum, value) => sum + value, 0),
    negative,
    rounding: 1e-12,
    bytes: 8 * n * n,
    buildSeconds: 0.5,
    solveSeconds: 1.5,
    compared: null,
    ...changes,
  }
}

/** Probes whose two largest nodes 9 and 4 have settled; the other nodes lie evenly in [−0.2, 1]. */
export function quadratureFixture(probes = 4, steps = 12): Quadrature {
  const each = (of: (probe: number, k: number) => number) => Float64Array.from({ length: probes * steps }, (_, i) => of(Math.floor(i / steps), i % steps))
  const outliers = 2
  const bulk = (1 - 0.0025 * outliers) / (steps - outliers)
  // From the last but one to the last node, another amount for every probe.
  const shift = (probe: number, k: number) => 0.1 * bulk * (probe - (probes - 1) / 2) * (k === steps - 1 ? 1 : k === steps - 2 ? -1 : 0)
  return {
    probes,
    steps,
    nodes: each((probe, k) => (k < outliers ? [9, 4][k] : 1 - (1.2 * (k - outliers)) / (steps - outliers - 1) + 0.001 * probe)),
    weights: each((probe, k) => (k < outliers ? 0.0025 : bulk + shift(probe, k))),
    residuals: each((_, k) => (k < outliers ? 1e-6 * (k + 1) : 0.1)),
  }
}

export const MOMENTS: SpectralMoments = {
  trace: { value: 52.3, standardError: 0.41 },
  squaredNorm: { value: 301, standardError: 4 },
  negativeMass: { value: 0.021, standardError: 0.002 },
  negativeShare: { value: 0.05, standardError: 0.004 },
}

export function densityFixture(changes: Partial<DensityResult> = {}): DensityResult {
  const quadrature = quadratureFixture()
  return {
    kind: 'density',
    ...CURVATURE_FACTS,
    settings: { kind: 'density', ...CURVATURE_SETTINGS, probes: quadrature.probes, steps: quadrature.steps, compare: null },
    quadrature,
    products: 48,
    probesDone: quadrature.probes,
    outcome: 'converged',
    moments: MOMENTS,
    halfMoments: { ...MOMENTS, trace: { value: 51.9, standardError: 0.5 }, negativeMass: { value: 0.035, standardError: 0.003 } },
    compared: null,
    ...changes,
  }
}

/** Estimates that settle at 50 with errors falling like 1/√k. */
export function traceFixture(changes: Partial<TraceResult> = {}, probes = 20): TraceResult {
  const from = (of: (k: number) => number) => Float64Array.from({ length: probes }, (_, i) => of(i + 1))
  return {
    kind: 'trace',
    ...CURVATURE_FACTS,
    settings: { kind: 'trace', ...CURVATURE_SETTINGS, method: 'hutchinson', probes },
    trace: { value: 50 + 2 / probes, standardError: 3 / Math.sqrt(probes) },
    squaredNorm: { value: 301, standardError: 4 },
    diagonal: null,
    layers: [
      { layer: 1, name: 'dense_1', parameters: 300, trace: 20.1 },
      { layer: 2, name: 'dense_2', parameters: 100, trace: 30 },
    ],
    history: { products: from((k) => k), estimates: from((k) => 50 + 2 / k), standardErrors: from((k) => (k === 1 ? NaN : 3 / Math.sqrt(k))) },
    products: probes,
    outcome: 'converged',
    ...changes,
  }
}

/** Spacings at the quantiles of the Wigner surmise. */
export function spacingFixture(changes: Partial<SpacingResult> = {}, count = 200): SpacingResult {
  return {
    kind: 'spacings',
    source: { kind: 'wholeSpectrum', analysis: 2, selection: '2.kernel' },
    window: 15,
    levels: count + 1,
    dropped: 50,
    spacings: Float64Array.from({ length: count }, (_, i) => Math.sqrt((-4 / Math.PI) * Math.log(1 - (i + 0.5) / count))),
    wigner: { distance: 0.02, band: [0.015, 0.03, 0.06], pValue: 0.7 },
    poisson: { distance: 0.22, band: [0.02, 0.04, 0.08], pValue: 0 },
    problem: null,
    provenance: PROVENANCE,
    ...changes,
  }
}

/** Participation in a U about 3/n; products with a burst at i = 30; two layers, the later one strong at the top. */
export function eigenvectorsFixture(changes: Partial<EigenvectorResult> = {}, count = 100, dimension = 400): EigenvectorResult {
  const from = (of: (i: number) => number, length = count) => Float64Array.from({ length }, (_, i) => of(i))
  const late = (i: number) => 0.5 * Math.exp(-i / 20)
  return {
    kind: 'eigenvectors',
    source: { kind: 'wholeSpectrum', analysis: 2, selection: '2.kernel', matrix: 'hessian' },
    dimension,
    index: from((i) => i + 1),
    eigenvalues: eigenvaluesFixture(dimension).slice(0, count),
    participation: from((i) => (3 / dimension) * (1 + 9 * ((2 * i) / (count - 1) - 1) ** 4)),
    randomParticipation: 3 / dimension,
    weightProduct: from((i) => (i === 29 ? -0.3 : 0.01 * Math.cos(i))),
    otherWeightProduct: null,
    layers: [
      { layer: 1, name: 'dense_1', parameters: 300 },
      { layer: 2, name: 'dense_2', parameters: 100 },
    ],
    concentration: from((k) => (k < count ? 1 - late(k) : late(k - count)), 2 * count),
    porterThomas: {
      distances: from((i) => 0.03 + 0.0002 * i),
      pValues: from((i) => (i % 10 === 0 ? 0.3 : 0.0001)),
      averages: from(() => 0.03),
      window: 15,
      band: [0.4, 0.6],
      randomDistance: 0.02,
      nullVectors: 10000,
    },
    provenance: PROVENANCE,
    ...changes,
  }
}

/** λ₁ grows from 4 to 20 and stays; the limit 2/η is 18; eigenvalues halve from one to the next. */
export function curvatureFixture(changes: Partial<CurvatureSeriesResult> = {}, looks = 11, factor = 1): CurvatureSeriesResult {
  const from = (of: (look: number) => number) => Float64Array.from({ length: looks }, (_, look) => of(look))
  const largest = 3
  const top = (look: number) => factor * Math.min(20, 4 + 2 * look)
  return {
    kind: 'curvature',
    settings: { selection: 'all', every: 100, samples: 2000, largest, probes: 4, steps: 20 },
    dimension: 42310,
    step: from((look) => 100 * look),
    epoch: from((look) => look),
    eigenvalues: Float64Array.from({ length: looks * largest }, (_, k) => top(Math.floor(k / largest)) / 2 ** (k % largest)),
    residuals: new Float64Array(looks * largest).fill(1e-3),
    largest,
    stabilityLimit: from(() => 18),
    trace: from((look) => 50 + look),
    traceError: from(() => 2),
    negativeMass: from(() => 0.1),
    conditionBound: from((look) => 1000 * (look + 1)),
    loss: from((look) => 2 / (look + 1)),
    gradientNorm: from(() => 0.1),
    gradientOverlap: from(() => 0.8),
    previousOverlap: from((look) => (look === 0 ? NaN : 0.9)),
    firstOverlap: from((look) => (look === 0 ? NaN : 1 / (look + 1))),
    products: from(() => 100),
    provenance: PROVENANCE,
    ...changes,
  }
}

/** Ritz values j(j−1)/2 …: the largest settles at 9 from step 4 on, and in step `copyFrom` comes back. */
export function lanczosFixture(steps = 6, copyFrom = Infinity): LanczosHistory {
  const triangle = (of: (step: number, k: number) => number) => {
    return Float64Array.from(Array.from({ length: steps }, (_, i) => Array.from({ length: i + 1 }, (_, k) => of(i + 1, k))).flat())
  }
  const isCopy = (step: number, k: number) => k === 1 && step >= copyFrom
  return {
    alphas: Float64Array.from({ length: steps }, (_, i) => 1 / (i + 1)),
    betas: Float64Array.from({ length: steps }, () => 0.5),
    ritzValues: triangle((step, k) => (k === 0 || isCopy(step, k) ? (step < 4 ? 5 + step : 9) : 1 - k)),
    residuals: triangle((step, k) => (step >= 4 && (k === 0 || isCopy(step, k)) ? 1e-9 : 0.1)),
    orthogonality: Float64Array.from({ length: steps }, (_, i) => (i + 1 >= copyFrom ? 0.3 : 1e-15)),
  }
}

export function demonstrationFixture(changes: Partial<DemonstrationResult> = {}): DemonstrationResult {
  return {
    kind: 'demonstration',
    ...CURVATURE_FACTS,
    settings: { kind: 'demonstration', ...CURVATURE_SETTINGS, algorithm: 'lanczos', steps: 6, reorthogonalise: true },
    power: null,
    lanczos: lanczosFixture(),
    outcome: 'max-steps',
    ...changes,
  }
}

/** Test accuracy 0.9 until half of the values are gone, then a fall to 0.1; best at 0.3. */
export function noiseFilteringFixture(changes: Partial<NoiseFilteringResult> = {}): NoiseFilteringResult {
  const removed = Float64Array.from({ length: 11 }, (_, i) => i / 10)
  const fall = (r: number) => (r <= 0.5 ? 0 : (r - 0.5) * 1.6)
  return {
    kind: 'noiseFiltering',
    analysis: 4,
    settings: { kind: 'noiseFiltering', selection: 'all', points: 11 },
    layers: [1, 2],
    removed,
    curves: {
      trainLoss: removed.map((r) => 0.1 + 2 * fall(r)),
      trainAccuracy: removed.map((r) => 0.99 - fall(r)),
      testLoss: removed.map((r) => 0.3 + 2 * fall(r)),
      testAccuracy: removed.map((r, i) => (i === 3 ? 0.92 : 0.9 - fall(r))),
    },
    treatments: [
      { name: 'bulk removed', removed: 0.8, reading: { trainLoss: 0.2, trainAccuracy: 0.95, testLoss: 0.3, testAccuracy: 0.91 } },
      { name: 'soft threshold', removed: 0.8, reading: { trainLoss: 0.5, trainAccuracy: 0.9, testLoss: 0.6, testAccuracy: 0.85 } },
    ],
    labelNoise: 0.2,
    provenance: PROVENANCE,
    ...changes,
  }
}
