import type { Provenance } from '../../src/contracts/results.ts'
import type { Engine } from '../engine/engine.ts'

/** What all numbers of one experiment have in common. */
export interface Origin {
  readonly engine: Engine
  readonly dataset: { readonly name: string; readonly hash: string }
  readonly appVersion: string
}

/** Where a number came from, at a checkpoint. */
export function provenanceOf({ engine, dataset, appVersion }: Origin, epoch: number, samples: number, seed: number, seconds: number): Provenance {
  const { label, precision, numericalVersion, bitExact } = engine.info
  return { dataset: dataset.name, datasetHash: dataset.hash, samples, seed, engine: label, precision, numericalVersion, bitExact, epoch, seconds, appVersion }
}
