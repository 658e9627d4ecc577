import type { Notice } from '../contracts/session.ts'

/** All workers together, the one of the main seed included, stay below this. */
export const MEMORY_LIMIT = 2e9

/** A worker before it holds anything: engine, code, a little room. */
const WORKER_BYTES = 48e6

export interface WorkerLoad {
  readonly samples: number
  /** Inputs of the network. */
  readonly features: number
  /** Checkpoints, snapshots and vectors of the stages, as estimated. */
  readonly stageBytes: number
}

/** Bytes of one worker: every image as it came (a byte a pixel) and as numbers, and what the stages keep. */
export function workerBytes({ samples, features, stageBytes }: WorkerLoad): number {
  return WORKER_BYTES + samples * features * 5 + stageBytes
}

export interface ParallelLimit {
  /** Workers besides that of the main seed. */
  readonly workers: number
  /** Said when memory, not the processor, decides. */
  readonly notice: Notice | null
}

/** How many of `wanted` further seeds may run at once: a core is left to the page, and memory stays below the limit. */
export function parallelLimit(wanted: number, cores: number, bytesEach: number): ParallelLimit {
  const byCores = Math.min(wanted, Math.max(1, cores - 1))
  const byMemory = Math.max(1, Math.floor(MEMORY_LIMIT / bytesEach) - 1)
  if (byMemory >= byCores) return { workers: byCores, notice: null }
  const each = `${String(Math.round(bytesEach / 1e6))} MB`
  const message = `Each seed needs about ${each}: ${byMemory === 1 ? 'one further seed runs' : `${String(byMemory)} further seeds run`} at a time instead of ${String(byCores)}.`
  return { workers: byMemory, notice: { level: 'info', message, remedy: 'Fewer samples or a shorter measurement need less memory.' } }
}
