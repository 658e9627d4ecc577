import type {
  DemonstrationResult,
  DensityResult,
  EigenvectorResult,
  NoiseFilteringResult,
  PrincipalComponentsResult,
  SingularValuesResult,
  SpectrumResult,
  TraceResult,
  WholeSpectrumResult,
} from '../../src/contracts/results.ts'

/** A finished Hessian analysis with its vectors, rows [k, n]. What is stored and exported. */
export interface SpectrumArtifact {
  readonly result: SpectrumResult
  readonly eigenvectors: Float64Array
  /** Those of the checkpoint it is compared with. */
  readonly comparedVectors: Float64Array | null
}

/** A finished PCA with its vectors, rows [k, n]. */
export interface ComponentsArtifact {
  readonly result: PrincipalComponentsResult
  readonly weightComponents: Float64Array
  readonly velocityComponents: Float64Array
}

export interface SingularArtifact {
  readonly result: SingularValuesResult
}

/** All eigenpairs of a matrix, rows [n, n]. */
export interface WholeArtifact {
  readonly result: WholeSpectrumResult
  /** Null where they were not asked for, or were too many to be stored. */
  readonly eigenvectors: Float64Array | Float32Array | null
  /** What was measured on the vectors when they were there. */
  readonly statistics: EigenvectorResult | null
}

export interface PlainArtifact<R> {
  readonly result: R
}

/** What each kind of result keeps. */
export interface ArtifactKinds {
  readonly spectrum: SpectrumArtifact
  readonly principalComponents: ComponentsArtifact
  readonly singularValues: SingularArtifact
  readonly wholeSpectrum: WholeArtifact
  readonly density: PlainArtifact<DensityResult>
  readonly trace: PlainArtifact<TraceResult>
  readonly demonstration: PlainArtifact<DemonstrationResult>
  readonly noiseFiltering: PlainArtifact<NoiseFilteringResult>
}

export type ArtifactKind = keyof ArtifactKinds
export type Artifact = ArtifactKinds[ArtifactKind]

/** What the analyses of one checkpoint have given so far. */
export interface Artifacts {
  /** Those of a kind, in the order of the list. */
  of<K extends ArtifactKind>(kind: K): readonly ArtifactKinds[K][]
}
