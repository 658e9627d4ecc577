import type { FromHelper, ToHelper } from './messages.ts'

/** A thread seen from outside, whatever runs it: a browser's worker or one of Node. */
export interface LinalgThread {
  post(message: ToHelper): void
  onMessage(listener: (message: FromHelper) => void): void
  /** Told when the thread cannot start, breaks down, or cannot read a message. */
  onFailure(listener: (reason: string) => void): void
  terminate(): void
}

/** The other end, seen from inside the thread. */
export interface HelperPort {
  post(message: FromHelper): void
  listen(listener: (message: ToHelper) => void): void
}

/** Where threads come from. */
export interface LinalgThreads {
  /** Logical processors of the machine, as far as one may know. */
  readonly cores: number
  /** May throw where threads are not to be had. */
  start(): LinalgThread
}
