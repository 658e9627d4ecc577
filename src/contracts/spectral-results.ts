import type {
  CurvatureMatrix,
  CurvatureSettings,
  DemonstrationAnalysis,
  DensityAnalysis,
  MonitorSettings,
  NoiseFilteringAnalysis,
  Selection,
  SingularValuesAnalysis,
  TraceAnalysis,
  WholeSpectrumAnalysis,
} from './experiment.ts'
import type { Outcome, Provenance } from './provenance.ts'

/** Results of the analyses of curvature and of what random-matrix theory says of them. */

/** A number with its standard error; null where one cannot be had. */
export interface Estimate {
  readonly value: number
  readonly standardError: number | null
}

/** What every result about one matrix carries. */
export interface CurvatureFacts {
  /** Index of the analysis in the experiment. */
  readonly analysis: number
  /** Statistics that batch norm used; null where the network has none. */
  readonly batchNorm: CurvatureSettings['batchNorm'] | null
  /** Parameters in the selection. */
  readonly dimension: number
  /** 2λ of the weight-decay term that the matrix includes on kernel entries; 0 where it was left out. */
  readonly twiceWeightDecay: number
  readonly loss: number
  readonly gradientNorm: number
  readonly provenance: Provenance
}

/** The entries of every vector that belong to one layer. */
export interface LayerShare {
  /** `2`, or `all`'s layers in order. */
  readonly layer: number
  readonly name: string
  readonly parameters: number
}

/** All eigenvalues of a matrix that fits into memory. */
export interface WholeSpectrumResult extends CurvatureFacts {
  readonly kind: 'wholeSpectrum'
  readonly settings: WholeSpectrumAnalysis
  /** (n) descending. */
  readonly eigenvalues: Float64Array
  /** How the matrix was built: from Kronecker factors in one product, or column by column. */
  readonly build: 'kronecker' | 'products'
  readonly products: number
  /** Where and in what precision it was decomposed: "float64, 2 threads". */
  readonly solver: string
  /** Indices of the pairs whose residual ‖Hh − hh‖ was computed, with the residuals; empty without vectors. */
  readonly checked: readonly number[]
  readonly residuals: Float64Array
  /** Largest |hᵢ·hⱼ|, i ≠ j, among the checked pairs; null without vectors. */
  readonly orthogonality: number | null
  /** Trace of the matrix before it was decomposed: the eigenvalues add up to it. */
  readonly trace: number
  /** Eigenvalues below −`rounding` are negative beyond rounding. */
  readonly negative: number
  readonly rounding: number
  readonly bytes: number
  readonly buildSeconds: number
  readonly solveSeconds: number
  /** The same matrix at another checkpoint. */
  readonly compared: { readonly epoch: number; readonly eigenvalues: Float64Array } | null
}

/** Quadrature of the spectral density by stochastic Lanczos: every probe is a discrete measure of total weight 1. */
export interface DensityResult extends CurvatureFacts {
  readonly kind: 'density'
  readonly settings: DensityAnalysis
  readonly quadrature: Quadrature
  readonly products: number
  readonly probesDone: number
  readonly outcome: Outcome
  readonly moments: SpectralMoments
  /** The same from the leading half of the steps: how much they still depend on their number. */
  readonly halfMoments: SpectralMoments
  readonly compared: { readonly epoch: number; readonly quadrature: Quadrature } | null
}

/** Rows [probes, steps]; a row that broke down early ends in NaN. */
export interface Quadrature {
  readonly probes: number
  readonly steps: number
  readonly nodes: Float64Array
  readonly weights: Float64Array
  /** |β s_m|: a node is an eigenvalue up to this. */
  readonly residuals: Float64Array
}

export interface SpectralMoments {
  readonly trace: Estimate
  /** ‖H‖_F². */
  readonly squaredNorm: Estimate
  /** Σ_{h<0}|h| / Σ|h| */
  readonly negativeMass: Estimate
  /** Share of eigenvalues below −10⁻³·max|h|. */
  readonly negativeShare: Estimate
}

export interface TraceResult extends CurvatureFacts {
  readonly kind: 'trace'
  readonly settings: TraceAnalysis
  readonly trace: Estimate
  /** ‖H‖_F²; null for Hutch++. */
  readonly squaredNorm: Estimate | null
  /** (n) estimate of every diagonal entry with its standard error; null for Hutch++. */
  readonly diagonal: { readonly values: Float64Array; readonly standardErrors: Float64Array } | null
  /** Sums of the diagonal over layers, which add up to the trace; null for Hutch++. */
  readonly layers: readonly (LayerShare & { readonly trace: number })[] | null
  /** Estimate and standard error after each probe (NaN for the first standard error). */
  readonly history: { readonly products: Float64Array; readonly estimates: Float64Array; readonly standardErrors: Float64Array }
  readonly products: number
  readonly outcome: Outcome
}

/** What happened in every step of an iteration. */
export interface DemonstrationResult extends CurvatureFacts {
  readonly kind: 'demonstration'
  readonly settings: DemonstrationAnalysis
  readonly power: PowerHistory | null
  readonly lanczos: LanczosHistory | null
  readonly outcome: Outcome
}

/** One entry per step. */
export interface PowerHistory {
  /** vᵀHv. */
  readonly rayleigh: Float64Array
  /** ‖Hv − (vᵀHv)v‖. */
  readonly residuals: Float64Array
  /** Radians between the vector before the product and after it. */
  readonly angles: Float64Array
}

export interface LanczosHistory {
  readonly alphas: Float64Array
  readonly betas: Float64Array
  /** Ritz values after step j (descending) are entries j(j−1)/2 … j(j+1)/2 − 1, j from 1. */
  readonly ritzValues: Float64Array
  /** |β s| of the same. */
  readonly residuals: Float64Array
  /** max |qᵢ·qⱼ|, i ≠ j, of the basis after each step. */
  readonly orthogonality: Float64Array
}

/** Accuracy as small singular values are taken out of kernels. */
export interface NoiseFilteringResult {
  readonly kind: 'noiseFiltering'
  readonly analysis: number
  readonly settings: NoiseFilteringAnalysis
  /** Layers of the kernels. */
  readonly layers: readonly number[]
  /** One entry per point, from 0 to 1: the smallest so many of all singular values of each kernel are zero. */
  readonly removed: Float64Array
  readonly curves: FilteredReadings
  /** Everything inside the Marchenko–Pastur bulk removed, pulled to the edge, or shrunk as Gavish and Donoho do. */
  readonly treatments: readonly { readonly name: 'bulk removed' | 'soft threshold' | 'optimal shrinkage'; readonly removed: number; readonly reading: FilteredReading }[]
  /** Share of the training labels that are wrong on purpose. */
  readonly labelNoise: number
  readonly provenance: Provenance
}

export interface FilteredReading {
  readonly trainLoss: number
  readonly trainAccuracy: number
  readonly testLoss: number
  readonly testAccuracy: number
}

export type FilteredReadings = { readonly [K in keyof FilteredReading]: Float64Array }

/** Curvature along the training trajectory. Arrays have one entry per look, eigenvalues k of them. */
export interface CurvatureSeriesResult {
  readonly kind: 'curvature'
  readonly settings: MonitorSettings
  readonly dimension: number
  readonly step: Float64Array
  /** Fractional epochs. */
  readonly epoch: Float64Array
  /** [looks, k] descending, with residuals. */
  readonly eigenvalues: Float64Array
  readonly residuals: Float64Array
  readonly largest: number
  /** 2(1+β)/η of (Nesterov-free) SGD at that step, NaN for other optimisers. */
  readonly stabilityLimit: Float64Array
  readonly trace: Float64Array
  readonly traceError: Float64Array
  readonly negativeMass: Float64Array
  /** λ₁ over the smallest positive Ritz value found: the condition number is at least this. */
  readonly conditionBound: Float64Array
  readonly loss: Float64Array
  readonly gradientNorm: Float64Array
  /** ‖P g‖²/‖g‖², P the projector on the top eigenvectors. */
  readonly gradientOverlap: Float64Array
  /** (1/k)‖Vᵀ_before V‖_F² with the look before, and with the first; NaN for the first. */
  readonly previousOverlap: Float64Array
  readonly firstOverlap: Float64Array
  readonly products: Float64Array
  readonly provenance: Provenance
}

/** Unfolded level spacings against the two universal laws. */
export interface SpacingResult {
  readonly kind: 'spacings'
  /** The spectrum they come from: a whole Hessian spectrum, or the singular values of a kernel. */
  readonly source: { readonly kind: 'wholeSpectrum'; readonly analysis: number; readonly selection: Selection } | { readonly kind: 'singularValues'; readonly layer: number }
  readonly window: number
  /** Levels used, and those left out because they are null to rounding. */
  readonly levels: number
  readonly dropped: number
  /** Mean 1. */
  readonly spacings: Float64Array
  readonly wigner: DistanceTest
  readonly poisson: DistanceTest
  /** Why there are no spacings; null where there are. */
  readonly problem: string | null
  readonly provenance: Provenance
}

/** Kolmogorov–Smirnov distance, and what it is for spectra of as many levels that do follow the law. */
export interface DistanceTest {
  readonly distance: number
  /** 5 %, 50 % and 95 % quantile. */
  readonly band: readonly [number, number, number]
  readonly pValue: number
}

/** Statistics of eigenvectors. Arrays have one entry per vector. */
export interface EigenvectorResult {
  readonly kind: 'eigenvectors'
  readonly source: { readonly kind: 'spectrum' | 'wholeSpectrum'; readonly analysis: number; readonly selection: Selection; readonly matrix: CurvatureMatrix }
  readonly dimension: number
  /** Place of each vector in the whole spectrum, from 1. */
  readonly index: Float64Array
  readonly eigenvalues: Float64Array
  /** Σⱼ h⁴ᵢⱼ, and its mean for random vectors. */
  readonly participation: Float64Array
  readonly randomParticipation: number
  /** hᵢ·w/‖w‖ (Eq. 7.2). */
  readonly weightProduct: Float64Array
  /** The same with the weights of another checkpoint. */
  readonly otherWeightProduct: { readonly epoch: number; readonly values: Float64Array } | null
  /** Layers in order with ‖hᵢ‖²_l (Eq. 7.8) [layers, vectors]; one layer where the selection has one. */
  readonly layers: readonly LayerShare[]
  readonly concentration: Float64Array
  readonly porterThomas: PorterThomas
  readonly provenance: Provenance
}

/** Entries of eigenvectors against a normal distribution of variance 1/n (Eq. 7.7, corrected). */
export interface PorterThomas {
  /** Kolmogorov–Smirnov distance of each vector. */
  readonly distances: Float64Array
  readonly pValues: Float64Array
  /** Mean p-value over neighbours, as many on each side as `window`. */
  readonly averages: Float64Array
  readonly window: number
  /** 95 % of averages lie within this for random vectors. */
  readonly band: readonly [number, number]
  /** Median distance of random vectors. */
  readonly randomDistance: number
  readonly nullVectors: number
}

/** One line of a verification. */
export interface CheckItem {
  readonly name: string
  /** What was compared, in one sentence. */
  readonly what: string
  readonly value: number | null
  /** Up to here it is good, up to there tolerable. */
  readonly good: number
  readonly tolerable: number
  readonly verdict: Verdict
}

export type Verdict = 'good' | 'tolerable' | 'bad' | 'not done'

/** A result compared with something independent of it. */
export interface CheckResult {
  readonly kind: 'check'
  /** Index of the analysis that was checked. */
  readonly analysis: number
  readonly verdict: Verdict
  readonly items: readonly CheckItem[]
  readonly provenance: Provenance
}

/** Singular values of a kernel against chance. */
export interface KernelStatistics {
  /** Marchenko–Pastur edge by each definition; `permuted` with its spread over permutations. */
  readonly edges: Readonly<Record<SingularValuesAnalysis['edge'], number>>
  readonly permutedSpread: number
  /** Standard deviation of the largest singular value of a random matrix of this size (Tracy–Widom). */
  readonly edgeFluctuation: number
  /** Standard deviation fitted to the bulk, and how far the bulk is from the law with the chosen one. */
  readonly fittedDeviation: number
  readonly bulkDistance: number
  readonly bulkPValue: number
  readonly heavyTail: HeavyTail
  readonly spectralNorm: number
  readonly stableRank: number
  /** λ₊ over the largest eigenvalue of WᵀW. */
  readonly softRank: number
}

/** Power law p(ν²) ∝ (ν²)^(−α) above `from` (Clauset, Shalizi and Newman 2009). */
export interface HeavyTail {
  readonly exponent: number
  readonly standardError: number
  readonly from: number
  readonly tailCount: number
  readonly distance: number
  readonly valid: boolean
  /** Why the exponent says nothing; null when it is valid. */
  readonly reason: string | null
}
