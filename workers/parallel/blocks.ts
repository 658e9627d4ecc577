import { frameAt, type Engine, type Executable } from '../engine/engine.ts'
import type { Recording } from '../engine/recording.ts'
import type { BufferHandle } from '../engine/tensor.ts'
import type { Network } from '../networks/network.ts'
import { recordEvaluation } from '../operators/evaluation.ts'
import type { Block, BlockReading, EvaluationBuffers } from './messages.ts'

/** Samples [0, samples) in blocks of `rows`; the last may be smaller. */
export function cutIntoBlocks(samples: number, rows: number): readonly Block[] {
  return Array.from({ length: Math.ceil(samples / rows) }, (_, i) => ({ first: i * rows, rows: Math.min(rows, samples - i * rows) }))
}

/**
 * One recording per number of rows among the blocks. Kernels may sum in another order for other row counts, so blocks
 * and recordings are those of `operators/evaluation.ts`: this is what makes the bits the same on every thread.
 */
export function recordBlocks(network: Network, buffers: EvaluationBuffers<BufferHandle>, blocks: readonly Block[]): readonly Recording[] {
  return [...new Set(blocks.map(({ rows }) => rows))].map((rows) => recordEvaluation(network, { ...buffers, correct: buffers.hits }, rows))
}

/** Evaluates single blocks of samples that an engine holds. */
export class BlockReader {
  private constructor(
    private readonly engine: Engine,
    private readonly outputs: Pick<EvaluationBuffers<BufferHandle>, 'losses' | 'hits'>,
    private readonly plans: ReadonlyMap<number, Executable>,
  ) {}

  /** Compiles; nothing stays allocated when it fails. */
  static async create(engine: Engine, outputs: Pick<EvaluationBuffers<BufferHandle>, 'losses' | 'hits'>, recordings: readonly Recording[]): Promise<BlockReader> {
    const plans = new Map<number, Executable>()
    try {
      for (const recording of recordings) plans.set(recording.rows, await engine.compile(recording))
      return new BlockReader(engine, outputs, plans)
    } catch (error) {
      for (const plan of plans.values()) plan.dispose()
      throw error
    }
  }

  /** Cross entropies and hits of a block, at the weights that the engine holds now. */
  async read({ first, rows }: Block): Promise<BlockReading> {
    await this.plans.get(rows)?.run(frameAt(first), 1)
    const [losses, hits] = [await this.engine.read(this.outputs.losses, first, rows), await this.engine.read(this.outputs.hits, first, rows)]
    return { losses: singles(losses), hits: singles(hits) }
  }

  dispose(): void {
    for (const plan of this.plans.values()) plan.dispose()
  }
}

/** Numbers of a float32 engine as such, without a copy. */
export function singles(values: Float32Array | Float64Array): Float32Array {
  return values instanceof Float32Array ? values : Float32Array.from(values)
}
