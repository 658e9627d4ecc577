import type { Recording } from '../engine/recording.ts'
import type { BufferKind } from '../engine/tensor.ts'

/**
 * A buffer that travels inside recordings. The engine that holds it fills in the id; recordings and list of a message
 * refer to the same object, which survives the crossing.
 */
export interface BufferSlot {
  id: number
  readonly kind: BufferKind
  readonly length: number
  readonly label: string
}

/** The buffers of an evaluation: flat state of the network, samples, and what is read of each sample. */
export interface EvaluationBuffers<B> {
  readonly weights: B
  /** [samples, features] */
  readonly inputs: B
  /** [samples] */
  readonly labels: B
  /** [samples] cross entropy of each sample. */
  readonly losses: B
  /** [samples] 1 where the prediction is right, else 0. */
  readonly hits: B
}

/** Consecutive samples that are evaluated in one replay. */
export interface Block {
  readonly first: number
  readonly rows: number
}

/** What a replay says of the samples of its block, in order. */
export interface BlockReading {
  readonly losses: Float32Array
  readonly hits: Float32Array
}

/** The samples that a helper keeps for an evaluation, and what to do with them. */
export interface HoldMessage {
  readonly kind: 'hold'
  readonly evaluation: number
  /** Of the main thread's engine; a helper with another one refuses. */
  readonly numericalVersion: string
  readonly relaxed: boolean
  readonly buffers: EvaluationBuffers<BufferSlot>
  readonly inputs: Float32Array
  readonly labels: Uint32Array
  /** In the helper's own count of samples. */
  readonly blocks: readonly Block[]
  /** One per number of rows among the blocks. */
  readonly recordings: readonly Recording[]
}

export type ToHelper =
  | HoldMessage
  /** Evaluate all blocks in order at this flat state. */
  | { readonly kind: 'read'; readonly evaluation: number; readonly round: number; readonly weights: Float32Array }
  /** Nobody waits for this round any more. */
  | { readonly kind: 'stop'; readonly round: number }
  /** Free what was held for an evaluation. */
  | { readonly kind: 'drop'; readonly evaluation: number }

export type FromHelper =
  | { readonly kind: 'holding'; readonly evaluation: number }
  | { readonly kind: 'block'; readonly evaluation: number; readonly round: number; readonly index: number; readonly reading: BlockReading }
  | { readonly kind: 'failed'; readonly evaluation: number; readonly reason: string }
