/** What a synthetic data set is made of: a rule fixed by the seed, then independent samples of it. */

/** A stream of the caller's seeded draws. */
export interface Deviates {
  /** Standard normal deviate. */
  normal(): number
  /** Number in [0, 1). */
  uniform(): number
}

/** Fills `input` (features) with sample number `index` and returns its class. */
export type Draw = (input: Float32Array, index: number, deviates: Deviates) => number

export interface SyntheticRule {
  readonly features: number
  readonly classes: number
  /** One sentence about how the samples come about. */
  readonly note: string
  /** All that decides the rule besides the seed; a new text for a changed rule. */
  readonly identity: string
  /** Draws what all samples have in common. */
  readonly prepare: (deviates: Deviates) => Draw
}
