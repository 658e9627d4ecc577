import type { Shard } from './dataset-index.ts'

/** Emitted while bytes arrive and after each shard is finished. */
export interface DataProgress {
  /** Shards finished, of so many needed. */
  readonly step: number
  readonly of: number
  /** Compressed bytes received or found in the cache, of so many needed. */
  readonly bytes: number
  readonly totalBytes: number
}

export interface ShardTask {
  readonly shard: Shard
  /** Fetches and uses the shard; reports the bytes received so far. */
  readonly run: (signal: AbortSignal, onBytes: (received: number) => void) => Promise<void>
}

const PARALLEL = 4

async function runLanes(tasks: readonly ShardTask[], onProgress: (progress: DataProgress) => void, signal: AbortSignal): Promise<void> {
  const received = tasks.map(() => 0)
  const totalBytes = tasks.reduce((sum, { shard }) => sum + shard.compressedBytes, 0)
  let step = 0
  let next = 0
  const report = () => onProgress({ step, of: tasks.length, bytes: received.reduce((a, b) => a + b, 0), totalBytes })
  const lane = async () => {
    while (next < tasks.length) {
      const mine = next++
      const { shard, run } = tasks[mine]
      await run(signal, (count) => {
        received[mine] = Math.min(count, shard.compressedBytes)
        report()
      })
      received[mine] = shard.compressedBytes
      step++
      report()
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, lane))
}

/** Runs the tasks, a few at a time; the first failure stops the other transfers, as the caller's signal does. */
export async function runTasks(tasks: readonly ShardTask[], onProgress: (progress: DataProgress) => void, signal?: AbortSignal): Promise<void> {
  const stop = new AbortController()
  const forward = () => stop.abort(signal?.reason)
  signal?.addEventListener('abort', forward)
  try {
    signal?.throwIfAborted()
    await runLanes(tasks, onProgress, stop.signal)
  } catch (error) {
    stop.abort(error)
    throw error
  } finally {
    signal?.removeEventListener('abort', forward)
  }
}
