import type { Engine } from '../engine/engine.ts'
import { createWasmEngine } from '../engine/wasm/wasm-engine.ts'
import { Crew } from './crew.ts'
import { serve, type OpenEngine } from './helper.ts'
import type { FromHelper, ToHelper } from './messages.ts'
import type { Thread } from './thread.ts'

/** How a helper of a test departs from a well-behaved one. */
export interface Manners {
  readonly open?: OpenEngine
  /** Decides what becomes of an answer; by default it is delivered. */
  readonly answer?: (message: FromHelper, deliver: (message: FromHelper) => void, fail: (reason: string) => void) => void
}

/** A helper on the test's own thread: the real one's code behind a message channel, which copies what it carries. */
export interface LocalThread extends Thread {
  readonly received: readonly ToHelper[]
  readonly answered: readonly FromHelper[]
  readonly engines: readonly Engine[]
  readonly isTerminated: boolean
}

export function localThread({ open = createWasmEngine, answer = (message, deliver) => deliver(message) }: Manners = {}): LocalThread {
  const { port1, port2 } = new MessageChannel()
  const [received, answered, engines]: [ToHelper[], FromHelper[], Engine[]] = [[], [], []]
  const failureListeners: ((reason: string) => void)[] = []
  let isTerminated = false
  const fail = (reason: string) => failureListeners.forEach((listener) => listener(reason))
  const openCounted: OpenEngine = async (options) => {
    const engine = await open(options)
    engines.push(engine)
    return engine
  }
  serve(
    {
      post: (message, transfer) => port2.postMessage(message, transfer),
      listen: (listener) => (port2.onmessage = ({ data }: MessageEvent<ToHelper>) => listener(data)),
    },
    openCounted,
  )
  return {
    received,
    answered,
    engines,
    get isTerminated() {
      return isTerminated
    },
    post: (message, transfer) => {
      received.push(message)
      port1.postMessage(message, transfer)
    },
    onMessage: (listener) => {
      port1.onmessage = ({ data }: MessageEvent<FromHelper>) => {
        answered.push(data)
        answer(data, listener, fail)
      }
    },
    onFailure: (listener) => failureListeners.push(listener),
    terminate: () => {
      isTerminated = true
      port1.close()
    },
  }
}

export interface LocalCrew {
  readonly crew: Crew
  readonly threads: readonly LocalThread[]
  /** What the crew said of failures. */
  readonly told: readonly string[]
}

/** One helper for each manners. */
export function localCrew(manners: readonly Manners[]): LocalCrew {
  const [threads, told]: [LocalThread[], string[]] = [[], []]
  const start = () => {
    const thread = localThread(manners[threads.length])
    threads.push(thread)
    return thread
  }
  return { crew: new Crew(manners.length, start, (reason) => told.push(reason)), threads, told }
}
