/** Blocks [first, end) that are dealt to one thread. */
export interface Hand {
  readonly first: number
  readonly end: number
}

/** Consecutive blocks for every thread, as even as can be; the first threads get those that are over. */
export function deal(blocks: number, threads: number): readonly Hand[] {
  const start = (thread: number) => thread * Math.floor(blocks / threads) + Math.min(thread, blocks % threads)
  return Array.from({ length: threads }, (_, thread) => ({ first: start(thread), end: start(thread + 1) }))
}

/**
 * Which blocks are done and which the main thread does next: those of its own hand first, then, from their ends, those
 * of helpers that are behind. Helpers go through their hands from the front, so the two meet without a word.
 */
export class Ledger {
  private readonly done: Uint8Array
  private missing: number

  /** hands[0] is the main thread's. */
  constructor(private readonly hands: readonly Hand[]) {
    this.missing = hands.reduce((sum, { first, end }) => sum + end - first, 0)
    this.done = new Uint8Array(this.missing)
  }

  get complete(): boolean {
    return this.missing === 0
  }

  /** Ticks off a block; false when it was done before. */
  tick(block: number): boolean {
    if (this.done[block] === 1) return false
    this.done[block] = 1
    this.missing--
    return true
  }

  /**
   * The next block for the main thread, or null when all that is missing is being done. A helper at work is taken to
   * be at the first of its missing blocks, which is left to it.
   */
  next(isAtWork: (hand: number) => boolean): number | null {
    const own = this.missingOf(this.hands[0])
    if (own.length > 0) return own[0]
    let longest: readonly number[] = []
    for (let hand = 1; hand < this.hands.length; hand++) {
      const open = this.missingOf(this.hands[hand]).slice(isAtWork(hand) ? 1 : 0)
      if (open.length > longest.length) longest = open
    }
    return longest.at(-1) ?? null
  }

  private missingOf({ first, end }: Hand): readonly number[] {
    const blocks: number[] = []
    for (let block = first; block < end; block++) if (this.done[block] === 0) blocks.push(block)
    return blocks
  }
}
