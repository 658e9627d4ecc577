/** Numbers of the blocks that are dealt to one thread, ascending. */
export type Hand = readonly number[]

/**
 * Blocks dealt in turn, one to each thread until none is left: what threads of equal speed finish comes in about the
 * order of the blocks.
 */
export function deal(blocks: number, threads: number): readonly Hand[] {
  return Array.from({ length: threads }, (_, thread) => Array.from({ length: Math.ceil((blocks - thread) / threads) }, (_unused, i) => thread + i * threads))
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
    this.missing = hands.reduce((sum, hand) => sum + hand.length, 0)
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

  /** Whether blocks of a hand are missing. */
  isOpen(hand: number): boolean {
    return this.missingOf(this.hands[hand]).length > 0
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

  private missingOf(hand: Hand): readonly number[] {
    return hand.filter((block) => this.done[block] === 0)
  }
}
