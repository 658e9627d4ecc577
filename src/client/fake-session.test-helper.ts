import { expose, releaseProxy, transferHandlers, type ProxyMethods } from 'comlink'
import type { LabEvent, LabListener, LabSession } from '../contracts/session.ts'
import { carryLabErrors } from '../contracts/wire.ts'
import type { LabPort } from './worker-link.ts'

type Call = readonly [name: string, ...rest: unknown[]]

/** A session on the far end of a message channel; the test answers its calls. */
export interface FakeWorker extends LabPort {
  readonly calls: Call[]
  readonly terminated: () => boolean
  readonly emit: (event: LabEvent) => Promise<void>
  readonly crash: (message: string) => void
}

/** Answers of methods by name; what has no answer resolves at once. */
export type Answers = Readonly<Record<string, (...rest: unknown[]) => unknown>>

export function fakeWorker(answers: Answers = {}): FakeWorker {
  const calls: Call[] = []
  let listener: (LabListener & Partial<ProxyMethods>) | null = null

  const own: Answers = {
    connect: (given) => {
      listener = given as LabListener
    },
    dispose: () => {
      listener?.[releaseProxy]?.()
    },
  }
  const session = new Proxy({} as LabSession, {
    get: (_, name) => (...rest: unknown[]) => {
      calls.push([String(name), ...rest])
      own[String(name)]?.(...rest)
      return answers[String(name)]?.(...rest)
    },
  })
  const port = channelPort((end) => { expose(session, end) })
  return {
    ...port,
    calls,
    emit: async (event) => {
      await (listener as unknown as (event: LabEvent) => Promise<void>)(event)
    },
  }
}

interface ChannelPort extends LabPort {
  readonly terminated: () => boolean
  readonly crash: (message: string) => void
}

/** A worker's port whose other end is the end of a message channel. */
export function channelPort(serve: (end: MessagePort) => void): ChannelPort {
  carryLabErrors(transferHandlers)
  const { port1, port2 } = new MessageChannel()
  const failures = new EventTarget()
  let ended = false
  serve(port2)
  const targetOf = (type: string) => (type === 'message' ? port1 : failures)
  return {
    terminated: () => ended,
    crash: (message) => failures.dispatchEvent(Object.assign(new Event('error'), { message })),
    postMessage: (message, transfer) => { port1.postMessage(message, transfer ?? []) },
    addEventListener: (type, handle, options) => { targetOf(type).addEventListener(type, handle, options) },
    removeEventListener: (type, handle, options) => { targetOf(type).removeEventListener(type, handle, options) },
    start: () => { port1.start() },
    terminate: () => {
      ended = true
      port1.close()
      port2.close()
    },
  }
}
