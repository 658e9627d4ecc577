/** Milliseconds since 1970 with fractions: a clock that the threads of a machine share. */
export function clock(): number {
  return performance.timeOrigin + performance.now()
}

/** When a helper will be done with the block it is at, judged by the one before. */
export class Pace {
  private since = 0
  private took: number | null = null

  /** The helper got a round of blocks. */
  begin(at: number): void {
    this.since = at
  }

  /** The helper finished a block and began the next. */
  finish(at: number): void {
    this.took = at - this.since
    this.since = at
  }

  /** When it is due; `guess` is what a block is taken to need before any was finished. */
  due(guess: number): number {
    return this.since + (this.took ?? guess)
  }
}
