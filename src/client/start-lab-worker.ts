/** The lab's worker. Bundlers look for exactly this expression. */
export function startLabWorker(): Worker {
  return new Worker(new URL('../../workers/lab.worker.ts', import.meta.url), { type: 'module' })
}
