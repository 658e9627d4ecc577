import type { FromHelper, ToHelper } from './messages.ts'
import { reasonOf, type Thread } from './thread.ts'

/** Told of every message of a helper (counted from 0) to one task, and with null when the helper is gone. */
export type CrewListener = (helper: number, message: FromHelper | null) => void

/**
 * Helper threads that several tasks (evaluations, products) share. A helper that fails is out for good; `onFailure` hears of the first
 * one, since the work is done all the same.
 */
export class Crew {
  private readonly threads: (Thread | null)[]
  private readonly listeners = new Map<number, CrewListener>()
  private tasks = 0
  private rounds = 0
  private isQuiet = false

  constructor(
    helpers: number,
    start: () => Thread,
    private readonly onFailure: (reason: string) => void = () => undefined,
  ) {
    this.threads = Array.from({ length: helpers }, () => null)
    for (let helper = 0; helper < helpers; helper++) this.start(helper, start)
  }

  /** Helpers, those that failed included. */
  get size(): number {
    return this.threads.length
  }

  isAlive(helper: number): boolean {
    return this.threads[helper] !== null
  }

  /** A number that tells one task's messages from another's. */
  join(listener: CrewListener): number {
    this.listeners.set(this.tasks, listener)
    return this.tasks++
  }

  leave(task: number): void {
    this.listeners.delete(task)
  }

  /** A number that no other pass over the samples has, so that late answers are told from those awaited. */
  nextRound(): number {
    return this.rounds++
  }

  /** Does nothing when the helper is gone. */
  post(helper: number, message: ToHelper, transfer: Transferable[] = []): void {
    try {
      this.threads[helper]?.post(message, transfer)
    } catch (error) {
      this.lose(helper, reasonOf(error))
    }
  }

  /** Says, once per crew, that something went wrong. */
  complain(reason: string): void {
    if (this.isQuiet) return
    this.isQuiet = true
    this.onFailure(reason)
  }

  /** Ends the threads. Tasks that still run finish on the main thread. */
  dispose(): void {
    this.isQuiet = true
    for (let helper = 0; helper < this.size; helper++) this.lose(helper, 'dismissed')
    this.listeners.clear()
  }

  private start(helper: number, start: () => Thread): void {
    try {
      const thread = start()
      this.threads[helper] = thread
      thread.onMessage((message) => {
        if (this.isAlive(helper)) this.listeners.get(message.task)?.(helper, message)
      })
      thread.onFailure((reason) => this.lose(helper, reason))
    } catch (error) {
      this.complain(reasonOf(error))
    }
  }

  private lose(helper: number, reason: string): void {
    const thread = this.threads[helper]
    if (thread === null) return
    this.threads[helper] = null
    thread.terminate()
    for (const listener of this.listeners.values()) listener(helper, null)
    this.complain(reason)
  }
}
