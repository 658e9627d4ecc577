import type { Recording } from '../engine/recording.ts'
import type { BufferKind } from '../engine/tensor.ts'

/**
 * A buffer that travels inside recordings. The engine that holds it fills in the id; recordings and lists of a message
 * refer to the same object, which survives the crossing.
 */
export interface BufferSlot {
  id: number
  readonly kind: BufferKind
  readonly length: number
  readonly label: string
}

/** Consecutive samples that one replay goes through. */
export interface Block {
  readonly first: number
  readonly rows: number
}

/** Elements [first, first + length) of a buffer. */
export interface Span<B> {
  readonly buffer: B
  readonly first: number
  readonly length: number
}

/** One way to go through blocks of samples, as recordings on the buffers of a thread. */
export interface Pass<B> {
  /** One per number of rows among the blocks. */
  readonly recordings: readonly Recording[]
  /** Where the numbers of a round go: weights, or the vector of a product. */
  readonly input: Span<B>
  /** Buffers with one number per sample, read after every block. */
  readonly readings: readonly B[]
  /** What a block adds to, read after it and emptied before: the block's own share of the sum. */
  readonly sums: Span<B> | null
  /** The pass that a block must have gone through, at the present input of that pass, before it can go through this one. */
  readonly after: number | null
}

/** What a pass leaves of a block: its readings [rows] each, then its sums. */
export type BlockResults = readonly Float32Array[]

/** Numbers that a buffer of a helper begins with. */
export interface Content {
  readonly slot: BufferSlot
  readonly values: Float32Array | Uint32Array
}

/** The samples that a helper keeps for a task, and what may be done with them. */
export interface HoldMessage {
  readonly kind: 'hold'
  readonly task: number
  /** Of the main thread's engine; a helper with another one refuses. */
  readonly numericalVersion: string
  readonly relaxed: boolean
  readonly slots: readonly BufferSlot[]
  readonly contents: readonly Content[]
  /** In the helper's own count of samples. */
  readonly blocks: readonly Block[]
  readonly passes: readonly Pass<BufferSlot>[]
}

export type ToHelper =
  | HoldMessage
  /** Let all blocks go through a pass, in order, with this input. */
  | { readonly kind: 'run'; readonly task: number; readonly round: number; readonly pass: number; readonly input: Float32Array }
  /** Nobody waits for this round any more. */
  | { readonly kind: 'stop'; readonly round: number }
  /** Free what was held for a task. */
  | { readonly kind: 'drop'; readonly task: number }

export type FromHelper =
  | { readonly kind: 'holding'; readonly task: number }
  /** `at` is when the block was done, by the clock of `pace.ts`. */
  | { readonly kind: 'block'; readonly task: number; readonly round: number; readonly index: number; readonly results: BlockResults; readonly at: number }
  | { readonly kind: 'failed'; readonly task: number; readonly reason: string }
