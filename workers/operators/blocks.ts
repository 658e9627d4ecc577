import { frameAt, type Engine, type Executable } from '../engine/engine.ts'
import type { Recording } from '../engine/recording.ts'
import type { Network } from '../networks/network.ts'

/**
 * Samples per replay: at most so many, and fewer where a sample's activations are many. Fixed by the network alone,
 * so that sums over samples run in the same order whatever the machine; on CPU engines a block's activations stay in
 * the caches, on the GPU a block fills the device.
 */
const CPU_BLOCK = { rows: 500, numbers: 2_000_000 }
const GPU_BLOCK = { rows: 2000, numbers: 32_000_000 }
const FEWEST_ROWS = 16

/** Samples per replay for a network on an engine. */
export function blockRows(engine: Engine, network: Network): number {
  const { rows, numbers } = engine.info.name === 'webgpu' ? GPU_BLOCK : CPU_BLOCK
  return Math.min(rows, Math.max(FEWEST_ROWS, Math.floor(numbers / network.activationsPerSample)))
}

/** Lets others work; may throw to stop a sweep. */
export type Rest = () => Promise<void>

/** One recording for full blocks and one for the remainder, run over samples [0, samples). */
export interface BlockPlan {
  /** Blocks of one sweep. */
  readonly blocks: number
  /** Runs all blocks in order; on CPU engines, which hold their thread, with a rest after each. */
  sweep(rest?: Rest): Promise<void>
  dispose(): void
}

/** Compiles what one block of at most `most` samples does. `record` is called with the rows of a block. */
export async function compileBlocks(engine: Engine, samples: number, most: number, record: (rows: number) => Recording): Promise<BlockPlan> {
  const rows = Math.min(samples, most)
  const full = Math.floor(samples / rows)
  const remainder = samples - full * rows
  const main = await engine.compile(record(rows))
  const tail = remainder > 0 ? await engine.compile(record(remainder)) : null
  const run = async (from: number, to: number): Promise<void> => {
    const fullBlocks = Math.min(to, full) - from
    if (fullBlocks > 0) await main.run(frameAt(from * rows), fullBlocks)
    if (tail && to > full) await tail.run(frameAt(full * rows), 1)
  }
  const blocks = full + (tail ? 1 : 0)
  const sweep = async (rest?: Rest): Promise<void> => {
    if (rest === undefined || engine.info.name === 'webgpu') return run(0, blocks)
    for (let block = 0; block < blocks; block++) {
      await run(block, block + 1)
      await rest()
    }
  }
  return { blocks, sweep, dispose: () => [main, tail].forEach(release) }
}

function release(executable: Executable | null): void {
  executable?.dispose()
}
