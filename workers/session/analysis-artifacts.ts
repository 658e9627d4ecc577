import type { PrincipalComponentsResult, SingularValuesResult, SpectrumResult } from '../../src/contracts/results.ts'

/** A finished Hessian analysis with its vectors, rows [k, n]. What is stored and exported. */
export interface SpectrumArtifact {
  readonly result: SpectrumResult
  readonly eigenvectors: Float64Array
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

/** What the analyses of one checkpoint have given so far, by index in the experiment. */
export interface Artifacts {
  readonly spectra: ReadonlyMap<number, SpectrumArtifact>
  readonly components: ReadonlyMap<number, ComponentsArtifact>
  readonly singular: ReadonlyMap<number, SingularArtifact>
}
