import { wrap } from 'comlink'
import type { Harness } from './harness.worker.ts'

/** Puts the harness worker within reach of Playwright: `window.harness`. */
const worker = new Worker(new URL('./harness.worker.ts', import.meta.url), { type: 'module' })
Object.assign(globalThis, { harness: wrap<Harness>(worker) })
const state = document.querySelector('#state')
if (state !== null) state.textContent = 'ready'
