/** How a long computation gives way to other work and learns that it is no longer wanted. */
export interface Pacing {
  /** Awaited about every ten milliseconds of work. */
  readonly yieldControl?: () => Promise<void>
  /** Asked at the same moments. */
  readonly shouldStop?: () => boolean
}

/** Multiply-adds between two pauses: some ten milliseconds of one core. */
const WORK_PER_PAUSE = 8_000_000

/** Counts work and pauses when enough has been done. */
export class Pacer {
  readonly #pacing: Pacing
  #work = 0

  constructor(pacing: Pacing) {
    this.#pacing = pacing
  }

  /** Adds work done; true when the caller is asked to stop. */
  async shouldStopAfter(work: number): Promise<boolean> {
    this.#work += work
    if (this.#work < WORK_PER_PAUSE) return false
    this.#work = 0
    await this.#pacing.yieldControl?.()
    return this.#pacing.shouldStop?.() ?? false
  }
}
