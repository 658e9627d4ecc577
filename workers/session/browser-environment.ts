import { browserSource } from '../data/browser-source.ts'
import { browserLinalgThreads as linalgThreads } from '../linalg/browser-threads.ts'
import { browserThreads } from '../parallel/browser-threads.ts'
import { createBreath } from '../parallel/breathe.ts'
import { cpuEngines, gpuEngine } from './engine-sources.ts'
import type { SessionEnvironment } from './environment.ts'
import { createBrowserStore } from './idb-store.ts'

declare const __APP_VERSION__: string

/** The session of a browser worker: WebGPU where there is any, IndexedDB, fetch. */
export function browserEnvironment(): SessionEnvironment {
  const store = createBrowserStore()
  const gpu = (): Promise<GPU | null> => Promise.resolve(navigator.gpu ?? null)
  return {
    engines: [...cpuEngines, gpuEngine(gpu, store)],
    // The source looks for `data/…` below its base; the page names the data folder itself.
    data: (dataUrl) => browserSource(new URL('../', dataUrl).href),
    store,
    threads: browserThreads,
    linalgThreads,
    gpu,
    now: () => performance.now(),
    breathe: createBreath(),
    appVersion: __APP_VERSION__,
  }
}
