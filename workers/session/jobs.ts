/** One job at a time, in the order asked for; the running one can be told to stop. */
export class Jobs {
  private tail: Promise<unknown> = Promise.resolve()
  private running: AbortController | null = null
  private readonly queued = new Set<AbortController>()

  /** Runs `work` after everything asked for earlier. The signal aborts when `stop` is called before or meanwhile. */
  run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController()
    this.queued.add(controller)
    const result = this.tail.then(async () => {
      this.running = controller
      try {
        return await work(controller.signal)
      } finally {
        this.queued.delete(controller)
        if (this.running === controller) this.running = null
      }
    })
    this.tail = result.catch(() => undefined)
    return result
  }

  /** Asks the running job and all waiting ones to stop; resolves when they have. */
  async stop(): Promise<void> {
    for (const controller of this.queued) controller.abort()
    await this.tail
  }

  get busy(): boolean {
    return this.running !== null
  }
}
