import type { FromHelper } from './messages.ts'
import type { Thread, ThreadSource } from './thread.ts'

/** Module workers, from a page or from within a worker. */
export const browserThreads: ThreadSource = {
  get cores() {
    return navigator.hardwareConcurrency
  },
  start: startWorker,
}

/** Bundlers look for exactly this `new Worker(new URL(…))`. */
function startWorker(): Thread {
  const worker = new Worker(new URL('../evaluation.worker.ts', import.meta.url), { type: 'module', name: 'evaluation' })
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    onMessage: (listener) => worker.addEventListener('message', ({ data }: MessageEvent<FromHelper>) => listener(data)),
    onFailure: (listener) => {
      worker.addEventListener('error', ({ message }) => listener(message || 'its script could not be loaded'))
      worker.addEventListener('messageerror', () => listener('a message could not be read'))
    },
    terminate: () => worker.terminate(),
  }
}
