import { proxy, type Remote } from 'comlink'
import { LabError } from '../contracts/errors.ts'
import type { LabEvent, LabSession } from '../contracts/session.ts'
import type { LabClientOptions } from './lab-client.ts'
import type { Reopening } from './reopening.ts'
import { linkWorker, toLabError, type LabPort, type WorkerLink } from './worker-link.ts'

/** A worker that fails this often within {@link WINDOW_MS} will fail again. */
const MAX_FAILURES = 3
const WINDOW_MS = 60_000

const GIVEN_UP = new LabError('internal', 'The lab worker failed several times in a row', 'Reload the page, or choose another engine; what was stored is kept.')
const DISPOSED = new LabError('cancelled', 'The lab was closed', 'Open it again.')

/** Keeps a worker running: starts it, and after a failure another one, on which the experiment is opened again. */
export class Supervisor {
  private link: WorkerLink | null = null
  private ready: Promise<void> = Promise.resolve()
  private ended: LabError | null = null
  private failures: number[] = []

  constructor(
    private readonly startWorker: () => LabPort,
    private readonly options: LabClientOptions,
    private readonly reopening: Reopening,
  ) {
    this.options.onConnection?.('starting')
    this.start()
  }

  /** Asks the session as soon as it is ready. */
  async call<T>(ask: (session: Remote<LabSession>) => Promise<T>): Promise<T> {
    await this.settled()
    if (this.ended !== null || this.link === null) throw this.ended ?? GIVEN_UP
    return this.link.call(ask)
  }

  async dispose(): Promise<void> {
    if (this.ended === DISPOSED) return
    const { link } = this
    this.ended = DISPOSED
    this.link = null
    await link?.call((session) => Promise.race([session.dispose(), aMoment()])).catch(() => undefined)
    link?.close(DISPOSED)
  }

  /** Waits for the worker at hand, and for the next one when that one dies meanwhile. */
  private async settled(): Promise<void> {
    let ready: Promise<void>
    do {
      ready = this.ready
      await ready
    } while (ready !== this.ready)
  }

  private start(): void {
    const link = this.tryLink()
    if (link === null) return
    this.link = link
    this.ready = link
      .call((session) => session.connect(proxy(this.listenerOf(link))))
      .then(() => link.call((session) => this.reopening.reopen(session)))
      .catch((error: unknown) => { this.reportOpening(link, toLabError(error)) })
      .then(() => { if (this.link === link) this.options.onConnection?.('ready') })
  }

  /** Some browsers and policies refuse workers altogether. */
  private tryLink(): WorkerLink | null {
    try {
      return linkWorker(this.startWorker(), (error) => { this.recover(error) })
    } catch (error) {
      this.giveUp(toLabError(error))
      return null
    }
  }

  /** What a lost worker still says is not passed on. */
  private listenerOf(link: WorkerLink): (event: LabEvent) => void {
    return (event) => {
      if (this.link !== link) return
      this.reopening.noteEvent(event)
      this.options.onEvent(event)
    }
  }

  /** The worker lives, but the experiment did not open again; the death of a worker is told elsewhere. */
  private reportOpening(link: WorkerLink, error: LabError): void {
    if (this.link === link) this.tell('error', error.message, error.remedy)
  }

  private recover({ message, remedy }: LabError): void {
    if (this.ended !== null) return
    const now = performance.now()
    this.failures = [...this.failures.filter((time) => now - time < WINDOW_MS), now]
    this.link = null
    if (this.failures.length > MAX_FAILURES) {
      this.giveUp(GIVEN_UP)
      return
    }
    this.options.onConnection?.('restarting')
    this.tell('warning', `${message}; started a new one`, remedy)
    this.start()
  }

  private giveUp(error: LabError): void {
    this.ended = error
    this.tell('error', error.message, error.remedy)
    this.options.onConnection?.('failed')
  }

  private tell(level: 'warning' | 'error', message: string, remedy: string): void {
    this.options.onEvent({ type: 'notice', notice: { level, message, remedy } })
  }
}

/** A worker that is busy or stuck is not waited for longer. */
function aMoment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 300))
}
