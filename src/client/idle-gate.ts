import type { LabEvent } from '../contracts/session.ts'

/** Events travel on another port than the answer of a call: the last ones may come a moment after it. */
const WITHIN_MS = 1000

/** Waits until the session has told everything about a call: its `idle` event comes last. */
export class IdleGate {
  private idle = false
  private resolve: (() => void) | null = null

  hear(event: LabEvent): void {
    if (event.type !== 'idle') return
    this.idle = true
    this.resolve?.()
  }

  /** Makes the call; settles as it does, once its events have arrived too. */
  async after(call: () => Promise<void>): Promise<void> {
    this.idle = false
    try {
      await call()
    } finally {
      await this.told()
    }
  }

  private async told(): Promise<void> {
    if (this.idle) return
    let timer: ReturnType<typeof setTimeout> | undefined
    await new Promise<void>((resolve) => {
      this.resolve = resolve
      timer = setTimeout(resolve, WITHIN_MS)
    })
    clearTimeout(timer)
    this.resolve = null
  }
}
