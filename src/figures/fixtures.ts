import type {
  EpochHistory,
  KernelSpectrum,
  KernelStatistics,
  OverlapResult,
  PrincipalComponentsResult,
  Provenance,
  SingularValuesResult,
  SpectrumProgress,
  SpectrumResult,
} from '../contracts/results.ts'
import type { HessianAnalysis } from '../contracts/experiment.ts'
import type { FigureOptions } from './figure-spec.ts'

/** Made-up results of the right shape for tests: closed formulas, nothing drawn at random. */

export const OPTIONS: FigureOptions = { theme: 'light', presenting: false, stale: false }

export const PROVENANCE: Provenance = {
  dataset: 'MNIST',
  datasetHash: '00',
  samples: 2000,
  seed: 7,
  engine: 'CPU',
  precision: 'float32',
  numericalVersion: '1',
  bitExact: true,
  epoch: 10,
  seconds: 3.2,
  appVersion: '0.1.0',
}

/** Epochs 0 to `epochs` with 312 steps each. */
export function historyFixture(epochs = 10): EpochHistory {
  const epoch = Array.from({ length: epochs + 1 }, (_, i) => i)
  return {
    epoch,
    step: epoch.map((e) => 312 * e),
    trainLoss: epoch.map((e) => 2.3 * Math.exp(-0.4 * e) + 0.05),
    trainAccuracy: epoch.map((e) => 1 - 0.9 * Math.exp(-0.5 * e)),
    testLoss: epoch.map((e) => 2.3 * Math.exp(-0.35 * e) + 0.12),
    testAccuracy: epoch.map((e) => 0.97 - 0.87 * Math.exp(-0.5 * e)),
    learningRate: epoch.map(() => 0.01),
  }
}

export function batchesFixture(count: number): { steps: number[]; losses: number[] } {
  const steps = Array.from({ length: count }, (_, i) => i)
  return { steps, losses: steps.map((step) => 2.3 * Math.exp(-step / 800) + 0.05 + 0.04 * (1 + Math.sin(12.9898 * step))) }
}

export const HESSIAN_SETTINGS: HessianAnalysis = {
  kind: 'hessian',
  selection: '2.kernel',
  matrix: 'hessian',
  decayTerm: true,
  samples: 2000,
  part: 'first',
  batchNorm: 'inference',
  largest: 40,
  smallest: 0,
  tolerance: 1e-4,
  maxProducts: 160,
  batches: 1,
  compare: null,
  memory: 2000,
}

/** Nine outliers 9, 8, …, 1 over a bulk that falls geometrically; `smallest` small negative ones at the bottom. */
export function spectrumFixture(changes: Partial<SpectrumResult> = {}, largest = 40, smallest = 0): SpectrumResult {
  const top = Array.from({ length: largest }, (_, i) => (i < 9 ? 9 - i : 0.5 * 0.9 ** (i - 9)))
  const bottom = Array.from({ length: smallest }, (_, i) => -0.002 * (i + 1))
  const eigenvalues = Float64Array.from([...top, ...bottom])
  return {
    kind: 'spectrum',
    analysis: 1,
    settings: { ...HESSIAN_SETTINGS, largest, smallest },
    batchNorm: null,
    dimension: 2500,
    eigenvalues,
    end: [...top.map(() => 'largest' as const), ...bottom.map(() => 'smallest' as const)],
    residuals: eigenvalues.map((_, i) => 1e-6 * (i + 1)),
    converged: Array.from(eigenvalues, () => true),
    products: 120,
    outcome: 'converged',
    weightProduct: eigenvalues.map((_, i) => (i === 10 ? 0.08 : 0.01 * Math.cos(i))),
    participation: eigenvalues.map((_, i) => (3 / 2500) * (1 + 5 / (i + 1))),
    batches: null,
    compared: null,
    twiceWeightDecay: 0,
    loss: 0.1,
    gradientNorm: 0.02,
    provenance: PROVENANCE,
    ...changes,
  }
}

/** Twelve Ritz values in ascending order, the largest settled. */
export const SPECTRUM_PROGRESS: SpectrumProgress = {
  analysis: 1,
  products: 12,
  ofProducts: 160,
  ritzValues: Float64Array.from({ length: 12 }, (_, i) => -0.1 + 0.75 * i),
  residuals: Float64Array.from({ length: 12 }, (_, i) => (i === 11 ? 1e-7 : 0.1)),
}

export const KERNEL_STATISTICS: KernelStatistics = {
  edges: { initialiser: 1.98, entries: 2.09, fit: 1.95, permuted: 2.05 },
  permutedSpread: 0.03,
  edgeFluctuation: 0.02,
  fittedDeviation: 0.138,
  bulkDistance: 0.04,
  bulkPValue: 0.6,
  heavyTail: { exponent: 2.9, standardError: 0.4, from: 1.2, tailCount: 22, distance: 0.08, valid: true, reason: null },
  spectralNorm: 3.1,
  stableRank: 8.4,
  softRank: 0.41,
}

/** A 50×50 kernel of standard deviation 0.14 whose bulk ends at 1.98, with three values above. */
export function kernelFixture(changes: Partial<KernelSpectrum> = {}): KernelSpectrum {
  const deviation = 0.14
  const upperEdge = 2 * deviation * Math.sqrt(50)
  const bulk = Array.from({ length: 47 }, (_, i) => upperEdge * (0.97 - (0.96 * i) / 46))
  return {
    layer: 2,
    name: 'dense_2/kernel',
    rows: 50,
    cols: 50,
    singularValues: Float64Array.from([3.1, 2.6, 2.2, ...bulk]),
    deviation,
    lowerEdge: 0,
    upperEdge,
    outliers: 3,
    initial: Float64Array.from({ length: 50 }, (_, i) => upperEdge * (0.99 - (0.98 * i) / 49)),
    permuted: Float64Array.from({ length: 50 }, (_, i) => 2.05 * (1 - (0.99 * i) / 49)),
    statistics: KERNEL_STATISTICS,
    ...changes,
  }
}

export function singularValuesFixture(kernels: readonly KernelSpectrum[] = [kernelFixture()]): SingularValuesResult {
  return { kind: 'singularValues', analysis: 0, settings: { kind: 'singularValues', edge: 'initialiser', reshape: 'thesis' }, kernels, provenance: PROVENANCE }
}

/** θ₁ a line of slope 2e-5 and intercept −4.1, the others sines; variances geometric. */
export function componentsFixture(times = 200, thetaComponents = 4): PrincipalComponentsResult {
  const thetaTime = Float64Array.from({ length: times }, (_, t) => 5 * t)
  const theta = Float64Array.from({ length: thetaComponents * times }, (_, k) => {
    const [i, t] = [Math.floor(k / times), 5 * (k % times)]
    return i === 0 ? -4.1 + 2e-5 * t : 0.5 + (0.002 / i) * Math.sin(t / (90 * i))
  })
  const variances = (first: number, ratio: number) => Float64Array.from({ length: 30 }, (_, i) => first * ratio ** i)
  return {
    kind: 'principalComponents',
    analysis: 2,
    measurement: { selection: '2.kernel', unit: 'batch', epochs: 5 },
    dimension: 2500,
    snapshots: 5 * times,
    weights: { variances: variances(8e-5, 0.7), totalVariance: 3e-4, residuals: new Float64Array(30) },
    velocities: { variances: variances(2e-8, 0.85), totalVariance: 4e-7, residuals: new Float64Array(30) },
    theta,
    thetaComponents,
    thetaTime,
    drift: { slope: 2e-5, intercept: -4.1, r2: 0.99987 },
    secondR2: 0.31,
    driftWeightCosine: 0.68,
    weightNorm: { first: 7.21, last: 7.23 },
    provenance: PROVENANCE,
  }
}

/** Null level everywhere, five times that on the diagonal; rows from `rowsDone` on not computed. */
export function overlapFixture(changes: Partial<OverlapResult> = {}, rows = 50, cols = 40): OverlapResult {
  const rowsDone = changes.rowsDone ?? rows
  const values = Float32Array.from({ length: rows * cols }, (_, k) => {
    const [i, j] = [Math.floor(k / cols), k % cols]
    if (i >= rowsDone) return NaN
    return i === j ? 0.1 : 0.02 * Math.abs(Math.cos(3 * i + 7 * j))
  })
  return {
    kind: 'overlap',
    overlap: 'singularHessian',
    layer: 2,
    rows,
    cols,
    rowLabel: 'singular matrices of layer 2',
    colLabel: 'Hessian eigenvectors of layer 2',
    values,
    rowsDone,
    dimension: 2500,
    diagonalSharpness: 4.2,
    provenance: PROVENANCE,
    ...changes,
  }
}
