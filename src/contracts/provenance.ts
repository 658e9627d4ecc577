/** Where a number came from. Every result carries one. */
export interface Provenance {
  readonly dataset: string
  /** SHA-256 of the data set, hexadecimal. */
  readonly datasetHash: string
  readonly samples: number
  readonly seed: number
  readonly engine: string
  readonly precision: 'float64' | 'float32'
  readonly numericalVersion: string
  readonly bitExact: boolean
  /** Epoch of the checkpoint that was analysed. */
  readonly epoch: number
  readonly seconds: number
  readonly appVersion: string
}

/** How an iteration ended. */
export type Outcome = 'converged' | 'breakdown' | 'max-steps' | 'cancelled'
