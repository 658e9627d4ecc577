import type { FromHelper } from './messages.ts'
import type { LinalgThread, LinalgThreads } from './thread.ts'

/** Module workers, from a page or from within a worker. */
export const browserLinalgThreads: LinalgThreads = {
  get cores() {
    return navigator.hardwareConcurrency
  },
  start: startWorker,
}

/** Bundlers look for exactly this `new Worker(new URL(…))`. */
function startWorker(): LinalgThread {
  const worker = new Worker(new URL('../linalg.worker.ts', import.meta.url), { type: 'module', name: 'linear algebra' })
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.addEventListener('message', ({ data }: MessageEvent<FromHelper>) => listener(data)),
    onFailure: (listener) => {
      worker.addEventListener('error', ({ message }) => listener(message || 'its script could not be loaded'))
      worker.addEventListener('messageerror', () => listener('a message could not be read'))
    },
    terminate: () => worker.terminate(),
  }
}
