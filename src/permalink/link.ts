import type { Experiment } from '../contracts/experiment.ts'
import type { EngineChoice, Notice } from '../contracts/session.ts'
import type { RunFingerprint } from './run-fingerprint.ts'

/** What an embedding page or an instructor may set; names as in TensorFlow Playground. */
export interface EmbedOptions {
  /** Only the panels, without the page around them. */
  readonly embed: boolean
  readonly hideText: boolean
  readonly tutorial: string | null
  /** Controls to hide, from `<control>_hide=true`. Sorted. */
  readonly hidden: readonly string[]
}

export const NO_EMBED: EmbedOptions = { embed: false, hideText: false, tutorial: null, hidden: [] }

/** Everything that a link can carry. */
export interface Link {
  readonly experiment: Experiment
  readonly engine: EngineChoice
  /** Version of the application that wrote the link. */
  readonly appVersion: string | null
  /** SHA-256 of the sender's data set, or its beginning. */
  readonly datasetHash: string | null
  /** Of the sender's run. */
  readonly fingerprint: RunFingerprint | null
  readonly embed: EmbedOptions
}

/** A link that was read, with a notice for everything in it that could not be taken as it stood. */
export interface DecodedLink extends Link {
  readonly notices: readonly Notice[]
}
