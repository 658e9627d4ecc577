import type { FromHelper, ToHelper } from './messages.ts'
import type { LinalgThread, LinalgThreads } from './thread.ts'

/** Told of what the first thread says about a problem, and with null when the crew is gone, and why. */
export type CrewListener = (message: FromHelper | null, reason: string) => void

/** Threads that live and die together: what one of them was doing, nobody else could finish. */
export class Crew {
  private readonly threads: LinalgThread[] = []
  private listener: CrewListener | null = null
  private readonly waiting = new Set<() => void>()
  private unready: number
  private failure: string | null = null

  private constructor(readonly size: number) {
    this.unready = size
  }

  /** Starts threads and waits until all run. Throws an Error that says why not, if they do not. */
  static async start(source: LinalgThreads, size: number): Promise<Crew> {
    const crew = new Crew(size)
    try {
      for (let thread = 0; thread < size; thread++) crew.add(source.start())
    } catch (error) {
      crew.end(error instanceof Error ? error.message : String(error))
    }
    await whileAwake(crew.settled())
    if (crew.failure !== null) throw new Error(`linear algebra: threads cannot be started: ${crew.failure}`)
    return crew
  }

  get isAlive(): boolean {
    return this.failure === null
  }

  post(thread: number, message: ToHelper): void {
    this.threads[thread].post(message)
  }

  listen(listener: CrewListener | null): void {
    this.listener = listener
  }

  isListenedTo(listener: CrewListener): boolean {
    return this.listener === listener
  }

  /** Ends all threads, whatever they are doing. */
  end(reason: string): void {
    if (this.failure !== null) return
    this.failure = reason
    for (const thread of this.threads) thread.terminate()
    this.wake()
    this.listener?.(null, reason)
  }

  private add(thread: LinalgThread): void {
    this.threads.push(thread)
    thread.onFailure((reason) => this.end(reason))
    thread.onMessage((message) => {
      if (message.kind !== 'ready') this.listener?.(message, '')
      else if (--this.unready === 0) this.wake()
    })
  }

  private async settled(): Promise<void> {
    while (this.unready > 0 && this.failure === null) await new Promise<void>((resolve) => this.waiting.add(resolve))
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve()
    this.waiting.clear()
  }
}

/** Threads keep no process of Node alive, so what waits for them has to. */
export async function whileAwake<T>(result: Promise<T>): Promise<T> {
  const timer = setInterval(() => undefined, 60_000)
  try {
    return await result
  } finally {
    clearInterval(timer)
  }
}
