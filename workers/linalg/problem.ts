import { CANCELLED, TASK, WINDOW, WORDS, type Layout } from './layout.ts'
import type { KernelModule } from './module.ts'

/** Jobs of the kernels, in the numbering of assembly/index.ts. */
export const JOBS = { leave: 0, gemm: 1, reduceRows: 2, inspect: 3, symmetrise: 4, restore: 5, arrange: 6, scatterPairs: 7, writeVectors: 8 } as const

export type Job = keyof typeof JOBS

/** How a computation tells of itself and gives way to other work. */
export interface Pace {
  /** Multiplications between two pauses; infinite where pauses are not needed within a job. */
  readonly stretch: number
  readonly onProgress: (phase: string, done: number) => void
  /** Awaited between stretches; throws `Stopped` when the computation is not wanted any more. */
  rest(): Promise<void>
}

/** Thrown by `Pace.rest` to end a computation that was cancelled. */
export class Stopped extends Error {}

/** Multiplications below which calling other threads takes longer than doing a job alone. */
const WORTH_CALLING = 60_000

/** The memory of a problem with the kernels that work on it, as seen by the thread that leads. */
export class Problem {
  constructor(
    readonly memory: WebAssembly.Memory,
    readonly kernels: KernelModule,
    readonly layout: Layout,
    readonly threads: number,
  ) {}

  /** A live view of `length` numbers. */
  floats(address: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, address, length)
  }

  /** A live view of `length` unsigned words. */
  words(address: number, length: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, address, length)
  }

  /** Whether somebody waits for the task of this number, on memory that is shared. */
  isWanted(task: number): boolean {
    return this.isAtHand(task) && Atomics.load(this.words(CANCELLED, 1), 0) === 0
  }

  /** Whether the memory is still this task's. */
  isAtHand(task: number): boolean {
    return Atomics.load(this.words(TASK, 1), 0) === task
  }

  /** Does a whole job at once, with the other threads where `work` multiplications are worth calling them. */
  run(job: Job, words: readonly number[], work: number): void {
    this.runWindow(job, words, 0, 2 ** 32 - 1, work)
  }

  /** Does a job of `pieces` pieces with pauses between stretches of work. */
  async runPieces(job: Job, words: readonly number[], pieces: number, work: number, pace: Pace): Promise<void> {
    const step = Math.max(1, Math.floor((pace.stretch / work) * pieces))
    for (let first = 0; first < pieces; first += step) {
      this.runWindow(job, words, first, Math.min(pieces, first + step), work)
      await pace.rest()
    }
  }

  /** Lets the threads that follow go. */
  release(): void {
    this.runWindow('leave', [], 0, 0, Infinity)
  }

  private runWindow(job: Job, words: readonly number[], first: number, end: number, work: number): void {
    this.words(WINDOW, 2).set([first, end])
    this.words(WORDS, words.length).set(words)
    this.kernels.lead(JOBS[job], work < WORTH_CALLING ? 1 : this.threads)
  }
}
