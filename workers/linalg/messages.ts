import type { Outcome, Task } from './tasks.ts'

/** The memory of a problem, as every thread needs it. */
export interface ProblemMessage {
  readonly kind: 'open'
  readonly problem: number
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  readonly size: number
  readonly vectors: boolean
  readonly thread: number
  readonly threads: number
}

/** Do a task; the memory holds its number as long as somebody waits for it. */
export interface LeadMessage {
  readonly kind: 'lead'
  readonly problem: number
  readonly task: Task
  readonly number: number
}

export type ToHelper =
  | ProblemMessage
  /** Take part in the jobs of the thread that leads, until it says that there are no more. */
  | { readonly kind: 'follow'; readonly problem: number }
  | LeadMessage
  /** Forget a problem. */
  | { readonly kind: 'close'; readonly problem: number }

export type FromHelper =
  /** The thread runs. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly problem: number; readonly phase: string; readonly done: number }
  | { readonly kind: 'done'; readonly problem: number; readonly outcome: Outcome }
  /** What was asked for cannot be done. */
  | { readonly kind: 'refused'; readonly problem: number; readonly reason: string }
  /** Something went wrong in this thread; others may wait for it. */
  | { readonly kind: 'broken'; readonly problem: number; readonly reason: string }
