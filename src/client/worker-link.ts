import { releaseProxy, transferHandlers, wrap, type Endpoint, type Remote } from 'comlink'
import { isLabErrorData, LabError, toLabErrorData } from '../contracts/errors.ts'
import type { LabSession } from '../contracts/session.ts'
import { carryLabErrors } from '../contracts/wire.ts'

/** A worker, or in tests the end of a message channel. */
export interface LabPort extends Endpoint {
  terminate(): void
}

/** One worker and the calls on their way to it. */
export interface WorkerLink {
  /** Rejects with a `LabError`: the worker's own, or why the link ended. */
  call<T>(ask: (session: Remote<LabSession>) => Promise<T>): Promise<T>
  /** Ends the worker; calls on their way reject with the reason. */
  close(reason: LabError): void
}

/** Wraps a worker. `onDeath` hears once when the worker fails as a whole. */
export function linkWorker(port: LabPort, onDeath: (error: LabError) => void): WorkerLink {
  carryLabErrors(transferHandlers)
  const session = wrap<LabSession>(port)
  const onTheirWay = new Set<(reason: LabError) => void>()
  let ended: LabError | null = null

  const close = (reason: LabError): void => {
    if (ended !== null) return
    ended = reason
    port.removeEventListener('error', fail)
    port.removeEventListener('messageerror', fail)
    session[releaseProxy]()
    port.terminate()
    for (const reject of onTheirWay) reject(reason)
    onTheirWay.clear()
  }
  const fail = (event: unknown): void => {
    const error = deathOf(event)
    close(error)
    onDeath(error)
  }
  port.addEventListener('error', fail as EventListener)
  port.addEventListener('messageerror', fail as EventListener)

  return {
    call: (ask) =>
      new Promise((resolve, reject) => {
        if (ended !== null) {
          reject(ended)
          return
        }
        onTheirWay.add(reject)
        const settled = () => onTheirWay.delete(reject)
        ask(session).then(resolve, (error: unknown) => { reject(toLabError(error)) }).finally(settled)
      }),
    close,
  }
}

/** Any thrown value as a `LabError`. */
export function toLabError(error: unknown): LabError {
  if (error instanceof LabError) return error
  const { code, message, remedy } = toLabErrorData(error)
  return new LabError(code, message, remedy, isLabErrorData(error) ? {} : { cause: error })
}

function deathOf(event: unknown): LabError {
  const message = typeof event === 'object' && event !== null && 'message' in event && event.message ? String(event.message) : 'a message could not be read'
  return new LabError('internal', `The lab worker failed: ${message}`, 'Start the last step again; what was computed is kept.')
}
