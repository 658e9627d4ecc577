import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { FromHelper } from '../messages.ts'
import type { LinalgThread, LinalgThreads } from '../thread.ts'

/** Threads of Node. They keep no process alive. */
export const nodeLinalgThreads: LinalgThreads = {
  cores: availableParallelism(),
  start: () => startNodeThread(new URL('./boot.mjs', import.meta.url)),
}

/** Runs a module in a thread; options of the command line, the TypeScript loader among them, are not handed on. */
export function startNodeThread(entry: URL): LinalgThread {
  const worker = new Worker(entry, { execArgv: [] })
  worker.unref()
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.on('message', (message: FromHelper) => listener(message)),
    onFailure: (listener) => {
      worker.on('error', ({ message }) => listener(message))
      worker.on('messageerror', ({ message }) => listener(message))
      worker.on('exit', (code) => listener(`the thread ended with code ${code}`))
    },
    terminate: () => void worker.terminate(),
  }
}
