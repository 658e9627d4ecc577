/** Calls back soon, once; returns how to call it off. */
export type Schedule = (callback: () => void) => () => void

export interface FrameThrottle<E> {
  readonly push: (event: E) => void
  /** Hands over what waits, now. */
  readonly flush: () => void
  /** Drops what waits and takes no more. */
  readonly stop: () => void
}

/** A hidden tab gets no animation frames; then events are handed over this often. */
const HIDDEN_TAB_MS = 250

/** Collects events and hands them over in order, together, at most once a frame. */
export function createFrameThrottle<E>(apply: (events: readonly E[]) => void, schedule: Schedule = nextFrame): FrameThrottle<E> {
  let waiting: E[] = []
  let callOff: (() => void) | null = null
  let stopped = false

  const flush = (): void => {
    callOff?.()
    callOff = null
    const events = waiting
    waiting = []
    if (events.length > 0) apply(events)
  }

  return {
    push: (event) => {
      if (stopped) return
      waiting.push(event)
      callOff ??= schedule(flush)
    },
    flush,
    stop: () => {
      stopped = true
      waiting = []
      flush()
    },
  }
}

/** The next animation frame, or a timer where no frame comes. */
function nextFrame(callback: () => void): () => void {
  const callOff = (): void => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
  }
  const frame = requestAnimationFrame(callback)
  const timer = setTimeout(callback, HIDDEN_TAB_MS)
  return callOff
}
