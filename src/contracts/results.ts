import type { LabErrorData } from './errors.ts'
import type { Outcome, Provenance } from './provenance.ts'
import type {
  CheckResult,
  CurvatureFacts,
  CurvatureSeriesResult,
  DemonstrationResult,
  DensityResult,
  EigenvectorResult,
  KernelStatistics,
  NoiseFilteringResult,
  SpacingResult,
  TraceResult,
  WholeSpectrumResult,
} from './spectral-results.ts'
import type { Analysis, Selection, SingularValuesAnalysis, MeasurementSettings, HessianAnalysis } from './experiment.ts'

/** One entry per finished epoch, epoch 0 being the untrained network. All arrays have the same length. */
export interface EpochHistory {
  readonly epoch: readonly number[]
  /** Optimiser steps taken when the entry was made. */
  readonly step: readonly number[]
  readonly trainLoss: readonly number[]
  readonly trainAccuracy: readonly number[]
  readonly testLoss: readonly number[]
  readonly testAccuracy: readonly number[]
  readonly learningRate: readonly number[]
}

/** Mean cross entropy of the mini-batches since the last update: step i ran batch firstStep + i. */
export interface BatchLosses {
  readonly firstStep: number
  readonly losses: Float32Array
}

export interface TrainingUpdate {
  /** Fractional epoch reached. */
  readonly epoch: number
  readonly step: number
  readonly epochs: number
  readonly stepsPerEpoch: number
  readonly learningRate: number
  readonly millisecondsPerStep: number
  readonly batches: BatchLosses | null
  /** Whole history when an epoch ended, else null. */
  readonly history: EpochHistory | null
  /** Short hash of the weights at the last checkpoint: the run's fingerprint. */
  readonly fingerprint: string | null
}

/** Ritz values while Lanczos runs. */
export interface SpectrumProgress {
  readonly analysis: number
  readonly products: number
  readonly ofProducts: number
  readonly ritzValues: Float64Array
  /** Residual estimates of the same values. */
  readonly residuals: Float64Array
}

/** Top and bottom of a Hessian spectrum, descending. Arrays have one entry per eigenpair. */
export interface SpectrumResult extends CurvatureFacts {
  readonly kind: 'spectrum'
  readonly settings: HessianAnalysis
  readonly eigenvalues: Float64Array
  readonly end: readonly ('largest' | 'smallest')[]
  /** ‖Hh − hh‖ of every pair, from a product with H. */
  readonly residuals: Float64Array
  readonly converged: readonly boolean[]
  readonly products: number
  readonly outcome: Outcome
  /** hᵢ·w/‖w‖ (Eq. 7.2), eigenvectors with their largest entry positive. */
  readonly weightProduct: Float64Array
  /** Σⱼ h⁴ᵢⱼ. */
  readonly participation: Float64Array
  /** The same eigenvalues on each of the equal batches [batches, k]; null without. */
  readonly batches: { readonly count: number; readonly samples: number; readonly eigenvalues: Float64Array } | null
  /** The same eigenvalues at another checkpoint. */
  readonly compared: { readonly epoch: number; readonly eigenvalues: Float64Array } | null
}

export interface KernelSpectrum {
  /** Layer number from 1. */
  readonly layer: number
  readonly name: string
  readonly rows: number
  readonly cols: number
  readonly singularValues: Float64Array
  /** Standard deviation that the edges were computed from. */
  readonly deviation: number
  /** Marchenko–Pastur edges ν∓ = s(√rows ∓ √cols) in absolute value. */
  readonly lowerEdge: number
  readonly upperEdge: number
  readonly outliers: number
  /** Singular values of the same kernel before training, and of the trained entries in random order. */
  readonly initial: Float64Array
  readonly permuted: Float64Array
  readonly statistics: KernelStatistics
}

export interface SingularValuesResult {
  readonly kind: 'singularValues'
  readonly analysis: number
  readonly settings: SingularValuesAnalysis
  readonly kernels: readonly KernelSpectrum[]
  readonly provenance: Provenance
}

export interface ComponentSet {
  /** σᵢ², descending, ddof 1. */
  readonly variances: Float64Array
  readonly totalVariance: number
  /** ‖Σp − σ²p‖ of every component. */
  readonly residuals: Float64Array
}

/** PCA of the weights and velocities recorded in the measurement phase. */
export interface PrincipalComponentsResult {
  readonly kind: 'principalComponents'
  readonly analysis: number
  readonly measurement: MeasurementSettings
  readonly dimension: number
  readonly snapshots: number
  readonly weights: ComponentSet
  readonly velocities: ComponentSet
  /** θᵢ(t) = w(t)·pᵢ for the first few components: row i has one entry per kept t. */
  readonly theta: Float64Array
  readonly thetaComponents: number
  /** Snapshot index of every kept t. */
  readonly thetaTime: Float64Array
  /** Linear fit of θ₁(t) over all snapshots (Eq. 6.4), per snapshot. */
  readonly drift: { readonly slope: number; readonly intercept: number; readonly r2: number }
  /** R² of the linear fit of θ₂: what the drift mode is compared with. */
  readonly secondR2: number
  /** cos(p₁, w at the end). */
  readonly driftWeightCosine: number
  readonly weightNorm: { readonly first: number; readonly last: number }
  readonly provenance: Provenance
}

/**
 * `layerNetwork`: eigenvectors of one layer's Hessian and of the whole network's (7.5); `hessianTime`: of one matrix at two
 * checkpoints.
 */
export type OverlapKind = 'singularHessian' | 'singularPca' | 'hessianWeights' | 'hessianVelocities' | 'layerNetwork' | 'hessianTime'

/** |⟨aᵢ, bⱼ⟩| of two families of unit vectors. */
export interface OverlapResult {
  readonly kind: 'overlap'
  readonly overlap: OverlapKind
  /** Layer number of the kernel whose singular matrices are used; null where there are none. */
  readonly layer: number | null
  readonly rows: number
  readonly cols: number
  readonly rowLabel: string
  readonly colLabel: string
  /** [rows, cols], row-major. Rows not yet computed are NaN. */
  readonly values: Float32Array
  readonly rowsDone: number
  /** Dimension of the common space: unrelated unit vectors overlap by about 1/√dimension. */
  readonly dimension: number
  /** Mean over |i − j| ≤ band of the values, over the mean of all; 1 for no diagonal. */
  readonly diagonalSharpness: number
  readonly provenance: Provenance
}

export type LabResult =
  | SpectrumResult
  | SingularValuesResult
  | PrincipalComponentsResult
  | OverlapResult
  | WholeSpectrumResult
  | DensityResult
  | TraceResult
  | DemonstrationResult
  | NoiseFilteringResult
  | CurvatureSeriesResult
  | SpacingResult
  | EigenvectorResult
  | CheckResult

/** What the data stage tells. */
export interface DataSummary {
  readonly name: string
  readonly hash: string
  readonly trainSamples: number
  readonly testSamples: number
  readonly shape: readonly number[]
  readonly classes: number
  readonly notes: readonly string[]
}

/** A look at a data set before it is used. */
export interface DataPreview {
  readonly name: string
  /** height, width, channels */
  readonly shape: readonly [height: number, width: number, channels: number]
  readonly classes: number
  /** Null where classes have numbers only. */
  readonly classNames: readonly string[] | null
  /** Samples of every class. */
  readonly trainCounts: readonly number[]
  readonly testCounts: readonly number[]
  readonly samples: readonly SamplePreview[]
  /** What is done to the numbers before the network sees them, in one sentence. */
  readonly preprocessing: string
  /** Of the stored values of the training samples: bytes where the files have bytes, else the inputs. */
  readonly mean: number
  readonly deviation: number
  readonly notes: readonly string[]
}

export interface SamplePreview {
  readonly label: number
  /** RGBA, height·width·4; null where the numbers are no image. */
  readonly pixels: Uint8ClampedArray | null
  readonly values: readonly number[] | null
}

/** One row of the architecture: what a layer makes of its input. */
export interface LayerSketch {
  /** Index in the settings; null for input, flattening and output, which follow by themselves. */
  readonly index: number | null
  /** "convolution 6@5×5, same" */
  readonly what: string
  readonly outputShape: readonly number[]
  readonly parameters: number
}

/** A network before it is built. */
export interface NetworkSketch {
  readonly layers: readonly LayerSketch[]
  readonly parameterCount: number
  /** Bytes for weights, optimiser and the activations of one batch. */
  readonly trainingBytes: number
  /** Estimated from the measured speed of this machine, else from a modest laptop core. */
  readonly secondsPerEpoch: number
  readonly measured: boolean
  /** Why it cannot be built, with the layer at fault by index where one is; null when it can. */
  readonly problem: { readonly error: LabErrorData; readonly index: number | null } | null
}

/** A trained network that comes with the lab. */
export interface TrainedNetwork {
  readonly id: string
  readonly title: string
  readonly dataset: string
  readonly epochs: number
  readonly seconds: number
  /** Where it was trained and with what engine. */
  readonly machine: string
  readonly trainAccuracy: number
  readonly testAccuracy: number
  readonly precision: 'float32' | 'float16'
  readonly bytes: number
}

export interface ParameterSummary {
  /** `2.kernel` */
  readonly selection: Selection
  /** `dense_2/kernel` */
  readonly name: string
  readonly layer: number
  readonly shape: readonly number[]
  readonly offset: number
  readonly size: number
}

export interface NetworkSummary {
  readonly layers: string
  readonly parameterCount: number
  readonly parameters: readonly ParameterSummary[]
  /** The trained network that comes with the lab and that this one starts from; null otherwise. */
  readonly trained: TrainedNetwork | null
}

export type AnalysisKind = Analysis['kind']

export type { Outcome, Provenance } from './provenance.ts'
export type * from './spectral-results.ts'
